# expect optimal 8 verified
# Of three, only neighbours may be used.
set I := 1..3;
param gain{I} := 1 5, 2 3, 3 4;
var x{I} real >= 0 <= 1;
maximize total: sum{i in I} gain[i] * x[i];
s.t. near: sos2 {i in I} x[i];
