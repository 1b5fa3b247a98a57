"""The formats of an export, by the endings of their addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from search.web.exports.citation_export import bibtex_file, json_lines, ris_file, text_file
from search.web.exports.export_data import Export
from search.web.exports.table_export import MAX_SHEET_ROWS, csv_lines, csv_zip, xlsx_file


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file: its name in addresses, its type, the ending of the file, and its writer.

    `with_texts`: it has room for whole texts.
    """

    name: str
    label: Any
    purpose: Any
    content_type: str
    ending: str
    write: Callable[[Export], Iterator[bytes]]
    with_texts: bool = False
    max_rows: int | None = None


CSV = ExportFormat(
    "csv",
    "CSV (zip)",
    _("For spreadsheets and statistics, in a zip with a note of the query"),
    "application/zip",
    "csv.zip",
    csv_zip,
    with_texts=True,
)
PLAIN_CSV = ExportFormat(
    "csv",
    "CSV",
    _("The table alone, without the note of the query"),
    "text/csv; charset=utf-8",
    "csv",
    csv_lines,
    with_texts=True,
)
_OTHERS = (
    ExportFormat(
        "xlsx",
        "XLSX",
        _("A workbook from right to left, with the query on its second sheet"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        xlsx_file,
        with_texts=True,
        max_rows=MAX_SHEET_ROWS,
    ),
    ExportFormat(
        "jsonl",
        "JSON Lines",
        _("For programs: an object a line, first the query"),
        "application/x-ndjson; charset=utf-8",
        "jsonl",
        json_lines,
        with_texts=True,
    ),
    ExportFormat(
        "bib",
        "BibTeX",
        _("For LaTeX, JabRef and Zotero"),
        "application/x-bibtex; charset=utf-8",
        "bib",
        bibtex_file,
    ),
    ExportFormat(
        "ris",
        "RIS",
        _("For Zotero, EndNote and Mendeley"),
        "application/x-research-info-systems; charset=utf-8",
        "ris",
        ris_file,
    ),
    ExportFormat("txt", _("Text"), _("Citations, one a line"), "text/plain; charset=utf-8", "txt", text_file),
)
FORMATS: Mapping[str, ExportFormat] = {each.name: each for each in (CSV, *_OTHERS)}


def find_format(name: str, *, plain: bool = False) -> ExportFormat | None:
    """Return the format of an address, or None; `plain` chooses the CSV without its zip."""
    return PLAIN_CSV if plain and name == "csv" else FORMATS.get(name)
