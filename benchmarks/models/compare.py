#!/usr/bin/env python3
"""From the text of a model to the matrix: nsolve beside glpsol, whole processes in one run.

    cargo build --release -p nsolve-bench --example model_to_matrix
    compare.py --ours target/release/examples/model_to_matrix [--runs 5]

glpsol (Debian's glpk-utils) reads, generates and stops (`--check`); nsolve reads, generates and hands the matrix to
HiGHS. Both read the same text. Times are the best of the runs."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
MODELS = {
    "assignment 200 x 200": ["assignment", "200"],
    "transport 316 x 317": ["transport", "316", "317"],
    "transport 1000 x 1000": ["transport", "1000", "1000"],
}


def measure(command: list[str], runs: int) -> tuple[float, int]:
    """The best wall time in seconds, and the largest memory in MB."""
    best, memory = float("inf"), 0
    for _ in range(runs):
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        best = min(best, time.perf_counter() - began)
        memory = max(memory, usage.ru_maxrss // 1024)
        if status != 0:
            sys.exit(f"{command[0]} failed")
    return best, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    print("| model | glpsol | nsolve | glpsol / nsolve | nsolve, MB |\n|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in MODELS.items():
            path = pathlib.Path(folder) / "model.mod"
            with path.open("w") as out:
                subprocess.run([sys.executable, HERE / "generate.py", *arguments], stdout=out, check=True)
            peer, _ = measure(["glpsol", "-m", str(path), "--check"], args.runs)
            ours, memory = measure([args.ours, str(path)], args.runs)
            print(f"| {name} | {peer:.2f} s | {ours:.3f} s | {peer / ours:.1f} | {memory} |")


if __name__ == "__main__":
    main()
