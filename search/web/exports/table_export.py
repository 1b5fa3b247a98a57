"""Exports as tables: CSV, alone or in a zip with its record, and XLSX."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils import timezone
from openpyxl import Workbook  # type: ignore[import-untyped]  # openpyxl has no types
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]  # openpyxl has no types
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]  # openpyxl has no types
from openpyxl.styles import Font  # type: ignore[import-untyped]  # openpyxl has no types

from articles.text.sanitize import escape_formula
from search.web.exports.export_data import Export

#: Rows of a worksheet below its headings.
MAX_SHEET_ROWS = 1_048_575
#: Characters of a cell; a spreadsheet calls a file with longer ones damaged.
MAX_CELL_CHARACTERS = 32_767
#: Characters that no XML may have and that openpyxl lets through.
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
_READ_BYTES = 1 << 16
#: Bytes of a row as XML that none reaches, without and with its text.
_MOST_BYTES = {False: 4_000, True: 200_000}
_SHEET = "xl/worksheets/sheet1.xml"
_NARROW, _USUAL, _WIDE = 12, 24, 60


class _Outlet(io.RawIOBase):
    """A file that keeps what is written to it until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def csv_lines(export: Export) -> Iterator[bytes]:
    """Yield a CSV that a spreadsheet opens as it is: UTF-8 with a mark of byte order, CRLF, no formulas."""
    yield _csv_text([list(export.columns)], first=True)
    for part in export.parts():
        yield _csv_text([[_csv_cell(cell) for cell in export.cells(row)] for row in part])


def _csv_text(rows: list[list[Any]], *, first: bool = False) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig" if first else "utf-8", "replace")


def _csv_cell(cell: str | int) -> str | int:
    return escape_formula(cell) if isinstance(cell, str) else cell


def csv_zip(export: Export) -> Iterator[bytes]:
    """Yield a zip of articles.csv and query.json, written while it is sent."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        now = timezone.localtime().timetuple()[:6]
        entry = zipfile.ZipInfo("articles.csv", now)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as table:
            for lines in csv_lines(export):
                table.write(lines)
                yield outlet.take()
        archive.writestr("query.json", json.dumps(export.final_record, ensure_ascii=False, indent=2))
    yield outlet.take()


def xlsx_file(export: Export) -> Iterator[bytes]:
    """Yield a workbook from right to left: the articles, and on a second sheet how the export was made.

    It is sent while it is written, unless it might be too large for a zip without 64-bit sizes, which not
    every spreadsheet opens: sizes of an entry that is sent at once are known only at its end.
    """
    if len(export.ids) * _MOST_BYTES[export.texts] < zipfile.ZIP64_LIMIT:
        outlet = _Outlet()
        for _part in _write_workbook(export, outlet):
            yield outlet.take()
        return
    with tempfile.TemporaryFile() as file:
        for _part in _write_workbook(export, file):
            pass
        file.seek(0)
        while data := file.read(_READ_BYTES):
            yield data


def _write_workbook(export: Export, file: IO[bytes] | _Outlet) -> Iterator[None]:
    """Write the workbook to a file and pause after each part; the rows go between the ends of a small one."""
    columns = export.columns
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        before, end, after = _small_workbook(columns, {}).read(_SHEET).partition(b"</sheetData>")
        entry = zipfile.ZipInfo(_SHEET, timezone.localtime().timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        with packed.open(entry, "w") as sheet:
            sheet.write(before)
            numbers = itertools.count(2)
            for part in export.parts():
                sheet.write(b"".join(_row(next(numbers), export.cells(row)) for row in part))
                yield
            sheet.write(end + after)
        whole = _small_workbook(columns, export.final_record)
        for name in whole.namelist():
            if name != _SHEET:
                packed.writestr(name, whole.read(name))
    yield


def _small_workbook(columns: Mapping[str, str], record: Mapping[str, Any]) -> zipfile.ZipFile:
    """Return a workbook with the headings of the articles, and the record on its second sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Articles")
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "A2"
    widths = {"id": _NARROW, "date": _NARROW, "title": _WIDE, "text": _WIDE}
    for number, name in enumerate(columns):
        sheet.column_dimensions[_letter(number)].width = widths.get(name, _USUAL)
    sheet.append([_heading(sheet, label) for label in columns.values()])
    about = book.create_sheet("Query")
    about.sheet_view.rightToLeft = True
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = _USUAL, _WIDE
    for name, value in flat_record(record):
        about.append([_heading(about, name), _cell(about, value)])
    file = io.BytesIO()
    book.save(file)
    return zipfile.ZipFile(file)


def _row(number: int, values: Sequence[str | int]) -> bytes:
    """Return a row of a worksheet as XML. A text is marked as text, so none is a formula."""
    cells = []
    for column, value in enumerate(values):
        place = f"{_letter(column)}{number}"
        if isinstance(value, str):
            text = escape(_clean(value), {"\r": "&#13;"})
            cells.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
        else:
            cells.append(f'<c r="{place}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _letter(number: int) -> str:
    """Return the letter of a column; there are fewer than 26."""
    return chr(ord("A") + number)


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: str | int) -> Any:
    """Return the value as a cell; a text is never a formula."""
    if not isinstance(value, str):
        return value
    text = _clean(value)
    if text[:1] not in ("=", "#"):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _clean(text: str) -> str:
    """Return a text without characters that XML forbids, as long as a cell may be."""
    kept = _NO_CHARACTERS.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
    return kept[:MAX_CELL_CHARACTERS].encode("utf-8", "replace").decode()


def flat_record(record: Mapping[str, Any]) -> Iterator[tuple[str, str | int]]:
    """Yield the record as rows of a name and a value."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from flat_record({f"{name}.{key}": each for key, each in value.items()})
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            yield name, value
        else:
            yield name, json.dumps(value, ensure_ascii=False)
