"""Which audience a reader belongs to, and which sources that hides from them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser, User

from articles import permissions
from articles.models.authorities import Audience


def audience_of(user: User | AnonymousUser) -> Audience:
    """Return the narrowest audience that a reader belongs to; closed accounts are strangers."""
    if not isinstance(user, User) or not user.is_active:
        return Audience.EVERYONE
    role = permissions.user_role(user)
    if role in (permissions.LIBRARIAN, permissions.ADMINISTRATOR):
        return Audience.LIBRARIANS
    return Audience.DESK if role in permissions.ROLES else Audience.ACCOUNTS


def sources_hidden_from(user: User | AnonymousUser, restricted: Mapping[int, Audience]) -> frozenset[int]:
    """Return those of some sources, each with its audience, that a reader may not see.

    Nothing is asked of the account if there are none.
    """
    if not restricted:
        return frozenset()
    hidden = audience_of(user).hidden_audiences()
    return frozenset(source for source, audience in restricted.items() if audience in hidden)
