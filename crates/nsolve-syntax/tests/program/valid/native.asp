%! Tom is Ann's parent.
parent(tom, ann).
#const n = 8.
#const m = n * 2 + 1.
#type colour = red | green | blue.
#type small = 1..3.
#predicate paint(symbol, colour) "x is \"painted\" y".
#predicate size(small).
#depth 50.
#show p/2. #show -p/2.
-flies(X) :- penguin(X).
edge(1..3, a).
p(X; Y) :- r(X, Y).
f(1, 2; 3, 4). g((1; 2), (a; b)).
q((1, 2)). q((1,)). q(()).
l([a, b | T]) :- m(T).
l([]). l([1, [2], "three"]).
a | b :- c.
a ; b ; c.
d(1; 2) | e.
1 { in(X) : node(X), not out(X) } 3 :- go.
{ a; b }. 2 = { p(X) : q(X) }. { p(X) : q(X) } = 2. 1 < { a; b } != 5.
{ p(X; Y) : r(X, Y) }.
:- p(X), not q(X), X != 3, X = 1..n, #count{ Y, Z : r(Y, Z) } >= 2, 1 <= #sum{ W, X : w(X, W) } <= 5.
:~ p(X), cost(X, C). [C@2, X]
:~ p(X). [1]
#minimize { C@1, X : p(X), cost(X, C); 3 : q }.
#maximize { C, X : cost(X, C); 2@1 }.
t(X) :- n(X), X <> 3, 1 < X < 5.
t(X) :- n(X); not X = 4; not q(X).
s(N) :- N = #max{ X : t(X) }.
s(N) :- #min{ X : t(X); 4 : n(4) } = N.
z :- not 1 < #count{ X : p(X, _) }.
h(X+1) :- h(X), X < m.
v(-(3), -X, |X-3|, 2**3**2, (2**3)**2, (X+1)*2, X-(1-2), X/2\3, X mod 2) :- q(X).
w("a \"b\" \n c", 'Tom', 'it\'s', #inf, #sup, -3).
x :- #true, not #false.
y(X) :- q(X), #false.
none(X) :- n(X), not r(X, _).
some(X) :- n(X), 1 { r(X, Y); -p(X, Y) : n(Y) } 2.
set(X) :- q(X), 2 { r(X, _); p(1..3, X) }.
p(X, tom)?
