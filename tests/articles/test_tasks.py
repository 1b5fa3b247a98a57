"""What the background worker does beside its tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from articles import tasks

pytestmark = pytest.mark.django_db


def test_expired_sessions_are_deleted_once_a_day() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(hours=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(hours=1))
    assert tasks.clear_sessions(now - timedelta(hours=23)) == now - timedelta(hours=23)
    assert Session.objects.count() == 2
    done = tasks.clear_sessions(now - timedelta(hours=25))
    assert done >= now
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
