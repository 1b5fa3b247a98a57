"""Notification on commit that the outbox was written, so that the index can be updated at once.

The outbox does not depend on this: triggers write its rows, and a lost notification only delays indexing.
Statements are watched instead of model signals, because Django sends no signal for `update`, `bulk_create`,
`bulk_update` and raw SQL, and a post_delete receiver would make every cascade load its rows first.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.dispatch import Signal

from articles.models import Article, DateMention, ImportBatch, Place, PlaceMention, StoryMember
from articles.outbox.bulk_mode import in_bulk_mode

#: Sent after a commit that may have written outbox rows. Arguments: `wait`, the longest time in seconds
#: that the sender waits (None: until everything is indexed); `batches`: True if a batch was published or
#: rolled back, so that its articles are waited for too. Receivers return True if the change is searchable.
outbox_written = Signal()

_WATCHED: tuple[type[Model], ...] = (Article, PlaceMention, DateMention, StoryMember, ImportBatch, Place)
_WRITES = re.compile(
    r'\s*(?:INSERT|REPLACE|UPDATE|DELETE)\b[^"]{0,40}"?'
    rf"(?P<table>{'|'.join(model._meta.db_table for model in _WATCHED)})\b",
    re.IGNORECASE,
)
_outcome = threading.local()


def searchable_now() -> bool | None:
    """Return True if this thread's last commit is searchable already; None if no indexing was attempted.

    Used by the message after a save: "searchable now" or "will be searchable shortly".
    """
    return getattr(_outcome, "searchable", None)


def finish_indexing(wait: float | None = None) -> bool:
    """Index all pending changes of the outbox, as commands do at their end.

    `wait` is the longest time in seconds (None: no limit). Returns False if rows are left, e.g. because the
    engine is down; they stay in the outbox.
    """
    return _send(wait, batches=True)


def watch_connection(sender: object, *, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Watch the statements of a new connection (receiver of `connection_created`)."""
    if _watch_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch_statement)


def _watch_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and (write := _WRITES.match(sql)):
        connection = context["connection"]
        batch = write["table"].lower() == ImportBatch._meta.db_table
        # Outside a transaction SQLite commits an INSERT … RETURNING only when its rows are fetched, which
        # happens later; `notify_created` handles those.
        later = "RETURNING" in sql and not connection.in_atomic_block
        if not later and not _changes_nothing(sql, context["cursor"].rowcount, batch=batch):
            _notify_on_commit(connection, _batch_committed if batch else _article_committed)
    return result


def _changes_nothing(sql: str, rows: int, *, batch: bool) -> bool:
    """Return True if a statement that has run wrote no row of the outbox.

    Heartbeats look for batches to settle and find none, and an import renews its lease. Notified of those,
    its worker would begin to send the changes of others, and keep a save waiting for its turn.
    """
    if "RETURNING" in sql:  # SQLite counts the rows when they are fetched
        return False
    head = sql.partition("WHERE")[0]
    return not rows or (batch and head.lstrip()[:6].upper() == "UPDATE" and "state" not in head)


def notify_created(sender: type[Model], *, created: bool, using: str, **_: Any) -> None:
    """Notify of a new row that was saved outside a transaction (receiver of `post_save`)."""
    if created and sender in _WATCHED and not (connection := connections[using]).in_atomic_block:
        _notify_on_commit(connection, _batch_committed if sender is ImportBatch else _article_committed)


def _notify_on_commit(connection: BaseDatabaseWrapper, notify: Callable[[], None]) -> None:
    """Register `notify` once per transaction; a savepoint rolled back drops only its own registration."""
    last = connection.run_on_commit[-1:]
    if not any(entry[0] == set(connection.savepoint_ids) and entry[1] is notify for entry in last):
        transaction.on_commit(notify, using=connection.alias, robust=True)


def _article_committed() -> None:
    if not in_bulk_mode():
        _send(settings.SAVE_WAITS_FOR_INDEX, batches=False)


def _batch_committed() -> None:
    if not in_bulk_mode():
        _send(settings.SAVE_WAITS_FOR_INDEX, batches=True)


def _send(wait: float | None, *, batches: bool) -> bool:
    answers = outbox_written.send_robust(sender=None, wait=wait, batches=batches)
    _outcome.searchable = all(answer is True for _receiver, answer in answers) if answers else None
    return bool(_outcome.searchable)
