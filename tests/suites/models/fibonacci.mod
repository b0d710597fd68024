# expect optimal 55 verified
# A parameter that is defined by itself, of smaller subscripts.
set T := 1..10;
param f{t in T} := if t <= 2 then 1 else f[t-1] + f[t-2];
var x real >= f[10];
minimize cost: x;
