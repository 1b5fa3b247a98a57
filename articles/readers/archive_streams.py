"""Streams, names and errors that all readers of archives and other packed files share.

Nothing is ever unpacked to disk by name: members are read as streams, and an archive that must be seekable
is copied to a nameless temporary file.
"""

from __future__ import annotations

import gzip
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, cast

from articles.readers.blob import Blob

#: Exceptions that the standard library raises for a damaged archive.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, gzip.BadGzipFile,
    tarfile.TarError,
    ValueError,  # an offset that points before the start of the file
)  # fmt: skip


class DamagedArchiveError(Exception):
    """Raised when bytes of an archive cannot be unpacked."""


class CheckedArchiveStream:
    """A stream of an archive member that raises DamagedArchiveError where reading shows damage."""

    def __init__(self, stream: object, below: BinaryIO | None = None) -> None:
        self.stream = cast(BinaryIO, stream)
        self.below = below

    def read(self, size: int = -1) -> bytes:
        return self._call_checked(self.stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._call_checked(self.stream.readline, size)

    def close(self) -> None:
        """Close the stream and the one `below` it, which GzipFile leaves open."""
        self.stream.close()
        if self.below is not None:
            self.below.close()

    def _call_checked(self, call: Callable[[int], bytes], size: int) -> bytes:
        try:
            return call(size)
        except ARCHIVE_ERRORS as error:
            raise DamagedArchiveError from error


def open_zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """Return the stream of a member.

    Raises DamagedArchiveError for a damaged local header, or a compression method unknown to Python.
    """
    try:
        return cast(BinaryIO, CheckedArchiveStream(archive.open(info)))
    except ARCHIVE_ERRORS as error:
        raise DamagedArchiveError from error


def open_seekable(blob: Blob) -> BinaryIO:
    """Return a seekable stream: the file itself, or a temporary copy if it is a member of an archive."""
    stream = blob.opener()
    if not isinstance(stream, CheckedArchiveStream):
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=32 * 1024**2)  # noqa: SIM115  closed with the archive it holds
    try:
        with blob.open() as member:
            while block := member.read(1024**2):
                copy.write(block)
        copy.seek(0)
    except BaseException:
        copy.close()
        raise
    return cast(BinaryIO, copy)


def is_cut_zip(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip has lost its own end, and the list of its members is that of a zip inside it."""
    stream = cast(BinaryIO, archive.fp)
    place = stream.tell()
    stream.seek(0)
    begins_with_member = stream.read(4) == b"PK\x03\x04"
    stream.seek(place)
    return begins_with_member and all(info.header_offset for info in archive.infolist())


def decode_file_name(raw: bytes, fallback: str) -> str:
    """Decode the name of a member as UTF-8, or in the code page of Arabic Windows or DOS.

    Of the two code pages the one counts in which more of the name is Arabic: the letters of one are signs,
    boxes and Latin letters of the other.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        readings = [raw.decode(charset, "replace") for charset in ("cp1256", "cp720")]
    best = max(readings, key=_arabic_share)
    return fallback if "\N{REPLACEMENT CHARACTER}" in best else best


def _arabic_share(text: str) -> float:
    """Return the share of Arabic letters among the characters that are not ASCII."""
    other = [char for char in text if not char.isascii()]
    return sum("\u0621" <= char <= "\u064a" for char in other) / len(other) if other else 0.0


def is_path_traversal(name: str) -> bool:
    """Return True if a name leads out of the folder into which the archive would be unpacked."""
    windows = PureWindowsPath(name)
    return (
        PurePosixPath(name).is_absolute()
        or bool(windows.drive or windows.root)
        or ".." in windows.parts
        or "\0" in name
    )
