"""The files of an upload, as they are kept in the database for any host to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO

from django.conf import settings
from django.utils import timezone

from articles.ingest.pipeline import ImportFile
from articles.models import ImportBatch, Upload
from articles.readers.blob import Blob
from articles.readers.column_mapper import ColumnMapper

# Uploads that somebody looked at and never confirmed do not stay for ever.


State = ImportBatch.State
#: So long a preview waits for its confirmation; then its files are deleted as if it had been given up.
PREVIEW_RETENTION = timedelta(days=30)


def expire_previews() -> int:
    """Give up the previews whose time is over; returns how many. Their files are few rows and go at once."""
    old = ImportBatch.objects.filter(state=State.PREVIEW, created_at__lt=timezone.now() - PREVIEW_RETENTION)
    given_up = 0
    for batch in old:
        if old.filter(pk=batch.pk).update(state=State.CANCELLED, finished_at=timezone.now(), preview=[]):
            for upload in batch.uploads.only("pk"):
                upload.delete()
            given_up += 1
    return given_up


def has_all_files(batch: ImportBatch) -> bool:
    """Whether the import can go on here: the files of one that the command began are with the command, and
    to go on without them would publish the half of it that is in."""
    return batch.uploads.exists() and not batch.uploads.filter(content__isnull=True).exists()


def iter_stored_files(batch: ImportBatch) -> Iterator[ImportFile]:
    """The files of a batch in their order; the bytes of each are read when it is opened, and let go. Their
    tables are read as was said of the batch."""
    columns = ColumnMapper(remembered=batch.columns)
    for upload in batch.uploads.defer("content").order_by("pk"):
        opener = partial(_content, upload.pk)
        yield upload, Blob(upload.name, opener, settings.UPLOAD_MAX_FILE_BYTES, upload.size, columns)


def _content(pk: int) -> BytesIO:
    return BytesIO(bytes(Upload.objects.values_list("content", flat=True).get(pk=pk) or b""))
