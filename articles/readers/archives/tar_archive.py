"""tar: members are read as streams in place; anything but a plain file is refused by name."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, cast

from django.utils.translation import gettext_noop as _

from articles.readers.archive_streams import (
    ARCHIVE_ERRORS,
    CheckedArchiveStream,
    DamagedArchiveError,
    decode_file_name,
    is_path_traversal,
    open_seekable,
)
from articles.readers.blob import Blob
from articles.readers.registry import FileFormat
from articles.text.limits import ARCHIVE_MEMBERS, Limits
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record
from articles.text.sanitize import sanitize_file_name


def iter_members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """Yield the files of a tar, named with their folders, and a rejected record for each refused one.

    A tar that declares too many files or bytes is rejected as a whole before any file is read. Raises
    DamagedArchiveError.
    """
    with closing(open_seekable(blob)) as stream:
        try:
            archive = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115  closed with its stream
            files, archive_refusal = _list_files(archive, limits)
        except (*ARCHIVE_ERRORS, OverflowError, RecursionError) as error:
            raise DamagedArchiveError from error
        if archive_refusal:
            yield rejected_record(blob.name, 0, *archive_refusal)
            return
        for info in files:
            name = decode_file_name(info.name.encode("utf-8", "surrogateescape"), info.name)
            path = f"{blob.name}/{sanitize_file_name(name)}"
            refusal = _member_refusal(info, name, limits)
            yield (
                rejected_record(path, 0, *refusal) if refusal else _member(blob, archive, info, path, limits)
            )


def _list_files(
    archive: tarfile.TarFile, limits: Limits
) -> tuple[list[tarfile.TarInfo], tuple[str, str] | None]:
    """Return all members that are not folders, and (code, detail) of why the tar is rejected, or None."""
    files: list[tarfile.TarInfo] = []
    total = 0
    for info in archive:
        if info.isdir():
            continue
        files.append(info)
        total += info.size if info.isfile() else 0
        if len(files) > ARCHIVE_MEMBERS:
            return [], ("archive-too-many", f"{ARCHIVE_MEMBERS:,}")
        if total > limits.total:
            return [], ("archive-too-large", format_size(limits.total))
    return files, None


def _member_refusal(info: tarfile.TarInfo, name: str, limits: Limits) -> tuple[str, str] | None:
    """Return (code, detail) of why a member is not read, or None."""
    if is_path_traversal(name):
        return "archive-name", ""
    if info.issym() or info.islnk():
        return "archive-link", ""
    if not info.isfile() or info.issparse():  # devices and pipes; sparse files may expand to any size
        return "archive-special", ""
    if info.size > limits.file:
        return "file-too-large", format_size(limits.file)
    return None


def _member(blob: Blob, archive: tarfile.TarFile, info: tarfile.TarInfo, path: str, limits: Limits) -> Blob:
    """Return a member as a blob that is opened when it is read."""

    def open_member() -> BinaryIO:
        try:
            stream = archive.extractfile(info)
        except (*ARCHIVE_ERRORS, KeyError) as error:
            raise DamagedArchiveError from error
        return cast(BinaryIO, CheckedArchiveStream(stream))

    return blob.member(path, open_member, limits.file, info.size)


#: The signature is in the header of the first member (POSIX ustar), not at the start of the file.
FORMAT = FileFormat(
    key="tar",
    order=120,
    label="tar",
    gives=_("the files in it"),
    extensions=(".tar",),
    signatures=((257, b"ustar"),),
    iter_members=iter_members,
)
