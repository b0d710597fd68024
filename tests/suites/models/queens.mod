# expect optimal 5 verified
param n := 5;
set R := 1..n;
var q{R, R} binary;
maximize placed: sum{i in R, j in R} q[i,j];
s.t. row{i in R}: sum{j in R} q[i,j] <= 1;
s.t. column{j in R}: sum{i in R} q[i,j] <= 1;
s.t. up{d in 2-n..n-2}: sum{i in R, j in R: i - j = d} q[i,j] <= 1;
s.t. down{s in 3..2*n-1}: sum{i in R, j in R: i + j = s} q[i,j] <= 1;
