"""Counters that all processes of this machine share, in a small SQLite file of their own.

SQLite adds one and returns the sum in one statement, under its own lock, so that no request is lost between
two processes. With a write-ahead log and `synchronous=NORMAL` it waits for the disk only when it empties the
log, once in about a thousand pages. A power cut may lose the last counts but does not damage the file, as
`synchronous=OFF` might: then nothing would be counted until somebody deleted it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

#: How long a statement waits for other processes, in seconds; then the request is served uncounted.
_PATIENCE_SECONDS = 0.25
_SWEEP_SECONDS = 60.0
#: The longest time for which `count` keeps a counter. The sweep also deletes counters that end later than
#: this from now: they were written before the clock was set back, and would go on counting.
LONGEST_SECONDS = 60.0
#: At most one warning in so many seconds, by each thread.
_WARNING_SECONDS = 60.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, number INTEGER NOT NULL, until REAL NOT NULL)"
    " WITHOUT ROWID"
)
_ADD = (
    "INSERT INTO counter VALUES (?, 1, ?) ON CONFLICT (name) DO UPDATE SET number = number + 1"
    " RETURNING number"
)
_local = threading.local()


def counters_file() -> Path:
    """Return the file of this archive."""
    return Path(settings.ARCHIVE_DATA_DIR) / "counters.sqlite3"


def count(name: str, until: float) -> int:
    """Add one to a counter and return its new value.

    `until` is when the counter ends, in seconds since 1970, at most LONGEST_SECONDS from now. Return 0 if
    nothing can be written, as on a full or read-only disk: the archive can then still be read.
    """
    try:
        base = _connection()
        (number,) = base.execute(_ADD, (name, until)).fetchone()
        if time.monotonic() > _local.sweep_at:
            _local.sweep_at = time.monotonic() + _SWEEP_SECONDS
            with suppress(sqlite3.Error):  # this one is counted; the next sweep deletes what is over
                now = time.time()
                base.execute(
                    "DELETE FROM counter WHERE NOT until BETWEEN ? AND ?", (now, now + LONGEST_SECONDS)
                )
    except (sqlite3.Error, OSError) as error:
        _give_up(error)
        if _is_damaged(error):
            _set_aside(error)
        return 0
    return int(number)


def _is_damaged(error: Exception) -> bool:
    """Return True for a file that is no database, is cut or lacks our table: it stays like that."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "no such " in str(error)


def _set_aside(error: Exception) -> None:
    """Rename a damaged file, so that the next count begins a new one; unless another process has done so."""
    with suppress(OSError):
        if counters_file().stat().st_ino != _local.file:
            return
    logger.error("the counters are begun anew, %s is damaged: %s", counters_file(), error)
    for name in (counters_file(), *(Path(f"{counters_file()}{end}") for end in ("-wal", "-shm"))):
        with suppress(OSError):
            name.replace(f"{name}.damaged")


def _give_up(error: Exception) -> None:
    """Close this thread's connection, so that the next count opens another one, and warn now and then."""
    if (base := getattr(_local, "base", None)) is not None:
        with suppress(sqlite3.Error):
            base.close()
    _local.base = None
    if time.monotonic() > getattr(_local, "warn_at", 0.0):
        logger.warning("requests are not counted, no limit holds: %s: %s", type(error).__name__, error)
        _local.warn_at = time.monotonic() + _WARNING_SECONDS


def clear_counters() -> None:
    """Forget all counters."""
    _connection().execute("DELETE FROM counter")


def _connection() -> sqlite3.Connection:
    """Return this thread's connection to the file, a new one after a fork or for another archive."""
    owner = (os.getpid(), str(counters_file()))
    if getattr(_local, "base", None) is None or _local.owner != owner:
        counters_file().parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(counters_file(), timeout=_PATIENCE_SECONDS, isolation_level=None)
        _local.file = counters_file().stat().st_ino
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=NORMAL")
        base.execute(_TABLE)
        _local.base, _local.owner, _local.sweep_at = base, owner, time.monotonic() + _SWEEP_SECONDS
    found: sqlite3.Connection = _local.base
    return found
