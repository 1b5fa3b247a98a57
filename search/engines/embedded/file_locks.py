"""Locks that the kernel releases when the holding process ends, however it ends (flock(2))."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.engines.contract import EngineBusy

_POLL_SECONDS = 0.02


@contextmanager
def lock_file(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path`; raise EngineBusy if another holds it for longer than `wait` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with path.open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise EngineBusy(f"another process holds {path.name}") from None
                time.sleep(_POLL_SECONDS)
        yield
