# expect optimal 3 verified
# Goal programming: distances from two targets, by abs.
var x integer >= 0 <= 10;
var y integer >= 0 <= 10;
minimize miss: abs(x + y - 12) + abs(x - y - 5);
s.t. shared: x + 2 * y <= 11;
