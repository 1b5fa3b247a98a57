"""One process at a time works on a batch. A claim is a time in the batch's row, taken by a conditional
update; a process that was killed loses it when the time has passed. The very time is also the proof of who
holds it: another can only take it later, and so writes another time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.models import ImportBatch

#: Renewed with every chunk, which takes well under a second.
CLAIM = timedelta(seconds=30)


class BatchTakenError(Exception):
    """Another process works on the batch, or it is in a state in which this cannot be done."""


@contextmanager
def claimed(batch: ImportBatch, *states: str) -> Iterator[None]:
    """Hold the batch while in one of the states. Raises BatchTakenError."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    _take(batch, free, state__in=states)
    held = batch.claimed_until
    batch.refresh_from_db()
    batch.claimed_until = held
    try:
        yield
    finally:
        _held(batch).update(claimed_until=None)


def renew(batch: ImportBatch) -> None:
    """Go on holding it; written only when a third of the time is over. Raises BatchTakenError when that came
    too late and another process holds it."""
    if batch.claimed_until and batch.claimed_until - timezone.now() > CLAIM * 2 / 3:
        return
    _take(batch, Q(claimed_until=batch.claimed_until))


def _take(batch: ImportBatch, free: Q, **states: object) -> None:
    until = timezone.now() + CLAIM
    if not ImportBatch.objects.filter(free, pk=batch.pk, **states).update(claimed_until=until):
        raise BatchTakenError
    batch.claimed_until = until


def _held(batch: ImportBatch) -> QuerySet[ImportBatch]:
    """The batch, if the claim is still the one that was taken."""
    return ImportBatch.objects.filter(pk=batch.pk, claimed_until=batch.claimed_until)
