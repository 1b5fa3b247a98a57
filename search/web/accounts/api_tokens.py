"""Tokens with which programs read as an account does: made, found by their secret, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from search.models import ApiToken

Scope = ApiToken.Scope
#: So that scanners of source code recognise a token that was published by mistake.
PREFIX = "newsarchive_"
_RANDOM_BYTES = 32
_SHOWN_CHARACTERS = 6
#: How long a token may be valid, in days.
VALIDITIES = (30, 90, 365)
#: Tokens that one account may have in use.
MAX_TOKENS = 20
_USED_EVERY = timedelta(hours=1)

#: What a token with a scope may open, by the names of the addresses. Everything else is for people.
SCOPE_OF_ADDRESS: Mapping[str, Scope] = {
    "api:search": Scope.SEARCH,
    "api:search_all": Scope.SEARCH,
    "api:article": Scope.SEARCH,
    "api:why": Scope.SEARCH,
    "api:complete": Scope.SEARCH,
    "api:openapi-json": Scope.SEARCH,
    "search:feed": Scope.SEARCH,
    "search:export_file": Scope.EXPORT,
    "search:view_table": Scope.EXPORT,
    "search:cite": Scope.EXPORT,
    "search:original_file": Scope.ORIGINALS,
}


def make_token(user: User, name: str, scopes: Collection[Scope], days: int) -> tuple[ApiToken, str]:
    """Return a new token, valid for `days`, and its secret, which is kept nowhere."""
    random = secrets.token_hex(_RANDOM_BYTES)  # no hyphen, which a command would take for an option
    secret = PREFIX + random
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=_digest(secret),
        beginning=random[:_SHOWN_CHARACTERS],
        scopes=sorted(scopes),
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token, secret


def find_token(secret: str) -> ApiToken | None:
    """Return the token with this secret; None if it is unknown, revoked or expired, or its account closed.

    Notes that it is used.
    """
    now = timezone.now()
    found = ApiToken.objects.select_related("user").filter(digest=_digest(secret)).first()
    if found is None or found.revoked_at or found.expires_at <= now or not found.user.is_active:
        return None
    if found.used_at is None or not now - _USED_EVERY <= found.used_at <= now:  # the clock may be set back
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    return found


def revoke_token(token: ApiToken) -> None:
    """Make a token invalid from now on; one that was revoked before keeps its time."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
