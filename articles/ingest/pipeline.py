"""The pipeline of an import: files → records → transformed → saved, in one pass and bounded memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from articles.boilerplate.rule_store import active_rules
from articles.ingest.lease import count_saved_chunk, renew_lease
from articles.ingest.load import RecordLoader
from articles.ingest.parallel_transform import WARM_UP_RECORD, RecordTransform, transform_in_order
from articles.ingest.record_process import RecordProcess, StopReadingError
from articles.ingest.transform import TransformedRecord
from articles.models import ImportBatch, ImportRow, Upload
from articles.outbox.precedence import SavesFirst
from articles.readers.blob import Blob
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


def warm_up() -> None:
    """Load the tables here, so that each reading process has them and none loads its own."""
    RecordTransform(today()).transform(WARM_UP_RECORD)


def record_process(
    default_source: str, rules: RuleSet, waiting: Callable[[], None] = lambda: None
) -> RecordProcess[TransformedRecord]:
    """Return the process that reads and transforms the records of an import under limits."""
    how = RecordTransform(today(), default_source, rules)
    warm_up()
    return RecordProcess(how.transform, TransformedRecord, waiting)


def stage(
    batch: ImportBatch,
    files: Iterable[ImportFile],
    limits: Limits,
    *,
    processes: int = 0,
    stop: Callable[[], bool] = lambda: False,
    interrupt: Callable[[], bool] = lambda: False,
    saved: Callable[[list[ImportRow]], None] = lambda rows: None,
) -> bool:
    """Save the records of the files into the batch, not shown yet, with the help of worker `processes`.

    Return True when all records are staged, or False if `stop` ended it after a chunk, or `interrupt` in the
    midst of a long record. Files and records that
    an interrupted import has saved are skipped. `saved` is called after each chunk. The caller must hold
    the lease.
    """
    saver, chunk, saves_first = RecordLoader(batch), LoadChunk(), SavesFirst()
    default_source = batch.default_source.name if batch.default_source else ""
    rules = active_rules()
    how = RecordTransform(today(), default_source, rules)
    finished: list[Upload] = []

    def waiting() -> None:
        """Keep the lease during a long record, and stop in its midst if asked to."""
        renew_lease(batch)
        if interrupt():
            raise StopReadingError

    def flush() -> None:
        saves_first.give_way()
        renew_lease(batch)
        rows = chunk.save(saver)
        if rows:
            count_saved_chunk(batch)
        saved(rows)
        _complete(finished)

    with (
        record_process(default_source, rules, waiting) as process,
        closing(transform_in_order(_records(files, limits, process), how, processes, process)) as items,
    ):
        try:
            for upload, item in items:
                if item is None:
                    finished.append(upload)
                elif chunk.add(item, upload):
                    flush()
                    if stop():
                        return False
        except StopReadingError:
            flush()
            return False
    flush()
    return True


def _records(
    files: Iterable[ImportFile], limits: Limits, process: RecordProcess[TransformedRecord]
) -> Iterator[tuple[Upload, RawRecord | None]]:
    """Yield the records that are not saved yet, each with its file; None at the end of a file."""
    for upload, blob in files:
        if not upload.complete:
            yield from ((upload, record) for record in process.read(blob, limits, upload.rows_done))
            yield upload, None


def _complete(uploads: list[Upload]) -> None:
    """Mark files whose last record is saved as complete."""
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads if upload.pk]).update(complete=True)
    uploads.clear()
