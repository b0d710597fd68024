# expect optimal 45 verified
# Cheaper and cheaper: this needs binaries.
var x real >= 0 <= 40;
var y real >= 0 <= 40;
minimize cost: <<10; 3, 1>> x + <<10; 3, 1>> y;
s.t. need: x + y >= 25;
