"""Whose eyes a request reads with: some sources are for accounts or for some roles only.

The web layer says who reads (search/web/accounts/reader_access.py). Commands and the worker read everything
unless they say otherwise. `Article.objects.visible()` and `get_engine` ask here, so that no page needs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property


class SourceScope:
    """The sources that one reader may not see; `find_hidden` is called at most once, and only if needed."""

    def __init__(self, find_hidden: Callable[[], frozenset[int]]) -> None:
        self._find_hidden = find_hidden

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The ids of those sources."""
        return self._find_hidden()

    @contextmanager
    def active(self) -> Iterator[None]:
        """Read with this reader's eyes in this context."""
        token = _scope.set(self)
        try:
            yield
        finally:
            _scope.reset(token)


_scope: ContextVar[SourceScope | None] = ContextVar("source_scope", default=None)


def hidden_sources() -> frozenset[int]:
    """Return the ids of the sources that whoever reads in this context may not see."""
    scope = _scope.get()
    return scope.hidden if scope is not None else frozenset()
