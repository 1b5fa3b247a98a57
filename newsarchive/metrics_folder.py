"""The folder in which the processes of a web server share their counters (prometheus-client)."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_counters() -> None:
    """Name a new folder in the environment, before prometheus-client is imported; it goes with this process.

    In memory where possible: it is written at every request.
    """
    if os.environ.get(_VARIABLE):
        return
    memory = "/dev/shm"  # noqa: S108  a file system of the machine, not a file of ours
    place = memory if os.access(memory, os.W_OK | os.X_OK) else None
    folder = tempfile.mkdtemp(prefix="newsarchive-metrics-", dir=place)
    os.environ[_VARIABLE] = folder
    atexit.register(_remove, folder, os.getpid())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # not in a fork
        shutil.rmtree(folder, ignore_errors=True)
