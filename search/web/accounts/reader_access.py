"""Who reads: a stranger, an account or a program with a token, and what that lets them open.

In a private archive (settings.ARCHIVE_REQUIRES_LOGIN) strangers see the login alone. In any archive a source
may be shown to some readers only (articles/source_scope.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils.cache import patch_vary_headers

from articles.models.audiences import sources_hidden_from
from articles.source_scope import SourceScope
from search.models import ApiToken
from search.store.request_names import restricted_sources
from search.web.accounts.access_log import record_access
from search.web.accounts.api_tokens import SCOPE_OF_ADDRESS, find_token
from search.web.guard.way_back import lead_to_login

#: What strangers may open in a private archive: nothing of it has a word of an article.
_OPEN = frozenset(
    (
        *("search:login", "search:logout", "search:alive", "search:ready", "search:metrics"),
        *("search:robots", "search:opensearch"),
        "search:login_code",
    )
)
#: Addresses that programs open: they get a status instead of the login page.
_FOR_PROGRAMS = frozenset(
    (
        "search:feed",
        "search:suggest",
        "search:opensearch_suggestions",
        "search:sitemap",
        "search:sitemap_page",
        "search:view_table",
    )
)
_BEARER = "Bearer "


class ReaderAccessMiddleware:
    """Finds out who reads, refuses what they may not open, and records what they opened.

    It follows Django's AuthenticationMiddleware. The database is asked for the account only where the archive
    is private or some source is not for everyone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        header = request.headers.get("Authorization", "")
        token = find_token(header.removeprefix(_BEARER).strip()) if header.startswith(_BEARER) else None
        if header.startswith(_BEARER):
            if token is None:
                return _refused(401, "this token is unknown, revoked or expired")
            request.user = token.user
        request.META[_TOKEN_KEY] = token
        scope = SourceScope(lambda: sources_hidden_from(request.user, restricted_sources()))
        with scope.active():
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            content = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = _streamed(iter(content), scope)
        patch_vary_headers(response, ["Authorization"])
        record_access(request, response, token)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Return a refusal, or None to go on."""
        match, token = request.resolver_match, request_token(request)
        name = match.view_name if match else ""
        if token is not None:
            scope = SCOPE_OF_ADDRESS.get(name)
            if scope is None or request.method not in ("GET", "HEAD"):
                return _refused(403, "tokens do not open this address")
            return (
                None if scope in token.scopes else _refused(403, f"the token lacks the scope {scope.value}")
            )
        if not settings.ARCHIVE_REQUIRES_LOGIN or name in _OPEN or name.startswith("admin:"):
            return None
        if request.user.is_authenticated:
            return None
        if name.startswith("api:") or name in _FOR_PROGRAMS:
            return _refused(401, "this archive is private: log in, or send a token")
        return lead_to_login(request)


#: Key of the token in `HttpRequest.META`.
_TOKEN_KEY = "newsarchive.api_token"  # noqa: S105  a name, not a secret


def request_token(request: HttpRequest) -> ApiToken | None:
    """Return the token that came with a request."""
    token: ApiToken | None = request.META.get(_TOKEN_KEY)
    return token


def _streamed(parts: Iterator[bytes], scope: SourceScope) -> Iterator[bytes]:
    """Yield a body that is made while it is sent, after the request itself has ended."""
    while True:
        with scope.active():
            part = next(parts, None)
        if part is None:
            return
        yield part


def _refused(status: int, reason: str) -> JsonResponse:
    headers = {"WWW-Authenticate": 'Bearer realm="news archive"'} if status == 401 else {}
    return JsonResponse({"detail": reason}, status=status, headers=headers)
