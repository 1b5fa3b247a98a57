"""txt: the file is one article.

It has no title of its own; `articles.metadata.headline` derives one from the text, which stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.registry import FileFormat
from articles.text.encoding import detect_encoding, replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet decoded."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="txt")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the text of the file as its body."""
    charset = detect_encoding(record.data)
    text, broken = replace_undecodable(charset.decode(record.data[charset.mark :]))
    return replace(record, body=text, charset=charset.name).with_problems(*charset.problems, *broken)


FORMAT = FileFormat(
    key="txt",
    order=10,
    label="Text (txt)",
    gives=_("the file is an article; its first line or sentence is the title"),
    extensions=(".txt", ".text", ""),
    is_text=True,
    read=read,
    parse=parse,
)
