"""OpenDocument (ISO 26300): which kind a file is, and the paragraphs in a part of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.content.paragraphs import Paragraph
from articles.readers.content.xml_tree import local_name
from articles.readers.ooxml import parse_xml_part

KINDS = b"application/vnd.oasis.opendocument."
TEXT_KIND, _TABLE_KIND = KINDS + b"text", KINDS + b"spreadsheet"
CONTENT_PART = "content.xml"
#: Elements that are not part of the text: comments, deletions, numbers of notes, lists of variables, the
#: bytes of pictures.
_SKIPPED = frozenset((
    "annotation", "tracked-changes", "note-citation", "forms", "sequence-decls", "variable-decls", "scripts",
    "automatic-styles", "font-face-decls", "title", "desc", "binary-data",
))  # fmt: skip
_MAX_SPACES = 100


def is_encrypted(package: zipfile.ZipFile) -> bool:
    """Return True if the parts of an OpenDocument are encrypted, which the zip itself does not say."""
    name = "META-INF/manifest.xml"
    return name in package.namelist() and b"encryption-data" in package.read(name)


@dataclass(slots=True)
class _Open:
    """A paragraph that is not closed yet; boxes and notes inside it follow it."""

    style: str
    parts: list[str] = field(default_factory=list)
    inner: list[Paragraph] = field(default_factory=list)


def open_document_paragraphs(tree: Any) -> list[Paragraph]:
    """Return the paragraphs and headings in an element, in order; of a whole document those of its body.

    A document in one file has its headers and footers beside the body, with the styles of pages.
    """
    found: list[Paragraph] = []
    paragraphs: list[_Open] = []
    styles = _parent_styles(tree)
    skipped: Any = None
    body = next((child for child in tree if local_name(child) == "body"), tree)
    for event, node in etree.iterwalk(body, events=("start", "end")):
        name = local_name(node)
        if event == "start":
            if skipped is None and name in _SKIPPED:
                skipped = node
            if skipped is None and name in ("p", "h"):
                paragraphs.append(_Open(_style(node, name, styles)))
            if skipped is None and paragraphs:
                paragraphs[-1].parts.append(_character(node, name) + (node.text or ""))
            continue
        if skipped is None and name in ("p", "h") and paragraphs:
            done = paragraphs.pop()
            texts = [(done.style, "".join(done.parts)), *done.inner]
            (paragraphs[-1].inner if paragraphs else found).extend(texts)
        if skipped is node:
            skipped = None
        if skipped is None and paragraphs:
            paragraphs[-1].parts.append(node.tail or "")
    return found


def odt_paragraphs(data: bytes) -> list[Paragraph] | None:
    """Return the paragraphs of an odt, None if it is damaged. The caller has checked its package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            tree = parse_xml_part(package.read(CONTENT_PART))
    except (*ARCHIVE_ERRORS, KeyError, OSError, RuntimeError):
        return None
    return None if tree is None else open_document_paragraphs(tree)


def _character(node: Any, name: str) -> str:
    """Return the characters that an element for spaces, a tab or a line break represents, "" for others."""
    if name == "s":
        count = attribute_of(node, "c") or "1"
        return " " * (
            min(int(count), _MAX_SPACES) if count.isascii() and count.isdigit() and len(count) < 6 else 1
        )
    return {"tab": " ", "line-break": "\n"}.get(name, "")


def _style(node: Any, name: str, styles: dict[str, str]) -> str:
    style = attribute_of(node, "style-name")
    if name == "h" and attribute_of(node, "outline-level") in {"", "1"}:
        return "Heading 1"
    return styles.get(style, style).replace("_20_", " ")


def _parent_styles(tree: Any) -> dict[str, str]:
    """Return style of this file → named style that it is made of."""
    return {
        attribute_of(node, "name"): parent
        for node in tree.iter()
        if local_name(node) == "style" and (parent := attribute_of(node, "parent-style-name"))
    }


def attribute_of(node: Any, name: str) -> str:
    """Return an attribute by its local name, "" for none."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip says that it is an OpenDocument, of whatever kind but a spreadsheet."""
    kind = _kind_of(archive)
    return kind.startswith(KINDS) and not kind.startswith(_TABLE_KIND)


def is_open_spreadsheet(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip says that it is a spreadsheet of OpenDocument."""
    return _kind_of(archive).startswith(_TABLE_KIND)


def _kind_of(archive: zipfile.ZipFile) -> bytes:
    names = archive.namelist()
    if CONTENT_PART not in names or "mimetype" not in names:
        return b""
    with archive.open("mimetype") as stream:
        return stream.read(100)
