# expect optimal 22 verified
# The first 10 cost 1 each, further ones 3: dearer and dearer, so rows suffice.
var x real >= 0 <= 40;
minimize cost: <<10; 1, 3>> x;
s.t. need: x >= 14;
