"""Processes that help an import: how one starts, and how it ends when the import does, whatever ended it.

This module is what a new process imports first, so it imports nothing that needs Django's models."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait


class WorkerProcesses:
    """The processes that help this one: first to prepare records, then to analyse the articles for the index.
    They end when nobody uses them any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._pool: ProcessPoolExecutor | None = None

    @contextmanager
    def used(self) -> Iterator[None]:
        """What is started in it, or runs already, stays to its end at least."""
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                done = None if self._users else self._pool
                if done:
                    self._pool = None
            if done:
                done.shutdown(wait=True, cancel_futures=True)

    def start(self, processes: int) -> ProcessPoolExecutor:
        """So many, unless some run already. To be called in `used`."""
        with self._lock:
            if self._pool is None:
                self._pool = new_executor(processes)
            return self._pool

    def running(self) -> ProcessPoolExecutor | None:
        """Those that run, if any do. To be called in `used`."""
        with self._lock:
            return self._pool


def new_executor(processes: int) -> ProcessPoolExecutor:
    """Processes with Django set up. Spawned, not forked: the importing process has threads (the drainer) and
    connections that a copy must not share."""
    return ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_initialize_worker
    )


def _initialize_worker() -> None:
    """In the new process: Ctrl-C is for the process that imports, and its end is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    import django  # noqa: PLC0415  this module is imported before Django is set up

    django.setup()
    gc.freeze()  # the collector need not look at what stays


def _end_with_parent() -> None:
    """A process that was killed closes no queue, and its helpers would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


worker_processes = WorkerProcesses()
