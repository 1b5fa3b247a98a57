"""Readers report a mistake, within limits, and librarians close the report in the review queue."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from articles.models import Article, MistakeReport
from tests.articles.conftest import people

pytestmark = pytest.mark.django_db
__all__ = ["people"]


@pytest.fixture
def article() -> Article:
    return Article.objects.create(title="قصف حلب", body="قصف عنيف على حلب.")


@pytest.fixture
def strangers(settings: LazySettings, client: Client) -> Client:
    """Return a client without an account, in English, in an archive that takes reports of strangers."""
    settings.REPORTS_FROM_STRANGERS = True
    client.cookies["django_language"] = "en"
    return client


def address(article: Article) -> str:
    return f"/articles/{article.pk}/report/"


def linked(client: Client, article: Article) -> bool:
    tree = html.fromstring(client.get(article.get_absolute_url()).content.decode())
    return bool(tree.cssselect(f"a[href='{address(article)}']"))


def test_strangers_report_nothing_unless_the_archive_lets_them(
    client: Client, article: Article, settings: LazySettings
) -> None:
    assert not linked(client, article)
    assert client.post(address(article), {"text": "المدينة خطأ"}).status_code == 404
    assert not MistakeReport.objects.exists()
    settings.REPORTS_FROM_STRANGERS = True
    assert linked(client, article)
    assert client.post(address(article), {"text": "المدينة خطأ"}).status_code == 200
    report = MistakeReport.objects.get()
    assert (report.text, report.made_by, report.reporter[:8]) == ("المدينة خطأ", None, "session:")


def test_strangers_are_led_to_the_report_by_way_of_the_login(
    client: Client, article: Article, settings: LazySettings
) -> None:
    def links() -> list[str]:
        page = html.fromstring(client.get(article.get_absolute_url()).content.decode())
        return [str(link.get("href")) for link in page.cssselect(".report-link a")]

    assert links() == [f"/login/?next={quote(address(article), safe='')}"]
    settings.READER_ACCOUNTS = False
    assert links() == []


def test_the_way_back_keeps_the_search(strangers: Client, article: Article) -> None:
    query = "?q=%D8%AD%D9%84%D8%A8&at=1"
    page = html.fromstring(strangers.get(article.get_absolute_url() + query).content.decode())
    (link,) = page.cssselect(".report-link a")
    assert link.get("href") == address(article) + query
    sent = html.fromstring(strangers.post(link.get("href"), {"text": "The city is wrong"}).content.decode())
    assert sent.cssselect("#back")[0].get("href") == article.get_absolute_url() + query


def test_a_reader_with_an_account_reports_and_a_librarian_closes(
    people: dict[str, User], client: Client, article: Article
) -> None:
    client.force_login(people["R"])
    assert linked(client, article)
    client.post(address(article), {"text": "<b>هذه</b> ليست حلب"})
    desk = Client()
    desk.force_login(people["L"])
    desk.cookies["django_language"] = "en"
    assert "1 mistake that a reader reported" in desk.get("/admin/").content.decode()
    assert "that a reader reported" not in client.get("/admin/").content.decode()
    page = desk.get("/admin/articles/inference/review/").content.decode()
    assert "&lt;b&gt;هذه&lt;/b&gt; ليست حلب" in page, "plain text stays plain text"
    assert article.get_absolute_url() in page
    report = MistakeReport.objects.get()
    close = f"/admin/articles/mistakereport/{report.pk}/close/"
    assert close in page
    refused = client.post(close, headers={"accept-language": "en"})
    assert refused.status_code == 403
    assert "please log in" not in refused.content.decode()
    still_open = desk.get("/admin/articles/mistakereport/?closed_at__isempty=1").content.decode()
    assert f"/mistakereport/{report.pk}/" in still_open
    assert re.findall(r"__isempty=[01]\">\s*(.+?)</a>", still_open) == ["not yet", "done"]
    desk.post(close)
    report.refresh_from_db()
    assert (report.closed_by, report.made_by) == (people["L"], people["R"])
    assert "ليست حلب" not in desk.get("/admin/articles/inference/review/").content.decode()
    assert "that a reader reported" not in desk.get("/admin/").content.decode()


def test_one_report_of_a_session_and_article_is_open_at_a_time(strangers: Client, article: Article) -> None:
    strangers.post(address(article), {"text": "أول"})
    again = strangers.post(address(article), {"text": "ثان"})
    assert again.status_code == 429
    assert "still open" in again.content.decode()
    other = Client()
    assert other.post(address(article), {"text": "ثالث"}).status_code == 200
    MistakeReport.objects.update(closed_at="2026-01-01T00:00Z")
    assert strangers.post(address(article), {"text": "رابع"}).status_code == 200


def test_a_day_has_a_limit_for_a_reader_and_for_all_strangers(
    strangers: Client, article: Article, settings: LazySettings
) -> None:
    settings.REPORTS_A_DAY, settings.REPORTS_OF_STRANGERS_A_DAY = 1, 2
    second = Article.objects.create(title="خبر ثان")
    assert strangers.post(address(article), {"text": "أول"}).status_code == 200
    assert strangers.post(address(second), {"text": "ثان"}).status_code == 429
    assert Client().post(address(second), {"text": "ثالث"}).status_code == 200
    assert Client().post(address(second), {"text": "رابع"}).status_code == 429, "a new session is no new day"
    MistakeReport.objects.update(made_at="2026-01-01T00:00Z")
    assert strangers.post(address(Article.objects.create(title="خبر")), {"text": "x"}).status_code == 200


@pytest.mark.parametrize("text", ["", "  \n ", "خ" * 501])
def test_what_is_empty_or_too_long_is_refused_and_not_lost(
    strangers: Client, article: Article, text: str
) -> None:
    answer = strangers.post(address(article), {"text": text})
    assert answer.status_code == 400
    assert html.fromstring(answer.content.decode()).cssselect("[role=alert]")
    assert text.strip() in answer.content.decode()
    assert not MistakeReport.objects.exists()


def test_the_form_needs_the_token(settings: LazySettings, article: Article) -> None:
    settings.REPORTS_FROM_STRANGERS = True
    assert Client(enforce_csrf_checks=True).post(address(article), {"text": "x"}).status_code == 403


def test_a_hidden_article_takes_no_report(strangers: Client, article: Article) -> None:
    Article.objects.update(state="withdrawn")
    answer = strangers.post(address(article), {"text": "x"})
    assert answer.status_code == 404
    assert article.title not in answer.content.decode()


def test_the_login_page_has_a_heading(client: Client) -> None:
    tree = html.fromstring(client.get("/admin/login/").content.decode())
    assert len(tree.cssselect("h1")) == 1
