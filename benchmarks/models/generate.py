#!/usr/bin/env python3
"""Writes the models of the speed comparison: generate.py assignment N | transport M N

The text is GMPL with its data, so that glpsol and nsolve read the same file."""

import random
import sys


def assignment(n: int) -> str:
    """n workers, n jobs, n * n binaries; the data are a table."""
    rng = random.Random(7)
    cost = [[rng.randint(1, 1000) for _ in range(n)] for _ in range(n)]
    head = " ".join(f"j{j}" for j in range(n))
    rows = "\n".join(f" w{i} " + " ".join(map(str, cost[i])) for i in range(n))
    return f"""set W; set J;
param cost{{W, J}};
var x{{W, J}} binary;
minimize total: sum{{i in W, j in J}} cost[i,j] * x[i,j];
s.t. one{{i in W}}: sum{{j in J}} x[i,j] = 1;
s.t. each{{j in J}}: sum{{i in W}} x[i,j] = 1;
data;
set W := {' '.join(f'w{i}' for i in range(n))};
set J := {head};
param cost : {head} :=
{rows};
end;
"""


def transport(m: int, n: int) -> str:
    """m plants, n markets, m * n flows."""
    rng = random.Random(7)
    cost = [[rng.randint(1, 100) for _ in range(n)] for _ in range(m)]
    demand = [rng.randint(10, 50) for _ in range(n)]
    supply = sum(demand) // m + 20
    head = " ".join(f"m{j}" for j in range(n))
    rows = "\n".join(f" p{i} " + " ".join(map(str, cost[i])) for i in range(m))
    return f"""set P; set M;
param supply{{P}}; param demand{{M}}; param cost{{P, M}};
var ship{{P, M}} >= 0;
minimize total: sum{{i in P, j in M}} cost[i,j] * ship[i,j];
s.t. out{{i in P}}: sum{{j in M}} ship[i,j] <= supply[i];
s.t. into{{j in M}}: sum{{i in P}} ship[i,j] >= demand[j];
data;
set P := {' '.join(f'p{i}' for i in range(m))};
set M := {head};
param supply := {' '.join(f'p{i} {supply}' for i in range(m))};
param demand := {' '.join(f'm{j} {d}' for j, d in enumerate(demand))};
param cost : {head} :=
{rows};
end;
"""


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["assignment", n]:
            print(assignment(int(n)), end="")
        case ["transport", m, n]:
            print(transport(int(m), int(n)), end="")
        case _:
            sys.exit(__doc__)
