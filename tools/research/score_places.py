"""Score the place tagger on a file of texts with labelled places (see tools/research/place_evaluation.py).

    .venv/bin/python -m tools.research.score_places FILE.jsonl [--half 1|2] [--errors] [--json]

The texts are split into two random halves, always the same: errors are studied in one, and improvements
confirmed on the other. Exit 0: every target is reached; 1: not; 2: wrong arguments or file.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.research.place_evaluation import (
    TARGETS,
    BadLabelsError,
    PlaceScore,
    evaluate,
    metrics,
    read_labelled_texts,
    split_halves,
    targets_met,
)


def main() -> int:
    """Print the figures and, if requested, the errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--half", type=int, choices=(1, 2), help="only this random half")
    parser.add_argument("--errors", action="store_true", help="name every error, with its text")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    options = parser.parse_args()
    try:
        texts = read_labelled_texts(options.file)
    except BadLabelsError as error:
        print(error, file=sys.stderr)
        return 2
    if options.half:
        texts = split_halves(texts)[options.half - 1]
    found = evaluate(texts)
    if options.json:
        print(json.dumps(metrics(found)))
    else:
        _tell(found)
    if options.errors:
        for kind, surface, text in sorted(found.errors):
            print(
                f"{kind}\t{surface}\t{' '.join(text.split())}",
                file=sys.stderr if options.json else sys.stdout,
            )
    return 0 if all(targets_met(found).values()) else 1


def _tell(found: PlaceScore) -> None:
    told, good = metrics(found), targets_met(found)
    for name, value in told.items():
        bar = (
            f"   bar {TARGETS[name][0]}   {'reached' if good[name] else 'MISSED'}" if name in TARGETS else ""
        )
        print(f"{name:<20}{value:>9}{bar}")


if __name__ == "__main__":
    sys.exit(main())
