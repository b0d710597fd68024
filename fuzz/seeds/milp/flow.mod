# expect optimal 9 verified
# The largest flow from s to t.
set N := {s, a, b, t};
set Arc within N cross N;
param cap{Arc};
var f{(i,j) in Arc} real >= 0 <= cap[i,j];
maximize flow: sum{(i,j) in Arc: i = 's'} f[i,j];
s.t. balance{n in N: n != 's' and n != 't'}: sum{(i,n) in Arc} f[i,n] = sum{(n,j) in Arc} f[n,j];
data;
param : Arc : cap := s a 5  s b 6  a b 2  a t 4  b t 5;
end;
