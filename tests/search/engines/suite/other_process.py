"""A rebuild in another process, to be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from search.engines.contract import Put, SearchEngine
from tests.search.engines.suite.small import article

FORK = multiprocessing.get_context("fork")


@contextmanager
def other_rebuild(engine: SearchEngine) -> Iterator[str]:
    """Yield the name of an index that another process is filling; kill the process at the end."""
    ours, theirs = FORK.Pipe()
    child = FORK.Process(target=_start_and_wait, args=(engine, theirs))
    child.start()
    yield ours.recv()
    assert child.pid
    os.kill(child.pid, signal.SIGKILL)
    child.join()


def _start_and_wait(engine: SearchEngine, pipe: Connection) -> None:
    build = engine.start_rebuild()
    build.apply([Put(article(2))], 2)
    pipe.send(build.name)
    pipe.recv()
