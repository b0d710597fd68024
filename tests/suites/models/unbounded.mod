# expect unbounded verified
var x real >= 0;
var y real >= 0;
maximize gain: x + y;
s.t. near: x - y <= 2;
