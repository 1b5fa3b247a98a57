"""xlsx: one of the first rows of each sheet names the columns, every row below it is an article."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_noop as _
from openpyxl import load_workbook  # type: ignore[import-untyped]  # has no stubs of its own
from openpyxl.worksheet._reader import WorkSheetParser  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.readers.column_mapper import MAX_COLUMNS
from articles.readers.ooxml import find_package_problem
from articles.readers.registry import FileFormat
from articles.readers.tables.cell_links import sheet_links
from articles.readers.tables.sheet_rows import MAX_ROWS, NumberedRow, read_sheet
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, rejected_record


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every row below a header.

    `row` is the number that Excel shows. A row has no bytes of its own, so `data` is a JSON object of its
    cells by column name.
    """
    data = blob.read_all(RECORD_BYTES)
    if problem := find_package_problem(data, io.BytesIO(data)):
        yield rejected_record(blob.name, 0, *problem)
        return
    try:
        book = _open(data)
        sheets = [sheet for sheet in book.worksheets if getattr(sheet, "sheet_state", "") == "visible"]
    except Exception:  # openpyxl raises whatever a damaged file makes Python raise
        yield rejected_record(blob.name, 0, "office-broken")
        return
    for sheet in sheets:
        name = blob.name if len(sheets) == 1 else f"{blob.name}/{sheet.title}"
        try:
            yield from read_sheet(blob, name, _numbered_rows(sheet), "xlsx")
        except Exception:  # as above; rows before the damage have been yielded
            yield rejected_record(name, 0, "office-broken")


def first_sheet_rows(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet that are not blank.

    Raises ValueError for what is no workbook, or larger than it may be; openpyxl raises other errors for
    damage.
    """
    if problem := find_package_problem(data, io.BytesIO(data)):
        raise ValueError(*problem)
    for sheet in _open(data).worksheets[:1]:
        yield from (cells for _number, cells, _links in _numbered_rows(sheet))


def _open(data: bytes) -> Any:
    return _without_warnings(
        load_workbook, io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )


def _numbered_rows(sheet: Any) -> Iterator[NumberedRow]:
    """Yield the number and the cells of every row that is not blank."""
    book = sheet.parent
    links = sheet_links(book._archive, sheet._worksheet_path)
    with (
        sheet._get_source() as source
    ):  # `iter_rows` makes rows of the gaps: a million before a lone last row
        parser = WorkSheetParser(
            source, sheet._shared_strings, data_only=True, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        rows, last = parser.parse(), 0
        while (row := _without_warnings(next, rows, None)) is not None:
            number, found = row
            if not last < number <= MAX_ROWS:
                continue
            last = number
            cells = _filled_cells(found)
            if cells:
                yield number, cells, links.get(number, {})


def _filled_cells(found: list[dict[str, Any]]) -> list[str]:
    """Return the cells of a row up to the last one with a text."""
    texts = {
        cell["column"]: text
        for cell in found
        if 0 < cell["column"] <= MAX_COLUMNS and (text := _text(cell["value"])).strip()
    }
    return [texts.get(column, "") for column in range(1, max(texts, default=0) + 1)]


def _text(value: object) -> str:
    """Return a cell as text, dates in ISO 8601. Formulas are read as their last result."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _without_warnings(call: Any, *args: Any, **kwargs: Any) -> Any:
    """Call openpyxl without its warnings about features that it does not read and that hold no text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **kwargs)


FORMAT = FileFormat(
    key="xlsx",
    order=50,
    label="Excel (xlsx)",
    gives=_(
        "a row of a visible sheet is an article; columns as in CSV, dates also as numbers of days, addresses "
        "also behind the title"
    ),
    extensions=(".xlsx", ".xlsm"),
    zip_part="xl/workbook.xml",
    read=read,
)
