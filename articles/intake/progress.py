"""How far a batch is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from articles.intake import undoing
from articles.intake.working import WORKED
from articles.models import ImportBatch

State = ImportBatch.State


@dataclass(frozen=True, slots=True)
class Progress:
    """Records done, of how many (None: nobody has counted them yet)."""

    done: int
    total: int | None


def is_working(batch: ImportBatch) -> bool:
    """Whether there is something to do, by whomever."""
    return batch.state in WORKED or (batch.state == State.CANCELLED and batch.finished_at is None)


def progress(batch: ImportBatch) -> Progress:
    """Records that were read, updates that were applied, articles that were turned back or given up."""
    if batch.state in (State.STAGING, State.PAUSED, State.FAILED):
        done = batch.uploads.aggregate(done=Sum("rows_done"))["done"] or 0
        expected = expected_records(batch)
        return Progress(done, None if expected is None else max(done, expected))
    rows = batch.rows
    if batch.state == State.PUBLISHING:
        total = rows.count()
        return Progress(total - rows.filter(pending__isnull=False).count(), total)
    if batch.state in undoing.TURNS:
        turning = rows.filter(outcome__in=(undoing.CREATED, undoing.UPDATED), article__isnull=False)
        return Progress(turning.filter(turned=True).count(), turning.count())
    if batch.state == State.CANCELLED:
        total = rows.filter(outcome=undoing.CREATED).count()
        return Progress(total - min(total, batch.article_set.count()), total)
    return Progress(0, None)


def expected_records(batch: ImportBatch) -> int | None:
    """How many records the preview counted; None where it did not come to the end of a file."""
    files = batch.preview
    if not files or not all(file.get("complete") for file in files):
        return None
    return sum(int(file["records"]) for file in files)
