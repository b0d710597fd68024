# expect infeasible verified
# conflict pick; never
var a binary;
var b binary;
var c binary;
minimize none: a + b + c;
s.t. pick: atleast 2 of (a, b, c);
s.t. never: atmost 1 of (a, b, c);
s.t. free: a + b + c >= 0;
