"""Slows guesses at the password of one account that come from many addresses; django-axes counts by address.

After FREE_FAILURES failed logins with a name within the time that django-axes keeps them, one password for
that name is checked every SLOT_SECONDS; other attempts are refused. The owner's own browsers carry a signed
cookie and are not slowed. In another browser she competes with the guesser for the turns.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from axes.exceptions import AxesBackendPermissionDenied
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from search.web.guard.shared_counters import count

FREE_FAILURES = 20
SLOT_SECONDS = 15
COOKIE = "known_browser"
COOKIE_SECONDS = 365 * 24 * 3600


class AccountDelayBackend:
    """Refuses a login before its password is checked.

    It has no `get_user`, so Django never takes it for the backend of a session.
    """

    def authenticate(self, request: HttpRequest | None, username: str | None = None, **_more: Any) -> None:
        """Return nothing, so that the next backend looks. Raises AxesBackendPermissionDenied to refuse."""
        if request is None or not username or is_known_browser(request, username):
            return
        # Not those of a later time, from before the clock was set back: they would count for all of it.
        within = (timezone.now() - settings.AXES_COOLOFF_TIME, timezone.now())
        attempts = AccessAttempt.objects.filter(username=username, attempt_time__range=within)
        failed = attempts.aggregate(failed=Sum("failures_since_start"))["failed"] or 0
        if failed < FREE_FAILURES:
            return
        now = time.time()
        slot = int(now // SLOT_SECONDS)
        name = hashlib.sha256(username.encode()).hexdigest()
        if count(f"login {name} {slot}", (slot + 1) * SLOT_SECONDS) > 1:
            # AxesMiddleware answers, and asks `login_throttle` for the time.
            vars(request).update(axes_locked_out=True, seconds_to_wait=SLOT_SECONDS - now % SLOT_SECONDS)
            raise AxesBackendPermissionDenied("this account is being guessed at")


def is_known_browser(request: HttpRequest, username: str) -> bool:
    """Return True if somebody logged in here with this name and the password that it still has."""
    try:
        signed = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return False
    users = get_user_model()
    user = users._default_manager.filter(**{users.USERNAME_FIELD: username}).first()
    return user is not None and signed == _mark(user)


class KnownBrowserMiddleware:
    """Gives the cookie to a browser that has just logged in."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if (user := getattr(request, "just_logged_in", None)) is not None:
            response.set_cookie(
                COOKIE,
                signing.dumps(_mark(user), salt=COOKIE),
                max_age=COOKIE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def note_login(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Receive user_logged_in."""
    vars(request).update(just_logged_in=user)


def _mark(user: Any) -> list[str]:
    """Return what the cookie says: whose browser, and with which password (a hash of its hash)."""
    return [str(user.pk), user.get_session_auth_hash()[:32]]
