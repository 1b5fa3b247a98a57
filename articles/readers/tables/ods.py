"""ods (ISO 26300): the rows of each visible sheet, as those of xlsx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.readers.column_mapper import MAX_COLUMNS
from articles.readers.content.open_document import (
    CONTENT_PART,
    attribute_of,
    is_encrypted,
    is_open_spreadsheet,
    open_document_paragraphs,
)
from articles.readers.content.xml_tree import local_name
from articles.readers.ooxml import find_package_problem
from articles.readers.registry import FileFormat
from articles.readers.tables.cell_links import formula_address, web_address
from articles.readers.tables.sheet_rows import MAX_ROWS, NumberedRow, read_sheet
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, rejected_record

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_READ = (f"{_TABLE}table", f"{_TABLE}table-row", "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}style")
_LINK = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}a"
_CELLS = frozenset(("table-cell", "covered-table-cell"))
#: The beginning of a sheet, as all programs write it; only the names of the records depend on it.
_SHEET, _BLOCK = b"<table:table ", 1024**2
_NUMBERS = frozenset(("float", "currency"))


class _BrokenSheetError(Exception):
    """The XML of the sheets ends before its time, or declares a document type."""


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every row below a header; see `read_sheet`."""
    data = blob.read_all(RECORD_BYTES)
    if problem := find_package_problem(data, io.BytesIO(data)):
        yield rejected_record(blob.name, 0, *problem)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if is_encrypted(package):
                yield rejected_record(blob.name, 0, "encrypted")
                return
            with package.open(CONTENT_PART) as content:
                is_single = _number_of_sheets(content) < 2
            with package.open(CONTENT_PART) as content:
                yield from _read_sheets(blob, content, is_single=is_single)
    except (
        *ARCHIVE_ERRORS,
        etree.XMLSyntaxError,
        _BrokenSheetError,
        KeyError,
        OSError,
        RuntimeError,
        ValueError,
    ):
        yield rejected_record(blob.name, 0, "office-broken")


def _number_of_sheets(content: Any) -> int:
    number, rest = 0, b""
    while block := content.read(_BLOCK):
        number += (rest + block).count(_SHEET)
        rest = block[1 - len(_SHEET) :]
    return number


def _read_sheets(blob: Blob, content: Any, *, is_single: bool) -> Iterator[RawRecord]:
    events = _events(content)
    for sheet in events:  # what `read_sheet` leaves of the rows is passed over
        if isinstance(sheet, str):
            name = blob.name if is_single else f"{blob.name}/{sheet}"
            yield from read_sheet(blob, name, _sheet_rows(events), "ods")


def _sheet_rows(events: Iterator[NumberedRow | str | None]) -> Iterator[NumberedRow]:
    """Yield the rows up to the end of the sheet."""
    for event in events:
        if not isinstance(event, tuple):
            return
        yield event


def _events(content: Any) -> Iterator[NumberedRow | str | None]:
    """Yield the name of a visible sheet, its rows that are not blank, and None at its end."""
    hidden: set[str] = set()
    number, depth, shown, is_checked = 0, 0, False, False
    for event, node in etree.iterparse(
        content, events=("start", "end"), tag=_READ, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False,
    ):  # fmt: skip
        if not is_checked and node.getroottree().docinfo.internalDTD is not None:
            raise _BrokenSheetError
        is_checked = True
        kind = local_name(node)
        if kind == "style":
            if event == "end" and any(attribute_of(each, "display") == "false" for each in node):
                hidden.add(attribute_of(node, "name"))
        elif kind == "table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                number, shown = 0, attribute_of(node, "style-name") not in hidden
                if shown:
                    yield attribute_of(node, "name")
            elif event == "end" and not depth:
                if shown:
                    yield None
                node.clear()
        elif event == "end" and depth == 1:
            cells, links = _cells(node) if shown else ([], {})
            if cells and number < MAX_ROWS:
                yield number + 1, cells, links
            number += _repeats(node, "number-rows-repeated")
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]


def _cells(row: Any) -> tuple[list[str], dict[int, str]]:
    """Return the cells of a row up to the last one with a text, and the addresses behind them.

    Equal rows that follow it are one article.
    """
    cells: list[str] = []
    links: dict[int, str] = {}
    for cell in row:
        if local_name(cell) in _CELLS:
            if address := _link(cell):
                links[len(cells)] = address
            times = min(_repeats(cell, "number-columns-repeated"), MAX_COLUMNS - len(cells))
            cells += [_text(cell)] * times
    while cells and not cells[-1].strip():
        cells.pop()
    return cells, links


def _link(cell: Any) -> str:
    """Return the address of a cell's first link or formula, "" for none."""
    if formula := attribute_of(cell, "formula"):
        return formula_address(formula)
    link = next(cell.iterdescendants(_LINK), None) if len(cell) else None
    return "" if link is None else web_address(attribute_of(link, "href"))


def _repeats(node: Any, name: str) -> int:
    value = attribute_of(node, name)
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _text(cell: Any) -> str:
    """Return a cell as text, dates in ISO 8601, numbers without their format."""
    kind, number = attribute_of(cell, "value-type"), attribute_of(cell, "value")
    if kind == "date" and (day := attribute_of(cell, "date-value")):
        return day.removesuffix("T00:00:00").replace("T", " ")
    if kind in _NUMBERS and number:
        return number.removesuffix(".0")
    if not len(cell):
        return ""
    return "\n".join(text for _style, text in open_document_paragraphs(cell)).strip()


FORMAT = FileFormat(
    key="ods",
    order=52,
    label="OpenDocument (ods)",
    gives=_("as from xlsx"),
    extensions=(".ods", ".ots"),
    matches_zip=is_open_spreadsheet,
    read=read,
)
