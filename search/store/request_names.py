"""The names of the archive as one request sees them: their state is read from the database once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from articles.models import Audience
from search.store.archive_names import ArchiveNames, StoreState, archive_names, read_store_state

#: The state that this request has read; empty until it needs it, None outside of requests.
_state_of_request: ContextVar[list[StoreState | None] | None] = ContextVar("state_of_request", default=None)


@contextmanager
def names_read_once() -> Iterator[None]:
    """Read the state of names and vocabulary at most once in this context, as it is then."""
    token = _state_of_request.set([])
    try:
        yield
    finally:
        _state_of_request.reset(token)


def store_state() -> StoreState | None:
    """Return the state of names and vocabulary, for a request as of the first time it asked."""
    shared = _state_of_request.get()
    if shared is None:
        return read_store_state()
    if not shared:
        shared.append(read_store_state())
    return shared[0]


def current_names() -> ArchiveNames:
    """Return the names in that state."""
    return archive_names(store_state())


def restricted_sources() -> Mapping[int, Audience]:
    """Return the sources that are not for everyone, and whom they are for."""
    return current_names().audiences
