# expect optimal 12 verified
set W := 1..3; set J := 1..3;
param c{W, J};
var x{W, J} binary;
minimize total: sum{w in W, j in J} c[w,j] * x[w,j];
s.t. one{w in W}: sum{j in J} x[w,j] = 1;
s.t. each{j in J}: sum{w in W} x[w,j] = 1;
data;
param c : 1 2 3 := 1 4 2 8  2 4 3 7  3 3 1 6;
end;
