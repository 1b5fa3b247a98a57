"""Which column of a table is which field: by names that we know, or by mappings that the caller brings:
those that staff made of earlier tables (articles/metadata/column_mappings.py) or named for this import."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from articles.readers.field_names import map_field_names

#: Values of a column that a person is shown.
SAMPLE_ROWS = 3
#: Characters of such a value, and columns of a table.
SAMPLE_CHARACTERS = 80
MAX_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class TableSample:
    """A table that was met: the file it stands in, its header, and its first rows."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMapper:
    """How the columns of the tables of an import are read. `remembered` are mappings (column as `plain`
    writes it → field, "" for a column that is left out) by the signature of a header; `given` hold for every
    table. `seen`, where it is a list, is told of every table with its first rows."""

    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    seen: list[TableSample] | None = None

    def fields_of(self, header: Sequence[str]) -> list[str]:
        """The field of each column, "" for one that is left out."""
        known = self.given
        if self.remembered:
            known = {**self.remembered.get(header_signature(header), {}), **known}
        if not known:
            return map_field_names(header)
        return [
            known.get(normalize_column_name(name), ours)
            for name, ours in zip(header, map_field_names(header), strict=True)
        ]

    def watched(self, seen: list[TableSample]) -> ColumnMapper:
        """The same, telling `seen` of the tables."""
        return replace(self, seen=seen)

    def saw(self, table: TableSample) -> None:
        """A table was met; what is shown of it is cut to what a person reads."""
        if self.seen is not None:
            rows = (
                tuple(cell.strip()[:SAMPLE_CHARACTERS] for cell in row[:MAX_COLUMNS])
                for row in table.rows[:SAMPLE_ROWS]
            )
            self.seen.append(replace(table, header=table.header[:MAX_COLUMNS], rows=tuple(rows)))


def normalize_column_name(name: str) -> str:
    """The name of a column without what does not tell it from others: case, blanks, direction marks."""
    return " ".join(name.strip("\ufeff\u200e\u200f \t").lower().split())


def header_signature(header: Sequence[str]) -> str:
    """What tells one kind of table from others: SHA-256 over its column names, in any order."""
    names = sorted(normalize_column_name(name) for name in header[:MAX_COLUMNS])
    return hashlib.sha256("\0".join(names).encode("utf-8", "replace")).hexdigest()
