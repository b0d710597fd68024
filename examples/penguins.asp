% Defaults with exceptions: birds fly unless they are known not to.

bird(tweety). bird(opus).
penguin(opus).

%! Birds fly, as far as nothing speaks against it.
flies(X) :- bird(X), not -flies(X).
%! Penguins do not fly.
-flies(X) :- penguin(X).

flies(X)?
