"""One batch in the whole archive is worked on at a time, by one process: two imports of the same records
must not both believe that they created them. A claim is a time in the batch's row, taken by a conditional
update; a process that was killed loses it when the time has passed. The very time is also the proof of who
holds it: another can only take it later, and so writes another time."""

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
#: Who waits for another import looks again after so many seconds.
LOOK_AGAIN = 0.25
#: Our number among the advisory locks of PostgreSQL: "import" in ASCII.
_TURN = 0x696D706F7274


class LeaseUnavailableError(Exception):
    """Another process works on the batch, or it is in a state in which this cannot be done."""


class OtherImportRunningError(LeaseUnavailableError):
    """Another import is being worked on; this one has its turn after it."""


@contextmanager
def hold_lease(
    batch: ImportBatch, *states: str, patience: float = 0.0, waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold the batch while in one of the states. For the end of another import it waits `patience` seconds,
    of which `waiting` hears. Raises BatchTakenError, OtherImportError."""
    deadline = time.monotonic() + patience
    while not _turn(batch, states):
        if time.monotonic() >= deadline:
            raise OtherImportRunningError
        if waiting:
            waiting()
            waiting = None
        time.sleep(LOOK_AGAIN)
    held = batch.claimed_until
    batch.refresh_from_db()
    batch.claimed_until = held
    began = time.monotonic()
    try:
        yield
    finally:
        _held(batch).update(claimed_until=None, seconds=F("seconds") + time.monotonic() - began)


def renew_lease(batch: ImportBatch) -> None:
    """Go on holding it; written only when a third of the time is over. Raises BatchTakenError when that came
    too late and another process holds it, or works on another import."""
    if batch.claimed_until and batch.claimed_until - timezone.now() > LEASE_DURATION * 2 / 3:
        return
    _take(batch, Q(claimed_until=batch.claimed_until))


def requested_action(batch: ImportBatch) -> str:
    """What the holder of the claim was asked to do meanwhile (ImportBatch.Wish), or ""."""
    return ImportBatch.objects.filter(pk=batch.pk).values_list("wish", flat=True).first() or ""


def is_leased(batch: ImportBatch) -> bool:
    """Whether a process works on the batch now."""
    return ImportBatch.objects.filter(pk=batch.pk, claimed_until__gte=timezone.now()).exists()


def _turn(batch: ImportBatch, states: tuple[str, ...]) -> bool:
    """Take the batch if nobody holds it; False while another import runs."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    try:
        _take(batch, free, state__in=states)
    except OtherImportRunningError:
        return False
    return True


def _take(batch: ImportBatch, free: Q, **states: object) -> None:
    with transaction.atomic():  # on SQLite the only one that may write
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
        now = timezone.now()
        if ImportBatch.objects.filter(claimed_until__gte=now).exclude(pk=batch.pk).exists():
            raise OtherImportRunningError
        if not ImportBatch.objects.filter(free, pk=batch.pk, **states).update(
            claimed_until=now + LEASE_DURATION
        ):
            raise LeaseUnavailableError
        batch.claimed_until = now + LEASE_DURATION


def _held(batch: ImportBatch) -> QuerySet[ImportBatch]:
    """The batch, if the claim is still the one that was taken."""
    return ImportBatch.objects.filter(pk=batch.pk, claimed_until=batch.claimed_until)
