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

from articles.batching import PARAMETERS, chunks
from articles.models import Outbox

_thread = threading.local()


@contextmanager
def quietly() -> Iterator[None]:
    """What this thread commits in it asks for no index."""
    before, _thread.quiet = nobody_waits(), True
    try:
        yield
    finally:
        _thread.quiet = before


@contextmanager
def unhurried(ids: Collection[int]) -> Iterator[None]:
    """A transaction in which these articles change."""
    with quietly(), transaction.atomic():
        yield
        if not transaction.get_rollback():
            _wait_behind(ids)


def _wait_behind(ids: Collection[int]) -> None:
    waiting = Outbox.objects.filter(done_at__isnull=True, interactive=True)
    for part in chunks(sorted(ids), PARAMETERS):
        waiting.filter(article_id__in=part).update(interactive=False)


def nobody_waits() -> bool:
    """Whether this thread commits quietly now."""
    return getattr(_thread, "quiet", False)
