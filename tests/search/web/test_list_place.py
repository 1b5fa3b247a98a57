"""From article to article of a list: its query, filters, order and place are kept."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import html

from articles.models import Article
from articles.near_duplicates.clusters import join
from search.indexing.outbox_consumer import drain_outbox
from search.web import answer_size
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


def opened(client: Client, path: str, **parameters: str) -> html.HtmlElement:
    answer = client.get(path, parameters or None)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def listed(client: Client, **parameters: str) -> list[str]:
    """Return the addresses of the articles of a list, from all its pages."""
    tree = opened(client, "/search/", **parameters)
    links = [link.get("href") for link in tree.cssselect(".hit-title a")]
    pages = tree.cssselect('.pages a[rel="next"]')
    while pages:
        tree = opened(client, pages[0].get("href"))
        links += [link.get("href") for link in tree.cssselect(".hit-title a")]
        pages = tree.cssselect('.pages a[rel="next"]')
    return links


def neighbour(tree: html.HtmlElement, rel: str) -> str:
    links = tree.cssselect(f'.back a[rel="{rel}"]')
    return links[0].get("href") if links else ""


def place(tree: html.HtmlElement) -> str:
    return " ".join(text_of(shown) for shown in tree.cssselect(".back-place"))


@pytest.mark.parametrize("sort", ["relevance", "oldest"])
def test_previous_and_next_follow_the_list_over_its_pages(client: Client, archive: dict, sort: str) -> None:
    state = {"q": "حمص", "size": "2", "sort": sort}
    articles = listed(client, **state)
    assert len(articles) == 4
    for number, (one, following) in enumerate(pairwise(articles), start=1):
        tree = opened(client, one)
        assert place(tree) == f"{number} من 4"
        assert neighbour(tree, "next") == following
        assert neighbour(opened(client, following), "prev") == one
    assert not neighbour(opened(client, articles[0]), "prev")
    assert not neighbour(opened(client, articles[-1]), "next")


def test_the_way_back_is_the_page_of_the_list_on_which_the_article_is(client: Client, archive: dict) -> None:
    first = listed(client, q="حمص", city="حمص", size="2")[0]
    second = neighbour(opened(client, first), "next")
    third = neighbour(opened(client, second), "next")
    back = urlsplit(opened(client, third).cssselect("#back")[0].get("href"))
    assert parse_qs(back.query) == {"q": ["حمص"], "city": ["حمص"], "size": ["2"], "page": ["2"]}
    list_again = opened(client, f"{back.path}?{back.query}")
    assert list_again.cssselect(f"#{back.fragment} .hit-title a")[0].get("href") == third


def test_the_way_back_counts_the_hits_that_a_page_of_a_long_query_has(
    client: Client, archive: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_size, "MAX_LINK_BYTES", 1)
    monkeypatch.setattr(answer_size, "_MIN_HITS", 2)
    third = listed(client, q="حمص")[2]
    assert "page=2" in third
    back = urlsplit(opened(client, third).cssselect("#back")[0].get("href"))
    assert parse_qs(back.query) == {"q": ["حمص"], "page": ["2"]}
    list_again = opened(client, f"{back.path}?{back.query}")
    assert list_again.cssselect(f"#{back.fragment} .hit-title a")[0].get("href") == third


def test_a_story_is_one_place_of_the_list(client: Client, write: Write) -> None:
    made = [
        write(f"سوق {number}", f"السوق القديمة {number}", day=f"2012-05-0{number}") for number in (1, 2, 3, 4)
    ]
    join(made[2], made[1], by=None, reason="خبر واحد")
    drain_outbox()
    assert place(opened(client, listed(client, q="السوق", sort="oldest")[-1])) == "3 من 3"
    assert place(opened(client, listed(client, q="السوق", sort="oldest", group="none")[-1])) == "4 من 4"


def test_close_hits_go_on_the_list_that_shows_all_of_them(client: Client, archive: dict) -> None:
    articles = listed(client, q="حمص القافلة", close="all")
    assert len(articles) > 2
    for one, following in pairwise(articles):
        assert neighbour(opened(client, one), "next") == following


def test_a_permanent_address_has_no_place(client: Client, archive: dict) -> None:
    assert not opened(client, f"/articles/{archive['convoy'].pk}/").cssselect(".back")


@pytest.mark.parametrize("at", ["0", "-1", "x", "99", "9" * 30, "١"])
def test_an_article_that_is_not_at_its_place_shows_none(client: Client, archive: dict, at: str) -> None:
    tree = opened(client, f"/articles/{archive['convoy'].pk}/", q="حمص", at=at)
    assert not tree.cssselect(".back-place")
    assert tree.cssselect("#back")


def test_a_hidden_article_is_no_neighbour(client: Client, archive: dict) -> None:
    first, second = listed(client, q="حمص")[:2]
    hidden = int(second.split("/")[2])
    Article.objects.filter(pk=hidden).update(state="withdrawn")  # the index does not know yet
    tree = opened(client, first)
    assert not neighbour(tree, "next")
    assert place(tree)
