"""The work on a batch after a button was pressed, in a background worker or, without one, in the request.

It can stop after any chunk and be resumed by any process.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from articles.ingest import publish, rollback
from articles.ingest.lease import (
    LeaseUnavailableError,
    OtherImportRunningError,
    free,
    held,
    hold_lease,
    left_behind,
    requested_action,
)
from articles.ingest.load import to_be_applied
from articles.ingest.pipeline import stage
from articles.ingest.process_pool import worker_processes
from articles.ingest.upload_store import has_all_files, iter_stored_files
from articles.models import ImportBatch
from articles.outbox.bulk_mode import bulk_mode
from articles.text.limits import upload_limits

State, Wish = ImportBatch.State, ImportBatch.Wish
logger = logging.getLogger(__name__)

#: States in which a batch has work left; so has CANCELLED while its articles are being deleted.
ACTIVE_STATES = (State.STAGING, State.PUBLISHING, State.UNDOING, State.REDOING)
#: Processes that may die at the same place of an import before it is set aside.
MAX_DEATHS = 2
#: How long a command waits for another import to end.
COMMAND_PATIENCE = timedelta(minutes=15)
#: Results of `run_batch`: done or paused; another import runs; another process works on this batch; there is
#: more to do; failed.
DONE, OTHER, TAKEN, MORE, FAILED = "done", "other", "taken", "more", "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """Records done, of how many (None: not counted yet)."""

    done: int
    total: int | None


def is_working(batch: ImportBatch) -> bool:
    """Return True if there is something to do for the batch."""
    return batch.state in ACTIVE_STATES or (batch.state == State.CANCELLED and batch.finished_at is None)


def progress(batch: ImportBatch) -> Progress:
    """Return how many records were read, updates applied, or articles rolled back or deleted."""
    if batch.state in (State.STAGING, State.PAUSED, State.FAILED):
        done = batch.uploads.aggregate(done=Sum("rows_done"))["done"] or 0
        expected = expected_records(batch)
        return Progress(done, None if expected is None else max(done, expected))
    rows = batch.rows
    if batch.state == State.PUBLISHING:
        total = rows.count()
        return Progress(total - to_be_applied(rows.all()).count(), total)
    if batch.state in rollback.ROLLBACK_RESULTS:
        turning = rollback.turning_rows(batch)
        return Progress(turning.filter(turned=True).count(), turning.count())
    if batch.state == State.CANCELLED:
        total = rows.filter(rollback.made_article(batch)).count()
        return Progress(total - min(total, batch.article_set.count()), total)
    return Progress(0, None)


def expected_records(batch: ImportBatch) -> int | None:
    """Return how many records the preview counted; None if it did not reach the end of a file."""
    files = batch.preview
    if not files or not all(file.get("complete") for file in files):
        return None
    return sum(int(file["records"]) for file in files)


def pending_batches() -> QuerySet[ImportBatch]:
    """Return the batches with something to do whose lease is free."""
    return ImportBatch.objects.filter(
        free(), Q(state__in=ACTIVE_STATES) | Q(state=State.CANCELLED, finished_at__isnull=True)
    )


def run_batch(
    pk: int, *, seconds: float | None = None, stop: Callable[[], bool] = lambda: False, patience: float = 0.0
) -> str:
    """Do the pending work of the batch for `seconds` (None: all) or until `stop`; return a result code.

    An error is stored in the batch (which is FAILED if it was being staged) and never raised.
    """
    batch = ImportBatch.objects.filter(pk=pk).first()
    if batch is None:
        return DONE
    deadline = None if seconds is None else time.monotonic() + seconds

    def enough() -> bool:
        return stop() or (deadline is not None and time.monotonic() > deadline)

    try:
        with (
            worker_processes.keep_alive(),
            hold_lease(batch, *ACTIVE_STATES, State.CANCELLED, patience=patience),
        ):
            # A request has a few seconds, in which worker processes would hardly have started.
            _work(batch, enough, stop, settings.IMPORT_PROCESSES if seconds is None else 0)
    except OtherImportRunningError:
        return OTHER
    except LeaseUnavailableError:
        batch.refresh_from_db()
        return DONE if batch.state not in ACTIVE_STATES else TAKEN
    except (OperationalError, InterfaceError):
        logger.warning("import %s waits: the database cannot be used now", pk, exc_info=True)
        return OTHER
    except Exception as error:
        logger.exception("import %s stopped", pk)
        failed = ImportBatch.objects.filter(pk=pk)
        failed.update(fault=f"{type(error).__name__}: {error}"[:300], wish="")
        failed.filter(state=State.STAGING).update(state=State.FAILED)
        return FAILED
    return MORE if pending_batches().filter(pk=pk).exists() else DONE


def _work(batch: ImportBatch, enough: Callable[[], bool], ending: Callable[[], bool], processes: int) -> None:
    if batch.state == State.STAGING and (set_aside(batch) or not _read(batch, enough, ending, processes)):
        return
    if batch.state in (State.STAGING, State.PUBLISHING):
        publish.publish(batch)
    elif batch.state in rollback.ROLLBACK_RESULTS:
        rollback.run_rollback(batch)
    elif batch.state == State.CANCELLED:
        publish.cancel(batch)


def _read(batch: ImportBatch, enough: Callable[[], bool], ending: Callable[[], bool], processes: int) -> bool:
    """Stage the remaining records; return True when all are staged. Pauses or cancels on request.

    A wish to cancel, or `ending`, is heard in the midst of a long record; a pause, or `enough`, only when
    something was saved.
    """
    if not has_all_files(batch):
        return False

    def stop() -> bool:
        return bool(requested_action(batch)) or enough()

    def interrupt() -> bool:
        return requested_action(batch) == Wish.CANCEL or ending()

    with bulk_mode():  # nothing of it is shown yet: what changes of other articles is left to a worker
        finished = stage(
            batch, iter_stored_files(batch), upload_limits(),
            processes=processes, stop=stop, interrupt=interrupt,
        )  # fmt: skip
    wish = requested_action(batch)
    if wish == Wish.CANCEL:
        publish.cancel(batch)
        return False
    if wish == Wish.PAUSE and not finished:
        _to_paused(batch)
    return finished


def set_aside(batch: ImportBatch) -> bool:
    """Stop an import whose processes died at the same place, and name the file; return True if it did.

    A reading process is under limits and does not take its parent with it, so that something else is wrong.
    """
    if batch.state != State.STAGING or batch.deaths < MAX_DEATHS:
        return False
    upload = batch.uploads.filter(complete=False).order_by("pk").only("name", "rows_done").first()
    where = f"{upload.name}:{upload.rows_done + 1}" if upload else str(batch)
    fault = f"import-set-aside: {where}"[:300]
    ImportBatch.objects.filter(pk=batch.pk, state=State.STAGING).update(
        state=State.FAILED, fault=fault, wish="", deaths=0
    )
    logger.error("import %s was set aside: its processes ended at %s", batch.pk, where)
    return True


def settle_abandoned() -> None:
    """Carry out what was asked of processes that died, and name the imports of commands that were killed.

    A command keeps no files here, so that nothing can go on with its import but the command itself.
    """
    now = timezone.now()
    left = ImportBatch.objects.filter(left_behind(), state=State.STAGING)
    left.filter(wish=Wish.CANCEL).update(state=State.CANCELLED, finished_at=None, wish="", claimed_until=None)
    left.filter(wish=Wish.PAUSE).update(state=State.PAUSED, wish="")
    waiting = ImportBatch.objects.filter(
        state=State.STAGING, claimed_until__isnull=True, created_at__lt=now - COMMAND_PATIENCE
    )
    for batch in (*left.filter(wish=""), *waiting):
        if not has_all_files(batch):
            ImportBatch.objects.filter(
                pk=batch.pk, state=State.STAGING, claimed_until=batch.claimed_until
            ).update(state=State.FAILED, fault="import-process-ended", claimed_until=None)


def request_pause(batch: ImportBatch) -> bool:
    """Request a pause: after the current chunk, or at once if no process works on the batch.

    Return False if the batch is not being staged.
    """
    staging = ImportBatch.objects.filter(pk=batch.pk, state=State.STAGING)
    if not staging.update(wish=Wish.PAUSE):
        return False
    _to_paused(batch, free())
    return True


def resume(batch: ImportBatch) -> bool:
    """Start the import, or resume it after a pause, a failure or a request for a pause."""
    ImportBatch.objects.filter(pk=batch.pk).exclude(fault="").update(fault="")
    waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=(State.PREVIEW, State.PAUSED, State.FAILED))
    if waiting.update(state=State.STAGING, wish="", fault="", deaths=0):
        return True
    return bool(
        ImportBatch.objects.filter(pk=batch.pk, state=State.STAGING).exclude(wish=Wish.CANCEL).update(wish="")
    )


def request_cancel(batch: ImportBatch) -> bool:
    """Request the cancelling of an unpublished import; return False if it is too late."""
    if ImportBatch.objects.filter(held(), pk=batch.pk, state=State.STAGING).update(wish=Wish.CANCEL):
        return True
    rest = ImportBatch.objects.filter(pk=batch.pk, state__in=publish.UNPUBLISHED)
    if rest.update(state=State.CANCELLED, finished_at=None, wish=""):
        return True
    return ImportBatch.objects.filter(pk=batch.pk, state=State.CANCELLED).exists()


def _to_paused(batch: ImportBatch, *conditions: Q) -> None:
    wished = ImportBatch.objects.filter(*conditions, pk=batch.pk, state=State.STAGING, wish=Wish.PAUSE)
    if wished.update(state=State.PAUSED, wish=""):
        batch.refresh_from_db(fields=["state", "wish"])
