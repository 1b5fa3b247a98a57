"""A file wherever it is stored: on disk, in the database or inside an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from articles.readers.column_mapper import ColumnMapper
from articles.text.encoding import Charset, detect_encoding, read_sample
from articles.text.limits import LimitedReader, TooLargeError

#: First bytes of a file that its format is detected from.
HEAD_BYTES = 4096


class LinkedFileError(OSError):
    """A file of a folder is a link to one elsewhere, which the folder may have from a stranger."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A named file that can be opened any number of times.

    A stream of it raises TooLargeError beyond `limit` bytes. `size` is its length in bytes, 0 if that is not
    known before reading; `columns` maps the columns of tables to fields.
    """

    name: str
    opener: Callable[[], BinaryIO]
    limit: int
    size: int = 0
    columns: ColumnMapper = field(default_factory=ColumnMapper)

    def member(self, name: str, opener: Callable[[], BinaryIO], limit: int, size: int = 0) -> Blob:
        """Return a blob of a file inside this one, with the same column mapping."""
        return replace(self, name=name, opener=opener, limit=limit, size=size)

    def open(self) -> LimitedReader:
        """Open a new stream at the first byte."""
        return LimitedReader(self.opener(), self.limit)

    def head(self) -> bytes:
        """Return the first HEAD_BYTES bytes."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def charset(self) -> Charset:
        """Detect the encoding of the file from a sample."""
        with self.open() as stream:
            return detect_encoding(read_sample(stream))

    def read_all(self, limit: int) -> bytes:
        """Return all bytes of a file that is a single record. Raises TooLargeError beyond `limit`."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLargeError(limit)
        return data
