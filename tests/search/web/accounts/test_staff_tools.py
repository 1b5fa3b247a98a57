"""The masthead knows who is logged in, and librarians correct an article where they read it."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from articles.geotagging.geotagger import tag_places
from articles.metadata.date_mentions import tag_dates
from articles.models import Article, DateVerdict, PlaceVerdict
from tests.articles.conftest import librarian, people

pytestmark = pytest.mark.django_db
__all__ = ["librarian", "people"]


@pytest.fixture
def article() -> Article:
    made = Article.objects.create(
        title="قصف حلب", body="قصف عنيف على حلب وحمص.", date=date(2013, 5, 24), date_precision="day"
    )
    tag_places(made)
    return made


@pytest.fixture
def reading(librarian: User) -> Client:
    """Return a client in which a librarian reads in English."""
    client = Client()
    client.force_login(librarian)
    client.cookies["django_language"] = "en"
    return client


def opened(client: Client, article: Article, **parameters: str) -> HtmlElement:
    return html.fromstring(client.get(article.get_absolute_url(), parameters).content.decode())


def pressed(client: Client, page: HtmlElement, act: str, **fields: str) -> HtmlElement:
    """Press the button with this value, with the hidden fields of its form, and return the page after it."""
    (button,) = page.cssselect(f"button[name=act][value^='{act}']")[:1]
    form = next(each for each in button.iterancestors("form"))
    data = {each.get("name"): each.get("value", "") for each in form.cssselect("input")}
    answer = client.post(form.get("action"), {**data, **fields, "act": button.get("value")}, follow=True)
    return html.fromstring(answer.content.decode())


def places(article: Article) -> set[str]:
    return set(article.mentions.values_list("place__slug", flat=True))


def test_the_masthead_says_who_is_logged_in_and_logs_out_by_a_form(reading: Client, client: Client) -> None:
    tree = html.fromstring(reading.get("/help/").content.decode())
    masthead = tree.cssselect(".masthead-links")[0]
    assert "librarian" in masthead.text_content()
    assert "Log in" not in masthead.text_content()
    assert "/admin/" in [link.get("href") for link in masthead.cssselect("a")]
    (form,) = masthead.cssselect("form[method=post]")
    assert form.cssselect("input[name=csrfmiddlewaretoken]")
    answer = reading.post(form.get("action"), {"next": "/"}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "librarian" not in answer.content.decode()
    stranger = html.fromstring(client.get("/help/").content.decode())
    assert not stranger.cssselect(".masthead-links form")


def test_a_stranger_sees_no_tools_and_gets_no_cookie(client: Client, article: Article) -> None:
    answer = client.get(article.get_absolute_url())
    tree = html.fromstring(answer.content.decode())
    assert not tree.cssselect(".staff, .staff-fact, input[name=csrfmiddlewaretoken]")
    assert not answer.cookies


@pytest.mark.parametrize("letter", "RC")
def test_readers_and_contributors_see_no_tools_and_change_nothing(
    people: dict[str, User], article: Article, letter: str
) -> None:
    client = Client()
    client.force_login(people[letter])
    assert not opened(client, article).cssselect(".staff, .staff-fact")
    address = f"/admin/articles/article/{article.pk}/correct/"
    for act in ("hide", "date", "not-place", "not-date"):
        assert client.post(address, {"act": act, "place": "حلب"}).status_code == 403
    article.refresh_from_db()
    assert (article.state, article.date) == ("published", date(2013, 5, 24))


def test_a_place_is_rejected_by_one_press_and_taken_back_by_another(
    reading: Client, article: Article
) -> None:
    assert places(article) == {"حلب", "حمص"}
    page = opened(reading, article, q="قصف")
    data = {"place": "حلب"}
    page = pressed(reading, page, "not-place", **data)
    assert places(article) == {"حمص"}
    assert "no longer counts as one about this place" in page.text_content()
    assert page.cssselect("#q")[0].get("value") == "قصف", "the search came along"
    verdict = PlaceVerdict.objects.get()
    assert (verdict.kind, verdict.made_by.get_username()) == ("not-meant", "librarian")
    pressed(reading, page, "place:")
    assert places(article) == {"حلب", "حمص"}
    verdict.refresh_from_db()
    assert verdict.undone_at


def test_a_mentioned_date_is_rejected_by_one_press_and_taken_back_by_another(
    reading: Client, article: Article
) -> None:
    article.body += " وكانت الهدنة في 8 شباط 2012، ثم في آذار 2011."
    article.save()
    tag_dates(article)
    page = opened(reading, article, q="قصف")
    (february,) = (
        form.cssselect("input[name=period]")[0].get("value")
        for form in page.cssselect("form.staff-fact")
        if "2012-02-08" in html.tostring(form, encoding="unicode")
    )
    page = pressed(reading, page, "not-date", period=february)
    assert [each.value for each in article.date_mentions.all()] == ["2011-03"]
    assert "no longer counts as one that mentions this date" in page.text_content()
    assert not page.cssselect("#date-2"), "neither in the list nor in the text"
    verdict = DateVerdict.objects.get()
    assert (verdict.value, verdict.made_by.get_username()) == ("2012-02-08", "librarian")
    page = pressed(reading, page, "spoken:")
    assert [each.value for each in article.date_mentions.all()] == ["2012-02-08", "2011-03"]
    assert not page.cssselect(".staff-undo")
    page = pressed(reading, page, "not-date", period="2012-02-08/2012-02-08/year")
    assert "Nothing was changed" in page.text_content()


def test_a_hidden_article_is_shown_again_on_the_same_address(
    reading: Client, client: Client, article: Article
) -> None:
    page = pressed(reading, opened(reading, article), "hide")
    assert "Hidden from readers" in page.text_content()
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 404
    assert article.title not in answer.content.decode()
    revision = article.revisions.get()
    assert (revision.before, revision.made_by.get_username()) == ({"state": "published"}, "librarian")
    pressed(reading, page, "state:")
    article.refresh_from_db()
    assert article.state == "published"
    assert not opened(reading, article).cssselect(".staff-undo")


@pytest.mark.parametrize(("typed", "becomes"), [("", (None, "")), ("2014-02", (date(2014, 2, 1), "month"))])
def test_a_wrong_date_is_corrected_or_removed_and_taken_back(
    reading: Client, article: Article, typed: str, becomes: tuple[date | None, str]
) -> None:
    page = pressed(reading, opened(reading, article), "date", date=typed)
    article.refresh_from_db()
    assert (article.date, article.date_precision) == becomes
    page = pressed(reading, page, "date:")
    article.refresh_from_db()
    assert (article.date, article.date_precision) == (date(2013, 5, 24), "day")
    assert not page.cssselect(".staff-undo"), "what was taken back is not offered again"


def test_what_is_no_date_changes_nothing(reading: Client, article: Article) -> None:
    page = pressed(reading, opened(reading, article), "date", date="أمس")
    assert "This is no date" in page.text_content()
    article.refresh_from_db()
    assert article.date == date(2013, 5, 24)


def test_nobody_takes_back_the_correction_of_another(
    reading: Client, admin_client: Client, article: Article
) -> None:
    pressed(reading, opened(reading, article), "hide")
    revision = article.revisions.get()
    admin_client.post(f"/admin/articles/article/{article.pk}/correct/", {"act": f"state:{revision.pk}"})
    article.refresh_from_db()
    assert article.state == "withdrawn"


def test_the_buttons_need_the_token(librarian: User, article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(librarian)
    assert client.post(f"/admin/articles/article/{article.pk}/correct/", {"act": "hide"}).status_code == 403


def test_they_lead_back_to_the_article_alone(reading: Client, article: Article) -> None:
    answer = reading.post(
        f"/admin/articles/article/{article.pk}/correct/", {"act": "hide", "back": "//elsewhere.example/"}
    )
    assert answer.headers["Location"] == article.get_absolute_url()
