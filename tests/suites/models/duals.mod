# expect optimal 36 verified
# dual plant3 1
# dual plant2 3/2
# dual plant1 0
# The example of Hillier and Lieberman, in thousands.
var doors real >= 0;
var windows real >= 0;
maximize profit: 3 * doors + 5 * windows;
s.t. plant1: doors <= 4;
s.t. plant2: 2 * windows <= 12;
s.t. plant3: 3 * doors + 2 * windows <= 18;
