"""zip: members are read as streams, with folders and names in any encoding."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial

from django.utils.translation import gettext_noop as _

from articles.readers.archive_streams import (
    ARCHIVE_ERRORS,
    decode_file_name,
    is_cut_zip,
    is_path_traversal,
    open_seekable,
    open_zip_member,
)
from articles.readers.blob import Blob
from articles.readers.registry import FileFormat
from articles.text.limits import ARCHIVE_MEMBERS, EXPANSION_FREE_BYTES, EXPANSION_RATIO, Limits
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record
from articles.text.sanitize import sanitize_file_name

#: Bits of a member's flags (APPNOTE.TXT 4.4.4).
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


def iter_members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """Yield the files of a zip, named with their folders, and a rejected record for each refused one.

    An archive that declares too many files or bytes is rejected as a whole before anything is unpacked.
    """
    with closing(open_seekable(blob)) as stream:  # ZipFile does not close a stream that it was given
        try:
            archive = zipfile.ZipFile(stream)
            is_whole = not is_cut_zip(archive)
        except ARCHIVE_ERRORS:
            is_whole = False
        if not is_whole:
            yield rejected_record(blob.name, 0, "archive-broken")
            return
        files = [info for info in archive.infolist() if not info.is_dir()]
        if refusal := _archive_refusal(files, limits):
            yield rejected_record(blob.name, 0, *refusal)
            return
        for info in files:
            name = decode_member_name(info)
            path = f"{blob.name}/{sanitize_file_name(name)}"
            refusal = _member_refusal(info, name, limits)
            yield (
                rejected_record(path, 0, *refusal) if refusal else _member(blob, archive, info, path, limits)
            )


def decode_member_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member.

    A name without the UTF-8 flag is read as UTF-8 or windows-1256, which Arabic systems write, and only if
    both fail as code page 437, the default of the zip standard.
    """
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    return decode_file_name(info.orig_filename.encode("cp437", "replace"), info.orig_filename)


def _archive_refusal(files: list[zipfile.ZipInfo], limits: Limits) -> tuple[str, str] | None:
    """Return (code, detail) of why the archive is rejected as a whole, or None."""
    if len(files) > ARCHIVE_MEMBERS:
        return "archive-too-many", f"{ARCHIVE_MEMBERS:,}"
    if sum(info.file_size for info in files) > limits.total:
        return "archive-too-large", format_size(limits.total)
    return None


def _member_refusal(info: zipfile.ZipInfo, name: str, limits: Limits) -> tuple[str, str] | None:
    """Return (code, detail) of why a member is not read, or None.

    The declared sizes can be relied on: zipfile never unpacks more than `file_size` bytes of a member.
    """
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


def _member(blob: Blob, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, limits: Limits) -> Blob:
    """Return a member as a blob that is unpacked when it is read."""
    return blob.member(path, partial(open_zip_member, archive, info), limits.file, info.file_size)


FORMAT = FileFormat(
    key="zip",
    order=130,
    label="zip",
    gives=_("the files in it; names in any Arabic encoding"),
    extensions=(".zip",),
    signatures=((0, b"PK\x03\x04"), (0, b"PK\x05\x06")),
    iter_members=iter_members,
)
