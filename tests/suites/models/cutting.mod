# expect optimal 6 verified
# Rolls of 10 into pieces of 3, 4 and 5, by patterns.
set P := 1..4; set W := {w3, w4, w5};
param cut{P, W};
param need{W} := w3 7, w4 5, w5 3;
var use{P} integer >= 0;
minimize rolls: sum{p in P} use[p];
s.t. meet{w in W}: sum{p in P} cut[p,w] * use[p] >= need[w];
data;
param cut (tr) : 1 2 3 4 := w3 3 2 0 1  w4 0 1 1 0  w5 0 0 1 1;
end;
