#semantics open.
%! Every cat is
%! an animal.
animal(X) :- cat(X).
-animal(X) :- stone(X).
cat(tom). stone(rock).
:- animal(X), -animal(X).
?- animal(X), X != tom.
