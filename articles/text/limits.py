"""Limits on what an import may bring, and on the length of values.

Sizes are in bytes unless a comment says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

#: One article with its markup; a longer line, row or file is no article.
RECORD_BYTES = 20 * 1024**2
#: An archive inside an archive inside an archive is a mistake or an attack.
ARCHIVE_DEPTH = 2
ARCHIVE_MEMBERS = 100_000
#: Text packs 3 to 20 times; DEFLATE cannot pass 1,032. Small members are let through whatever their ratio.
EXPANSION_RATIO = 200
EXPANSION_FREE_BYTES = 1024**2
#: The parts of a docx or xlsx together; their XML packs better than text does.
OFFICE_PARTS_BYTES = 200 * 1024**2
OFFICE_EXPANSION_RATIO = 400
#: Records of a WARC, parts of a letter, entries of a feed: more are none of a person's making.
WARC_RECORDS = 1_000_000
EMAIL_PARTS = 500
FEED_ENTRIES = 100_000
#: What the text of one PDF may cost, in a process of its own: seconds of computing, bytes, pages.
PDF_SECONDS = 60
PDF_MEMORY = 1024**3
PDF_PAGES = 2_000
#: Widths of the database columns, in characters.
MAX_EXTERNAL_ID = MAX_SOURCE = 200
MAX_URL = 2000
MAX_BYLINE = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file, and the largest sum of what an archive expands to."""

    file: int
    total: int


def upload_limits() -> Limits:
    """For files that come through the browser."""
    return Limits(settings.UPLOAD_MAX_FILE_BYTES, settings.UPLOAD_MAX_TOTAL_BYTES)


def command_limits() -> Limits:
    """For files that the command reads; an archive may expand to ten times the largest file."""
    return Limits(settings.COMMAND_MAX_FILE_BYTES, 10 * settings.COMMAND_MAX_FILE_BYTES)


class TooLargeError(Exception):
    """A stream gave more than its limit; the limit in bytes is the argument, where it is another than that of
    the file."""


class LimitedReader:
    """A binary stream that raises TooLargeError once more than `limit` bytes were read from it."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.stream = stream
        self.left = limit

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes (-1 = to the end); never holds more than the limit."""
        wanted = self.left + 1 if size < 0 else min(size, self.left + 1)
        return self._count(self.stream.read(wanted))

    def readline(self, size: int = -1) -> bytes:
        """One line with its end, at most `size` bytes of it."""
        wanted = self.left + 1 if size < 0 else min(size, self.left + 1)
        return self._count(self.stream.readline(wanted))

    def _count(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise TooLargeError
        return data

    def close(self) -> None:
        """Close the stream below."""
        self.stream.close()

    def __enter__(self) -> LimitedReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
