"""Runs the same programs with clingo, SWI-Prolog (tabled) and nsolve.

    cargo build --release --bin nsolve
    cargo build --release -p nsolve-backend-program --example solve_program
    python3 compare.py [--engine PATH] [--nsolve PATH] [--limit SECONDS] [--small] [NAME ...]

`--engine` is that example, which evaluates a whole program and reads out the reasons for one
instance, as `clingo -q` grounds everything and prints nothing; `--nsolve` is the command, which
prints every model with its checks done, and is given the search problems only.

Prints wall time and the largest memory of each, with what it counted, so that
different counts are seen at once. Programs that are not installed are left out.
SWI-Prolog gets the stratified programs, whose rules are Prolog as they stand,
and queens as people write them for it.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from generate import closure, colour, cycle, generation, knapsack, points, queens, sudoku

# Name: maker, its sizes, small ones, the derived predicates (the first is
# counted), and whether all models are wanted.
CASES = {
    "closure": (closure, (2000, 10000), (200, 1000), ["path/2"], False),
    "generation": (generation, (3000,), (400,), ["same/2"], False),
    "points": (points, (50000,), (3000,), ["points/2", "heap/3"], False),
    "queens": (queens, (8,), (6,), [], True),
    "sudoku": (sudoku, (4,), (3,), [], False),
    "cycle": (cycle, (30, 90), (10, 20), [], False),
    "colour": (colour, (60, 140, 4), (12, 20, 3), [], False),
    "knapsack": (knapsack, (25,), (10,), [], False),
}

QUEENS = """
main :- numlist(1, SIZE, L), aggregate_all(count, safe(L, [], _), N), write(N), nl.
safe([], Placed, Placed).
safe(Left, Placed, All) :-
    select(Q, Left, Rest), free(Q, 1, Placed), safe(Rest, [Q|Placed], All).
free(_, _, []).
free(Q, D, [P|Ps]) :- Q =\\= P + D, Q =\\= P - D, D1 is D + 1, free(Q, D1, Ps).
"""


def prolog(name, lines, size):
    """The program for SWI-Prolog, or None."""
    derived = CASES[name][3]
    if name == "queens":
        return QUEENS.replace("SIZE", str(size[0]))
    if not derived:
        return None
    predicate, arity = derived[0].split("/")
    goal = f"{predicate}({','.join(['_'] * int(arity))})"
    tables = [f":- table {p}." for p in derived]
    main = f"main :- aggregate_all(count, {goal}, N), write(N), nl."
    return "\n".join(["% style_check is off for facts that stand apart.",
                      ":- style_check(-discontiguous).", *tables, *lines, main])


def run(command, limit):
    """Wall seconds, megabytes, output; None for the time where it was over."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.STDOUT, start_new_session=True)
        seconds = None
        while True:
            pid, _, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                seconds = time.monotonic() - start
                break
            if time.monotonic() - start > limit:
                os.killpg(child.pid, signal.SIGKILL)
                _, _, usage = os.wait4(child.pid, 0)
                break
            time.sleep(0.002)
        child.returncode = 0
        out.seek(0)
        text = out.read(1 << 16).decode(errors="replace")
    return seconds, usage.ru_maxrss / 1024, text


def counted(who, text):
    """What a program says it found, in few words."""
    pattern = {"clingo": r"^Models\s*:\s*(\S+)", "engine": r"(\d+ (?:models|rows))", "swipl": r"^(\d+)\s*$"}.get(who)
    found = pattern and re.search(pattern, text, re.MULTILINE)
    if found:
        return found[1]
    return (text.strip().splitlines() or ["nothing"])[0][:40]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine")
    parser.add_argument("--nsolve")
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args()
    print("| program | by | seconds | MiB | found |\n|---|---|---|---|---|")
    for name in given.names or CASES:
        maker, large, small, _, every = CASES[name]
        size = small if given.small else large
        lines = list(maker(*size))
        with tempfile.TemporaryDirectory() as folder:
            asp, pl = os.path.join(folder, "p.lp"), os.path.join(folder, "p.pl")
            with open(asp, "w") as file:
                print("\n".join(lines), file=file)
            commands = []
            if shutil.which("clingo"):
                models = "0" if every or name in ("colour", "knapsack") else "1"
                commands.append(("clingo", ["clingo", "-q", "-n", models, asp]))
            as_prolog = prolog(name, lines, size)
            if as_prolog and shutil.which("swipl"):
                with open(pl, "w") as file:
                    print(as_prolog, file=file)
                commands.append(("swipl", ["swipl", "-q", "--stack-limit=8g",
                                           "--table-space=8g", "-f", "none",
                                           "-g", "main", "-t", "halt", pl]))
            derived = CASES[name][3]
            if given.engine:
                goal = os.path.join(folder, "goal.lp")
                with open(goal, "w") as file:
                    print("\n".join(lines), file=file)
                    if derived:
                        predicate, arity = derived[0].split("/")
                        names = ["X", "Y", "Z"][: int(arity)]
                        print(f"{predicate}({','.join(names)})?", file=file)
                mode = "optimal" if name in ("colour", "knapsack") else "any"
                commands.append(("engine", [given.engine, goal, "0" if every else "1", mode]))
            if given.nsolve and not derived:
                all_models = ["--all-models", "--limit", "all"] if every else []
                for backend in ("program", "clingo"):
                    commands.append((f"nsolve, {backend}",
                                     [given.nsolve, "solve", "--backend", backend,
                                      "--timeout", "120s", *all_models, asp]))
            for who, command in commands:
                seconds, memory, text = run(command, given.limit)
                shown = f"over {given.limit:.0f}" if seconds is None else f"{seconds:.2f}"
                print(f"| {name} | {who} | {shown} | {memory:.0f} | {counted(who, text)} |",
                      flush=True)


if __name__ == "__main__":
    sys.exit(main())
