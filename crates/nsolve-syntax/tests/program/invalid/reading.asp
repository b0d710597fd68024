% Each of these is told, and the good ones in between are read.
p(a. q(b). r(c d). s(e).
---
p(a)
q(b).
r(X) :- q(X)
s(c).
---
p("open). q(a).
r('open, b).
s(c).
---
p(a). %* no end
---
p(a) :- q(a) → r.
p(a) ← q(a).
p(1.5). p(99999999999999999999). p(-9223372036854775808).
---
p :- q, .
p(X) :- X.
p :- (1,2).
3.
:- #count{ X : p(X) }.
p(_1) :- q(_1).
f(x y).
---
p(a) , q(b) :- r.
not p :- q.
X = 3 :- p(X).
p : q :- r.
p :- #count{ X : p(X), #count{ Y : q(Y) } > 1 } > 2.
p :- #sum+{ X : q(X) } > 1.
p :- q(X) : r(X).
p :- not not q.
p :- @f(1) = 2.
p :- &diff{ a } <= 3.
p :- X = 1 ^ 2.
---
#external p.
#heuristic p : q. [1@1]
#edge (a,b).
#program step(t).
#theory t { }.
#script (lua) function f() return "a. b." end #end.
#include "other.asp".
#show X : p(X).
#show p(X).
#shw p/1.
#minimise { 1 : p }.
#defined q/1.
#program base.
p. p :- q(1).
---
:~ p. 
p.
---
:~ p(X). [X@1
p(1).
---
p(1) :- q(X), X == 2, Y is X, X =\= 3, X =< 4, \+ r(X).
q(1). r(1).
---
digit(0..9).
p((1;2;3;4;5;6;7;8;9;10), (1;2;3;4;5;6;7;8;9;10), (1;2;3;4;5;6;7;8;9;10), (1;2;3;4;5;6;7;8;9;10), (1;2)).
größe(ann). p :- größe(ann), X = Größe.
