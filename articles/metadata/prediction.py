"""A guess, and the tables that guessing reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Field = Literal["title", "byline", "source", "dateline", "date"]
DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Prediction:
    """A value read at [start, end) of a text. `confidence` is 0 to 1: of so many such guesses, that share is
    expected to be right. `method` names the rule that made it."""

    field: Field
    value: str
    confidence: float
    method: str
    start: int
    end: int


def iter_table_rows(table: str) -> Iterator[list[str]]:
    """The rows of a table of articles/data: tab-separated, comment lines (#) first, then the column names."""
    with (DATA / table).open(encoding="utf-8") as lines:
        kept = (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))
        next(kept)
        yield from kept
