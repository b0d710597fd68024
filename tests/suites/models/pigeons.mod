# expect infeasible verified
set P := 1..4; set H := 1..3;
var in_{P, H} binary;
minimize none: 0;
s.t. somewhere{p in P}: sum{h in H} in_[p,h] >= 1;
s.t. alone{h in H}: sum{p in P} in_[p,h] <= 1;
