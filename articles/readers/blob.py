"""A file wherever it is: on disk, in the database, inside an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from articles.readers.column_mapper import ColumnMapper
from articles.text.encoding import Charset, detect, read_sample
from articles.text.limits import LimitedReader, TooLargeError


@dataclass(frozen=True, slots=True)
class Blob:
    """A named file that can be opened from its start any number of times, and never gives more than
    `limit` bytes (TooLargeError). `size` is its length in bytes, 0 where that is not known before reading;
    `columns` say how its tables are read."""

    name: str
    source: Callable[[], BinaryIO]
    limit: int
    size: int = 0
    columns: ColumnMapper = field(default_factory=ColumnMapper)

    def inner(self, name: str, source: Callable[[], BinaryIO], limit: int, size: int = 0) -> Blob:
        """A file that stands in this one."""
        return replace(self, name=name, source=source, limit=limit, size=size)

    def open(self) -> LimitedReader:
        """A new stream at the first byte."""
        return LimitedReader(self.source(), self.limit)

    def head(self, size: int = 4096) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def charset(self) -> Charset:
        """The encoding of the file, found from a sample."""
        with self.open() as stream:
            return detect(read_sample(stream))

    def whole(self, limit: int) -> bytes:
        """All bytes of a file that is one record. Raises TooLargeError past `limit`."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLargeError(limit)
        return data
