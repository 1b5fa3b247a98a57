"""Changes of many articles that nobody waits for one by one.

A save asks that it be searchable at once, and waits a moment for that: of ten thousand changes in a row each
part would wait, and the index would be written to in as many small pieces. Here no part asks, and its rows of
the outbox are behind what people save. Who works through many articles calls `signals.finish_indexing` in the
end; until then a worker sends what it finds."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction

from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.models import Outbox

_thread = threading.local()


@contextmanager
def bulk_mode() -> Iterator[None]:
    """What this thread commits in it asks for no index."""
    before, _thread.quiet = in_bulk_mode(), True
    try:
        yield
    finally:
        _thread.quiet = before


@contextmanager
def bulk_transaction(ids: Collection[int]) -> Iterator[None]:
    """A transaction in which these articles change."""
    with bulk_mode(), transaction.atomic():
        yield
        if not transaction.get_rollback():
            _lower_priority(ids)


def _lower_priority(ids: Collection[int]) -> None:
    waiting = Outbox.objects.filter(done_at__isnull=True, interactive=True)
    for part in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        waiting.filter(article_id__in=part).update(interactive=False)


def in_bulk_mode() -> bool:
    """Whether this thread commits quietly now."""
    return getattr(_thread, "quiet", False)
