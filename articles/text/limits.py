"""Limits on the files of an import, and on the length of values.

Sizes are in bytes unless a comment says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

#: Largest article with its markup; a longer line, row or file is not an article.
RECORD_BYTES = 20 * 1024**2
#: Nesting of archives; a third level is a mistake or an attack.
ARCHIVE_DEPTH = 2
ARCHIVE_MEMBERS = 100_000
#: Text is compressed 3 to 20 times, DEFLATE reaches 1,032 at most. Small members pass at any ratio.
EXPANSION_RATIO = 200
EXPANSION_FREE_BYTES = 1024**2
#: Total size of the parts of a docx or xlsx; their XML is compressed better than text.
OFFICE_PARTS_BYTES = 200 * 1024**2
OFFICE_EXPANSION_RATIO = 400
#: Records of a WARC, parts of an e-mail, entries of a feed: files with more are not made by people.
WARC_RECORDS = 1_000_000
EMAIL_PARTS = 500
FEED_ENTRIES = 100_000
#: Limits of the process that reads one PDF: processor seconds, those of one page, bytes of memory, pages.
PDF_SECONDS = 60
PDF_PAGE_SECONDS = 10
PDF_MEMORY = 1024**3
PDF_PAGES = 2_000
#: Limits of OCR: pages and seconds of a file, and of each process of a page.
OCR_PAGES = 100
OCR_SECONDS = 300
OCR_PAGE_SECONDS = 30
OCR_MEMORY = 1024**3
#: Widths of the database columns, in characters.
MAX_EXTERNAL_ID = MAX_SOURCE = 200
MAX_URL = 2000
MAX_BYLINE = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file, and the largest total size of an expanded archive."""

    file: int
    total: int


def upload_limits() -> Limits:
    """Return the limits for files uploaded through the browser."""
    return Limits(settings.UPLOAD_MAX_FILE_BYTES, settings.UPLOAD_MAX_TOTAL_BYTES)


def command_limits() -> Limits:
    """Return the limits for files of the command; an archive may expand to ten times the largest file."""
    return Limits(settings.COMMAND_MAX_FILE_BYTES, 10 * settings.COMMAND_MAX_FILE_BYTES)


class TooLargeError(Exception):
    """A stream exceeded its limit; the argument is the limit in bytes, if it is not that of the file."""


class LimitedReader:
    """A binary stream that raises TooLargeError after more than `limit` bytes were read."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.stream = stream
        self.left = limit

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes (-1: to the end); never holds more than the limit."""
        wanted = self.left + 1 if size < 0 else min(size, self.left + 1)
        return self._count(self.stream.read(wanted))

    def readline(self, size: int = -1) -> bytes:
        """Read one line, including its line break, of at most `size` bytes."""
        wanted = self.left + 1 if size < 0 else min(size, self.left + 1)
        return self._count(self.stream.readline(wanted))

    def _count(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise TooLargeError
        return data

    def close(self) -> None:
        """Close the underlying stream."""
        self.stream.close()

    def __enter__(self) -> LimitedReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
