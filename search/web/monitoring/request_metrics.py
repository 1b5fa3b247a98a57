"""Counts requests by page, status and time, for /metrics; all processes of the web server count together."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

#: Upper limits of the classes of time, in seconds.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_REQUESTS = Counter("archive_requests", "Requests by page and status.", ["page", "status"])
_TIMES = Histogram("archive_request_seconds", "Time to an answer, by page.", ["page"], buckets=_SECONDS)
_SEARCHES = Counter(
    "archive_searches", "Searches on pages and in the API: hits, nothing, unavailable, refused.", ["outcome"]
)
#: Names of addresses with figures of their own; all others count as "other".
_PAGES = {
    "search:home": "home", "search:results": "search", "search:article": "article",
    "search:export_file": "export", "search:feed": "feed", "search:filters": "facets",
    "api:search": "api_search", "search:suggestions": "suggestions",
}  # fmt: skip
_SEARCH_PAGES = frozenset({"search", "api_search"})


class RequestMetricsMiddleware:
    """Counts every request, also those that end in an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        response = self.get_response(request)
        page = _page(request)
        _REQUESTS.labels(page, str(response.status_code)).inc()
        _TIMES.labels(page).observe(time.monotonic() - begun)
        if page in _SEARCH_PAGES:
            _SEARCHES.labels(_outcome(request, response.status_code)).inc()
        return response


def note_total(request: HttpRequest, total: int) -> None:
    """Note the number of strict hits of the search that a request asked for."""
    request.archive_total = total  # type: ignore[attr-defined]  # read by the middleware below


def _page(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "other"
    return "admin" if match.app_name == "admin" else _PAGES.get(match.view_name, "other")


def _outcome(request: HttpRequest, status: int) -> str:
    if status >= 500:
        return "unavailable"
    if status >= 400:
        return "refused"
    return "hits" if getattr(request, "archive_total", 1) else "nothing"
