"""Locks that the kernel releases when the holding process ends, however it ends (flock(2))."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines.contract import EngineBusy, EngineUnavailable

_POLL_SECONDS = 0.02


@contextmanager
def lock_file(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path`; raise EngineBusy if another holds it for longer than `wait` seconds.

    Raises EngineUnavailable if the disk cannot be written.
    """
    deadline = time.monotonic() + wait
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a")
    except OSError as error:
        raise EngineUnavailable(f"{path} cannot be written: {error.strerror}") from error
    with handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise EngineBusy(f"another process holds {path.name}") from None
                time.sleep(_POLL_SECONDS)
        yield
