"""Score the tagger on a file of texts in which places are marked (see tools/research/place_evaluation.py).

    .venv/bin/python tools/research/score_places.py FILE.jsonl [--half 1|2] [--errors] [--json]

The texts are split into two random halves, always the same: errors are read of one, and what was done about
them is confirmed on the other. Exit 0: every bar is reached; 1: not; 2: wrong arguments or file.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.research.place_evaluation import (
    BARS,
    BadLabelsError,
    Score,
    figures,
    halves,
    reached,
    read_labelled,
    score,
)


def main() -> int:
    """Print figures, and the errors on demand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--half", type=int, choices=(1, 2), help="only this random half")
    parser.add_argument("--errors", action="store_true", help="name every error, with its text")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    options = parser.parse_args()
    try:
        texts = read_labelled(options.file)
    except BadLabelsError as error:
        print(error, file=sys.stderr)
        return 2
    if options.half:
        texts = halves(texts)[options.half - 1]
    found = score(texts)
    if options.json:
        print(json.dumps(figures(found)))
    else:
        _tell(found)
    if options.errors:
        for kind, surface, text in sorted(found.errors):
            print(
                f"{kind}\t{surface}\t{' '.join(text.split())}",
                file=sys.stderr if options.json else sys.stdout,
            )
    return 0 if all(reached(found).values()) else 1


def _tell(found: Score) -> None:
    told, good = figures(found), reached(found)
    for name, value in told.items():
        bar = f"   bar {BARS[name][0]}   {'reached' if good[name] else 'MISSED'}" if name in BARS else ""
        print(f"{name:<20}{value:>9}{bar}")


if __name__ == "__main__":
    sys.exit(main())
