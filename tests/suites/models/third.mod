# expect optimal 100/3 verified
# No float is the answer.
var x real >= 0;
minimize cost: x;
s.t. third: 3 * x >= 100;
