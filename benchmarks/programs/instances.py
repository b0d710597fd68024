"""The programs of the comparison, from fixed seeds: one file for nsolve and clingo, and where
SWI-Prolog takes part, one for it with the same rules under tabling."""

import random
from pathlib import Path


def edges(rng, nodes, count):
    """`count` different edges without loops."""
    found = set()
    while len(found) < count:
        a, b = rng.randrange(nodes), rng.randrange(nodes)
        if a != b:
            found.add((a, b))
    return sorted(found)


def facts(name, rows):
    return "".join(f"{name}({','.join(map(str, row))}).\n" for row in rows)


def prolog(tables, dynamic, rules, rows, count):
    """Rules under tabling; `main` counts all answers of a goal and prints the number."""
    head = "".join(f":- table {t}.\n" for t in tables) + "".join(f":- discontiguous {d}.\n" for d in dynamic)
    goal = f"main :- aggregate_all(count, {count}, N), writeln(N).\n"
    return head + rows + rules + goal + ":- initialization((main, halt)).\n"


def transitive_closure(rng, nodes=2000, count=10000):
    rows = facts("edge", edges(rng, nodes, count))
    rules = "path(X,Y) :- edge(X,Y).\npath(X,Z) :- path(X,Y), edge(Y,Z).\n"
    return rows + rules + "#show path/2.\n", prolog(["path/2"], ["edge/2"], rules, rows, "path(_,_)")


def same_generation(rng, levels=12, width=400):
    """A layered graph: each node of a layer has two parents in the layer above."""
    rows = []
    for level in range(1, levels):
        for i in range(width):
            for parent in rng.sample(range(width), 2):
                rows.append((f"n{level}_{i}", f"n{level - 1}_{parent}"))
    text = facts("up", rows) + facts("person", [(f"n{l}_{i}",) for l in range(levels) for i in range(width)])
    rules = "sg(X,X) :- person(X).\nsg(X,Y) :- up(X,A), sg(A,B), up(Y,B).\n"
    return text + rules + "#show sg/2.\n", prolog(["sg/2"], ["up/2", "person/1"], rules, text, "sg(_,_)")


def points_to(rng, variables=20000, objects=6000, total=50000, procedure=40):
    """Andersen's analysis: allocations, copies, loads and stores; variables have a handful of neighbours near them,
    as in real programs."""
    alloc = {(rng.randrange(variables), o) for o in range(objects)}
    copy, load, store = set(), set(), set()
    # Copies go one way within a procedure of some variables, so that sets stay as small as programs have them.
    while len(alloc) + len(copy) + len(load) + len(store) < total:
        v = rng.randrange(variables)
        start = v - v % procedure
        w = min(variables - 1, start + rng.randrange(procedure))
        kind = rng.random()
        if kind < 0.7:
            copy.add((max(v, w), min(v, w)))
        else:
            (load if kind < 0.85 else store).add((v, w))
    rows = facts("alloc", sorted(alloc)) + facts("copy", sorted(copy))
    rows += facts("load", sorted(load)) + facts("store", sorted(store))
    rules = (
        "pt(V,O) :- alloc(V,O).\n"
        "pt(V,O) :- copy(V,W), pt(W,O).\n"
        "pt(V,O) :- load(V,W), pt(W,P), heap(P,O).\n"
        "heap(P,O) :- store(V,W), pt(V,P), pt(W,O).\n"
    )
    tables = ["pt/2", "heap/2"]
    return rows + rules + "#show pt/2.\n", prolog(tables, ["alloc/2", "copy/2", "load/2", "store/2"], rules, rows, "pt(_,_)")


def queens(n=8):
    return f"""#const n = {n}.
row(1..n).
1 {{ queen(X,Y) : row(Y) }} 1 :- row(X).
:- queen(X,Y), queen(Z,Y), X < Z.
:- queen(X,Y), queen(Z,W), X < Z, Z - X = W - Y.
:- queen(X,Y), queen(Z,W), X < Z, Z - X = Y - W.
#show queen/2.
"""


def sudoku(rng, box=4, holes=0.55):
    """A solved grid, shuffled by rows and columns within their bands, with holes."""
    n = box * box
    bands = lambda: [b * box + i for b in rng.sample(range(box), box) for i in rng.sample(range(box), box)]
    rows, columns, digits = bands(), bands(), rng.sample(range(1, n + 1), n)
    cell = lambda r, c: digits[(box * (r % box) + r // box + c) % n]
    given = [
        (i + 1, j + 1, cell(r, c))
        for i, r in enumerate(rows)
        for j, c in enumerate(columns)
        if rng.random() > holes
    ]
    return facts("given", given) + f"""
n(1..{n}).
box(X,Y,((X-1)/{box})*{box}+(Y-1)/{box}) :- n(X), n(Y).
1 {{ cell(X,Y,V) : n(V) }} 1 :- n(X), n(Y).
:- given(X,Y,V), not cell(X,Y,V).
:- n(X), n(V), not 1 {{ cell(X,Y,V) : n(Y) }} 1.
:- n(Y), n(V), not 1 {{ cell(X,Y,V) : n(X) }} 1.
:- box(_,_,B), n(V), not 1 {{ cell(X,Y,V) : box(X,Y,B) }} 1.
#show cell/3.
""".replace("not 1 { cell(X,Y,V) : n(Y) } 1", "#count { Y : cell(X,Y,V) } != 1").replace(
        "not 1 { cell(X,Y,V) : n(X) } 1", "#count { X : cell(X,Y,V) } != 1"
    ).replace("not 1 { cell(X,Y,V) : box(X,Y,B) } 1", "#count { X,Y : cell(X,Y,V), box(X,Y,B) } != 1")


def write(folder):
    """Writes all instances and returns their names, each with whether SWI-Prolog takes part."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    stratified = {
        "transitive-closure": transitive_closure,
        "same-generation": same_generation,
        "points-to": points_to,
    }
    for name, make in stratified.items():
        asp, pl = make(random.Random(1))
        (folder / f"{name}.asp").write_text(asp)
        (folder / f"{name}.pl").write_text(pl)
        made.append((name, True))
    for name, text in {"queens-8": queens(8), "sudoku-16": sudoku(random.Random(1))}.items():
        (folder / f"{name}.asp").write_text(text)
        made.append((name, False))
    return made


if __name__ == "__main__":
    import sys

    print(write(sys.argv[1]))
