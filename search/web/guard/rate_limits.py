"""How much strangers may ask in a minute and send at once. Whoever reads page by page never meets a limit.

docs/decisions/0050-limits.md says what counts, and where the counters are.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from search.web.accounts.reader_access import request_token
from search.web.guard.reader_address import counted_network
from search.web.guard.refusals import too_large, too_many
from search.web.guard.shared_counters import count

WINDOW = 60
#: Which limit an address counts for; every other address of readers is one of the "pages".
KINDS = {
    "search": ("results", "facet", "filters", "advanced", "why", "story", "compare", "coverage", "export"),
    "api": ("feed", "cite", "original_file", "sitemap", "sitemap_page"),
    "export": ("export_file", "selection_file", "view_table", "start_context_export", "context_export_table"),
    "suggestions": ("suggest", "opensearch_suggestions"),
    # What costs about as much as a static file, what monitors ask, and logins, which django-axes counts.
    "": ("home", "about", "help", "robots", "opensearch", "alive", "ready", "metrics", "login", "logout"),
}
_KIND_OF = {f"search:{name}": kind for kind, names in KINDS.items() for name in names}


class BodySizeMiddleware:
    """Refuses bodies that no form of the reader sends, before anything reads them.

    It stands before the check of CSRF tokens, which reads files of any size and number of bytes to the disk
    to find a token among them. The page of imports has a limit of its own, and says which.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.META.get("CONTENT_LENGTH") or "0"
        length = int(told) if told.isdecimal() else 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and length > _most_bytes(request):
            return too_large()
        return self.get_response(request)


def _most_bytes(request: HttpRequest) -> float:
    if is_stranger(request):
        return float(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if request.path == reverse("admin:articles_importbatch_upload"):
        return math.inf
    return float(settings.UPLOAD_MAX_FILE_BYTES)


class RateLimitMiddleware:
    """Counts the requests of strangers by address and minute; answers 429 above the limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Return a refusal, or None to go on."""
        kind = kind_of(request)
        limit = settings.LIMITS_A_MINUTE.get(kind, 0)
        if not limit or not is_stranger(request):
            return None
        network = counted_network(request)
        if not network:
            return None
        now = time.time()
        window = int(now // WINDOW)
        asked = count(f"{kind} {network} {window}", (window + 1) * WINDOW)
        return too_many(request, WINDOW - now % WINDOW) if asked > limit else None


def kind_of(request: HttpRequest) -> str:
    """Return the kind of limit for a request; "" for none."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name == "api:complete":
        return "suggestions"
    others = {"api": "api", "search": "pages"}
    return _KIND_OF.get(name, others.get(name.partition(":")[0], ""))


def is_stranger(request: HttpRequest) -> bool:
    """Return True for readers without an account or token."""
    if request_token(request) is not None:
        return False
    return settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session
