"""Exports as tables: CSV, alone or in a zip with its record, and XLSX."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

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

    It is written to a temporary file first, because its parts must be whole before they are packed.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Articles")
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "A2"
    columns = export.columns
    widths = {"id": _NARROW, "date": _NARROW, "title": _WIDE, "text": _WIDE}
    for number, name in enumerate(columns):
        sheet.column_dimensions[_letter(number)].width = widths.get(name, _USUAL)
    sheet.append([_heading(sheet, label) for label in columns.values()])
    for part in export.parts():
        for row in part:
            sheet.append([_cell(sheet, value) for value in export.cells(row)])
    about = book.create_sheet("Query")
    about.sheet_view.rightToLeft = True
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = _USUAL, _WIDE
    for name, value in flat_record(export.final_record):
        about.append([_heading(about, name), _cell(about, value)])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while data := file.read(_READ_BYTES):
            yield data


def _letter(number: int) -> str:
    """Return the letter of a column; there are fewer than 26."""
    return chr(ord("A") + number)


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: str | int) -> Any:
    """Return the value as a cell without characters that XML forbids; a text is never a formula."""
    if not isinstance(value, str):
        return value
    text = _NO_CHARACTERS.sub("", ILLEGAL_CHARACTERS_RE.sub("", value))[:MAX_CELL_CHARACTERS]
    if text[:1] not in ("=", "#"):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def flat_record(record: Mapping[str, Any]) -> Iterator[tuple[str, str | int]]:
    """Yield the record as rows of a name and a value."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from flat_record({f"{name}.{key}": each for key, each in value.items()})
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            yield name, value
        else:
            yield name, json.dumps(value, ensure_ascii=False)
