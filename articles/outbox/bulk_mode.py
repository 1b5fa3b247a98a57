"""Bulk mode: commits that do not wait for the index.

After an ordinary save the index is updated at once, and the request waits a moment for it. In a run over
ten thousand articles every commit would wait, and the index would be written in ten thousand small pieces.
In bulk mode commits do not trigger indexing, and their outbox rows have a lower priority than those of
interactive saves. A caller of bulk mode calls `commit_hooks.finish_indexing` at the end, unless a later
commit notifies the index, as the publication of an import does; until then a worker indexes what it finds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import QuerySet

from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.models import Outbox, StoryMember

_thread = threading.local()


@contextmanager
def bulk_mode() -> Iterator[None]:
    """Keep commits of this thread inside the block from triggering indexing."""
    before, _thread.quiet = in_bulk_mode(), True
    try:
        yield
    finally:
        _thread.quiet = before


@contextmanager
def bulk_transaction(ids: Collection[int]) -> Iterator[None]:
    """Open a transaction in bulk mode and lower the priority of the outbox rows of these articles."""
    with bulk_mode(), transaction.atomic():
        yield
        if not transaction.get_rollback():
            _lower_priority(ids)


def _lower_priority(ids: Collection[int]) -> None:
    waiting = Outbox.objects.filter(done_at__isnull=True, interactive=True)
    for part in chunks(sorted(ids), MAX_SQL_PARAMETERS):
        waiting.filter(article_id__in=part).update(interactive=False)


@contextmanager
def low_priority_beside(members: Callable[[], QuerySet[StoryMember]]) -> Iterator[None]:
    """Lower the priority of outbox rows that the block writes for members of clusters, in its transaction.

    For an import, which regroups articles that readers see without anyone waiting for the result. `members`
    is called after the block, and only if it wrote such rows.
    """
    before = Outbox.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield
    new = Outbox.objects.filter(done_at__isnull=True, interactive=True, pk__gt=before)
    if new.exists():
        new.filter(article_id__in=members().order_by().values("article_id")).update(interactive=False)


def in_bulk_mode() -> bool:
    """Return True if this thread is in bulk mode."""
    return getattr(_thread, "quiet", False)
