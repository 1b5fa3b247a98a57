"""Exports for programs and reference managers: JSON lines, BibTeX, RIS, and citations as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from django.utils import translation

from search.web.citation.bibtex import bibtex_entry
from search.web.citation.citation_text import citation_text
from search.web.citation.csl import CslItem
from search.web.citation.ris import ris_record
from search.web.exports.export_data import Export


def json_lines(export: Export) -> Iterator[bytes]:
    """Yield a JSON object a line: first the record, of the kind "export", then the articles."""
    yield _json_line(export.record)
    for part in export.parts():
        yield b"".join(_json_line({"kind": "article", **export.values(row)}) for row in part)


def _json_line(values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def bibtex_file(export: Export) -> Iterator[bytes]:
    """Yield a BibTeX file."""
    return _citations(export, lambda item: bibtex_entry(item) + "\n")


def ris_file(export: Export) -> Iterator[bytes]:
    """Yield a RIS file."""
    return _citations(export, ris_record)


def text_file(export: Export) -> Iterator[bytes]:
    """Yield a citation a line, in the reader's language."""
    return _citations(export, lambda item: citation_text(item, export.language) + "\n")


def _citations(export: Export, write: Callable[[CslItem], str]) -> Iterator[bytes]:
    for part in export.parts():
        # Django's own language of the request has ended while the file is sent.
        with translation.override(export.language):
            text = "".join(write(export.item(row)) for row in part)
        yield text.encode("utf-8", "replace")
