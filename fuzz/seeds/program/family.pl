/* Prolog, as it is
   usually written. */
:- dynamic happy/1.
parent(tom, 'Ann').
parent(tom, bob).
male(tom). male(bob). tall(bob).
ancestor(X, Y) :- parent(X, Y).
ancestor(X, Z) :- parent(X, Y), ancestor(Y, Z).
childless(X) :- male(X), \+ parent(X, _).
only(X) :- male(X), \+ (parent(X, Y), male(Y)).
odd(X) :- male(X), (tall(X) ; \+ happy(X)), X \= tom.
all_tall :- forall(male(X), tall(X)).
digit(X) :- between(0, 9, X).
app([], L, L).
app([H|T], L, [H|R]) :- app(T, L, R).
len([], 0).
len([_|T], N) :- len(T, M), N is M + 1.
sums(X, Y) :- digit(X), digit(Y), X + Y =:= 9, X =< Y, X =\= 4.
rest(X) :- digit(Y), X is Y mod 3 + Y // 2 - abs(-1) * 2 ** 2.
pair(K-V, (K, V, K), "text", 0'a, f(X), _) :- kv(K, V), X = K.
kv(a, 1).
same(X, X).
?- ancestor(tom, X), X \== bob.
