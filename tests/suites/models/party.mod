# expect optimal 14 verified
# The most guests at tables whose sizes are given as a set of pairs.
set Table dimen 2 := {(round, 6), (long, 8)};
var seated{(t,n) in Table} integer >= 0 <= n;
maximize guests: sum{(t,n) in Table} seated[t,n];
