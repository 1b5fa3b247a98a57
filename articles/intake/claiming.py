"""One process at a time works on a batch. A claim is a time in the batch's row, taken by a conditional
update; a process that was killed loses it when the time has passed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from articles.models import ImportBatch

#: Renewed with every chunk, which takes well under a second.
CLAIM = timedelta(seconds=30)


class BatchTakenError(Exception):
    """Another process works on the batch, or it is in a state in which this cannot be done."""


@contextmanager
def claimed(batch: ImportBatch, *states: str) -> Iterator[None]:
    """Hold the batch while in one of the states. Raises BatchTakenError."""
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    taken = ImportBatch.objects.filter(free, pk=batch.pk, state__in=states).update(claimed_until=now + CLAIM)
    if not taken:
        raise BatchTakenError
    batch.refresh_from_db()
    try:
        yield
    finally:
        ImportBatch.objects.filter(pk=batch.pk).update(claimed_until=None)


def renew(batch: ImportBatch) -> None:
    """Go on holding it; written only when a third of the time is over."""
    now = timezone.now()
    if batch.claimed_until and batch.claimed_until - now > CLAIM * 2 / 3:
        return
    batch.claimed_until = now + CLAIM
    ImportBatch.objects.filter(pk=batch.pk).update(claimed_until=batch.claimed_until)
