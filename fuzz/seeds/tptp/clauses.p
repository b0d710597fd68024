% First-order form and clause form together.
fof(a1, axiom, ! [X] : (human(X) => mortal(X)), file('people.ax'), [description('All humans are mortal.')]).
fof('Socrates is a man', hypothesis, human('Socrates')).
cnf(c1, axiom, ~ mortal(X) | dies(X,f(X))).
fof(a3, plain, (p <= q) & (r ~| s) & ~ ~ t).
fof(12, negated_conjecture, ! [X,Y] : ~ (X = Y <~> Y = X)).
fof(goal, conjecture, mortal('Socrates') & ? [Y] : dies('Socrates',Y)).
