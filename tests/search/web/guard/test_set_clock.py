"""A clock that is set back or ahead by a day: limits hold, and refuse nobody until it is there again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.history.reader_reports import ReportRefusedError, report_mistake
from articles.models import Article
from search.web.accounts.api_tokens import find_token, make_token
from search.web.guard.shared_counters import LONGEST_SECONDS, clear_counters, count
from tests.search.web.guard.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db

SetClock = Callable[[timedelta], None]
DAY = timedelta(days=1)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Return a function that sets the clock by a difference to the true time."""
    true, seconds = timezone.now, time.time

    def change(by: timedelta) -> None:
        def now() -> datetime:
            return true() + by

        monkeypatch.setattr(timezone, "now", now)
        monkeypatch.setattr(time, "time", lambda: seconds() + by.total_seconds())

    return change


def log_in(client: Client, password: str) -> int:
    return client.post("/login/", {"username": "librarian", "password": password}).status_code


@pytest.mark.parametrize("leap", [DAY, -DAY])
def test_an_idle_session_of_the_staff_ends_whatever_the_clock_says(
    english: Client, librarian: User, set_clock: SetClock, leap: timedelta
) -> None:
    english.force_login(librarian)
    assert english.get("/admin/").status_code == 200
    set_clock(leap)
    assert english.get("/admin/").headers["Location"].startswith("/admin/login/")
    english.force_login(librarian)
    assert [english.get("/admin/").status_code for _ in range(2)] == [200, 200]


def test_an_address_waits_no_longer_than_its_time_after_the_clock_was_set_back(
    english: Client, librarian: User, settings: LazySettings, set_clock: SetClock
) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    assert [log_in(english, f"guess {number}") for number in range(2)] == [200, 429]
    set_clock(-DAY)
    refused = english.post("/login/", {"username": "librarian", "password": PASSWORD})
    assert (refused.status_code, int(refused.headers["Retry-After"]) <= 15 * 60) == (429, True)
    set_clock(-DAY + timedelta(minutes=16))
    assert log_in(english, PASSWORD) == 302


def test_a_wrong_code_does_not_lock_the_second_factor_until_the_clock_is_there_again(
    english: Client, with_device: TOTPDevice, set_clock: SetClock
) -> None:
    log_in(english, PASSWORD)
    english.post("/login/code/", {"code": "111111" if code_of(with_device) != "111111" else "222222"})
    set_clock(-DAY)
    log_in(english, PASSWORD)
    assert "in a minute" in english.post("/login/code/", {"code": "333333"}).content.decode()
    after = DAY - timedelta(minutes=2)
    set_clock(-after)
    log_in(english, PASSWORD)
    code = f"{totp(with_device.bin_key, t0=int(after.total_seconds())):06}"
    assert english.post("/login/code/", {"code": code}).status_code == 302


def test_counts_of_a_later_time_are_forgotten(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    clear_counters()
    ahead = time.time() + DAY.total_seconds() + LONGEST_SECONDS
    assert [count("search minute", ahead) for _ in range(2)] == [1, 2]
    monkeypatch.setattr("search.web.guard.shared_counters._SWEEP_SECONDS", 0.0)
    monkeypatch.setattr("search.web.guard.shared_counters._local.sweep_at", 0.0)
    count("other", time.time() + LONGEST_SECONDS)
    assert count("search minute", ahead) == 1


def test_reports_of_a_later_time_do_not_refuse_others(
    db: None, settings: LazySettings, set_clock: SetClock
) -> None:
    settings.REPORTS_OF_STRANGERS_A_DAY = 1
    articles = [Article.objects.create(title=f"خبر {number}") for number in range(3)]
    report_mistake(articles[0], "خطأ", reporter="one", by=None)
    with pytest.raises(ReportRefusedError):
        report_mistake(articles[1], "خطأ", reporter="two", by=None)
    set_clock(-DAY)
    report_mistake(articles[1], "خطأ", reporter="two", by=None)
    with pytest.raises(ReportRefusedError):
        report_mistake(articles[2], "خطأ", reporter="three", by=None)


def test_a_token_ends_by_the_clock_and_a_revoked_one_stays_revoked(
    librarian: User, set_clock: SetClock
) -> None:
    _token, secret = make_token(librarian, "x", ["search"], days=1)
    assert find_token(secret)
    set_clock(2 * DAY)
    assert find_token(secret) is None
    set_clock(-DAY)
    found = find_token(secret)
    assert found
    found.refresh_from_db()
    assert found.used_at is not None
    assert found.used_at <= timezone.now(), "its last use is not in the future"


def test_the_day_of_a_printed_page_changes_at_midnight(
    english: Client, archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = timezone.get_current_timezone()
    address = f"/articles/{Article.objects.visible().earliest('pk').pk}/"
    for moment, day in (
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=here), "31 December 2026"),
        (datetime(2027, 1, 1, 0, 0, 0, tzinfo=here), "1 January 2027"),
        (datetime(2026, 12, 31, 0, 0, 0, tzinfo=here), "31 December 2026"),
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert day in english.get(address).content.decode()
