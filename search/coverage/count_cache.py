"""What was counted over the whole archive, kept in this process until anything that readers see changes.

The key is what the outbox and the index know of changes, read before counting. A change leaves an outbox
row in its own transaction, so the waiting rows are others as soon as it is committed; it leaves them only
through a writer of the index that took a new version first (`versions.next_version`), and versions never
fall. So a key does not come back, and no count outlives what it counted, whoever wrote and wherever. Not the
newest row alone: on PostgreSQL one with a lower number may be committed later."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import Mod

from articles.models import Outbox
from search import index_state

T = TypeVar("T")
#: Counts of this many questions are kept.
MAX_CACHED_COUNTS = 24
#: Squares are summed modulo this, so that a million of them fit a column of 64 bits.
_PRIME = 1_000_003

_lock = Lock()
_kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()


def cached_count(question: Hashable, count: Callable[[], T]) -> T:
    """The answer to the question: that of `count`, called once for a state of the archive. Nobody may change
    what it returns."""
    key = archive_state_key()
    with _lock:
        if question in _kept and _kept[question][0] == key:
            _kept.move_to_end(question)
            answer: T = _kept[question][1]
            return answer
    found = count()
    with _lock:
        _kept[question] = (key, found)
        _kept.move_to_end(question)
        while len(_kept) > MAX_CACHED_COUNTS:
            _kept.popitem(last=False)
    return found


def clear_count_cache() -> None:
    """Count everything anew."""
    with _lock:
        _kept.clear()


def archive_state_key() -> Hashable:
    """What stands for the archive as it is now. Two queries that indexes answer."""
    version = index_state.get_index_state().version
    waiting = Outbox.objects.filter(done_at__isnull=True).aggregate(
        rows=Count("pk"), newest=Max("pk"), sum=Sum("pk"), squares=Sum(Mod(F("pk") * F("pk"), _PRIME))
    )
    return (version, *waiting.values())
