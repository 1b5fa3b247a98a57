"""Locks between processes that `kill -9` frees: `flock` with SQLite, session advisory locks in PostgreSQL.

PostgreSQL's need a real session: a pooler in transaction mode between Django and the server breaks them.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Literal

from django.conf import settings
from django.db import Error, connection

LockName = Literal["drain", "rebuild", "fan-out"]

#: Two-part keys of advisory locks: ours, then the lock's or that of the turn to take it. The first is "news"
#: in ASCII.
_CLASS = 0x6E657773
_KEYS = {"drain": 1, "rebuild": 2, "fan-out": 3, "drain-turn": 4, "rebuild-turn": 5, "fan-out-turn": 6}
_POLL_SECONDS = 0.005


class LockHeldError(Exception):
    """Another process held the lock for the whole waiting time."""


@contextmanager
def locked(name: LockName, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock; not reentrant. Raises LockHeldError after `wait` seconds.

    Who waits holds a second lock meanwhile and is therefore the next one: on a busy machine a process that
    frees the lock and takes it again at once would often be quicker than those that look every few
    milliseconds.
    """
    deadline = time.monotonic() + wait
    hold = _flocked if connection.vendor == "sqlite" else _advisory
    with ExitStack() as held:
        if wait:
            with hold(f"{name}-turn", deadline):
                held.enter_context(hold(name, deadline))
        else:
            held.enter_context(hold(name, deadline))
        yield


def is_held(name: LockName) -> bool:
    """Return True if any process, this one included, holds the lock now."""
    if connection.vendor == "sqlite":
        with _lock_file(name) as file:
            return not _try_flock(file)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s AND objid = %s"
            " AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [_CLASS, _KEYS[name]],
        )
        return cursor.fetchone() is not None


def _lock_file(name: str) -> IO[str]:
    folder = Path(settings.ARCHIVE_DATA_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{name}.lock").open("w")


def _try_flock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _flocked(name: str, deadline: float) -> Iterator[None]:
    with _lock_file(name) as file:
        while not _try_flock(file):
            _sleep_until(deadline, name)
        yield  # closing the file releases the lock


@contextmanager
def _advisory(name: str, deadline: float) -> Iterator[None]:
    key = [_CLASS, _KEYS[name]]
    while not _ask("SELECT pg_try_advisory_lock(%s, %s)", key):
        _sleep_until(deadline, name)
    try:
        yield
    finally:
        try:
            _ask("SELECT pg_advisory_unlock(%s, %s)", key)
        except Error:
            connection.close()  # the session is broken; its end releases the lock


def _ask(sql: str, parameters: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return bool(cursor.fetchone()[0])


def _sleep_until(deadline: float, name: str) -> None:
    if time.monotonic() >= deadline:
        raise LockHeldError(f"another process holds the {name.removesuffix('-turn')} lock")
    time.sleep(_POLL_SECONDS)
