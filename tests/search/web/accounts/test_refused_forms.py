"""Whose form is refused hears that nothing was saved, and comes back to the page of the form."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from lxml import html

from search.web.guard.shared_counters import clear_counters
from search.web.guard.way_back import way_back

pytestmark = pytest.mark.django_db
LIST = "/search/?q=حمص&page=2"
HERE = f"http://testserver{LIST}"


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("باحث", password="x")


def main_of(answer: object) -> html.HtmlElement:
    return html.fromstring(answer.content.decode()).cssselect("main")[0]  # type: ignore[attr-defined]  # the stubs lack it


def targets(page: html.HtmlElement) -> list[str]:
    return [link.get("href") for link in page.cssselect("a")]


@pytest.mark.parametrize(
    ("named", "back"),
    [
        (HERE, LIST),
        ("http://testserver/admin/", "/admin/"),
        *((away, "") for away in ("", "https://example.org/", "http://testserver//example.org/x")),
        *((away, "") for away in ("javascript:alert(1)", "http://testserver@example.org/", "//example.org")),
        ("http://testserver:81/", ""),
    ],
)
def test_the_page_of_a_form_is_one_of_this_site(rf: RequestFactory, named: str, back: str) -> None:
    assert way_back(rf.post("/saved/save/", {"next": "/other/"}, HTTP_REFERER=named)) == back
    assert way_back(rf.get("/about/?a=b", HTTP_REFERER=named)) == "/about/?a=b"


@pytest.mark.parametrize("path", ["/login/", "/selection/", "/admin/logout/"])
def test_a_form_that_was_open_too_long_leads_back_to_its_page(index: None, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, HTTP_REFERER=HERE)
    page = main_of(answer)
    assert answer.status_code == 403
    assert "لم يُحفظ شيء" in page.text_content()
    assert targets(page) == [LIST, "/"]
    assert targets(main_of(Client(enforce_csrf_checks=True).post(path))) == ["/"]


def test_who_was_logged_out_logs_in_and_is_back_on_the_page(
    client: Client, reader: User, index: None
) -> None:
    answer = client.post("/saved/save/", {"name": "x"}, HTTP_REFERER=HERE)
    login = answer.headers["Location"]
    assert parse_qs(urlsplit(login).query) == {"next": [LIST], "unsaved": ["1"]}
    page = main_of(client.get(login))
    assert "لم يُحفظ شيء" in page.cssselect("[role=status]")[0].text_content()
    fields = {each.get("name"): each.get("value") for each in page.cssselect(".login input[type=hidden]")}
    wrong = main_of(client.post("/login/", {**fields, "username": "باحث", "password": "wrong"}))
    assert wrong.cssselect("[role=status]"), "it is said until the reader is in"
    answer = client.post("/login/", {**fields, "username": "باحث", "password": "x"})
    assert answer.headers["Location"] == "/search/?q=%D8%AD%D9%85%D8%B5&page=2"
    assert not main_of(client.get("/about/")).cssselect("[role=status]")


def test_a_form_of_unknown_page_leads_from_the_login_to_the_front_page(client: Client, index: None) -> None:
    answer = client.post("/saved/save/", HTTP_REFERER="https://example.org/")
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["next"] == ["/"]
    assert parse_qs(urlsplit(client.get("/saved/").headers["Location"]).query) == {"next": ["/saved/"]}


def test_a_private_archive_leads_back_to_the_page_of_a_form(
    client: Client, index: None, settings: LazySettings
) -> None:
    settings.ARCHIVE_REQUIRES_LOGIN = True
    answer = client.post("/selection/", HTTP_REFERER=HERE)
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": [LIST], "unsaved": ["1"]}


def test_the_desk_says_that_nothing_was_saved_and_leads_back(client: Client, index: None) -> None:
    form = "/admin/articles/source/add/"
    for path in (form, "/admin/articles/importbatch/1/confirm/"):
        answer = client.post(path, {"name": "x"}, HTTP_REFERER=f"http://testserver{form}")
        assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": [form], "unsaved": ["1"]}
    page = html.fromstring(client.get(answer.headers["Location"]).content.decode())
    assert "لم يُحفظ شيء" in page.cssselect("[role=status]")[0].text_content()
    [way] = page.cssselect("#login-form input[name=next]")
    assert way.get("value") == form
    assert not html.fromstring(client.get("/admin/login/").content.decode()).cssselect("[role=status]")
    User.objects.create_superuser("مدير", password="x")
    answer = client.post("/admin/login/", {"username": "مدير", "password": "x", "next": way.get("value")})
    assert answer.headers["Location"] == form


def test_too_many_forms_are_told_that_nothing_was_saved(
    client: Client, index: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_counters()
    monkeypatch.setattr("search.web.guard.rate_limits.time.time", lambda: 1_800_000_020.0)
    settings.LIMITS_A_MINUTE = {"pages": 1}
    for _number in range(2):
        answer = client.post("/selection/", HTTP_REFERER=HERE, REMOTE_ADDR="198.51.100.7")
    page = main_of(answer)
    assert answer.status_code == 429
    assert "لم يُحفظ شيء" in page.text_content()
    assert targets(page) == [LIST, "/"]
