# expect infeasible verified
var x integer >= 0 <= 10;
var y integer >= 0 <= 10;
minimize cost: x;
s.t. odd: 2 * x + 2 * y = 7;
