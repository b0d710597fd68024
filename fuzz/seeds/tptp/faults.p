include('Axioms/SET001.ax').
fof(mixed, axiom, p & q | r).
fof(numbers, axiom, p(1)).
tff(poly, type, list: $tType > $tType).
tff(rational, type, half: $rat).
thf(higher, axiom, p @ q).
fof(objects, axiom, p("Socrates")).
fof(unclosed, axiom, p(a).
fof(strange, unknown, p).
fof(quote, axiom, p('a).
fof(role, axiom q).
tff(ite, axiom, $ite(p,q,r)).
tff(arity, axiom, $less(1)).
tff(big, axiom, $less(1e99999999,2)).
fof(good, axiom, good).
fof(one, conjecture, good).
fof(two, conjecture, good).
fof(last, axiom, ! [x] : p(x)).
; 
