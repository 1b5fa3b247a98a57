"""rtf: the file is one article."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.paragraphs import with_paragraphs
from articles.readers.content.rtf_text import rtf_paragraphs
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet parsed."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="rtf")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with its text, and its title if one of the first paragraphs has a title style."""
    return with_paragraphs(record, rtf_paragraphs(record.data))


FORMAT = FileFormat(
    key="rtf",
    order=72,
    label="RTF",
    gives=_("the file is an article; the title by its style"),
    extensions=(".rtf",),
    signatures=((0, b"{\\rtf"),),
    read=read,
    parse=parse,
)
