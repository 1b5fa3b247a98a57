"""A cache of counts over the whole archive, valid until anything that readers see changes.

The key is the state of the outbox and of the index, read before counting. A change adds an outbox row in its
own transaction, so the waiting rows differ as soon as it is committed. A row leaves them only after a writer
of the index has taken a new version (`index_state.next_version`), and versions never decrease. Keys are
therefore never reused, and a cached count cannot be stale. The newest row alone would not do: on PostgreSQL a
row with a lower number may be committed later.
"""

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
#: Number of counts that are kept.
MAX_CACHED_COUNTS = 24
#: Squares are summed modulo this prime, so that a million of them fit into 64 bits.
_PRIME = 1_000_003

_lock = Lock()
_kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()


def cached_count(question: Hashable, count: Callable[[], T]) -> T:
    """Return `count()`, called once per state of the archive. The result must not be changed."""
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
    """Forget all counts."""
    with _lock:
        _kept.clear()


def archive_state_key() -> Hashable:
    """Return a key for the present state of the archive. Two queries that indexes answer."""
    version = index_state.get_index_state().version
    waiting = Outbox.objects.filter(done_at__isnull=True).aggregate(
        rows=Count("pk"), newest=Max("pk"), sum=Sum("pk"), squares=Sum(Mod(F("pk") * F("pk"), _PRIME))
    )
    return (version, *waiting.values())
