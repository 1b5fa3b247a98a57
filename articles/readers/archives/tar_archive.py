"""tar: opened where it lies, never unpacked onto the disk. What is no plain file is refused by name."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, cast

from articles.readers.archives.zip_archive import (
    ARCHIVE_ERRORS,
    CheckedArchiveStream,
    DamagedArchiveError,
    decode_file_name,
    is_path_traversal,
    open_seekable,
)
from articles.readers.blob import Blob
from articles.text.limits import ARCHIVE_MEMBERS, Limits
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record
from articles.text.sanitize import sanitize_file_name


def iter_tar_members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """The files of a tar, folders' names before theirs; a rejected record for each that is refused.
    One that claims too much is refused whole, before anything of it is read."""
    with closing(open_seekable(blob)) as stream:
        try:
            archive = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115  closed with its stream
            files, refusal = _files(archive, limits)
        except (*ARCHIVE_ERRORS, ValueError, OverflowError, RecursionError) as error:
            raise DamagedArchiveError from error
        if refusal:
            yield rejected_record(blob.name, 0, *refusal)
            return
        for info in files:
            name = decode_file_name(info.name.encode("utf-8", "surrogateescape"), info.name)
            inner = f"{blob.name}/{sanitize_file_name(name)}"
            refused = _member_refusal(info, name, limits)
            yield (
                rejected_record(inner, 0, *refused)
                if refused
                else _member(blob, archive, info, inner, limits)
            )


def _files(archive: tarfile.TarFile, limits: Limits) -> tuple[list[tarfile.TarInfo], tuple[str, str] | None]:
    """All that are no folders, and why the tar is refused."""
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
    """(code, detail) of why a member is not read."""
    if is_path_traversal(name):
        return "archive-name", ""
    if info.issym() or info.islnk():
        return "archive-link", ""
    if not info.isfile() or info.issparse():  # devices, pipes; files with holes, which may be of any size
        return "archive-special", ""
    if info.size > limits.file:
        return "file-too-large", format_size(limits.file)
    return None


def _member(blob: Blob, archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, limits: Limits) -> Blob:
    def opened() -> BinaryIO:
        try:
            stream = archive.extractfile(info)
        except (*ARCHIVE_ERRORS, KeyError) as error:
            raise DamagedArchiveError from error
        return cast(BinaryIO, CheckedArchiveStream(stream))

    return blob.inner(name, opened, limits.file, info.size)
