"""How long one page of a reader has waited for an engine, over all of its questions together.

A page asks several times. If each may take the time of one, a slow server makes a page as slow as all of
them together, and a frozen one makes a page without results wait twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

#: What a page may wait in all, as a multiple of what one question may take.
SHARE_OF_PAGE = 1.5
#: With less time left than this, in seconds, nothing is asked any more.
_LEAST_SECONDS = 0.05


@dataclass
class PageWait:
    """The time that a page has spent waiting."""

    spent: float = 0.0
    given_up: bool = False

    def seconds_for(self, timeout: float) -> float:
        """Return how long the next question may take, of `timeout` for one; 0.0 if the page gave up."""
        left = timeout * SHARE_OF_PAGE - self.spent
        return 0.0 if self.given_up or left < _LEAST_SECONDS else min(timeout, left)


_current: ContextVar[PageWait | None] = ContextVar("page_wait", default=None)


@contextmanager
def limited_wait() -> Iterator[None]:
    """Limit what the code in the block waits for an engine."""
    token = _current.set(PageWait())
    try:
        yield
    finally:
        _current.reset(token)


def current_wait() -> PageWait | None:
    """Return the wait of the page that this thread makes; None outside of pages."""
    return _current.get()


@contextmanager
def counted(wait: PageWait) -> Iterator[None]:
    """Count the time of the block as waiting."""
    began = time.monotonic()
    try:
        yield
    finally:
        wait.spent += time.monotonic() - began
