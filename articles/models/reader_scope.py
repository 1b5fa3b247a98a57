"""Whose eyes a request reads with: some sources are for accounts or for some roles only.

The web layer says who reads (search/web/accounts/reader_access.py). Commands and the worker read everything
unless they say otherwise. `Article.objects.visible()` and `get_engine` ask here, so that no page needs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from django.contrib.auth.models import AnonymousUser, User

from articles import permissions
from articles.models.authorities import Audience


class SourceScope:
    """The sources that one reader may not see, found out at most once, and only if needed.

    `restricted` returns the sources that are not for everyone and whom they are for; `audience` the narrowest
    audience that the reader belongs to. It is called only if there are such sources.
    """

    def __init__(
        self, restricted: Callable[[], Mapping[int, Audience]], audience: Callable[[], Audience]
    ) -> None:
        self._restricted, self._audience = restricted, audience

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The ids of those sources."""
        restricted = self._restricted()
        if not restricted:
            return frozenset()
        hidden = self._audience().hidden_audiences()
        return frozenset(source for source, audience in restricted.items() if audience in hidden)

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


def audience_of(user: User | AnonymousUser) -> Audience:
    """Return the narrowest audience that a reader belongs to; closed accounts are strangers."""
    if not isinstance(user, User) or not user.is_active:
        return Audience.EVERYONE
    role = permissions.user_role(user)
    if role in (permissions.LIBRARIAN, permissions.ADMINISTRATOR):
        return Audience.LIBRARIANS
    return Audience.DESK if role in permissions.ROLES else Audience.ACCOUNTS
