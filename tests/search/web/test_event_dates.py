"""Mentioned dates: their filters, and their list on the page of an article."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from articles.metadata.date_mentions import tag_dates
from articles.models import Article
from search.indexing.outbox_consumer import drain_outbox
from search.web.viewmodels.article_facts import mentioned_dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(write: Callable[..., Article]) -> list[Article]:
    """Create two articles, each mentioning a date that the other does not."""
    articles = [
        write(
            "هدنة",
            "أعلنت الهدنة أمس الأربعاء.\nوكانت سابقتها في 8 شباط/فبراير 2012، ثم الخميس 3 آذار 2011.",
            day="2012-05-24",
            findable=False,
        ),
        write("زيارة", "بدأت الزيارة من 7 إلى 9 شباط 2012 <script>.", day="2014-01-01", findable=False),
    ]
    for article in articles:
        tag_dates(article)
    drain_outbox()
    return articles


def page(client: Client, language: str = "en", **parameters: object) -> str:
    address = "/search/?" + urlencode(parameters, doseq=True)
    client.cookies["django_language"] = language
    return client.get(address).content.decode()


def opened(client: Client, key: int, language: str) -> str:
    client.cookies["django_language"] = language
    return client.get(f"/articles/{key}/").content.decode()


def test_dates_of_publication_and_mentioned_dates_are_two_named_groups(
    client: Client, told: list[Article]
) -> None:
    arabic = page(client, "ar")
    assert arabic.index("تاريخ النشر") < arabic.index("تاريخ الحدث")
    values = client.get("/facets/event/", {"lang": "ar"}).content.decode()
    assert "تاريخ يذكره الخبر، أيًّا كان يوم نشره." in values
    assert "event=2012" in page(client)


def test_a_mentioned_date_filters_and_its_chip_removes_the_filter(
    client: Client, told: list[Article]
) -> None:
    html = page(client, event="2012-02-08")
    assert "هدنة" in html
    assert "زيارة" in html
    html = page(client, event="2011")
    assert "هدنة" in html
    assert "زيارة" not in html
    assert "event: 2011" in html
    assert 'name="event" value="2011"' in html, "the search box and the other forms keep it"


def test_a_period_of_mentioned_dates_has_its_own_form(client: Client, told: list[Article]) -> None:
    html = page(client, event_from="2012-02-09", event_to="2012-02-20")
    assert "زيارة" in html
    assert "هدنة" not in html
    assert 'name="event_from" value="2012-02-09"' in html
    assert "event from 9 February 2012" in html


def test_the_api_filters_by_and_returns_mentioned_dates(client: Client, told: list[Article]) -> None:
    found = client.get("/api/v1/search?event=2012-02-08").json()
    assert found["total"] == 2
    counts = {row["value"]: row["count"] for row in found["facets"]["event"]}
    assert counts["2012"] == 2
    assert counts["2011"] == 1
    assert client.get("/api/v1/search?event=sometime").status_code == 422
    dates = client.get(f"/api/v1/articles/{told[0].pk}").json()["dates"]
    assert [each["date"] for each in dates] == ["2012-05-23", "2012-02-08", "2011-03-03"]
    assert dates[1]["evidence"][-1:] == "."
    assert told[0].body[dates[1]["start"] : dates[1]["end"]] == "8 شباط/فبراير 2012"


def test_an_article_lists_its_dates_in_order_with_highlighted_sentences(
    client: Client, told: list[Article]
) -> None:
    shown = mentioned_dates(told[0])
    assert [each.url for each in shown] == [
        "/search/?event=2011-03-03",
        "/search/?event=2012-02-08",
        "/search/?event=2012-05-23",
    ]
    assert [run.text for run in shown[2].sentences[0] if run.marked] == ["أمس الأربعاء"]
    assert mentioned_dates(told[1])[0].url == "/search/?event_from=2012-02-07&event_to=2012-02-09"
    html = opened(client, told[1].pk, "en")
    assert "1 date mentioned" in html
    assert "<mark>7 إلى 9 شباط 2012</mark>" in html
    assert "<script>." not in html


def test_inconsistencies_are_described_in_the_readers_language(
    client: Client, write: Callable[..., Article]
) -> None:
    article = write("خبر", "وقع ذلك الجمعة 24 أيار 2012، ثم في 30 شباط 2013.", day="2014-01-01")
    tag_dates(article)
    english = opened(client, article.pk, "en")
    assert "The text names another day of the week; this one was Thursday." in english
    assert "The text names day 30, which this month does not have." in english
    arabic = opened(client, article.pk, "ar")
    assert "وكان هذا التاريخ الخميس" in arabic
