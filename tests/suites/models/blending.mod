# expect optimal 490 verified
# Two crudes into a blend of at least 90 octane.
set Crude := {light, heavy};
param octane{Crude} := light 95, heavy 80;
param price{Crude} := light 6, heavy 3;
param stock{Crude} := light 80, heavy 60;
var use{c in Crude} real >= 0 <= stock[c];
minimize cost: sum{c in Crude} price[c] * use[c];
s.t. demand: sum{c in Crude} use[c] = 98;
s.t. quality: sum{c in Crude} octane[c] * use[c] >= 90 * sum{c in Crude} use[c];
