# expect optimal 37000 verified
# Fixed charges by implication.
set Device;
param setup{Device}; param unit{Device}; param cap{Device};
param demand := 2000;
var make{d in Device} integer >= 0 <= cap[d];
var on{Device} binary;
minimize cost: sum{d in Device} (setup[d] * on[d] + unit[d] * make[d]);
s.t. meet: sum{d in Device} make[d] = demand;
s.t. use{d in Device}: make[d] > 0 ==> on[d];
data;
param : Device : setup unit cap := A 1000 20 900  B 920 24 1000  C 800 16 1200  D 700 28 1600;
end;
