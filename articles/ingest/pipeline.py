"""The pipeline of an import: files → records → transformed → saved, in one pass and bounded memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.utils import timezone

from articles.boilerplate.rule_store import active_rules
from articles.ingest.lease import renew_lease
from articles.ingest.load import RecordLoader
from articles.ingest.parallel_transform import RecordTransform, transform_in_order
from articles.ingest.transform import TransformedRecord
from articles.models import ImportBatch, ImportRow, Upload
from articles.readers.blob import Blob
from articles.readers.dispatch import read
from articles.text.boilerplate_filter import RuleSet
from articles.text.limits import Limits
from articles.text.records import RawRecord

#: Target time for saving a chunk, in seconds; other writers wait no longer than that.
CHUNK_SECONDS = 0.25
CHUNK_RECORDS = (10, 400)
CHUNK_BYTES = 4 * 1024**2
ImportFile = tuple[Upload, Blob]


@dataclass(slots=True)
class LoadChunk:
    """Records that will be saved together. Its size adapts to how long the last save took."""

    size: int = 100
    items: list[tuple[TransformedRecord, Upload]] = field(default_factory=list)
    held: int = 0

    def add(self, prepared: TransformedRecord, upload: Upload) -> bool:
        """Add a record; return True if the chunk is full."""
        self.items.append((prepared, upload))
        self.held += len(prepared.record.data)
        return len(self.items) >= self.size or self.held >= CHUNK_BYTES

    def save(self, saver: RecordLoader) -> list[ImportRow]:
        """Save and empty the chunk; return the rows."""
        if not self.items:
            return []
        started = time.monotonic()
        rows = saver.save(self.items)
        spent = time.monotonic() - started
        least, most = CHUNK_RECORDS
        self.size = min(most, max(least, int(len(self.items) * min(2.0, CHUNK_SECONDS / max(spent, 0.001)))))
        self.items, self.held = [], 0
        return rows


def today() -> date:
    """Return the latest day that a publication date may have."""
    return timezone.localdate()


def iter_transformed(
    blob: Blob, limits: Limits, default_source: str, rules: RuleSet
) -> Iterator[TransformedRecord]:
    """Return the records of a file, transformed in this process."""
    how = RecordTransform(today(), default_source, rules)
    return (how.transform(record) for record in read(blob, limits))


def stage(
    batch: ImportBatch,
    files: Iterable[ImportFile],
    limits: Limits,
    *,
    processes: int = 0,
    stop: Callable[[], bool] = lambda: False,
    saved: Callable[[list[ImportRow]], None] = lambda rows: None,
) -> bool:
    """Save the records of the files into the batch, not shown yet, with the help of worker `processes`.

    Return True when all records are staged, or False if `stop` ended it after a chunk. Files and records that
    an interrupted import has saved are skipped. `saved` is called after each chunk. The caller must hold
    the lease.
    """
    saver, chunk = RecordLoader(batch), LoadChunk()
    default_source = batch.default_source.name if batch.default_source else ""
    how = RecordTransform(today(), default_source, active_rules())
    finished: list[Upload] = []

    def flush() -> None:
        renew_lease(batch)
        saved(chunk.save(saver))
        _complete(finished)

    with closing(transform_in_order(_records(files, limits), how, processes)) as items:
        for upload, item in items:
            if item is None:
                finished.append(upload)
            elif chunk.add(item, upload):
                flush()
                if stop():
                    return False
    flush()
    return True


def _records(files: Iterable[ImportFile], limits: Limits) -> Iterator[tuple[Upload, RawRecord | None]]:
    """Yield the records that are not saved yet, each with its file; None at the end of a file."""
    for upload, blob in files:
        if not upload.complete:
            yield from ((upload, record) for record in islice(read(blob, limits), upload.rows_done, None))
            yield upload, None


def _complete(uploads: list[Upload]) -> None:
    """Mark files whose last record is saved as complete."""
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads if upload.pk]).update(complete=True)
    uploads.clear()
