"""How much of FOLIO's words the English grammar reads, and what comes of it.

    cargo build --release --bin nsolve
    NSOLVE_DATA=DIR python3 folio.py [--nsolve PATH] [--wrong]

Prints the share of sentences that are read, and of problems that are read
whole, how the answers compare with the labels. `--wrong` lists the problems
whose answer differs, `--unread` the sentences.
"""

import argparse
import collections
import json
import os
import subprocess


def story(row):
    def sentence(text):
        text = text.replace("[BG]", "").strip()
        return text if text.endswith((".", "?", "!")) else text + "."

    premises = "\n".join(sentence(p) for p in row["premises"])
    return f"{premises}\n\nConclusion: {sentence(row['conclusion'])}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nsolve", default="target/release/nsolve")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--unread", action="store_true")
    args = parser.parse_args()
    path = os.path.join(os.environ["NSOLVE_DATA"], "logic", "folio-gold-validation.jsonl")
    sentences, unread = set(), set()
    count = collections.Counter()
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        done = subprocess.run(
            [args.nsolve, "ask", "--json", "-"],
            input=story(row),
            capture_output=True,
            text=True,
            check=False,
        )
        told = json.loads(done.stdout)
        for one in told.get("sentences", []):
            sentences.add(one["text"])
            if one["role"] == "unread":
                unread.add(one["text"])
        if told["answer"] is None or told["partial"]:
            count["read in part"] += 1
            continue
        answer, label = told["answer"], row["label"].lower()
        decided = answer in ("true", "false")
        kind = "right" if answer == label else "wrong" if decided else f"{answer}, label decided"
        count[f"read whole: {kind}"] += 1
        if args.wrong and answer != label:
            print(row["id"], answer, label)
    if args.unread:
        print(*sorted(unread), sep="\n")
    read = len(sentences) - len(unread)
    print(f"sentences read: {read} of {len(sentences)} ({100 * read / len(sentences):.1f} %)")
    for kind, number in sorted(count.items()):
        print(f"{number:4} problems {kind}")


if __name__ == "__main__":
    main()
