"""Tables of articles/data: given names, news agencies and newspapers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"


def iter_table_rows(table: str) -> Iterator[list[str]]:
    """Yield the rows of a table: tab-separated, after comment lines (#) and the column names."""
    with (DATA / table).open(encoding="utf-8") as lines:
        kept = (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))
        next(kept)
        yield from kept
