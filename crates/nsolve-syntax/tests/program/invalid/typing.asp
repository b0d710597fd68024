% Unsafe variables, each with why.
p(X) :- not q(X).
p(X) :- X < 3.
p(X) :- X = Y.
p(X) :- q(X*2).
p(X) :- q(Y), X = 1..Z.
p(X) :- 1 < #count{ Y : r(X, Y) }.
p(X) :- 1 < #count{ Y : q(X) }.
{ p(X) : q(Y) }.
:~ q(X). [Y@1]
q(1). r(1, 2).
---
% The other rules say what binds it.
node(a). node(b).
free(X) :- node(X), not taken(X).
taken(X) :- not free(X).
edge(X, Y) :- node(X).
---
#type colour = red | green | blue.
#predicate paint(symbol, colour) "x is painted y".
#predicate age(symbol, int).
#predicate odd(wrong).
paint(wall, greenn). paint(3, red). paint(door, blue).
age(ann, "4"). age(ann, 4).
p(X) :- paint(X, C), age(C, X).
q(C) :- paint(_, C), age(_, C).
---
#semantics open.
p :- not q.
a | b.
{ c }.
d :- #count{ 1 : p } > 0.
:~ p. [1@1]
-q :- p, 1 < 2.
---
#const n = m + 1.
#const m = n.
#const k = x * 2.
#const j = 3.
#const j = 4.
p(j, m). p(1..nn). p(nn + 1).
---
#depth 0.
#depth 5000.
#semantics open. #semantics stable.
#predicate p(int). #predicate p(int).
#type t = a. #type t = b. #type int = c. #type v = X.
p(1)? p(2)?
---
% An aggregate about its own head.
total(N) :- N = #sum{ X : part(X) }.
part(X) :- total(X).
part(1).
---
p(1..100; 1..100; 200).
q((1;2),(1;2)).
p(1..2) | q(1..2) .
r :- not 1..3 = X, q(X, X).
---
% A type without values.
#type small = 3..1.
#predicate size(small).
size(2).
---
% A word is no number to be maximized.
p(1). p(2).
#maximize { word : p(1) }.
#minimize { 1 : p(2) }.
