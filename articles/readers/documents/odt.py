"""odt (ISO 26300): the file is one article. Presentations and drawings are refused with what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.readers.content.open_document import (
    KINDS,
    TEXT_KIND,
    attribute_of,
    is_encrypted,
    is_open_document,
    odt_paragraphs,
    open_document_paragraphs,
)
from articles.readers.content.paragraphs import with_paragraphs
from articles.readers.ooxml import find_package_problem, parse_xml_part
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem


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
            kind = package.read("mimetype").strip() if "mimetype" in package.namelist() else TEXT_KIND
            if not kind.startswith(TEXT_KIND):
                return _other_kind(record, kind)
            if is_encrypted(package):
                return record.with_problems(RecordProblem("encrypted", fatal=True))
    except (*ARCHIVE_ERRORS, KeyError, OSError, RuntimeError):
        return with_paragraphs(record, None)
    return with_paragraphs(record, odt_paragraphs(record.data))


def _parse_flat(record: RawRecord) -> RawRecord:
    """Return the record of a document that is one XML file instead of a package."""
    tree = parse_xml_part(record.data)
    kind = b"" if tree is None else attribute_of(tree, "mimetype").encode()
    if tree is not None and kind.startswith(KINDS) and not kind.startswith(TEXT_KIND):
        return _other_kind(record, kind)
    return with_paragraphs(record, open_document_paragraphs(tree) if kind else None)


def _other_kind(record: RawRecord, kind: bytes) -> RawRecord:
    detail = kind.removeprefix(KINDS).decode("ascii", "replace")[:40]
    return record.with_problems(RecordProblem("odf-other", detail, fatal=True))


FORMAT = FileFormat(
    key="odt",
    order=74,
    label="OpenDocument (odt)",
    gives=_("the file is an article; the title by its style"),
    extensions=(".odt", ".ott", ".fodt", ".fods", ".odp"),
    matches_zip=is_open_document,
    read=read,
    parse=parse,
)
