#!/usr/bin/env python3
"""Traces every wrong answer on recorded ProntoQA programs to what the model wrote.

    nsolve bench FILE --wrong 2> wrong.txt
    benchmarks/prontoqa_trace/run.py FILE wrong.txt

For each wrong item it compares the program's query with the question, and the
program's predicate names with each other:

sign       the query states the opposite of the question ("Max is sour." became
           Sour(Max, False))
names      one kind has two names (Wumpus and Wumpuses), so a chain of rules breaks
facts      the program's facts are not the context's (Rompus(Max, True) where the
           context says "Max is a vumpus.", or Jompus($x, True) for everything)
missing    a rule of the context has no rule in the program
"""

import json
import re
import sys
from collections import Counter


def names(program):
    """The predicates that facts, rules and query use."""
    body = re.split(r"^Facts", program, maxsplit=1, flags=re.M)[-1]
    return set(re.findall(r"(\w+)\(", body))


def cause(row):
    program = row["program"]
    question = row["question"].rsplit("?", 1)[-1]
    query = re.split(r"^Query:?", program, maxsplit=1, flags=re.M)[-1].strip()
    query = query.splitlines()[0] if query else ""
    if (" not " in question) != ("False" in query):
        return "sign"
    used = names(program)
    if any(name + ending in used for name in used for ending in ("es", "s")):
        return "names"
    facts, _, rules = program.partition("Rules:")
    facts = re.split(r"^Facts:?", facts, maxsplit=1, flags=re.M)[-1]
    stated = set(re.findall(r"(\w+)\((\$?\w+), True\)", facts))
    given = re.findall(r"([A-Z]\w+) is an? (\w+)\.", row["context"])
    given = {(kind.capitalize(), who) for who, kind in given if who not in ("Each", "Every")}
    if stated != given:
        return "facts"
    sentences = [s for s in row["context"].split(".") if s.strip()]
    return "missing" if rules.count(">>>") < len(sentences) - len(given) else "other"


def main():
    file, wrong = sys.argv[1:]
    with open(file, encoding="utf-8") as lines:
        rows = {row["id"]: row for row in map(json.loads, lines)}
    causes = Counter()
    with open(wrong, encoding="utf-8") as lines:
        for line in lines:
            item = re.match(r"(\S+)#0: (\S+), gold (\S+)", line)
            if item:
                why = cause(rows[item[1]])
                causes[why] += 1
                print(f"{item[1]}: {item[2]}, gold {item[3]}: {why}")
    print(json.dumps(dict(causes)))


if __name__ == "__main__":
    main()
