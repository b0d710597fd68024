# expect optimal 5 verified
var x semicontinuous >= 5 <= 20;
minimize cost: x;
s.t. some: x >= 1;
