"""Paragraphs of word processors: (style, text) in order, and which of them is the title.

Word's are read from its XML and not through python-docx, which silently drops tracked insertions and content
controls: see docs/decisions/0010-readers.md.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.ooxml import parse_xml_part
from articles.text.encoding import replace_undecodable
from articles.text.records import RawRecord, RecordProblem

#: The name of a paragraph's style, "" for none, and its text.
Paragraph = tuple[str, str]
#: The part of a docx that holds the text.
MAIN_PART = "word/document.xml"
#: Footnotes and endnotes, which are below the text.
_NOTE_PARTS = ("word/footnotes.xml", "word/endnotes.xml")
_STYLES_PART = "word/styles.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: The namespace of the same names in ISO 29500 Strict.
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE_STYLE = re.compile(r"^(title|heading ?1|العنوان|عنوان ?1?)$", re.IGNORECASE)
#: Only this many first paragraphs are searched for a title: a date or the name of the paper may precede it.
_TITLE_PARAGRAPHS = 3
#: Elements that are not part of the text: tracked deletions, the old place of moved text, and field codes.
#: The copy of a text box for old programs (_FALLBACK) is skipped too.
_SKIPPED_ELEMENTS = ("del", "moveFrom", "instrText", "delText")


def docx_paragraphs(data: bytes) -> list[Paragraph] | None:
    """Return the paragraphs of a docx, None if it is damaged. The caller has checked its package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            tree = parse_xml_part(package.read(MAIN_PART))
            names = set(package.namelist())
            notes = [parse_xml_part(package.read(part)) for part in _NOTE_PARTS if part in names]
            styles = _style_names(package.read(_STYLES_PART)) if _STYLES_PART in names else {}
    except (*ARCHIVE_ERRORS, KeyError, OSError, RuntimeError):
        return None
    if tree is None:
        return None
    below = (each for part in notes if part is not None for each in _paragraphs(part))
    named = ((styles.get(style, style), text) for style, text in _paragraphs(tree))
    return [*named, *((style, text.strip()) for style, text in below)]


def with_paragraphs(record: RawRecord, paragraphs: list[Paragraph] | None) -> RawRecord:
    """Return the record of a document with its text, and its title if one of the first paragraphs has one.

    Without a text, or if the document is damaged (None), the record is rejected.
    """
    if paragraphs is None:
        return record.with_problems(RecordProblem("office-broken", fatal=True))
    title, body = split_title(paragraphs)
    body, broken = replace_undecodable(body)
    if not title and not body:
        return record.with_problems(RecordProblem("office-empty", fatal=True))
    return record.with_fields({"title": title, "body": body}).with_problems(*broken)


def split_title(paragraphs: list[Paragraph]) -> tuple[str, str]:
    """Return the title ("" if no paragraph has a title style) and the text of (style, text) paragraphs."""
    filled = [(style, text) for style, text in paragraphs if text.strip()]
    for at, (style, text) in enumerate(filled[:_TITLE_PARAGRAPHS]):
        if _TITLE_STYLE.match(style):
            return text.strip(), "\n".join(line for _style, line in filled[:at] + filled[at + 1 :])
    return "", "\n".join(text for _style, text in filled)


def _style_names(part: bytes) -> dict[str, str]:
    """Return id → name of the styles. Word writes names in English, ids in its own language or as numbers."""
    tree = parse_xml_part(part)
    if tree is None:
        return {}
    return {
        str(next((value for key, value in style.attrib.items() if key.endswith("}styleId")), "")): str(
            next(iter(child.attrib.values()), "")
        )
        for style in tree
        if _name(style) == "style"
        for child in style
        if _name(child) == "name"
    }


def _paragraphs(tree: Any) -> list[Paragraph]:
    """Return (style, text) of every paragraph in order, including those of tables and text boxes.

    A paragraph inside another one (a text box) precedes it.
    """
    found: list[Paragraph] = []
    open_paragraphs: list[tuple[list[str], list[str]]] = []
    skipped = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        name = _name(node)
        if name in _SKIPPED_ELEMENTS or node.tag == _FALLBACK:
            skipped += 1 if event == "start" else -1
        elif skipped:
            continue
        elif name == "p" and event == "start":
            open_paragraphs.append(([""], []))
        elif name == "p":
            style, parts = open_paragraphs.pop()
            found.append((style[0], "".join(parts)))
        elif event == "start" and open_paragraphs:
            _append_node(name, node, *open_paragraphs[-1])
    return found


def _append_node(name: str, node: Any, style: list[str], parts: list[str]) -> None:
    """Add the text or the style of an element to the open paragraph."""
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
    """Return the local name of a WordprocessingML element, "" for others."""
    tag = str(node.tag)
    for space in (_W, _STRICT):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""
