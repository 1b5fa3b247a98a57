"""Readers log in on a page of their own, also those whom the desk does not let in."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from articles.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("باحث", password="x")


def tree_of(client: Client, path: str, **parameters: str) -> html.HtmlElement:
    return html.fromstring(client.get(path, parameters or None).content.decode())


def login(client: Client, **fields: str) -> str:
    answer = client.post("/login/", {"username": "باحث", "password": "x", **fields})
    return answer.headers.get("Location", "")


def test_the_page_has_a_heading_a_label_for_each_field_and_is_in_no_search_engine(client: Client) -> None:
    tree = tree_of(client, "/login/")
    assert len(tree.cssselect("h1")) == 1
    fields = {field.get("id") for field in tree.cssselect(".login input:not([type=hidden])")}
    assert fields == {label.get("for") for label in tree.cssselect(".login label")}
    assert tree.cssselect("meta[name=robots][content=noindex]")


def test_a_reader_without_the_desk_logs_in_and_out(client: Client, reader: User, index: None) -> None:
    assert login(client, next="/saved/") == "/saved/"
    page = tree_of(client, "/about/")
    assert "باحث" in page.cssselect(".account")[0].text_content()
    assert not page.cssselect(".masthead a[href^='/admin/']")
    assert client.get("/logout/").status_code == 405
    out = page.cssselect("form.account")[0].get("action")
    assert client.post(out).headers["Location"] == "/"
    assert client.get("/saved/").headers["Location"] == "/login/?next=/saved/"


@pytest.mark.parametrize(
    "away", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\\\example.org"]
)
def test_the_way_back_is_on_this_site(client: Client, reader: User, away: str) -> None:
    assert login(client, next=away) == "/"


def test_a_wrong_password_is_said_and_the_name_kept(client: Client, reader: User) -> None:
    answer = client.post("/login/", {"username": "باحث", "password": "y", "next": "/saved/"})
    tree = html.fromstring(answer.content.decode())
    assert tree.cssselect("[role=alert]")[0].text_content().strip()
    assert tree.cssselect("#username")[0].get("value") == "باحث"
    assert tree.cssselect("input[name=next]")[0].get("value") == "/saved/"
    assert not tree.cssselect("#password")[0].get("value")


@pytest.mark.parametrize(
    "typed", [{}, {"username": "باحث"}, {"password": "x"}, {"username": "ب" * 300, "password": "x"}]
)
def test_what_is_wrong_with_a_field_is_said_where_the_field_points(
    client: Client, typed: dict[str, str]
) -> None:
    tree = html.fromstring(client.post("/login/", typed).content.decode())
    described = {field.get("aria-describedby") for field in tree.cssselect(".login [aria-invalid=true]")}
    assert described == {"login-error"}
    assert tree.cssselect("#login-error[role=alert]")[0].text_content().strip()


@pytest.mark.parametrize(
    ("behind", "said"), [("/articles/1/report/?q=x", "الإبلاغ عن خطأ"), ("/saved/", "عمليات البحث المحفوظة")]
)
def test_the_login_says_what_needs_it(client: Client, behind: str, said: str) -> None:
    def advice(**parameters: str) -> str:
        return tree_of(client, "/login/", **parameters).cssselect("main p")[0].text_content()

    assert said in advice(next=behind)
    assert advice(next="/nowhere/") == advice(next=f"https://example.org{behind}") == advice()


def test_a_stranger_sees_that_searches_can_be_saved_and_a_reader_where_they_are(
    client: Client, reader: User, archive: dict[str, Article], settings: LazySettings
) -> None:
    def save_links() -> list[str]:
        links = tree_of(client, "/search/", q="حمص").cssselect(".menu a")
        return [link.get("href") for link in links if "لتحفظ هذا البحث" in link.text_content()]

    assert save_links() == ["/login/?next=%2Fsearch%2F%3Fq%3D%25D8%25AD%25D9%2585%25D8%25B5"]
    assert not tree_of(client, "/").cssselect("main a[href='/saved/']")
    settings.READER_ACCOUNTS = False
    assert save_links() == []
    client.force_login(reader)
    assert save_links() == []
    assert tree_of(client, "/").cssselect("main a[href='/saved/']")


def test_the_forms_need_the_token(reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", {"username": "باحث", "password": "x"}).status_code == 403
    assert client.post("/logout/").status_code == 403


def test_the_masthead_leads_back_to_the_page_and_only_where_readers_have_accounts(
    client: Client, index: None, settings: LazySettings
) -> None:
    def links(path: str) -> list[str]:
        return [
            link.get("href")
            for link in tree_of(client, path).cssselect(".masthead-links a[rel=nofollow][href*=login]")
        ]

    assert links("/about/?q=x") == ["/login/?next=%2Fabout%2F%3Fq%3Dx"]
    assert links("/login/") == []
    assert links("/nowhere/") == []
    settings.READER_ACCOUNTS = False
    assert links("/about/?q=x") == []


@pytest.mark.parametrize(
    ("allowed", "logged_in", "leads_to_login"),
    [("users", False, True), ("staff", False, True), ("staff", True, False), ("nobody", False, False)],
)
@pytest.mark.usefixtures("index")
def test_a_refused_export_leads_to_the_login_where_that_helps(
    client: Client, settings: LazySettings, allowed: str, *, logged_in: bool, leads_to_login: bool
) -> None:
    settings.EXPORT_TEXTS = allowed
    if logged_in:
        client.force_login(User.objects.create(username="reader"))
    answer = client.get("/search/export.jsonl", {"texts": "1", "q": "حمص", "lang": "en"})
    main = html.fromstring(answer.content.decode()).cssselect("main")[0]
    links = [link.get("href") for link in main.cssselect("a")]
    assert any(link.startswith("/login/?next=") for link in links) == leads_to_login
    assert ("Log in" in main.text_content()) == leads_to_login
