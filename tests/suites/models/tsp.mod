# expect optimal 35 verified
set V := 1..4;
set A := {i in V, j in V: i != j};
param d{A};
var x{A} binary;
var u{V} real >= 0 <= 3;
minimize length: sum{(i,j) in A} d[i,j] * x[i,j];
s.t. leave{i in V}: sum{(i,j) in A} x[i,j] = 1;
s.t. enter{j in V}: sum{(i,j) in A} x[i,j] = 1;
s.t. order{(i,j) in A: i > 1 and j > 1}: u[i] - u[j] + 4 * x[i,j] <= 3;
data;
param d : 1 2 3 4 := 1 . 10 15 20  2 5 . 25 10  3 15 30 . 5  4 15 10 20 .;
end;
