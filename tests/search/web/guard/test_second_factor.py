"""Whoever has a second factor, or must have one, gets nowhere by the password alone."""

from __future__ import annotations

import re
from base64 import b32encode

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from lxml import html

from articles import permissions
from search.web.guard import second_factor
from tests.search.web.guard.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db

PAGE = "/admin/second-factor/"


@pytest.fixture
def half(english: Client, with_device: TOTPDevice) -> Client:
    """Return a client that typed the password of an account with a second factor."""
    english.post("/login/", {"username": "librarian", "password": PASSWORD, "next": "/about/"})
    return english


def test_the_login_leads_to_the_page_of_the_code_and_from_there_on(
    english: Client, with_device: TOTPDevice
) -> None:
    answer = english.post("/login/", {"username": "librarian", "password": PASSWORD, "next": "/about/"})
    assert answer["Location"] == "/login/code/?next=%2Fabout%2F"
    answer = english.post("/login/code/", {"code": code_of(with_device), "next": "/about/"})
    assert answer["Location"] == "/about/"
    assert english.get("/admin/").status_code == 200


def test_the_password_alone_opens_nothing(half: Client) -> None:
    assert half.get("/admin/articles/article/")["Location"].startswith("/login/code/?next=%2Fadmin")
    assert half.get(PAGE)["Location"].startswith("/login/code/")
    assert half.post("/admin/password_change/", {}).status_code == 302
    assert half.get("/saved/")["Location"].startswith("/login/")
    assert "Log in" in half.get("/about/").content.decode()


def test_a_wrong_code_is_refused_and_the_next_has_to_wait(half: Client, with_device: TOTPDevice) -> None:
    assert "not right" in half.post("/login/code/", {"code": "000000x"}).content.decode()
    wrong = "111111" if code_of(with_device) != "111111" else "222222"
    assert "not right" in half.post("/login/code/", {"code": wrong}).content.decode()
    waiting = half.post("/login/code/", {"code": code_of(with_device)}).content.decode()
    assert "in a minute" in waiting
    assert half.get("/admin/").status_code == 302


def test_a_code_is_taken_once(half: Client, with_device: TOTPDevice) -> None:
    code = code_of(with_device)
    half.post("/login/code/", {"code": code})
    other = Client()
    other.post("/login/", {"username": "librarian", "password": PASSWORD})
    other.post("/login/code/", {"code": code})
    assert other.get("/admin/").status_code == 302


def test_a_recovery_code_is_taken_once(half: Client, librarian: User) -> None:
    code = second_factor.new_recovery_codes(librarian)[0]
    assert half.post("/login/code/", {"code": f" {code.upper()} "}).status_code == 302
    assert half.get("/admin/").status_code == 200
    other = Client()
    other.post("/login/", {"username": "librarian", "password": PASSWORD})
    assert other.post("/login/code/", {"code": code}).status_code == 200
    assert second_factor.recovery_codes_left(librarian) == second_factor.RECOVERY_CODES - 1


def test_the_way_back_after_the_code_stays_on_this_site(half: Client, with_device: TOTPDevice) -> None:
    data = {"code": code_of(with_device), "next": "https://evil.example/"}
    assert half.post("/login/code/", data)["Location"] == "/"


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set a second factor up as a person does; return its key and the recovery codes."""
    page = client.get(PAGE).content.decode()
    assert "data:image/svg+xml" in page
    key = client.session["second_factor_key"]
    page = client.post(PAGE, {"code": code_of(TOTPDevice(key=key)), "act": "enrol"}).content.decode()
    return key, re.findall(r"<code>(\w{5}-\w{5})</code>", page)


def test_the_desk_sets_a_second_factor_up_and_shows_the_recovery_codes_once(
    english: Client, librarian: User
) -> None:
    english.force_login(librarian)
    refused = english.post(PAGE, {"code": "12", "act": "enrol"})
    assert "not right" in refused.content.decode()
    assert not second_factor.has_device(librarian)
    key, codes = set_up(english)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert english.get("/admin/").status_code == 200, "the session that set it up has shown it"
    page = english.get(PAGE).content.decode()
    assert key not in page
    assert codes[0] not in page
    assert "10 recovery codes left" in page


def test_a_second_factor_is_removed_by_its_code_only(english: Client, librarian: User) -> None:
    english.force_login(librarian)
    set_up(english)
    english.post(PAGE, {"code": "abc", "act": "remove"})
    assert second_factor.has_device(librarian)
    device = TOTPDevice.objects.get(user=librarian)
    device.last_t = -1  # as if half a minute had passed
    device.save()
    english.post(PAGE, {"code": code_of(device), "act": "remove"})
    assert not second_factor.has_device(librarian)


@pytest.mark.parametrize(
    ("setting", "role", "asked"),
    [
        ("nobody", permissions.ADMINISTRATOR, False),
        ("administrators", permissions.ADMINISTRATOR, True),
        ("administrators", permissions.LIBRARIAN, False),
        ("staff", permissions.LIBRARIAN, True),
    ],
)
def test_the_setting_says_who_must_have_one(
    english: Client, settings: LazySettings, setting: str, role: str, asked: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = setting
    user = User.objects.create_user("someone", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    english.force_login(user)
    answer = english.get("/admin/")
    assert answer.status_code == (302 if asked else 200)
    if asked:
        assert answer["Location"].startswith(PAGE)
        assert "asks a second factor of you" in english.get(PAGE).content.decode()
        set_up(english)
        assert english.get("/admin/").status_code == 200


def test_a_command_resets_a_lost_device(english: Client, half: Client, librarian: User) -> None:
    second_factor.new_recovery_codes(librarian)
    call_command("reset_second_factor", "librarian")
    assert not second_factor.has_device(librarian)
    assert second_factor.recovery_codes_left(librarian) == 0
    assert half.get("/admin/").status_code == 200


def test_the_key_is_shown_in_groups_of_four_and_copied_in_one_piece(admin_client: Client) -> None:
    [shown] = html.fromstring(admin_client.get(PAGE).content.decode()).cssselect(".second-factor-key")
    assert [len(group.text) for group in shown.cssselect("span")] == [4] * 8
    key = b32encode(bytes.fromhex(admin_client.session["second_factor_key"])).decode()
    assert shown.text_content() == key
