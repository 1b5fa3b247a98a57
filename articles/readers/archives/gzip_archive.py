"""gz and tgz: a single compressed file, read as a stream."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.utils.translation import gettext_noop as _

from articles.readers.archive_streams import CheckedArchiveStream
from articles.readers.blob import Blob
from articles.readers.registry import FileFormat
from articles.text.limits import EXPANSION_FREE_BYTES, EXPANSION_RATIO, Limits


def iter_members(blob: Blob, limits: Limits) -> Iterator[Blob]:
    """Yield the one file inside a gz.

    Its size is not known before it is read, so the stream stops at the expansion ratio or the file limit.
    """
    name = gunzipped_name(blob.name)
    # The files of a packed tar are limited one by one, as those of a zip are.
    largest = limits.total if name.lower().endswith(".tar") else limits.file
    limit = min(largest, max(EXPANSION_FREE_BYTES, blob.size * EXPANSION_RATIO))
    yield blob.member(name, lambda: _open(blob), limit)


def gunzipped_name(name: str) -> str:
    """Return the name of the file that a gz holds."""
    extension = PurePosixPath(name).suffix
    if extension.lower() == ".tgz":
        return name.removesuffix(extension) + ".tar"
    return name.removesuffix(extension) if extension.lower() == ".gz" else name + ".unpacked"


def _open(blob: Blob) -> BinaryIO:
    below = blob.opener()
    return cast(BinaryIO, CheckedArchiveStream(gzip.GzipFile(fileobj=below), below))


FORMAT = FileFormat(
    key="gz",
    order=140,
    label="gz",
    gives=_("the file in it"),
    extensions=(".gz", ".tgz"),
    signatures=((0, b"\x1f\x8b"),),
    iter_members=iter_members,
    same_depth_extensions=frozenset({".tar"}),
)
