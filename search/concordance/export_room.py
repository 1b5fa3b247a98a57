"""How many exports of words in context are made at once and kept: for a reader, for an address, for all.

An export reads every hit of a search, for up to five minutes of the worker. Readers without an account are
known by a name in their session. A client without cookies gets a new one with each request, so such readers
are counted by their network too. Of the network only a keyed hash is stored: a copy of the database alone
does not tell who looked for what.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from search.models import ContextExport

State = ContextExport.State
#: Exports are deleted after this time.
KEPT_FOR = timedelta(days=7)
#: Those of readers without an account make room for others after this time, if there is no other room.
SURELY_KEPT = timedelta(days=1)
#: A running export that has not changed for so long was lost with its process.
LOST_AFTER = timedelta(minutes=2)
#: One that waits counts as unfinished for so long: the worker may be busy with an import.
WAITS_AT_MOST = timedelta(hours=1)
_DAY = timedelta(days=1)
#: How many unfinished ones one address may have.
_AT_ONCE_EACH = 2
_STRANGER = Q(owner__startswith="session:")
#: Key of the advisory lock in PostgreSQL: "export" in ASCII.
_LOCK_KEY = 0x6578706F7274

Shortage = Literal["own", "address", "busy", "room"]


class NoRoomError(Exception):
    """There are as many exports as the settings allow.

    `shortage` says which are too many: the reader's own, those of an address today, those being made, those
    kept. `seconds` is when it is worth trying again, 0 if the reader has to delete one.
    """

    def __init__(self, shortage: Shortage, wait: timedelta = timedelta()) -> None:
        super().__init__(shortage)
        self.shortage = shortage
        self.seconds = wait.total_seconds()


@contextmanager
def export_room(owner: str, network: str) -> Iterator[str]:
    """Yield what to store of the network, in a transaction in which nobody else takes the same room.

    Raises NoRoomError.
    """
    if connection.vendor == "postgresql":  # on SQLite no other transaction can write at the same time
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
    label = salted_hmac("search.concordance.export_room", network).hexdigest()[:32] if network else ""
    kept = ContextExport.objects.exclude(state=State.FAILED)  # which keep no result
    if kept.filter(owner=owner).count() >= settings.CONTEXT_EXPORTS_EACH:
        raise NoRoomError("own")
    if owner.startswith("session:"):
        _check_address(label)
        _check_unfinished(label)
        # Readers without an account leave half of the room to those who have one.
        _make_room(kept.filter(_STRANGER), max(1, settings.CONTEXT_EXPORTS_IN_ALL // 2))
    _make_room(kept, settings.CONTEXT_EXPORTS_IN_ALL)
    yield label


def _check_address(label: str) -> None:
    now = timezone.now()
    # Rows that lie ahead were made before the clock was set back.
    today = ContextExport.objects.filter(network=label, made_at__range=(now - _DAY, now))
    most = settings.CONTEXT_EXPORTS_OF_ADDRESS
    if label and most and today.count() >= most:
        raise NoRoomError("address", today.order_by("-made_at")[most - 1].made_at + _DAY - now)


def _check_unfinished(label: str) -> None:
    now = timezone.now()
    unfinished = ContextExport.objects.filter(
        Q(state=State.WAITING, made_at__range=(now - WAITS_AT_MOST, now))
        | Q(state=State.RUNNING, changed_at__range=(now - LOST_AFTER, now)),
        _STRANGER,
    )
    own = unfinished.filter(network=label).count() if label else 0
    if own >= _AT_ONCE_EACH or unfinished.count() >= settings.CONTEXT_EXPORTS_AT_ONCE:
        raise NoRoomError("busy", LOST_AFTER)


def _make_room(kept: QuerySet[ContextExport], most: int) -> None:
    """Delete strangers' finished exports that are older than SURELY_KEPT, until there is room for one."""
    excess = kept.count() - most + 1
    if excess <= 0:
        return
    now = timezone.now()
    finished = kept.filter(_STRANGER, state=State.DONE).order_by("made_at", "pk")
    old = [*finished.filter(made_at__lt=now - SURELY_KEPT).values_list("pk", flat=True)[:excess]]
    if len(old) < excess:
        oldest = kept.order_by("made_at").values_list("made_at", flat=True).first() or now
        kept_for = SURELY_KEPT if finished.exists() else KEPT_FOR
        raise NoRoomError("room", max(oldest + kept_for - now, LOST_AFTER))
    ContextExport.objects.filter(pk__in=old).delete()
