"""The lease by which one process works on one batch at a time, in the whole archive.

Two imports of the same records must not both believe that they created them. A lease is an expiry time in
the batch's row, taken by a conditional update; a killed process loses it when that time has passed. The
expiry time also identifies the holder: another process can only take the lease later, and so writes another
time.

A clock that was set back leaves expiry times further ahead than any process writes them: these count as
expired, so that nothing waits for the clock to catch up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from articles.models import ImportBatch

#: Renewed with every chunk, which takes well under a second.
LEASE_DURATION = timedelta(seconds=30)
#: How far the clocks of two hosts may differ.
CLOCK_DIFFERENCE = timedelta(seconds=60)
#: Seconds between two checks while another import runs.
POLL_SECONDS = 0.25
#: Key of the advisory lock in PostgreSQL: "import" in ASCII.
_LOCK_KEY = 0x696D706F7274


class LeaseUnavailableError(Exception):
    """Another process works on the batch, or its state does not allow the step."""


class OtherImportRunningError(LeaseUnavailableError):
    """Another import is being worked on; this one has to wait for it."""


@contextmanager
def hold_lease(
    batch: ImportBatch, *states: str, patience: float = 0.0, waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold the lease of a batch that is in one of the states.

    Waits up to `patience` seconds for the end of another import, after one call of `waiting`. Raises
    LeaseUnavailableError, and OtherImportRunningError when the wait was too short.
    """
    deadline = time.monotonic() + patience
    while not _try_take(batch, states):
        if time.monotonic() >= deadline:
            raise OtherImportRunningError
        if waiting:
            waiting()
            waiting = None
        time.sleep(POLL_SECONDS)
    held = batch.claimed_until
    batch.refresh_from_db()
    batch.claimed_until = held
    began = time.monotonic()
    try:
        yield
    finally:
        _own_lease(batch).update(claimed_until=None, seconds=F("seconds") + time.monotonic() - began)


def renew_lease(batch: ImportBatch) -> None:
    """Renew the lease, once a third of its time is over.

    Raises LeaseUnavailableError when that came too late and another process holds the lease, or works on
    another import.
    """
    if batch.claimed_until:
        left = batch.claimed_until - timezone.now()
        if LEASE_DURATION * 2 / 3 < left <= LEASE_DURATION:
            return
    _take(batch, Q(claimed_until=batch.claimed_until))


def held() -> Q:
    """Return a filter for the batches that a process works on."""
    now = timezone.now()
    return Q(claimed_until__gte=now, claimed_until__lte=now + LEASE_DURATION + CLOCK_DIFFERENCE)


def left_behind() -> Q:
    """Return a filter for the batches whose process died, or had another clock."""
    return Q(claimed_until__isnull=False) & ~held()


def free() -> Q:
    """Return a filter for the batches that no process works on."""
    return Q(claimed_until__isnull=True) | left_behind()


def count_saved_chunk(batch: ImportBatch) -> None:
    """Forget the processes that ended in the midst of a batch, now that one got further."""
    if batch.deaths:
        batch.deaths = 0
        _own_lease(batch).update(deaths=0)


def requested_action(batch: ImportBatch) -> str:
    """Return the action requested of the holder of the lease (ImportBatch.Wish), or ""."""
    return ImportBatch.objects.filter(pk=batch.pk).values_list("wish", flat=True).first() or ""


def is_leased(batch: ImportBatch) -> bool:
    """Return True if a process works on the batch now."""
    return ImportBatch.objects.filter(held(), pk=batch.pk).exists()


def _try_take(batch: ImportBatch, states: tuple[str, ...]) -> bool:
    """Take the lease if it is free; return False while another import runs."""
    try:
        _take(batch, free(), left_behind(), state__in=states)
    except OtherImportRunningError:
        return False
    return True


def _take(batch: ImportBatch, where: Q, left: Q | None = None, **states: object) -> None:
    """Write a new expiry time, provided the row meets `where` and no other import runs.

    A row that also meets `left` was left by a process that died, which is counted.
    """
    with transaction.atomic():  # on SQLite no other transaction can write at the same time
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
        if ImportBatch.objects.filter(held()).exclude(pk=batch.pk).exists():
            raise OtherImportRunningError
        now = timezone.now()
        rows = ImportBatch.objects.filter(where, pk=batch.pk, **states)
        if left is not None:
            rows.filter(left).update(deaths=F("deaths") + 1)
        if not rows.update(claimed_until=now + LEASE_DURATION):
            raise LeaseUnavailableError
        batch.claimed_until = now + LEASE_DURATION


def _own_lease(batch: ImportBatch) -> QuerySet[ImportBatch]:
    """Return the batch as a query, empty if the lease is no longer the one that was taken."""
    return ImportBatch.objects.filter(pk=batch.pk, claimed_until=batch.claimed_until)
