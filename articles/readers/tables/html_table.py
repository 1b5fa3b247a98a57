"""Tables that web programs and Excel itself write as HTML or XML under the name of a workbook.

`<table>` in an HTML file named .xls, and SpreadsheetML of Excel 2003. Each table is read as a sheet of xlsx.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own
from lxml import html as lxml_html

from articles.readers.blob import Blob
from articles.readers.column_mapper import MAX_COLUMNS, SAMPLE_ROWS, TableSample
from articles.readers.filetype import file_extension
from articles.readers.markup import strip_control_characters
from articles.readers.registry import FileFormat
from articles.readers.tables.cell_links import web_address
from articles.readers.tables.header_row import HEADER_ROWS, find_header, likely_header, table_notes
from articles.readers.tables.sheet_rows import NumberedRow, row_record
from articles.text.encoding import detect_encoding, replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, rejected_record

_TABLE_NAMES = frozenset((".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".csv", ".tsv"))
#: What Excel says of itself; a mail of Outlook only declares the namespace.
_EXCEL = re.compile(rb"progid\b[^<>]{0,40}Excel\.Sheet|<x:ExcelWorkbook", re.IGNORECASE)
_SPREADSHEET = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*(?:<\?mso-application[^>]*Excel\.Sheet[^>]*>|<Workbook\s)"
)
#: Words of a paragraph that is no name of a sheet.
_SENTENCE_WORDS = 4
_TABLE_TAG = re.compile(rb"<table\b", re.IGNORECASE)
_TABLE_START, _TABLE_END = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\n\xa0]+")
#: Elements of HTML and of SpreadsheetML, by their local names.
_ROWS, _CELLS, _BREAKS = ("tr", "Row"), ("td", "th", "Cell"), ("br", "p", "div", "li")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every row below a header; `row` counts the rows of its table, `data` is JSON."""
    data = blob.read_all(RECORD_BYTES)
    charset = detect_encoding(data)
    page, _broken = replace_undecodable(charset.decode(data[charset.mark :]))
    tree = _parse(strip_control_characters(page).encode())
    tables = [] if tree is None else [each for each in _tables(tree) if _top(each)]
    readable = [each for each in tables if find_header(_top(each), blob.columns) >= 0]
    if not readable:
        top = max(map(_top, tables), key=_filled, default=[])
        at = likely_header(top)
        header, samples = top[at : at + 1], top[at + 1 : at + 1 + SAMPLE_ROWS]
        offered = TableSample(blob.name, tuple(header[0]) if header else (), tuple(map(tuple, samples)))
        blob.columns.add_sample(offered)
        yield rejected_record(blob.name, 1, "csv-header", ", ".join(top[0] if top else ())[:80])
    for number, table in enumerate(readable, start=1):
        name = blob.name if len(readable) == 1 else f"{blob.name}/{number}"
        for record in _read_table(blob, name, _rows(table)):
            yield record.with_problems(*charset.problems)


def _top(table: Any) -> list[list[str]]:
    """Return the first rows of a table, in which its header is looked for."""
    return [cells for _number, cells, _links in islice(_rows(table), HEADER_ROWS + SAMPLE_ROWS)]


def _filled(rows: list[list[str]]) -> int:
    """Return the number of cells with a text in the row that has the most."""
    return max(sum(map(bool, cells)) for cells in rows)


def _read_table(blob: Blob, name: str, rows: Iterator[NumberedRow]) -> Iterator[RawRecord]:
    top = list(islice(rows, HEADER_ROWS + SAMPLE_ROWS))
    at = find_header([cells for _number, cells, _links in top], blob.columns)
    header = top[at][1]
    fields = blob.columns.map_header(header)
    samples = tuple(tuple(cells) for _number, cells, _links in top[at + 1 : at + 1 + SAMPLE_ROWS])
    blob.columns.add_sample(TableSample(name, tuple(header), samples))
    notes = table_notes(header, [cells for _number, cells, _links in top[:at]], blob.columns)
    for row in chain(top[at + 1 :], rows):
        yield row_record(name, row, header, fields, "html-table").with_problems(*notes)
        notes = ()


