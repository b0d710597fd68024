# expect optimal 21 verified
set Item := 1..4;
param value{Item} := 1 8, 2 11, 3 6, 4 4;
param weight{Item} := 1 5, 2 7, 3 4, 4 3;
var take{Item} binary;
maximize worth: sum{i in Item} value[i] * take[i];
s.t. capacity: sum{i in Item} weight[i] * take[i] <= 14;
