# expect optimal 7 verified
# A distance that is wanted large: both directions are needed.
var x integer >= -3 <= 7;
maximize far: abs(x);
