% What is more than logic is named and left out.
p(X) :- q(X), !.
p(X) :- (q(X) -> r(X) ; s(X)).
p(X) :- write(X), nl.
p(X) :- assertz(q(X)).
p(L) :- findall(X, q(X), L).
p(X) :- call(X).
p(X) :- X.
p(X) :- X =.. L.
s --> a, b.
:- initialization(main).
:- consult('other.pl').
:- [other].
:- p(X), q(X).
:- dynamic(r/1).
:- use_module(library(lists)).
q(1).
---
% Library predicates are not there; unsafe rules stay.
append([], L, L).
append([H|T], L, [H|R]) :- append(T, L, R).
first(X) :- member(X, [a, b]).
larger(X, Y) :- X > Y.
---
p(X) :- q(X), X is max(1, 2).
p(X) :- q(X, Y), X is Y / 2.
p(X) :- q(X), X <= 3, X != 4.
p({a}). p(`abc`).
p(X) :- q(X), X is 1.5 * 2.
a, b :- c.
a = b :- c.
?- a ; b.
q(1). q(1, 2).
