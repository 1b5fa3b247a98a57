"""The files of uploads, which are stored in the database so that any host can read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO

from django.conf import settings
from django.utils import timezone

from arabic.text.direction import isolated_path
from articles.ingest.pipeline import ImportFile
from articles.ingest.publish import drop_sources_of
from articles.models import ImportBatch, Upload
from articles.readers.blob import Blob
from articles.readers.column_mapper import ColumnMapper
from articles.text.sanitize import sanitize_file_name

State = ImportBatch.State
#: Time in which a preview must be confirmed; then it is cancelled and its files are deleted.
PREVIEW_RETENTION = timedelta(days=30)
#: Characters of an import's name and of a file's name in it.
_LABEL_CHARACTERS, _NAME_CHARACTERS = 200, 120


def import_label(names: Iterable[str]) -> str:
    """Return the name of an import of these files: the first ones, each in its own direction."""
    label = ""
    for name in names:
        plain = sanitize_file_name(name)[-_NAME_CHARACTERS:]
        isolated = isolated_path(plain)
        shown = isolated if len(isolated) <= _LABEL_CHARACTERS else plain  # of many short folders
        longer = f"{label}, {shown}" if label else shown
        if len(longer) > _LABEL_CHARACTERS:
            break
        label = longer
    return label


def expire_previews() -> int:
    """Cancel the previews that were not confirmed in time, delete their files, and return how many."""
    old = ImportBatch.objects.filter(state=State.PREVIEW, created_at__lt=timezone.now() - PREVIEW_RETENTION)
    given_up = 0
    for batch in old:
        if old.filter(pk=batch.pk).update(state=State.CANCELLED, finished_at=timezone.now(), preview=[]):
            for upload in batch.uploads.only("pk"):
                upload.delete()
            drop_sources_of(batch)
            given_up += 1
    return given_up


def has_all_files(batch: ImportBatch) -> bool:
    """Return True if the batch's files are in the database, so that the import can be resumed here.

    The command does not store its files there; resuming its import would publish an incomplete one.
    """
    return batch.uploads.exists() and not batch.uploads.filter(content__isnull=True).exists()


def iter_stored_files(batch: ImportBatch) -> Iterator[ImportFile]:
    """Yield the files of a batch in order; the bytes of each are loaded when it is opened.

    Tables are read with the batch's column mapping.
    """
    columns = ColumnMapper(remembered=batch.columns)
    for upload in batch.uploads.defer("content").order_by("pk"):
        opener = partial(_content, upload.pk)
        yield upload, Blob(upload.name, opener, settings.UPLOAD_MAX_FILE_BYTES, upload.size, columns)


def _content(pk: int) -> BytesIO:
    return BytesIO(bytes(Upload.objects.values_list("content", flat=True).get(pk=pk) or b""))
