"""zip (folders inside, any names) and gz: opened in memory or by stream, never unpacked onto the disk."""

from __future__ import annotations

import gzip
import lzma
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, cast

from articles.readers.blob import Blob
from articles.text.limits import ARCHIVE_MEMBERS, EXPANSION_FREE_BYTES, EXPANSION_RATIO, Limits
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record
from articles.text.sanitize import sanitize_file_name

ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, gzip.BadGzipFile,
    tarfile.TarError,
    ValueError,  # an offset that points before the file
)  # fmt: skip
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


def iter_zip_members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """The files of a zip, folders' names before theirs; a rejected record for each that is refused.
    An archive that claims too much is refused whole, before anything of it is unpacked."""
    with closing(open_seekable(blob)) as stream:  # ZipFile leaves open what it did not open itself
        try:
            archive = zipfile.ZipFile(stream)
        except ARCHIVE_ERRORS:
            yield rejected_record(blob.name, 0, "archive-broken")
            return
        files = [info for info in archive.infolist() if not info.is_dir()]
        if refusal := _refusal(files, limits):
            yield rejected_record(blob.name, 0, *refusal)
            return
        for info in files:
            name = decode_member_name(info)
            inner = f"{blob.name}/{sanitize_file_name(name)}"
            refusal = _member_refusal(info, name, limits)
            yield (
                rejected_record(inner, 0, *refusal)
                if refusal
                else _open_member_later(blob, archive, info, inner, limits)
            )


def iter_gzip_members(blob: Blob, limits: Limits) -> Iterator[Blob]:
    """The one file of a gz."""
    # What a gz expands to is not known before: the stream stops at what the ratio or the limit allows.
    limit = min(limits.file, max(EXPANSION_FREE_BYTES, blob.size * EXPANSION_RATIO))
    name = gunzipped_name(blob.name)
    if name.lower().endswith(".tar"):  # its files count one by one, as those of a zip
        limit = min(limits.total, max(EXPANSION_FREE_BYTES, blob.size * EXPANSION_RATIO))
    yield blob.inner(name, lambda: _open_gzip(blob), limit)


def gunzipped_name(name: str) -> str:
    """The name of the file that a gz holds."""
    ending = PurePosixPath(name).suffix
    if ending.lower() == ".tgz":
        return name.removesuffix(ending) + ".tar"
    return name.removesuffix(ending) if ending.lower() == ".gz" else name + ".unpacked"


def _open_gzip(blob: Blob) -> BinaryIO:
    below = blob.source()
    return cast(BinaryIO, CheckedArchiveStream(gzip.GzipFile(fileobj=below), below))


def decode_member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member; one without the UTF-8 flag is read as UTF-8 or windows-1256, as packers in Arabic
    systems write it, and only else as the zip standard's code page 437."""
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    return decode_file_name(info.orig_filename.encode("cp437", "replace"), info.orig_filename)


def decode_file_name(raw: bytes, otherwise: str) -> str:
    """The name that bytes of an archive are, by the encodings of Arabic systems."""
    for charset in ("utf-8", "cp1256"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return otherwise


def _open_member_later(
    blob: Blob, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits
) -> Blob:
    def opened() -> BinaryIO:
        try:
            return cast(BinaryIO, CheckedArchiveStream(archive.open(info)))
        except (
            ARCHIVE_ERRORS
        ) as error:  # its own header is damaged, or packed in a way that Python does not know
            raise DamagedArchiveError from error

    return blob.inner(name, opened, limits.file, info.file_size)


def open_seekable(blob: Blob) -> BinaryIO:
    """The file itself where one can jump in it; a nameless temporary copy of an archive inside an archive."""
    stream = blob.source()
    if not isinstance(stream, CheckedArchiveStream):
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=32 * 1024**2)  # noqa: SIM115  lives as long as its ZipFile
    try:
        with blob.open() as member:
            while block := member.read(1024**2):
                copy.write(block)
        copy.seek(0)
    except BaseException:
        copy.close()
        raise
    return cast(BinaryIO, copy)


def _refusal(files: list[zipfile.ZipInfo], limits: Limits) -> tuple[str, str] | None:
    if len(files) > ARCHIVE_MEMBERS:
        return "archive-too-many", f"{ARCHIVE_MEMBERS:,}"
    if sum(info.file_size for info in files) > limits.total:
        return "archive-too-large", format_size(limits.total)
    return None


def _member_refusal(info: zipfile.ZipInfo, name: str, limits: Limits) -> tuple[str, str] | None:
    """(code, detail) of why a member is not read. zipfile never gives more than `file_size` bytes of one, so
    the sizes that an archive claims are safe to judge by."""
    if is_path_traversal(name):
        return "archive-name", ""
    if stat.S_ISLNK(info.external_attr >> 16):
        return "archive-link", ""
    if info.flag_bits & _ENCRYPTED:
        return "archive-encrypted", ""
    if info.file_size > limits.file:
        return "file-too-large", format_size(limits.file)
    ratio = info.file_size // max(info.compress_size, 1)
    if info.file_size > EXPANSION_FREE_BYTES and ratio > EXPANSION_RATIO:
        return "archive-bomb", str(ratio)
    return None


def is_path_traversal(name: str) -> bool:
    """Whether a name leads out of the folder that an archive would be unpacked into."""
    windows = PureWindowsPath(name)
    return (
        PurePosixPath(name).is_absolute()
        or bool(windows.drive or windows.root)
        or ".." in windows.parts
        or "\0" in name
    )


class CheckedArchiveStream:
    """A stream of an archive whose damage shows while reading: DamagedArchiveError then."""

    def __init__(self, stream: object, below: BinaryIO | None = None) -> None:
        self.stream = cast(BinaryIO, stream)
        self.below = below

    def read(self, size: int = -1) -> bytes:
        return self._safely(self.stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._safely(self.stream.readline, size)

    def close(self) -> None:
        """Close the stream and the one `below` it, which GzipFile leaves open."""
        self.stream.close()
        if self.below is not None:
            self.below.close()

    def _safely(self, call: Callable[[int], bytes], size: int) -> bytes:
        try:
            return call(size)
        except ARCHIVE_ERRORS as error:
            raise DamagedArchiveError from error


class DamagedArchiveError(Exception):
    """Bytes of an archive do not unpack."""
