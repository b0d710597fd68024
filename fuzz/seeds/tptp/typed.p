% Everything that typed TPTP needs here.
tff(person, type, person: $tType).
tff(city, type, 'City': $tType).
tff(d1, type, alice: person).
tff(d2, type, bob: person).
tff(d3, type, likes: (person * person) > $o).
tff(d4, type, raining: $o).
tff(d5, type, home: person > 'City').
tff(d6, type, distance: ('City' * 'City') > $real).
tff(d7, type, age: person > $int).
tff(d8, type, somebody: person).
tff(person_elements, axiom, ! [X: person] : (X = alice | X = bob), unknown, [nsolve(enumerated)]).
tff(person_distinct, axiom, $distinct(alice,bob), unknown, [nsolve(enumerated)]).
tff(a1, axiom, likes(alice,bob) & ~ raining, unknown, [description('Alice likes Bob; it isn\'t raining.')]).
tff(a2, hypothesis, ! [C: 'City', D: 'City'] : ($lesseq(0.0,distance(C,D)) & distance(C,D) = distance(D,C))).
tff(a3, axiom, $sum(age(alice),$product(2,age(bob))) = 30 <=> $greater($to_real(age(bob)),$quotient(1.0,3.0))).
tff(a4, axiom, (home(alice) != home(bob)) <~> ($remainder_e(age(alice),-2) = 1)).
tff(a5, axiom, ? [X] : q(X)).
tff(a6, axiom, $distinct(alice,somebody)).
tff(a7, axiom, p ~& q(c)).
tff(c, conjecture, ? [X: person] : likes(alice,X)).
