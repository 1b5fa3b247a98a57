"""Sessions of the staff: they end when idle, and count as logged in only with the second factor."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from search.web.guard import second_factor
from search.web.guard.way_back import way_back

_SEEN = "staff_seen"
#: A session is written again after this many seconds, not at each request.
_SEEN_EVERY = 60


class StaffSessionMiddleware:
    """Behind the one that gives `request.user`. Readers without a session cost it nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return self.get_response(request)
        if request.user.is_authenticated and request.user.is_staff:
            if ended_idle(request):
                logout(request)
            else:
                return self.get_response(request) if is_open(request) else self._half_open(request)
        return self.get_response(request)

    def _half_open(self, request: HttpRequest) -> HttpResponse:
        """Treat the session as a stranger's, except on the pages that complete it."""
        user = request.user
        known = second_factor.has_device(user)
        page = reverse("search:login_code" if known else "admin:second_factor")
        if request.path == page:
            request.unverified_user = user  # type: ignore[attr-defined]  # read by `session_user`
        elif request.path.startswith(reverse("admin:index")) and request.path != reverse("admin:logout"):
            return HttpResponseRedirect(
                f"{page}?{urlencode({'next': way_back(request) or reverse('admin:index')})}"
            )
        if known or request.path != page:
            request.user = AnonymousUser()
        return self.get_response(request)


def ended_idle(request: HttpRequest) -> bool:
    """Return True if the last request of this session was more than STAFF_IDLE_MINUTES ago (0: never).

    Return True also if the last request lies in the future because the clock was set back since. Otherwise
    return False, and write the time of this request into the session, at most once in _SEEN_EVERY seconds.
    """
    now, seen = int(time.time()), request.session.get(_SEEN)
    limit = settings.STAFF_IDLE_MINUTES * 60
    if seen is not None and limit and not -_SEEN_EVERY <= now - seen <= limit:
        return True
    if seen is None or now - seen >= min(_SEEN_EVERY, limit or _SEEN_EVERY):
        request.session[_SEEN] = now
    return False


def is_open(request: HttpRequest) -> bool:
    """Return True if the session needs no second factor, or has shown it."""
    user = request.user
    if second_factor.is_verified(user):
        return True
    return not second_factor.is_required(user) and not second_factor.has_device(user)
