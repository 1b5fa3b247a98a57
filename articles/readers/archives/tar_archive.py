"""tar: opened where it lies, never unpacked onto the disk. What is no plain file is refused by name."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, cast

from articles.readers.archives.zip_archive import (
    BROKEN,
    DamagedArchiveError,
    Guarded,
    decoded_name,
    points_outside,
    seekable,
)
from articles.readers.blob import Blob
from articles.text.limits import ARCHIVE_MEMBERS, Limits
from articles.text.problem_messages import readable_size
from articles.text.records import RawRecord, reject
from articles.text.sanitize import clean_file_name


def members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """The files of a tar, folders' names before theirs; a rejected record for each that is refused.
    One that claims too much is refused whole, before anything of it is read."""
    with closing(seekable(blob)) as stream:
        try:
            archive = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115  closed with its stream
            files, refusal = _files(archive, limits)
        except (*BROKEN, ValueError, OverflowError, RecursionError) as error:
            raise DamagedArchiveError from error
        if refusal:
            yield reject(blob.name, 0, *refusal)
            return
        for info in files:
            name = decoded_name(info.name.encode("utf-8", "surrogateescape"), info.name)
            inner = f"{blob.name}/{clean_file_name(name)}"
            refused = _member_refusal(info, name, limits)
            yield reject(inner, 0, *refused) if refused else _member(blob, archive, info, inner, limits)


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
            return [], ("archive-too-large", readable_size(limits.total))
    return files, None


def _member_refusal(info: tarfile.TarInfo, name: str, limits: Limits) -> tuple[str, str] | None:
    """(code, detail) of why a member is not read."""
    if points_outside(name):
        return "archive-name", ""
    if info.issym() or info.islnk():
        return "archive-link", ""
    if not info.isfile() or info.issparse():  # devices, pipes; files with holes, which may be of any size
        return "archive-special", ""
    if info.size > limits.file:
        return "file-too-large", readable_size(limits.file)
    return None


def _member(blob: Blob, archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, limits: Limits) -> Blob:
    def opened() -> BinaryIO:
        try:
            stream = archive.extractfile(info)
        except (*BROKEN, KeyError) as error:
            raise DamagedArchiveError from error
        return cast(BinaryIO, Guarded(stream))

    return blob.inner(name, opened, limits.file, info.size)
