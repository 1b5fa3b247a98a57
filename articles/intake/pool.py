"""Processes that help an import: how one starts, and how it ends when the import does, whatever ended it.

This module is what a new process imports first, so it imports nothing that needs Django's models."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait


def new_pool(processes: int) -> ProcessPoolExecutor:
    """Processes with Django set up. Spawned, not forked: the importing process has threads (the drainer) and
    connections that a copy must not share."""
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """In the new process: Ctrl-C is for the process that imports, and its end is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    import django  # noqa: PLC0415  this module is imported before Django is set up

    django.setup()


def _end_with_parent() -> None:
    """A process that was killed closes no queue, and its helpers would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
