# expect optimal 5 verified
# Jobs on two machines, the last end as early as possible.
set J := 1..4; set M := {m1, m2};
param time{J} := 1 2, 2 3, 3 4, 4 1;
var on{J, M} binary;
minimize last: max{m in M} sum{j in J} time[j] * on[j,m];
s.t. each{j in J}: exactly 1 of {m in M} on[j,m];
