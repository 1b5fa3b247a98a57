"""A txt file is one article. It names no title: one will be read from its text (`inferring`), which
stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from articles.readers.blob import Blob
from articles.text.encoding import detect, replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord


def read(blob: Blob) -> Iterator[RawRecord]:
    """The file as one record, its bytes not yet read as text."""
    yield RawRecord(blob.name, 0, blob.whole(RECORD_BYTES), format="txt")


def parse(record: RawRecord) -> RawRecord:
    """The text of the file."""
    charset = detect(record.data)
    text, broken = replace_undecodable(charset.decode(record.data[charset.mark :]))
    return replace(record, body=text, charset=charset.name).noting(*charset.problems, *broken)
