"""The Atom feed of a search: order, times, paging, what is left out, and asking again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import etree, html

from articles.history.revisions import record_revision, snapshot
from articles.models import Article, ImportBatch, Revision
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client: Client, address: str = "/search/feed.atom", **parameters: Any) -> etree._Element:
    """Return a feed after checking what RFC 4287 demands of every feed and entry."""
    answer = client.get(address, parameters)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    tree = etree.fromstring(answer.content)
    assert tree.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = tree.findall("a:entry", ATOM)
    for element in (tree, *entries):
        for name in ("id", "title", "updated"):
            [one] = element.findall(f"a:{name}", ATOM)
            assert one.text
        assert element.find("a:id", ATOM).text.startswith("tag:testserver,2026:")
        assert datetime.fromisoformat(element.find("a:updated", ATOM).text).tzinfo
        assert element.find("a:author/a:name", ATOM).text
        assert element.find("a:link[@rel='alternate']", ATOM) is not None
    ids = [entry.find("a:id", ATOM).text for entry in entries]
    assert len(set(ids)) == len(ids)
    assert all(link.get("href").startswith("http://testserver/") for link in tree.iterfind(".//a:link", ATOM))
    return tree


def titles(tree: etree._Element) -> list[str]:
    return [str(entry.text) for entry in tree.iterfind("a:entry/a:title", ATOM)]


def links(tree: etree._Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in tree.iterfind("a:link", ATOM)}


def added(article: Article, day: int) -> None:
    moment = datetime(2020, 1, day, tzinfo=UTC)
    Article.objects.filter(pk=article.pk).update(created_at=moment)


def test_a_feed_has_its_articles_as_they_became_findable(client: Client, write: Write) -> None:
    for title, added_on, day in (
        ("قديم", 3, "2010-01-01"),
        ("وسط", 1, "2015-01-01"),
        ("حديث", 2, "2014-01-01"),
    ):
        added(write(f"{title} حمص", "وصلت القافلة.", day=day), added_on)
    write("حلب", "خبر آخر")
    tree = feed(client, q="حمص")
    assert titles(tree) == ["قديم حمص", "حديث حمص", "وسط حمص"]
    assert tree.find("a:entry/a:published", ATOM).text == "2020-01-03T00:00:00+00:00"
    assert tree.find("a:entry/a:summary", ATOM).text == "2010-01-01\nوصلت القافلة."
    assert titles(feed(client, q="حمص", date="2014")) == ["حديث حمص"]
    assert len(titles(feed(client))) == 4


def test_an_import_counts_from_its_publication_and_a_draft_from_the_day_it_was_published(
    client: Client, write: Write
) -> None:
    batch = ImportBatch.objects.create(
        state=ImportBatch.State.PUBLISHED, finished_at=datetime(2020, 1, 9, tzinfo=UTC)
    )
    added(write("مستورد", batch=batch), 1)
    added(write("منشور"), 8)
    draft = write("مسودة", state="draft")
    added(draft, 1)
    draft.refresh_from_db()
    assert titles(feed(client)) == ["مستورد", "منشور"]
    before = snapshot(draft)
    draft.state = Article.State.PUBLISHED
    draft.save()
    revision = record_revision(draft, before, by=None, reason="")
    assert revision
    Revision.objects.filter(pk=revision.pk).update(made_at=datetime(2020, 1, 10, tzinfo=UTC))
    drain_outbox()
    assert titles(feed(client)) == ["مسودة", "مستورد", "منشور"]
    draft.title = "مسودة صححت"
    before = snapshot(Article.objects.get(pk=draft.pk))
    draft.save()
    record_revision(draft, before, by=None, reason="")
    tree = feed(client)
    published, updated = (tree.find(f"a:entry/a:{name}", ATOM).text for name in ("published", "updated"))
    assert (published[:10], updated > published) == ("2020-01-10", True)


def test_pages_lead_to_each_other_and_hold_every_article_once(client: Client, write: Write) -> None:
    for number in range(7):
        added(write(f"حمص {number}", findable=False), number + 1)
    drain_outbox()
    tree = feed(client, q="حمص", size="3")
    seen = titles(tree)
    assert "previous" not in links(tree)
    while after := links(tree).get("next"):
        before = links(tree)["self"]
        tree = feed(client, after)
        assert links(tree)["previous"] == before
        seen += titles(tree)
    assert seen == [f"حمص {number}" for number in range(6, -1, -1)]
    assert links(tree)["self"] == links(tree)["last"]
    assert parse_qs(urlsplit(links(tree)["first"]).query) == {"q": ["حمص"], "size": ["3"]}
    assert client.get("/search/feed.atom", {"q": "حمص", "size": "3", "page": "4"}).status_code == 404


def test_identifiers_of_articles_and_feeds_stay_the_same(client: Client, write: Write) -> None:
    article = write("حمص", day="2014-01-01")
    one, other = feed(client, q="حمص"), feed(client, date="2014", sort="oldest", view="time", group="story")
    for tree in (one, other):
        assert tree.find("a:entry/a:id", ATOM).text == f"tag:testserver,2026:article/{article.pk}"
        assert tree.find("a:entry/a:link", ATOM).get("href") == f"http://testserver/articles/{article.pk}/"
    assert other.find("a:id", ATOM).text == feed(client, date="2014").find("a:id", ATOM).text
    assert one.find("a:id", ATOM).text != other.find("a:id", ATOM).text


def test_what_xml_cannot_hold_is_left_out_and_markup_stays_text(client: Client, write: Write) -> None:
    write("حمص <b>\x0bغامق</b> &amp;", "وصلت\x0c القافلة \ufffe إلى <i>حمص</i>")
    tree = feed(client, q="حمص\x08 <q>")
    assert titles(tree) == []
    [title] = titles(feed(client, q="حمص"))
    assert title == "حمص <b>غامق</b> &amp;"


def test_nothing_is_sent_twice_unless_something_changed(client: Client, write: Write) -> None:
    article = write("حمص", source="صحيفة")  # a name: without any, the state of names has no key
    first = client.get("/search/feed.atom", {"q": "حمص"})
    headers = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = client.get("/search/feed.atom", {"q": "حمص"}, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get("/search/feed.atom", {"q": "حلب"}, headers=headers).status_code == 200
    article.state = Article.State.WITHDRAWN
    article.save()
    for drain in (False, True):
        if drain:
            drain_outbox()
        answer = client.get("/search/feed.atom", {"q": "حمص"}, headers=headers)
        assert (answer.status_code, "حمص</title>" in answer.content.decode()) == (200, False)


def test_results_lead_to_their_feed(client: Client, archive: dict[str, Article]) -> None:
    tree = html.fromstring(client.get("/search/", {"q": "حمص", "city": "حلب", "page": "2"}).content.decode())
    [alternate] = tree.cssselect("link[rel=alternate][type='application/atom+xml']")
    [link] = tree.cssselect(".menu a[type='application/atom+xml']")
    assert link.get("href") == alternate.get("href")
    assert titles(feed(client, link.get("href"))) == ["قافلة مساعدات"]
    [canonical] = tree.cssselect("link[rel=canonical]")
    assert canonical.get("href").startswith("http://testserver/search/?q=")
