# expect infeasible verified
# conflict need; spend; x[a] <= 3
set I := {a, b};
param cap{I} := a 3, b 9;
var x{i in I} real >= 0 <= cap[i];
minimize cost: sum{i in I} x[i];
s.t. need "what is promised": 2 * x[a] + x[b] >= 10;
s.t. spend: x[a] + x[b] <= 6;
s.t. spare: x[a] >= 1;
