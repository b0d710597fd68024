% Who is an ancestor of whom. Ask more with --query, --why, --why-not.

%! Ann is Bob's parent.
parent(ann, bob).
%! Bob is Cleo's parent.
parent(bob, cleo).
%! Cleo is Tom's parent.
parent(cleo, tom).

%! A parent is an ancestor.
ancestor(X, Y) :- parent(X, Y).
%! A parent of an ancestor is an ancestor.
ancestor(X, Z) :- parent(X, Y), ancestor(Y, Z).

ancestor(X, tom)?
