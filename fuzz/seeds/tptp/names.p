% Names that need quotes, one name in several roles, and a sort with all its elements.
fof(every, axiom, ! [X] : (X = red | X = 'Dark Green'), unknown, [nsolve(enumerated)]).
fof(other, axiom, $distinct(red,'Dark Green'), unknown, [nsolve(enumerated)]).
fof(a, axiom, p(red) & p(red,'it\'s') & p).
fof(b, axiom, p(p,f(p))).
fof(c, axiom, ! [X1,X] : ? [X1] : (p(X1) | p(X,X1)), unknown, [description('Caf\\u{e9} \\u{5c} ok.')]).
fof(d, axiom, ! [X] : (p(X,'X') & 'X'(X))).
