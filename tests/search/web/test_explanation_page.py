"""The answer to "why this result": its page, its position in the list and in the API, and hidden articles."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html

from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


def page(client: Client, url: str, **parameters: object) -> html.HtmlElement:
    answer = client.get(url, parameters)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def rows(tree: html.HtmlElement) -> dict[str, list[str]]:
    """Return each word of the query with the forms found for it."""
    return {
        word.cssselect("dt")[0].text_content(): [mark.text_content() for mark in word.cssselect("mark")]
        for word in tree.cssselect(".why-word")
    }


def test_each_hit_links_to_its_explanation_and_back(client: Client, archive: dict) -> None:
    tree = page(client, "/search/", q="حمص", sort="newest")
    links = [link.get("href") for link in tree.cssselect(".hit .why-link")]
    assert len(links) == 4
    why = page(client, links[0])
    assert rows(why) == {"حمص": ["وحمص"]}
    assert "بما اتصل به" in why.cssselect(".why-reason")[0].text_content()
    assert why.cssselect("#back")[0].get("href") == f"/search/?{urlencode({'q': 'حمص', 'sort': 'newest'})}"


def test_a_missing_word_is_reported(client: Client, archive: dict) -> None:
    why = page(client, f"/articles/{archive['talks'].pk}/why/", q="حمص زرافة")
    assert rows(why) == {"حمص": ["حمص"], "زرافة": []}
    assert text_of(why.cssselect(".why-missing")[0]) == "ليست في هذا الخبر"


def test_browsing_without_words_offers_no_explanation(client: Client, archive: dict) -> None:
    assert not page(client, "/search/", city="حمص").cssselect(".why-link")
    assert not rows(page(client, f"/articles/{archive['talks'].pk}/why/", city="حمص"))


def test_hidden_articles_are_not_explained(client: Client, write: Write) -> None:
    for state in ("draft", "withdrawn"):
        hidden = write("مسحوب", "حمص", state=state)
        for url in (f"/articles/{hidden.pk}/why/", f"/api/v1/articles/{hidden.pk}/why"):
            assert client.get(url, {"q": "حمص"}).status_code == 404


def test_archived_text_and_query_are_escaped(client: Client, write: Write) -> None:
    evil = "<script>alert(1)</script>"
    article = write(f"{evil} حمص", f"{evil} حمص")
    why = page(client, f"/articles/{article.pk}/why/", q=f'حمص "{evil}" {evil}*')
    assert not [script for script in why.cssselect("script") if not script.get("src")]


def test_a_wildcard_for_many_words_lists_some_and_counts_the_others(client: Client, write: Write) -> None:
    article = write("عنوان", " ".join(f"كتاب{letter}" for letter in "ابتثجحخدذرزسشصض"))
    why = page(client, f"/articles/{article.pk}/why/", q="كتاب*")
    [shown] = rows(why).values()
    assert len(shown) == 12
    assert text_of(why.cssselect("li")[-1]) == "و3 صيغ أخرى"


def test_a_close_result_shows_what_it_left_out(client: Client, archive: dict) -> None:
    short = page(client, "/search/", q="حمص القافلة زرافة").cssselect(".close .close-hit")
    assert ["بدون:", "زرافة"] in [hit.cssselect(".changes")[0].text_content().split() for hit in short]
    tree = page(client, "/search/", q="حمص القافلة زرافة", close="all")
    changes = [hit.cssselect(".changes")[0].text_content().split() for hit in tree.cssselect(".close .hit")]
    assert ["بدون:", "زرافة"] in changes
    assert not tree.cssselect(".hits:not(.close .hits) .changes")


def test_the_api_gives_the_same_explanation(client: Client, archive: dict) -> None:
    answer = client.get(f"/api/v1/articles/{archive['bakeries'].pk}/why", {"q": "حمص زرافة"}).json()
    assert answer == {
        "id": archive["bakeries"].pk,
        "strict": False,
        "words": [
            {
                "typed": "حمص",
                "strict": True,
                "found": [
                    {
                        "text": "بحمص",
                        "how": "name",
                        "kind": "attached",
                        "through": "",
                        "title": 0,
                        "body": 1,
                    }
                ],
            },
            {"typed": "زرافة", "strict": False, "found": []},
        ],
    }
    hits = client.get("/api/v1/search", {"q": "حمص القافلة زرافة"}).json()["hits"]
    assert {"kind": "left_out", "typed": "زرافة", "became": ""} in hits[0]["changes"]
