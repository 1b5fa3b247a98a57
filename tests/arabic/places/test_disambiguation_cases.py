"""A table of sentences in which a name does or does not mean the place."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from arabic.places.geoparser import find_places

TABLE = Path(__file__).with_name("disambiguation_cases.tsv")


def _rows() -> list[dict[str, str]]:
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["text"])
def test_the_sentence_names_these_places_and_no_others(row: dict[str, str]) -> None:
    expected = [] if row["places"] == "-" else row["places"].split("|")
    assert [tag.entry.slug for tag in find_places(row["text"])] == expected


def test_the_table_is_large_unique_and_has_both_kinds_of_sentences() -> None:
    rows = _rows()
    assert len(rows) >= 200
    assert not [text for text, times in Counter(row["text"] for row in rows).items() if times > 1]
    without = {row["group"] for row in rows if row["places"] == "-"}
    assert len(without) >= 20
    assert sum(row["places"] == "-" for row in rows) >= len(rows) / 3
