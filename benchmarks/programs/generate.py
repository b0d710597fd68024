"""Writes logic programs of a given size and seed, the same on every machine.

    python3 generate.py closure 2000 10000 > closure.lp
    python3 generate.py generation 3000 > generation.lp
    python3 generate.py points 50000 > points.lp
    python3 generate.py queens 8 > queens.lp
    python3 generate.py sudoku 4 > sudoku.lp
    python3 generate.py cycle 30 90 > cycle.lp
    python3 generate.py colour 60 140 4 > colour.lp
    python3 generate.py knapsack 25 > knapsack.lp
"""

import random
import sys


def closure(nodes, edges):
    """Paths in a random graph: almost all pairs, many ways to each."""
    rng = random.Random(1)
    seen = set()
    while len(seen) < edges:
        seen.add((rng.randrange(nodes), rng.randrange(nodes)))
    for a, b in sorted(seen):
        yield f"edge({a},{b})."
    yield "path(X,Y) :- edge(X,Y)."
    yield "path(X,Z) :- path(X,Y), edge(Y,Z)."


def generation(people):
    """Who is of the same generation, in a forest with two parents a child."""
    rng = random.Random(2)
    for child in range(people // 50, people):
        for _ in range(2):
            low = max(0, child - people // 8)
            yield f"parent({child},{rng.randrange(low, child)})."
    yield "same(X,Y) :- parent(X,P), parent(Y,P)."
    yield "same(X,Y) :- parent(X,P), same(P,Q), parent(Y,Q)."


def points(facts):
    """Andersen's points-to analysis of random straight-line code."""
    rng = random.Random(3)
    variables = facts * 11 // 20
    for _ in range(facts):
        kind = rng.random()
        a = rng.randrange(variables)
        b = max(0, a - rng.randrange(1, 30))
        if kind < 0.30:
            yield f"new(v{a},o{rng.randrange(variables)})."
        elif kind < 0.70:
            yield f"assign(v{a},v{b})."
        elif kind < 0.80:
            yield f"load(v{a},v{b},f{rng.randrange(200)})."
        else:
            yield f"store(v{a},f{rng.randrange(200)},v{b})."
    yield "points(V,O) :- new(V,O)."
    yield "points(V,O) :- assign(V,W), points(W,O)."
    yield "heap(B,F,O) :- store(V,F,W), points(V,B), points(W,O)."
    yield "points(V,O) :- load(V,W,F), points(W,B), heap(B,F,O)."


def queens(size):
    """All ways to place queens that do not attack each other."""
    yield f"row(1..{size})."
    yield "1 { queen(X,Y) : row(Y) } 1 :- row(X)."
    yield ":- queen(X,Y), queen(Z,Y), X < Z."
    yield ":- queen(X,Y), queen(Z,W), X < Z, Z-X = W-Y."
    yield ":- queen(X,Y), queen(Z,W), X < Z, Z-X = Y-W."


def sudoku(box):
    """A grid of boxes of this side, of which a part is given."""
    rng = random.Random(4)
    side = box * box
    rows = [r * box + i for r in rng.sample(range(box), box) for i in rng.sample(range(box), box)]
    columns = [c * box + i for c in rng.sample(range(box), box) for i in rng.sample(range(box), box)]
    digits = rng.sample(range(1, side + 1), side)
    yield f"side(1..{side})."
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            if rng.random() < 0.42:
                value = digits[(box * (r % box) + r // box + c) % side]
                yield f"given({i + 1},{j + 1},{value})."
    yield "1 { cell(X,Y,N) : side(N) } 1 :- side(X), side(Y)."
    yield ":- given(X,Y,N), not cell(X,Y,N)."
    yield ":- cell(X,Y,N), cell(X,Z,N), Y < Z."
    yield ":- cell(X,Y,N), cell(Z,Y,N), X < Z."
    yield f"box(X,Y,(X-1)/{box}*{box}+(Y-1)/{box}) :- side(X), side(Y)."
    yield ":- cell(X,Y,N), cell(Z,W,N), box(X,Y,B), box(Z,W,B), (X,Y) < (Z,W)."


def cycle(nodes, extra):
    """A Hamiltonian cycle in a random graph that has one."""
    rng = random.Random(5)
    order = rng.sample(range(nodes), nodes)
    edges = {(order[i], order[(i + 1) % nodes]) for i in range(nodes)}
    while len(edges) < nodes + extra:
        a, b = rng.randrange(nodes), rng.randrange(nodes)
        if a != b:
            edges.add((a, b))
    yield f"node(0..{nodes - 1})."
    for a, b in sorted(edges):
        yield f"edge({a},{b})."
    yield "1 { in(X,Y) : edge(X,Y) } 1 :- node(X)."
    yield "1 { in(X,Y) : edge(X,Y) } 1 :- node(Y)."
    yield "reached(X) :- in(0,X)."
    yield "reached(Y) :- reached(X), in(X,Y)."
    yield ":- node(X), not reached(X)."


def colour(nodes, edges, colours):
    """A colouring that uses the first colours as often as it can."""
    rng = random.Random(6)
    yield f"node(1..{nodes}). colour(1..{colours})."
    for _ in range(edges):
        a, b = rng.sample(range(1, nodes + 1), 2)
        yield f"edge({a},{b})."
    yield "1 { paint(X,C) : colour(C) } 1 :- node(X)."
    yield ":- edge(X,Y), paint(X,C), paint(Y,C)."
    yield ":~ paint(X,C). [C,X]"


def knapsack(things):
    """As much value as a knapsack holds."""
    rng = random.Random(7)
    for i in range(things):
        yield f"thing({i},{rng.randint(5, 40)},{rng.randint(10, 60)})."
    yield "{ take(I) : thing(I,W,V) }."
    yield f":- #sum {{ W,I : take(I), thing(I,W,V) }} > {things * 8}."
    yield ":~ take(I), thing(I,W,V). [-V,I]"


if __name__ == "__main__":
    makers = [closure, generation, points, queens, sudoku, cycle, colour, knapsack]
    by_name = {f.__name__: f for f in makers}
    if len(sys.argv) < 2 or sys.argv[1] not in by_name:
        sys.exit(__doc__)
    print("\n".join(by_name[sys.argv[1]](*map(int, sys.argv[2:]))))
