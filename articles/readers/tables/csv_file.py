"""csv and tsv: the first rows hold the names of the columns, every row below them is an article.

Rows are parsed strictly, since a misplaced quotation mark makes a lenient parser swallow the rows that
follow. Where that happens the swallowed lines are read again or counted.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice, pairwise

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.column_mapper import SAMPLE_ROWS, ColumnMapper, TableSample
from articles.readers.field_names import fill_fields_from_row
from articles.readers.registry import FileFormat
from articles.readers.tables.header_row import HEADER_ROWS, find_header, likely_header, table_notes
from articles.readers.text_lines import NumberedLine, iter_lines
from articles.text.encoding import Charset, detect_encoding
from articles.text.limits import RECORD_BYTES, TooLargeError
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

DELIMITERS = ",;\t|"
#: The first line with which Excel is told the delimiter.
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
#: A header is short: prose with commas is none. It names so many fields if the file's name says nothing.
_MAX_NAME, _MIN_NAMED = 40, 2
#: First bytes of a file in which a delimiter of a table stands.
_HEADER_BYTES = 2048
csv.field_size_limit(RECORD_BYTES)


class _RowLines:
    """An iterator of lines for csv.reader that keeps the lines of the current row."""

    def __init__(self, lines: Iterator[NumberedLine]) -> None:
        self.lines = lines
        self.kept: list[str] = []
        self.kept_length = 0
        self.ended = False
        self.pushed_back: deque[str] = deque()
        #: Characters that may still be read a second time, so that a file full of errors takes linear time.
        self.reread_budget = RECORD_BYTES

    def __iter__(self) -> _RowLines:
        return self

    def __next__(self) -> str:
        text = self.pushed_back.popleft() if self.pushed_back else self._next_line()
        self.kept.append(text)
        self.kept_length += len(text)
        if self.kept_length > RECORD_BYTES:
            raise TooLargeError
        return text

    def _next_line(self) -> str:
        line = next(self.lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        if line.too_long:
            raise TooLargeError
        return line.text

    def take_row(self) -> str:
        """Return the text of the row that was just read, and begin the next one."""
        text, self.kept, self.kept_length = "".join(self.kept), [], 0
        return text.rstrip("\r\n")

    def take_until_row(self, is_row: Callable[[str], bool]) -> tuple[str, int]:
        """Return the text and number of the kept lines up to the next one that is a row of its own.

        That line and those after it are pushed back to be read again.
        """
        at = next((at for at, text in enumerate(self.kept) if at and is_row(text)), len(self.kept))
        back = self.kept[at:]
        size = sum(map(len, back))
        if back and size <= self.reread_budget:
            self.reread_budget -= size
            self.pushed_back.extendleft(reversed(back))
            self.ended = False
            del self.kept[at:]
        taken = len(self.kept)
        return self.take_row(), taken


@dataclass(frozen=True, slots=True)
class _CsvTable:
    """The header of a file and how its rows are parsed."""

    header: list[str]
    delimiter: str
    fields: list[str]

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Return a strict csv.reader, which raises csv.Error for a misplaced quotation mark."""
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def is_row(self, line: str) -> bool:
        """Return True if a line by itself fills the columns of the header.

        A cell that begins with a space shows that the comma belongs to prose.
        """
        try:
            cells = next(self.reader(iter([line])), [])
        except csv.Error:
            return False
        return len(cells) == len(self.header) > 1 and not any(cell.startswith(" ") for cell in cells)

    def parse_leniently(self, lines: list[str]) -> list[str]:
        """Return the cells of a row with misplaced quotation marks if it is a single line, else []."""
        rows = csv.reader([*lines, ""], delimiter=self.delimiter)
        try:
            cells = next(rows)
        except csv.Error:
            return []
        return cells if rows.line_num == len(lines) == 1 else []

    def count_rows_inside(self, row: list[str]) -> int:
        """Return how many lines inside cells look like rows, swallowed by an unclosed quotation mark."""
        if len(self.header) < 3:
            return 0
        inner = [line for cell in row if "\n" in cell for line in cell.splitlines()[1:]]
        return sum(self.is_row(line) for line in inner if line.count(self.delimiter) >= len(self.header) - 1)


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every row below the header. `row` is the number of the row in the file, from 1."""
    charset = blob.charset()
    lines = _RowLines(iter_lines(blob, charset))
    top: list[list[str]] = []
    written: list[tuple[str, str]] = []
    given, skipped, found = "", 0, False
    for line in lines:
        lines.take_row()
        if not given and not top and (told := _SEPARATOR_LINE.fullmatch(line.strip("\ufeff\r\n"))):
            given, skipped = told[1], 1
            continue
        written.append((line, given or detect_delimiter(line, blob.columns)))
        top.append(_cells(*written[-1]))
        found = find_header(top, blob.columns) == len(top) - 1
        if found or len(top) == HEADER_ROWS:
            break
    best = len(top) - 1 if found else likely_header(top)
    header = top[best] if top else []
    delimiter = written[best][1] if written else DELIMITERS[0]
    at = best + skipped
    table = _CsvTable(header, delimiter, blob.columns.map_header(header))
    if blob.columns.samples is not None:
        sample_rows = _first_rows(blob, charset, delimiter, at + 1)
        blob.columns.add_sample(TableSample(blob.name, tuple(header), sample_rows))
    if not found:
        first = next((line.strip() for line, _delimiter in written if line.strip()), "")
        yield rejected_record(blob.name, skipped + 1, "csv-header", first[:80])
        return
    notes = (*charset.problems, *table_notes(header, top[:-1], blob.columns))
    for record in _read_rows(blob, charset, lines, table, at + 2):
        if record.rejected:
            yield record
        else:
            yield record.with_problems(*notes)
            notes = charset.problems


def _read_rows(
    blob: Blob, charset: Charset, lines: _RowLines, table: _CsvTable, first: int
) -> Iterator[RawRecord]:
    """Yield the records of the rows, numbered from `first` on."""
    rows = table.reader(lines)
    for number in count(first):
        try:
            row = next(rows, None)
        except (csv.Error, TooLargeError) as error:
            rows = table.reader(lines)
            row = [] if lines.ended or isinstance(error, TooLargeError) else table.parse_leniently(lines.kept)
            if not row:
                problem, text = _refusal(error, lines, table)
                yield rejected_record(blob.name, number, *problem, charset.encode(text))
                continue
        if row is None:
            return
        data = charset.encode(lines.take_row())
        if any(cell.strip() for cell in row):
            record = RawRecord(blob.name, number, data, format="csv", charset=charset.name)
            yield _fill_row(record, table, row)


def _refusal(error: Exception, lines: _RowLines, table: _CsvTable) -> tuple[tuple[str, str], str]:
    """Return (code, detail) of why a row is rejected, and its text.

    Lines that it swallowed are read again where it is clear which they are, else counted in the detail.
    """
    ended, line_count = lines.ended, len(lines.kept)
    text, taken = lines.take_until_row(table.is_row)
    if isinstance(error, TooLargeError) and line_count < 2:
        return ("record-too-large", format_size(RECORD_BYTES)), ""
    if ended or line_count > 1:
        return ("csv-unclosed", str(taken)), text
    return ("csv-broken", str(error)), text


def detect_delimiter(header: str, columns: ColumnMapper) -> str:
    """Return the delimiter that splits the header into the most known columns, then into the most columns."""

    def column_counts(delimiter: str) -> tuple[int, int]:
        cells = _cells(header, delimiter)
        return sum(map(bool, columns.map_header(cells))), len(cells)

    return max(DELIMITERS, key=column_counts)


def _first_rows(blob: Blob, charset: Charset, delimiter: str, start: int) -> tuple[tuple[str, ...], ...]:
    """Return the first rows below the header for display, or () if they cannot be read."""
    lines = (line.text for line in islice(iter_lines(blob, charset), start, None) if not line.too_long)
    try:
        return tuple(map(tuple, islice(csv.reader(lines, delimiter=delimiter), SAMPLE_ROWS)))
    except csv.Error:
        return ()


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a single line, [] if it is not csv."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _fill_row(record: RawRecord, table: _CsvTable, row: list[str]) -> RawRecord:
    extra = [cell for cell in row[len(table.header) :] if cell.strip()]
    if extra:
        record = record.with_problems(RecordProblem("csv-extra", str(len(extra))))
    if inside := table.count_rows_inside(row):
        record = record.with_problems(RecordProblem("csv-rows-inside", str(inside)))
    return fill_fields_from_row(record, table.fields, row)


def looks_like_table(blob: Blob, head: bytes) -> bool:
    """Return True if a text whose name does not say so is a table: its header names two fields.

    The row below the header has as many cells.
    """
    if not any(delimiter.encode() in head[:_HEADER_BYTES] for delimiter in DELIMITERS):
        return False
    charset = detect_encoding(head)
    lines = charset.decode(head[charset.mark :]).splitlines()[: HEADER_ROWS + 1]
    if lines and _SEPARATOR_LINE.fullmatch(lines[0]):
        return True
    for line, following in pairwise(lines):
        delimiter = detect_delimiter(line, blob.columns)
        names = _cells(line, delimiter)
        fields = set(filter(None, blob.columns.map_header(names)))
        if {"title", "body"} & fields and len(fields) >= _MIN_NAMED and max(map(len, names)) <= _MAX_NAME:
            has_open_cell = following.count('"') % 2 == 1  # its text goes on in the next line
            return following.count(delimiter) >= (1 if has_open_cell else len(names) - 1)
    return False


FORMAT = FileFormat(
    key="csv",
    order=40,
    label="CSV, TSV",
    gives=_("a row is an article; columns by name (Arabic, English), titles above them passed over"),
    extensions=(".csv", ".tsv"),
    is_text=True,
    refines=frozenset({"txt"}),
    recognises=looks_like_table,
    read=read,
)
