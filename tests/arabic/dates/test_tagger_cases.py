"""A table of texts, each with the dates that must be found in it and their positions."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from arabic.dates.tagger import find_dates

TABLE = Path(__file__).with_name("date_cases.tsv")
KINDS = {"a": "absolute", "r": "relative", "h": "hijri", "p": "range", "v": "vague"}
_MARKS = re.compile(r"\[\[|\]\]")


def rows() -> list[tuple[str, str, str]]:
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [tuple(row.values()) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.mark.parametrize(("published", "text", "expected"), rows())
def test_a_text_gives_its_dates(published: str, text: str, expected: str) -> None:
    day = None if published == "-" else date.fromisoformat(published)
    plain = _MARKS.sub("", text)
    tags = find_dates(plain, day)
    letters = {kind: letter for letter, kind in KINDS.items()}
    read = ";".join(f"{letters[tag.kind]}{'/'.join(tag.values)}" for tag in tags) or "-"
    assert read == expected
    if expected != "-":
        assert [plain[tag.start : tag.end] for tag in tags] == re.findall(r"\[\[(.*?)\]\]", text)


def test_the_table_is_large() -> None:
    assert len(rows()) >= 300
