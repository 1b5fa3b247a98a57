"""Score the place tagger on a table of places that were tagged in news and then judged.

    .venv/bin/python -m tools.research.score_news_places FILE.tsv [--errors] [--json]

Columns: verdict (R right, W wrong, C a club, university or company of that name), place, country (ISO 3166),
text with the name in [[ ]]. A row has its place if a mention overlaps the brackets with that name and
country. Exit 0: every target is reached; 1: not; 2: wrong arguments or file.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arabic.places.geoparser import find_places
from arabic.tables.gazetteer import name_key

#: Verdict → (share to reach, whether it is the share of rows that have their place).
TARGETS = {"R": (0.98, True), "W": (0.60, False), "C": (0.70, False)}
_BRACKETED = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class JudgedPlace:
    """A place at [start, end) of a text."""

    verdict: str
    place: str
    country: str
    text: str
    start: int
    end: int


def read_judged_places(path: Path) -> Iterator[JudgedPlace]:
    """Yield the rows of a table. Raises ValueError for a row without a known verdict or without brackets."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            found = _BRACKETED.search(row.get("text") or "")
            if found is None or row.get("verdict") not in TARGETS:
                raise ValueError(
                    f"{path}, line {number}: needs verdict {'/'.join(TARGETS)} and [[ ]] in text"
                )
            text = row["text"].replace("[[", "").replace("]]", "")
            yield JudgedPlace(
                row["verdict"],
                row["place"],
                row["country"],
                text,
                found.start(),
                found.start() + len(found[1]),
            )


def has_place(row: JudgedPlace) -> bool:
    """Return True if the tagger finds the row's place there."""
    return any(
        tag.start < row.end
        and row.start < tag.end
        and tag.entry.country == row.country
        and name_key(row.place) in map(name_key, (tag.entry.name, tag.entry.slug))
        for tag in find_places(row.text)
    )


def main() -> int:
    """Print the figures and, if requested, the rows that are not as they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", action="store_true", help="print every row that is not as it should be")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    options = parser.parse_args()
    rows, good = Counter[str](), Counter[str]()
    try:
        for row in read_judged_places(options.file):
            rows[row.verdict] += 1
            as_wanted = has_place(row) == TARGETS[row.verdict][1]
            good[row.verdict] += as_wanted
            if options.errors and not as_wanted:
                print(f"{row.verdict}\t{row.place}\t{row.country}\t{row.text}", file=sys.stderr)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    reached = {verdict: good[verdict] >= bar * rows[verdict] for verdict, (bar, _kept) in TARGETS.items()}
    if options.json:
        print(json.dumps({verdict: [good[verdict], rows[verdict]] for verdict in TARGETS}))
    else:
        for verdict, (bar, kept) in TARGETS.items():
            print(
                f"{verdict} {'kept' if kept else 'dropped':<8}{good[verdict]:>5} of {rows[verdict]:<5}"
                f" bar {bar}   {'reached' if reached[verdict] else 'MISSED'}"
            )
    return 0 if all(reached.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
