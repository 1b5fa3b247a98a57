"""csv and tsv: the first row names the columns, every other row is an article."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from articles.intake.limits import RECORD_BYTES, TooLargeError
from articles.intake.messages import readable_size
from articles.intake.readers.blob import Blob
from articles.intake.readers.fields import field_name, fill
from articles.intake.readers.lines import Line, read_lines
from articles.intake.records import Problem, RawRecord, reject

DELIMITERS = ",;\t|"
_LINE_END = re.compile("[\r\n]+$")
csv.field_size_limit(RECORD_BYTES)


class _Recorder:
    """Hands lines to csv.reader and keeps those that its current row is made of."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.kept: list[str] = []
        self.held = 0

    def __iter__(self) -> _Recorder:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.held += len(line.text)
        if line.too_long or self.held > RECORD_BYTES:
            raise TooLargeError
        self.kept.append(line.text)
        return line.text

    def take(self) -> str:
        """The text of the row that was just read."""
        text, self.kept, self.held = "".join(self.kept), [], 0
        return _LINE_END.sub("", text)


def read(blob: Blob) -> Iterator[RawRecord]:
    """A record for every row below the header. `row` is the row's number in the file, the header being 1."""
    charset = blob.charset()
    lines = _Recorder(read_lines(blob, charset))
    first = next(iter(lines), "")
    header = _cells(first, delimiter_of(first))
    if not {"title", "body"} & {field_name(name) for name in header}:
        yield reject(blob.name, 1, "csv-header", first.strip()[:80])
        return
    lines.take()
    rows = csv.reader(lines, delimiter=delimiter_of(first))
    number = 1
    while True:
        number += 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield reject(blob.name, number, "csv-broken", str(error), charset.encode(lines.take()))
            continue
        except TooLargeError:
            lines.take()
            yield reject(blob.name, number, "record-too-large", readable_size(RECORD_BYTES))
            rows = csv.reader(lines, delimiter=delimiter_of(first))
            continue
        if row is None:
            return
        data = charset.encode(lines.take())
        if any(cell.strip() for cell in row):
            record = RawRecord(blob.name, number, data, format="csv", charset=charset.name)
            yield _fill(record.noting(*charset.problems), header, row)


def delimiter_of(header: str) -> str:
    """The character that cuts the header into the most columns we know (a comma if none does)."""

    def known(delimiter: str) -> int:
        return sum(bool(field_name(cell)) for cell in _cells(header, delimiter))

    return max(DELIMITERS, key=known)


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none if it is no csv."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _fill(record: RawRecord, header: list[str], row: list[str]) -> RawRecord:
    extra = [cell for cell in row[len(header) :] if cell.strip()]
    if extra:
        record = record.noting(Problem("csv-extra", str(len(extra))))
    return fill(record, dict(zip(header, row, strict=False)))
