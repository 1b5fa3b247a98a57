"""docx: the file is one article."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.paragraphs import MAIN_PART, docx_paragraphs, with_paragraphs
from articles.readers.ooxml import find_package_problem
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet opened."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="docx")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with its text, and its title if one of the first paragraphs has a title style.

    Author and date in the file's properties are those of the computer, not of the paper, and are not read.
    """
    if problem := find_package_problem(record.data, io.BytesIO(record.data)):
        return record.with_problems(RecordProblem(*problem, fatal=True))
    return with_paragraphs(record, docx_paragraphs(record.data))


FORMAT = FileFormat(
    key="docx",
    order=70,
    label="Word (docx)",
    gives=_("the file is an article; the title by its style"),
    extensions=(".docx", ".docm"),
    zip_part=MAIN_PART,
    read=read,
    parse=parse,
)
