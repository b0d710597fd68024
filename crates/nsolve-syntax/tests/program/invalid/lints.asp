% Unstratified negation is a remark, with its cycle.
p :- not q.
q :- r.
r :- not p.
---
% One name, two numbers of arguments.
road(a, b). road(b, c).
reach(X) :- road(X).
---
% A misspelt predicate.
ancestor(X, Y) :- parent(X, Y).
old(X) :- ancester(X, _).
parent(ann, bob).
---
% Nothing derives this one.
happy(X) :- person(X), rich(X).
person(ann).
---
% What is derived and neither asked nor used.
person(ann). hobby(ann, chess).
likes(X) :- person(X).
likes(ann)?
---
% A variable that stands once.
parent(ann, bob).
mother(X) :- parent(X, Child).
---
% Rules that never apply.
p(1). p(2).
a(X) :- p(X), 3 < 2.
b(X) :- p(X), X != X.
c(X) :- p(X), X = 5..4.
d(X) :- e(X). e(X) :- d(X).
---
% Ever larger terms and numbers.
nat(zero).
nat(s(X)) :- nat(X).
count(0).
count(X+1) :- count(X).
next(0).
next(Y) :- next(X), Y = X+1.
day(1). day(X+1) :- day(X), X < 31.
---
% An atom and its opposite.
bird(tweety). -bird(tweety).
---
% Texts that look like something else.
parent("tom", ann). parent(tom, bob).
child(X) :- parent("X", X).
---
% A constant that nothing uses.
#const n = 3.
p(1).
---
% A name begins with an upper-case letter.
parent(Tom, ann).
Parent(tom, ann).
