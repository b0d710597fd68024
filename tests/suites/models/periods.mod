# expect optimal 222 verified
set T := 1..3;
param price{t in T} := 10 + t / 2;
var sell{T} real >= 0 <= 10;
var keep{0..3} real >= 0;
maximize income: sum{t in T} price[t] * sell[t] - 1/10 * sum{t in T} keep[t];
s.t. begin: keep[0] = 20;
s.t. balance{t in T}: keep[t-1] = sell[t] + keep[t];
