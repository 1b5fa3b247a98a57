"""A docx file is one article. Read from its XML and not through python-docx, which leaves out in silence what
was inserted with changes tracked, and content controls: see docs/decisions/0010-readers.md."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.archives.zip_archive import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.readers.ooxml import find_package_problem, parse_xml_part
from articles.text.encoding import replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: ISO 29500 strict uses another namespace for the same names.
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE_STYLE = re.compile(r"^(title|heading ?1|العنوان|عنوان ?1?)$", re.IGNORECASE)
#: A title stands in one of so many first paragraphs (after a date or the name of the paper).
_TITLE_WITHIN = 3
#: What a docx leaves out of its text: deleted with changes tracked, moved away, and the second copy of a
#: text box that is kept for old programs.
_SKIPPED_ELEMENTS = ("del", "moveFrom", "instrText", "delText")


def read(blob: Blob) -> Iterator[RawRecord]:
    """The file as one record, not yet opened."""
    yield RawRecord(blob.name, 0, blob.whole(RECORD_BYTES), format="docx")


def parse(record: RawRecord) -> RawRecord:
    """Text, and the title if a paragraph at the head is set as one. What the file says of its author and day
    is the computer's, not the paper's, and is left alone."""
    if refused := find_package_problem(record.data, io.BytesIO(record.data)):
        return record.noting(RecordProblem(*refused, fatal=True))
    try:
        with zipfile.ZipFile(io.BytesIO(record.data)) as package:
            tree = parse_xml_part(package.read("word/document.xml"))
    except (*ARCHIVE_ERRORS, KeyError, OSError, RuntimeError):
        tree = None
    if tree is None:
        return record.noting(RecordProblem("office-broken", fatal=True))
    title, body = _article(_paragraphs(tree))
    body, broken = replace_undecodable(body)
    if not title and not body:
        return record.noting(RecordProblem("office-empty", fatal=True))
    return replace(record, title=title, body=body).noting(*broken)


def _article(paragraphs: list[tuple[str, str]]) -> tuple[str, str]:
    """Title ("" if none is set as one) and text of (style, text) paragraphs."""
    said = [(style, text) for style, text in paragraphs if text.strip()]
    for at, (style, text) in enumerate(said[:_TITLE_WITHIN]):
        if _TITLE_STYLE.match(style):
            return text.strip(), "\n".join(line for _style, line in said[:at] + said[at + 1 :])
    return "", "\n".join(text for _style, text in said)


def _paragraphs(tree: Any) -> list[tuple[str, str]]:
    """(style, text) of every paragraph in its order, those of tables and text boxes too. A paragraph inside
    another (a text box) stands before it."""
    found: list[tuple[str, str]] = []
    open_ones: list[tuple[list[str], list[str]]] = []
    skipped = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        name = _name(node)
        if name in _SKIPPED_ELEMENTS or node.tag == _FALLBACK:
            skipped += 1 if event == "start" else -1
        elif skipped:
            continue
        elif name == "p" and event == "start":
            open_ones.append(([""], []))
        elif name == "p":
            style, parts = open_ones.pop()
            found.append((style[0], "".join(parts)))
        elif event == "start" and open_ones:
            _append_node(name, node, *open_ones[-1])
    return found


def _append_node(name: str, node: Any, style: list[str], parts: list[str]) -> None:
    """Add what an element says to the paragraph that is open."""
    if name == "t":
        parts.append(node.text or "")
    elif name == "pStyle":
        style[0] = next(iter(node.attrib.values()), "")
    elif name in ("br", "cr"):
        parts.append("\n")
    elif name == "tab":
        parts.append(" ")
    elif name == "noBreakHyphen":
        parts.append("-")


def _name(node: Any) -> str:
    """The local name of an element of Word, "" for others."""
    tag = str(node.tag)
    for space in (_W, _STRICT):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""
