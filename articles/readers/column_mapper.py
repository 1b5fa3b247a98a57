"""Mapping of the columns of a table to fields of an article.

Columns are recognised by name (`field_names`) or by the mappings that the caller brings: those that staff
confirmed for earlier tables (articles/metadata/column_mappings.py) or named for this import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from articles.readers.field_names import map_field_names

#: Rows of a table that the preview shows.
SAMPLE_ROWS = 3
#: Characters of a cell in the preview.
SAMPLE_CHARACTERS = 80
#: Maximum number of columns read from a table.
MAX_COLUMNS = 256


#: Columns that tell the export of a program, and what its other columns mean there. In a table of Media Cloud
#: `media_name` is the paper; in others it may be anything. In tables of tweets `source` is a program.
PRESETS: tuple[tuple[frozenset[str], Mapping[str, str]], ...] = (
    (
        frozenset(("media_name", "publish_date", "title", "url")),
        {"media_name": "source", "story_text": "body", "text": "body"},
    ),
    (frozenset(("tweet_id", "timestamp", "source", "text")), {"timestamp": "date", "source": ""}),
    (
        frozenset(("author.username", "created_at", "text")),
        {"created_at": "date", "author.name": "source", "source": ""},
    ),
)


@dataclass(frozen=True, slots=True)
class TableSample:
    """The header and the first rows of a table, and the name of its file."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMapper:
    """How the columns of the tables of one import are read.

    A mapping is normalized column name → field, "" for a column that is left out. `remembered` holds mappings
    by the signature of a header, `given` applies to every table. If `samples` is a list, the readers append a
    sample of every table to it.
    """

    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    samples: list[TableSample] | None = None

    def map_header(self, header: Sequence[str]) -> list[str]:
        """Return the field of each column, "" for one that is left out."""
        known = {**preset_mapping(header), **self._said(header)}
        if not known:
            return map_field_names(header)
        return [
            known.get(normalize_column_name(name), recognised)
            for name, recognised in zip(header, map_field_names(header), strict=True)
        ]

    def is_remembered(self, header: Sequence[str]) -> bool:
        """Return True if people said of this very header what its columns are."""
        return bool(self.remembered) and header_signature(header) in self.remembered

    def _said(self, header: Sequence[str]) -> Mapping[str, str]:
        """Return what people said of the columns of this header, for this import or an earlier one."""
        if not self.remembered:
            return self.given
        return {**self.remembered.get(header_signature(header), {}), **self.given}

    def unread_columns(self, header: Sequence[str]) -> list[str]:
        """Return the names of the columns that nobody reads and nobody said to leave out."""
        known = self._said(header)
        return [
            name.strip()
            for name, field in zip(header, self.map_header(header), strict=True)
            if not field and name.strip() and normalize_column_name(name) not in known
        ]

    def with_samples_into(self, samples: list[TableSample]) -> ColumnMapper:
        """Return a copy that appends a sample of every table to `samples`."""
        return replace(self, samples=samples)

    def add_sample(self, table: TableSample) -> None:
        """Append a table to the samples, shortened for display. Does nothing if none are collected."""
        if self.samples is not None:
            rows = (
                tuple(cell.strip()[:SAMPLE_CHARACTERS] for cell in row[:MAX_COLUMNS])
                for row in table.rows[:SAMPLE_ROWS]
            )
            self.samples.append(replace(table, header=table.header[:MAX_COLUMNS], rows=tuple(rows)))


def preset_mapping(header: Sequence[str]) -> Mapping[str, str]:
    """Return the meaning of columns that are known from the program that wrote the table."""
    names = set(map(normalize_column_name, header[:MAX_COLUMNS]))
    return next((meaning for columns, meaning in PRESETS if columns <= names), {})


def normalize_column_name(name: str) -> str:
    """Return a column name in lower case, without direction marks and superfluous spaces."""
    return " ".join(name.strip("\ufeff\u200e\u200f \t").lower().split())


def header_signature(header: Sequence[str]) -> str:
    """Return the SHA-256 of the column names in any order, which identifies a kind of table."""
    names = sorted(normalize_column_name(name) for name in header[:MAX_COLUMNS])
    return hashlib.sha256("\0".join(names).encode("utf-8", "replace")).hexdigest()
