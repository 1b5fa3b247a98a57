"""Logins are throttled by address, passwords are checked, and idle sessions of the staff end."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from newsarchive import settings as shipped
from search.web.guard import account_delay
from search.web.guard.account_delay import is_known_browser
from search.web.guard.reader_address import reader_address, reader_network
from search.web.guard.shared_counters import clear_counters
from search.web.guard.staff_sessions import _SEEN
from tests.search.web.guard.conftest import PASSWORD

pytestmark = pytest.mark.django_db

DOORS = ("/login/", "/admin/login/")


def type_password(client: Client, door: str, password: str, **how: str) -> int:
    """Post the form of a door and return the status."""
    return client.post(door, {"username": "librarian", "password": password}, **how).status_code


@pytest.mark.parametrize("door", DOORS)
def test_an_address_that_guesses_must_wait_even_with_the_right_password(
    english: Client, librarian: User, settings: LazySettings, door: str
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    assert [type_password(english, door, f"guess {number}") for number in range(4)] == [200, 200, 429, 429]
    for other in DOORS:
        refused = english.post(other, {"username": "librarian", "password": PASSWORD})
        assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    assert "in 15 minutes" in refused.content.decode()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    refused = english.post(door, {"username": "librarian", "password": PASSWORD})
    assert "بعد 15 دقيقة" in refused.content.decode()
    assert "_auth_user_id" not in english.session
    assert type_password(Client(), door, PASSWORD, REMOTE_ADDR="192.0.2.7") == 302, "another address may"


@pytest.mark.parametrize("door", DOORS)
def test_guesses_from_many_addresses_are_slowed_and_the_owner_is_not(
    english: Client, librarian: User, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    clear_counters()
    monkeypatch.setattr(account_delay.time, "time", lambda: 1_800_000_000.0)
    assert type_password(english, door, PASSWORD) == 302
    english.post("/logout/")
    statuses = [type_password(Client(), door, "guess", REMOTE_ADDR=f"192.0.2.{at}") for at in range(23)]
    assert statuses == [200] * 21 + [429] * 2, "each address typed one password"
    refused = Client().post(door, {"username": "librarian", "password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert (refused.status_code, refused["Retry-After"]) == (429, "15")
    assert Client().post(door, {"username": "other", "password": "x"}).status_code == 200, "another account"
    assert type_password(english, door, PASSWORD) == 302, "a browser that the owner used before"
    monkeypatch.setattr(account_delay.time, "time", lambda: 1_800_000_015.0)
    assert type_password(Client(), door, PASSWORD) == 302, "in another one at her turn"


def test_an_address_that_is_refused_takes_no_turn_of_the_account(
    librarian: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_counters()
    settings.AXES_FAILURE_LIMIT = 10
    monkeypatch.setattr(account_delay.time, "time", lambda: 1_800_000_000.0)
    for at in range(20):
        type_password(Client(), "/login/", "guess", REMOTE_ADDR=f"192.0.2.{1 + at % 2}")
    refused = Client().post("/login/", {"username": "librarian", "password": "x"}, REMOTE_ADDR="192.0.2.1")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > account_delay.SLOT_SECONDS, "its own wait"
    assert type_password(Client(), "/login/", PASSWORD, REMOTE_ADDR="192.0.2.9") == 302


def test_a_browser_is_known_for_its_own_account_and_until_the_password_changes(
    english: Client, librarian: User
) -> None:
    request = RequestFactory().get("/")
    assert not is_known_browser(request, "librarian")
    type_password(english, "/login/", PASSWORD)
    cookie = english.cookies[account_delay.COOKIE]
    assert cookie["httponly"]
    request.COOKIES[account_delay.COOKIE] = cookie.value
    User.objects.create_user("other")
    assert is_known_browser(request, "librarian")
    assert not is_known_browser(request, "other")
    assert not is_known_browser(request, "nobody")
    librarian.set_password("another horse battery")
    librarian.save()
    assert not is_known_browser(request, "librarian")


def test_after_the_wait_the_address_may_try_again(
    english: Client, librarian: User, settings: LazySettings
) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for _number in range(3):
        type_password(english, "/login/", "guess")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert type_password(english, "/login/", PASSWORD) == 302


def test_the_typed_password_is_stored_nowhere(english: Client, librarian: User) -> None:
    type_password(english, "/login/", "very wrong horse")
    assert "very wrong horse" not in str(AccessAttempt.objects.values())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "told"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_behind_proxies_the_last_trusted_one_tells_the_address(
    settings: LazySettings, proxies: int, forwarded: str, told: str
) -> None:
    settings.PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert reader_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers)) == told


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("2001:db8:1:2:3::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ".".join("0000")),
    ],
)
def test_a_network_of_ipv6_is_one_reader(address: str, network: str) -> None:
    assert reader_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.fixture
def as_shipped(settings: LazySettings) -> None:
    """Check passwords as in service."""
    settings.AUTH_PASSWORD_VALIDATORS = shipped.AUTH_PASSWORD_VALIDATORS


@pytest.mark.parametrize("password", ["1", "password123", "12345678901234", "admin"])
def test_weak_passwords_are_refused_by_the_setup_and_by_django(
    as_shipped: None, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    with pytest.raises(CommandError, match="refused"):
        call_command("setup_archive", no_static=True, no_samples=True)
    with pytest.raises(CommandError, match="refused"):
        call_command("createsuperuser", interactive=False, username="root", email="")
    assert not User.objects.exists()


def test_the_form_of_a_new_user_refuses_a_weak_password(
    as_shipped: None, english: Client, librarian: User
) -> None:
    english.force_login(librarian)
    data = {"username": "new", "password1": "1", "password2": "1", "role": "administrator"}
    assert "too short" in english.post("/admin/auth/user/add/", data).content.decode()
    assert not User.objects.filter(username="new").exists()


def test_an_idle_session_of_the_staff_ends(english: Client, librarian: User, settings: LazySettings) -> None:
    settings.STAFF_IDLE_MINUTES = 30
    english.force_login(librarian)
    assert english.get("/admin/").status_code == 200
    session = english.session
    session[_SEEN] = int(time.time()) - 29 * 60
    session.save()
    assert english.get("/admin/").status_code == 200
    assert english.session[_SEEN] > time.time() - 60, "each request counts anew"
    session = english.session
    session[_SEEN] = int(time.time()) - 31 * 60
    session.save()
    assert english.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_readers_stay_logged_in(english: Client, db: None) -> None:
    english.force_login(User.objects.create_user("reader"))
    session = english.session
    session[_SEEN] = 1
    session.save()
    assert english.get("/saved/").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_name_longer_than_any_is_a_failed_login_like_others(english: Client, door: str) -> None:
    answer = english.post(door, {"username": "ب" * 3000, "password": "guess"})
    assert answer.status_code == 200
    assert AccessAttempt.objects.get().username == "ب" * 255
