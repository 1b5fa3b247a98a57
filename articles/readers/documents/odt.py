"""odt (ISO 26300): the file is one article. Other kinds of OpenDocument are refused with what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.readers.content.paragraphs import Paragraph, with_paragraphs
from articles.readers.content.xml_tree import local_name
from articles.readers.ooxml import find_package_problem, parse_xml_part
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem

_KINDS = b"application/vnd.oasis.opendocument."
_TEXT_KIND = _KINDS + b"text"
_MAIN_PART = "content.xml"
#: Elements that are not part of the text: comments, deletions, numbers of notes, lists of variables.
_SKIPPED = frozenset((
    "annotation", "tracked-changes", "note-citation", "forms", "sequence-decls", "variable-decls", "scripts",
    "automatic-styles", "font-face-decls", "title", "desc",
))  # fmt: skip
_MAX_SPACES = 100


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet opened."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="odt")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with its text, and its title if one of the first paragraphs has a title style."""
    if not record.data.startswith(b"PK"):
        return _parse_flat(record)
    if problem := find_package_problem(record.data, io.BytesIO(record.data)):
        return record.with_problems(RecordProblem(*problem, fatal=True))
    try:
        with zipfile.ZipFile(io.BytesIO(record.data)) as package:
            kind = package.read("mimetype").strip() if "mimetype" in package.namelist() else _TEXT_KIND
            if not kind.startswith(_TEXT_KIND):
                return _other_kind(record, kind)
            if b"encryption-data" in _manifest(package):
                return record.with_problems(RecordProblem("encrypted", fatal=True))
            tree = parse_xml_part(package.read(_MAIN_PART))
    except (*ARCHIVE_ERRORS, KeyError, OSError, RuntimeError):
        tree = None
    return with_paragraphs(record, None if tree is None else _paragraphs(tree))


def _parse_flat(record: RawRecord) -> RawRecord:
    """Return the record of a document that is one XML file instead of a package."""
    tree = parse_xml_part(record.data)
    kind = b"" if tree is None else _attribute(tree, "mimetype").encode()
    if tree is not None and kind.startswith(_KINDS) and not kind.startswith(_TEXT_KIND):
        return _other_kind(record, kind)
    return with_paragraphs(record, _paragraphs(tree) if kind else None)


def _other_kind(record: RawRecord, kind: bytes) -> RawRecord:
    detail = kind.removeprefix(_KINDS).decode("ascii", "replace")[:40]
    return record.with_problems(RecordProblem("odf-other", detail, fatal=True))


def _manifest(package: zipfile.ZipFile) -> bytes:
    name = "META-INF/manifest.xml"
    return package.read(name) if name in package.namelist() else b""


@dataclass(slots=True)
class _Open:
    """A paragraph that is not closed yet; boxes and notes inside it follow it."""

    style: str
    parts: list[str] = field(default_factory=list)
    inner: list[Paragraph] = field(default_factory=list)


def _paragraphs(tree: Any) -> list[Paragraph]:
    """Return the paragraphs and headings in order."""
    found: list[Paragraph] = []
    paragraphs: list[_Open] = []
    styles = _parent_styles(tree)
    skipped: Any = None
    for event, node in etree.iterwalk(tree, events=("start", "end")):
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


def _character(node: Any, name: str) -> str:
    """Return what an element for a space or a line end stands for."""
    if name == "s":
        count = _attribute(node, "c") or "1"
        return " " * (
            min(int(count), _MAX_SPACES) if count.isascii() and count.isdigit() and len(count) < 6 else 1
        )
    return {"tab": " ", "line-break": "\n"}.get(name, "")


def _style(node: Any, name: str, styles: dict[str, str]) -> str:
    style = _attribute(node, "style-name")
    if name == "h" and _attribute(node, "outline-level") in {"", "1"}:
        return "Heading 1"
    return styles.get(style, style).replace("_20_", " ")


def _parent_styles(tree: Any) -> dict[str, str]:
    """Return style of this file → named style that it is made of."""
    return {
        _attribute(node, "name"): parent
        for node in tree.iter()
        if local_name(node) == "style" and (parent := _attribute(node, "parent-style-name"))
    }


def _attribute(node: Any, name: str) -> str:
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip says that it is an OpenDocument, of whatever kind."""
    names = archive.namelist()
    if _MAIN_PART not in names or "mimetype" not in names:
        return False
    with archive.open("mimetype") as stream:
        return stream.read(100).startswith(_KINDS)


FORMAT = FileFormat(
    key="odt",
    order=74,
    label="OpenDocument (odt)",
    gives=_("the file is an article; the title by its style"),
    extensions=(".odt", ".ott", ".fodt", ".ods", ".fods", ".odp"),
    matches_zip=is_open_document,
    read=read,
    parse=parse,
)
