# expect optimal 9 verified
# Two jobs on one machine, one before the other, either way.
param p1 := 4; param p2 := 5;
var s1 real >= 0 <= 20;
var s2 real >= 0 <= 20;
var last real >= 0 <= 40;
minimize makespan: last;
s.t. apart: s1 + p1 <= s2 or s2 + p2 <= s1;
s.t. end1: last >= s1 + p1;
s.t. end2: last >= s2 + p2;
