"""csv and tsv: the first row names the columns, every other row is an article."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice

from articles.readers.blob import Blob
from articles.readers.column_mapper import SAMPLE_ROWS, ColumnMapper, TableSample
from articles.readers.field_names import fill_fields_from_row
from articles.readers.text_lines import NumberedLine, iter_lines
from articles.text.encoding import Charset
from articles.text.limits import RECORD_BYTES, TooLargeError
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

DELIMITERS = ",;\t|"
_LINE_END = re.compile("[\r\n]+$")
_NONE = ColumnMapper()
csv.field_size_limit(RECORD_BYTES)


class _Recorder:
    """Hands lines to csv.reader and keeps those that its current row is made of."""

    def __init__(self, lines: Iterator[NumberedLine]) -> None:
        self.lines = lines
        self.kept: list[str] = []
        self.held = 0
        self.ended = False
        self.returned: deque[str] = deque()
        #: Characters that may still be read a second time: a file of nothing but faults takes linear time.
        self.allowance = RECORD_BYTES

    def __iter__(self) -> _Recorder:
        return self

    def __next__(self) -> str:
        text = self.returned.popleft() if self.returned else self._fresh()
        self.kept.append(text)
        self.held += len(text)
        if self.held > RECORD_BYTES:
            raise TooLargeError
        return text

    def _fresh(self) -> str:
        line = next(self.lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        if line.too_long:
            raise TooLargeError
        return line.text

    def take(self) -> str:
        """The text of the row that was just read."""
        text, self.kept, self.held = "".join(self.kept), [], 0
        return _LINE_END.sub("", text)

    def take_before(self, is_row: Callable[[str], bool]) -> tuple[str, int]:
        """The text and number of the lines up to the next that is a row of its own; that and the rest are
        read again."""
        at = next((at for at, text in enumerate(self.kept) if at and is_row(text)), len(self.kept))
        back = self.kept[at:]
        size = sum(map(len, back))
        if back and size <= self.allowance:
            self.allowance -= size
            self.returned.extendleft(reversed(back))
            self.ended = False
            del self.kept[at:]
        taken = len(self.kept)
        return self.take(), taken


@dataclass(frozen=True, slots=True)
class _CsvTable:
    """What the first line says of the others."""

    header: list[str]
    delimiter: str
    fields: list[str]

    def rows(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Strict, so that a quotation mark out of place is noticed."""
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def is_row(self, line: str) -> bool:
        """Whether a line alone fills the header's columns; after the commas of prose there are blanks."""
        try:
            cells = next(self.rows(iter([line])), [])
        except csv.Error:
            return False
        return len(cells) == len(self.header) > 1 and not any(cell.startswith(" ") for cell in cells)

    def loose(self, lines: list[str]) -> list[str]:
        """The cells of a row whose marks are out of place, if they stay within one line; else none."""
        rows = csv.reader([*lines, ""], delimiter=self.delimiter)
        try:
            cells = next(rows)
        except csv.Error:
            return []
        return cells if rows.line_num == len(lines) == 1 else []

    def rows_inside(self, row: list[str]) -> int:
        """How many lines within cells look like rows: a mark that was not closed until another opened."""
        if len(self.header) < 3:
            return 0
        inner = [line for cell in row if "\n" in cell for line in cell.splitlines()[1:]]
        return sum(self.is_row(line) for line in inner if line.count(self.delimiter) >= len(self.header) - 1)


def read(blob: Blob) -> Iterator[RawRecord]:
    """A record for every row below the header. `row` is the row's number in the file, the header being 1."""
    charset = blob.charset()
    lines = _Recorder(iter_lines(blob, charset))
    first = next(iter(lines), "")
    delimiter = detect_delimiter(first, blob.columns)
    header = _cells(first, delimiter)
    table = _CsvTable(header, delimiter, blob.columns.fields_of(header))
    if blob.columns.seen is not None:
        blob.columns.saw(TableSample(blob.name, tuple(header), _first_rows(blob, charset, delimiter)))
    if not {"title", "body"} & set(table.fields):
        yield rejected_record(blob.name, 1, "csv-header", first.strip()[:80])
        return
    lines.take()
    rows = table.rows(lines)
    for number in count(2):
        try:
            row = next(rows, None)
        except (csv.Error, TooLargeError) as error:
            rows = table.rows(lines)
            row = [] if lines.ended or isinstance(error, TooLargeError) else table.loose(lines.kept)
            if not row:
                problem, text = _refusal(error, lines, table)
                yield rejected_record(blob.name, number, *problem, charset.encode(text))
                continue
        if row is None:
            return
        data = charset.encode(lines.take())
        if any(cell.strip() for cell in row):
            record = RawRecord(blob.name, number, data, format="csv", charset=charset.name)
            yield _fill(record.noting(*charset.problems), table, row)


def _refusal(error: Exception, lines: _Recorder, table: _CsvTable) -> tuple[tuple[str, str], str]:
    """Why a row is not read, code and detail, and its text. What it swallowed is read again where that is
    clear, else counted."""
    ended, seen = lines.ended, len(lines.kept)
    text, taken = lines.take_before(table.is_row)
    if isinstance(error, TooLargeError) and seen < 2:
        return ("record-too-large", format_size(RECORD_BYTES)), ""
    if ended or seen > 1:
        return ("csv-unclosed", str(taken)), text
    return ("csv-broken", str(error)), text


def detect_delimiter(header: str, columns: ColumnMapper = _NONE) -> str:
    """The character that cuts the header into the most columns we know; if none does, into the most columns
    (a comma where nothing is cut)."""

    def known(delimiter: str) -> tuple[int, int]:
        cells = _cells(header, delimiter)
        return sum(map(bool, columns.fields_of(cells))), len(cells)

    return max(DELIMITERS, key=known)


def _first_rows(blob: Blob, charset: Charset, delimiter: str) -> tuple[tuple[str, ...], ...]:
    """The first rows below the header, to be shown; as far as they can be read."""
    lines = (line.text for line in iter_lines(blob, charset) if not line.too_long)
    try:
        return tuple(map(tuple, islice(csv.reader(lines, delimiter=delimiter), 1, SAMPLE_ROWS + 1)))
    except csv.Error:
        return ()


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none if it is no csv."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _fill(record: RawRecord, table: _CsvTable, row: list[str]) -> RawRecord:
    extra = [cell for cell in row[len(table.header) :] if cell.strip()]
    if extra:
        record = record.noting(RecordProblem("csv-extra", str(len(extra))))
    if inside := table.rows_inside(row):
        record = record.noting(RecordProblem("csv-rows-inside", str(inside)))
    return fill_fields_from_row(record, table.fields, row)
