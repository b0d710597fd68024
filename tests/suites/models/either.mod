# expect optimal 7 verified
var x real >= 0 <= 10;
var y real >= 0 <= 10;
minimize cost: x + y;
s.t. one: x >= 8 or y >= 7;
s.t. other: x + y >= 6;
