"""What django-axes calls: for the name of a login, and when it refuses to check a password.

settings.AXES_USERNAME_CALLABLE, settings.AXES_LOCKOUT_CALLABLE.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from search.web.guard.reader_address import reader_network
from search.web.guard.refusals import too_many

#: Letters of a name in the column of django-axes. PostgreSQL refuses longer ones; no account has one.
_NAME_LENGTH = AccessAttempt._meta.get_field("username").max_length


def attempted_username(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """Return the name that was typed, as far as it can be saved."""
    typed = (credentials or request.POST).get("username")
    return typed[:_NAME_LENGTH] if typed else typed


def locked_out(request: HttpRequest, *_response: Any) -> HttpResponse:
    """Answer 429 with the time that is left."""
    told = getattr(request, "seconds_to_wait", None)
    return too_many(request, seconds_left(request) if told is None else told, login=True)


def seconds_left(request: HttpRequest) -> float:
    """Return after how many seconds this address may try again: its failures are then old enough.

    Failures of a later time than now, from before the clock was set back, count as failures of this moment:
    otherwise the address would have to wait until the clock is there again.
    """
    now = timezone.now()
    AccessAttempt.objects.filter(attempt_time__gt=now).update(attempt_time=now)
    began = get_cool_off_threshold(request)
    failures = (
        AccessAttempt.objects.filter(ip_address=reader_network(request), attempt_time__gte=began)
        .order_by("-attempt_time")
        .values_list("attempt_time", "failures_since_start")
    )
    limit: int = settings.AXES_FAILURE_LIMIT
    left, total = 0.0, 0
    for moment, count in failures:
        total += count
        left = (moment - began).total_seconds()
        if total >= limit:
            break
    return left
