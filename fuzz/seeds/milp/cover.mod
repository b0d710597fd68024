# expect optimal 3 verified
set E := 1..6; set S := {a, b, c, d, e};
set members{S} within E;
var pick{S} binary;
minimize count: sum{s in S} pick[s];
s.t. covered{i in E}: sum{s in S : i in members[s]} pick[s] >= 1;
data;
set members[a] := 1 2;
set members[b] := 2 3;
set members[c] := 3 4;
set members[d] := 4 5;
set members[e] := 5 6;
end;
