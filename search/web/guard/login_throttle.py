"""What django-axes calls when it refuses to check a password (settings.AXES_LOCKOUT_CALLABLE)."""

from __future__ import annotations

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from search.web.guard.reader_address import reader_network
from search.web.guard.refusals import too_many


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
