"""rtf: the file is one article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.paragraphs import split_title
from articles.readers.content.rtf_text import rtf_paragraphs
from articles.readers.registry import FileFormat
from articles.text.encoding import replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet parsed."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="rtf")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with its text, and its title if one of the first paragraphs has a title style."""
    paragraphs = rtf_paragraphs(record.data)
    if paragraphs is None:
        return record.with_problems(RecordProblem("office-broken", fatal=True))
    title, body = split_title(paragraphs)
    body, broken = replace_undecodable(body)
    if not title and not body:
        return record.with_problems(RecordProblem("office-empty", fatal=True))
    return replace(record, title=title, body=body).with_problems(*broken)


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
