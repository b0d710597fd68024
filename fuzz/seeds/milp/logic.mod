# expect optimal 11 verified
# At most two of three, one of them forbids another.
set P := {a, b, c};
param gain{P} := a 5, b 7, c 4;
var go{P} binary;
maximize total: sum{p in P} gain[p] * go[p];
s.t. few: atmost 2 of {p in P} go[p];
s.t. clash: go[b] ==> not go[a];
