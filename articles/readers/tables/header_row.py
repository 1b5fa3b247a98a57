"""The row of a table that names its columns, and what is said of it once for each table."""

from __future__ import annotations

from collections.abc import Sequence

from articles.readers.column_mapper import ColumnMapper
from articles.text.records import RecordProblem

#: Rows at the top of a table that are searched for its header; above it stand titles and blank rows.
HEADER_ROWS = 12
#: A header below the first row names at least this many fields: a single cell may be a title by chance.
_MIN_FIELDS = 2
#: Share of the cells of the fullest row that a header has.
_MOST = 2 / 3
#: Characters of the rows above a header that a note quotes.
_QUOTED = 120


def find_header(rows: Sequence[Sequence[str]], columns: ColumnMapper) -> int:
    """Return the index of the row that names a title or a text, -1 if there is none."""
    for at, cells in enumerate(rows[:HEADER_ROWS]):
        fields = columns.map_header(cells)
        if {"title", "body"} & set(fields) and (
            at == 0 or sum(map(bool, fields)) >= _MIN_FIELDS or columns.is_remembered(cells)
        ):
            return at
    return -1


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the row that people are asked about if no row names what is known, 0 for no rows.

    Above a header stand titles and blank rows, which have fewer cells with a text; it may lack a name or two.
    """
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in rows[:HEADER_ROWS]]
    enough = _MOST * max(filled, default=0)
    return next((at for at, count in enumerate(filled) if count > enough), 0)


def table_notes(
    header: Sequence[str], above: Sequence[Sequence[str]], columns: ColumnMapper
) -> tuple[RecordProblem, ...]:
    """Return the notes of a table's first record: rows above the header, columns that nobody reads."""
    quoted = " · ".join(text for cells in above if (text := " ".join(filter(None, map(str.strip, cells)))))
    notes = [RecordProblem("rows-above-header", quoted[:_QUOTED])] if quoted else []
    if unread := columns.unread_columns(header):
        notes.append(RecordProblem("columns-unread", "، ".join(unread)))
    return tuple(notes)
