# Which fruit to sell, for the most profit.
set Fruit := {mango, guava};
param cost{Fruit} [$]   := mango 5, guava 3;
param profit{Fruit} [$] := mango 3, guava 4;
var sold{Fruit} integer >= 0;
maximize total: sum{f in Fruit} profit[f]*sold[f];
s.t. spend: sum{f in Fruit} cost[f]*sold[f] <= 20000 [$];
s.t. mangos: 100 <= sold[mango] <= 150;
s.t. third: sold[guava] <= 1/3 * sold[mango];
