# expect optimal 700 verified
# A share of at least 70 %, exactly.
var local real >= 0;
var abroad real >= 0;
minimize domestic: local;
s.t. all_: local + abroad = 1000;
s.t. share: local >= 70% * (local + abroad);
