"""The answers 403 to a form, 413 to too large a body, and 429 to too many requests."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.query.request import SearchRequest
from search.web.guard.way_back import way_back

FORBIDDEN, CONTENT_TOO_LARGE, TOO_MANY_REQUESTS = 403, 413, 429
#: A longer time is told in hours.
_MOST_MINUTES = 90
_FOR_PROGRAMS = ("/api/", "/suggest/")


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid CSRF token (settings.CSRF_FAILURE_VIEW); lead back to its page."""
    return render(request, "403_csrf.html", {"search": SearchRequest()}, status=FORBIDDEN)


def time_label(seconds: float) -> str:
    """Return a time to wait as readers say it, rounded up: in a minute, in 14 minutes, in 5 hours."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes > _MOST_MINUTES:
        hours = math.ceil(minutes / 60)
        return ngettext("in an hour", "in %(count)s hours", hours) % {"count": hours}
    return ngettext("in a minute", "in %(count)s minutes", minutes) % {"count": minutes}


def too_large() -> HttpResponse:
    """Answer 413 without reading the body: the connection is closed with it."""
    response = HttpResponse(loader.render_to_string("400.html"), status=CONTENT_TOO_LARGE)
    response.headers["Connection"] = "close"
    return response


def too_many(request: HttpRequest, seconds: float, *, login: bool = False) -> HttpResponse:
    """Answer 429 with Retry-After: JSON for programs, a page in the reader's language for people."""
    seconds = max(1, math.ceil(seconds))
    if request.path.startswith(_FOR_PROGRAMS):
        detail = f"too many requests; try again in {seconds} seconds"
        response: HttpResponse = JsonResponse({"detail": detail}, status=TOO_MANY_REQUESTS)
    else:
        title = _("Too many failed logins") if login else _("Too many requests at once")
        context = {
            "search": SearchRequest(),
            "title": title,
            "when": time_label(seconds),
            "login": login,
            "unsaved": request.method == "POST" and not login,
            "again": way_back(request),
        }
        response = render(request, "429.html", context, status=TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
