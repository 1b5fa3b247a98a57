"""The files of an upload, as they are kept in the database for any host to read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO

from django.conf import settings

from articles.intake.pipeline import File
from articles.intake.readers.blob import Blob
from articles.intake.readers.columns import Columns
from articles.models import ImportBatch, Upload


def all_kept(batch: ImportBatch) -> bool:
    """Whether the import can go on here: the files of one that the command began are with the command, and
    to go on without them would publish the half of it that is in."""
    return batch.uploads.exists() and not batch.uploads.filter(content__isnull=True).exists()


def kept_files(batch: ImportBatch) -> Iterator[File]:
    """The files of a batch in their order; the bytes of each are read when it is opened, and let go. Their
    tables are read as was said of the batch."""
    columns = Columns(remembered=batch.columns)
    for upload in batch.uploads.defer("content").order_by("pk"):
        opener = partial(_content, upload.pk)
        yield upload, Blob(upload.name, opener, settings.UPLOAD_MAX_FILE_BYTES, upload.size, columns)


def _content(pk: int) -> BytesIO:
    return BytesIO(bytes(Upload.objects.values_list("content", flat=True).get(pk=pk) or b""))