def _parse(page: bytes) -> Any:
    """Return the root of HTML or XML, None if there is none."""
    strict = _SPREADSHEET.match(page) is not None
    make = etree.XMLParser if strict else lxml_html.HTMLParser
    options = {"resolve_entities": False, "load_dtd": False} if strict else {}
    try:
        return etree.fromstring(page, make(encoding="utf-8", no_network=True, recover=True, **options))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _name(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _tables(tree: Any) -> Iterator[Any]:
    """Yield the tables that hold no other: those around them lay out a page."""
    for node in tree.iter():
        if _name(node) in ("table", "Table") and not any(
            _name(each) in ("table", "Table") for each in node.iterdescendants()
        ):
            yield node


def _rows(table: Any) -> Iterator[NumberedRow]:
    """Yield every row that is not blank, with its cells up to the last one with a text.

    A cell over several columns leaves blank ones behind it.
    """
    for number, row in enumerate((node for node in table.iter() if _name(node) in _ROWS), start=1):
        cells: list[str] = []
        links: dict[int, str] = {}
        for cell in (node for node in row if _name(node) in _CELLS):
            index = _number(cell, "Index")
            cells += [""] * min(max(index - 1 - len(cells), 0), MAX_COLUMNS)
            if address := _link(cell):
                links[len(cells)] = address
            cells += [_text(cell), *[""] * (min(_number(cell, "colspan"), MAX_COLUMNS) - 1)]
            if len(cells) >= MAX_COLUMNS:
                break
        del cells[MAX_COLUMNS:]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells, links


def _link(cell: Any) -> str:
    """Return the address of the first link in a cell of HTML, or of a cell of Excel 2003; "" for none."""
    if address := _attribute(cell, "HRef"):
        return web_address(address)
    link = next(cell.iterdescendants("a"), None)
    return "" if link is None else web_address(link.get("href") or "")


def _number(cell: Any, name: str) -> int:
    """Return an attribute that is a number, 0 for another or none."""
    value = _attribute(cell, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _attribute(cell: Any, name: str) -> str:
    return next((value for key, value in cell.attrib.items() if key.rpartition("}")[2] == name), "")


def _text(cell: Any) -> str:
    """Return the text of a cell, with a line for every paragraph."""
    parts: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            parts += ["\n" if _name(node) in _BREAKS else "", _SPACES.sub(" ", node.text or "")]
        elif node is not cell:
            parts.append(_SPACES.sub(" ", node.tail or ""))
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return "\n".join(filter(None, lines))


def looks_like_html_table(blob: Blob, head: bytes) -> bool:
    """Return True if a web page has the name of a table, was written for Excel, or begins with a table.

    One row of its first table names a title and a text, as in the pages that Calc and Google Sheets write; a
    page with a paragraph beside its tables is an article.
    """
    if file_extension(blob.name) in _TABLE_NAMES or _EXCEL.search(head):
        return True
    if _TABLE_TAG.search(head) is None:
        return False
    page = strip_control_characters(detect_encoding(head).decode(head))
    tree = _parse(_first_table(page).encode("utf-8", "replace"))
    table = None if tree is None else next(_tables(tree), None)
    rows = [] if table is None else _top(table)
    if not any({"title", "body"} <= set(blob.columns.map_header(cells)) for cells in rows[:HEADER_ROWS]):
        return False
    tree = _parse(page.encode("utf-8", "replace"))  # not of every page, which are parsed again when read
    return tree is not None and not _has_paragraph(tree)


def _first_table(page: str) -> str:
    """Return the markup of the first table that holds no other, as far as it goes."""
    end = _TABLE_END.search(page)
    stop = end.start() if end else len(page)
    starts = [found.start() for found in _TABLE_START.finditer(page, 0, stop)]
    return page[starts[-1] : stop] if starts else ""


def _has_paragraph(tree: Any) -> bool:
    """Return True if a paragraph outside the tables has at least the words of a sentence."""
    return any(
        len("".join(each.itertext()).split()) >= _SENTENCE_WORDS
        and next(each.iterancestors("table"), None) is None
        for each in tree.iter("p")
    )


def looks_like_spreadsheet(head: bytes) -> bool:
    """Return True if a file is a workbook in the XML of Excel 2003."""
    return _SPREADSHEET.match(head) is not None


FORMAT = FileFormat(
    key="html-table",
    order=55,
    label="Excel (xls) as HTML or XML",
    gives=_("as from xlsx, from the tables that web programs save under the name of a workbook"),
    extensions=(".xls",),
    matches_head=looks_like_spreadsheet,
    overrules=frozenset({"txt", "csv", "feed"}),
    refines=frozenset({"html"}),
    recognises=looks_like_html_table,
    read=read,
)
