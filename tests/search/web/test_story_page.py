"""The page of a story, and the comparison of two of its versions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from lxml import html

from articles.models import Article, Source
from articles.near_duplicates.clusters import join
from articles.source_scope import SourceScope
from search.indexing.outbox_consumer import drain_outbox
from search.store.article_rows import article_rows
from search.store.database import DatabaseStore
from search.web import answer_size
from search.web.article_pages import story_page
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(write: Write) -> tuple[Article, Article, Article]:
    """Create three versions, of which the last one written is the oldest."""
    first = write("افتتاح السوق", "افتتح الوزير السوق القديمة أمس.", source="سنابل", day="2012-05-01")
    second = write(
        "افتتاح السوق",
        "افتتح الوزير السوق القديمة صباح أمس بحضور عدد من التجار.",
        source="بيدر",
        day="2012-05-03",
    )
    third = write("افتتاح السوق", "افتتح الوزير السوق القديمة.", source="ضفاف", day="2012-04-30")
    for other in (second, third):
        join(other, first, by=None, reason="نسخ من خبر واحد")
    drain_outbox()
    return first, second, third


def tree_of(client: Client, path: str, **parameters: str) -> html.HtmlElement:
    answer = client.get(path, parameters or None)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def links_with(tree: html.HtmlElement, part: str) -> list[str]:
    return [link.get("href") for link in tree.cssselect("main a[href]") if part in link.get("href")]


def test_a_story_shows_its_versions_in_order_and_what_each_adds(
    client: Client, versions: tuple[Article, ...]
) -> None:
    first, second, third = versions
    tree = tree_of(client, f"/stories/{first.pk}/", q="السوق")
    shown = [link.get("href").split("?")[0] for link in tree.cssselect(".story-versions h2 a")]
    assert shown == [f"/articles/{each.pk}/" for each in (third, first, second)]
    assert "30 نيسان/أبريل 2012" in text_of(tree.cssselect(".story header")[0])
    added = [text_of(each) for each in tree.cssselect(".story-versions > li:last-child ins")]
    assert added == ["صباح أمس بحضور عدد من التجار"]
    assert len({circle.get("cx") for circle in tree.cssselect("circle")}) == 3
    assert tree.cssselect("#back")[0].get("href").startswith("/search/?q=")


def test_a_story_of_which_readers_see_one_version_has_no_number(versions: tuple[Article, ...]) -> None:
    """Its number would tell that there is a draft, or an article that is not for them."""
    first, second, third = versions

    def number() -> int | None:
        return article_rows(DatabaseStore(), [second.pk])[0].story

    assert number() == first.pk
    Article.objects.filter(pk=first.pk).update(state=Article.State.DRAFT)
    assert number() == first.pk, "the other two are seen"
    hidden = Source.objects.create(name="خفي")
    Article.objects.filter(pk=third.pk).update(source=hidden)
    with SourceScope(lambda: frozenset([hidden.pk])).active():
        assert number() is None


def test_of_very_long_texts_the_beginnings_are_compared(
    client: Client, versions: tuple[Article, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _third = versions
    pages = (f"/stories/{first.pk}/", f"/articles/{first.pk}/compare/{second.pk}/")
    assert all("طويلة جدًّا" not in text_of(tree_of(client, page)) for page in pages)
    monkeypatch.setattr(answer_size, "MAX_COMPARED_CHARACTERS", 60)
    story, comparison = (text_of(tree_of(client, page)) for page in pages)
    assert "20 من الحروف" in story
    assert "كلمة بكلمة" not in story, "nobody knows whether the rest is the same"
    assert "30 من الحروف" in comparison
    assert "التجار" not in comparison


def test_where_the_beginnings_are_the_same_the_pages_say_no_more_than_that(
    client: Client, versions: tuple[Article, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _third = versions
    monkeypatch.setattr(answer_size, "MAX_COMPARED_CHARACTERS", 33)
    story = tree_of(client, f"/stories/{first.pk}/")
    comparison = tree_of(client, f"/articles/{first.pk}/compare/{second.pk}/")
    assert text_of(story).count("مطابقة للنسخة الأولى في الجزء المقارَن") == 2
    assert "متطابقتان في الجزء المقارَن" in text_of(comparison)
    for tree in (story, comparison):
        assert [each for each in tree.cssselect("main p, main .meta > span") if not text_of(each)] == []


def test_hits_and_articles_lead_to_the_story(client: Client, versions: tuple[Article, ...]) -> None:
    hit = tree_of(client, "/search/", q="السوق").cssselect(".hit")[0]
    assert any("/stories/" in link.get("href") for link in hit.cssselect("a"))
    assert links_with(tree_of(client, f"/articles/{versions[1].pk}/"), "/stories/")


def test_any_version_leads_to_the_story_and_any_two_are_compared(
    client: Client, versions: tuple[Article, ...]
) -> None:
    first, second, third = versions
    answer = client.get(f"/stories/{third.pk}/", {"q": "السوق"})
    assert answer.headers["Location"].startswith(f"/stories/{first.pk}/?q=")
    chosen = client.get(
        f"/stories/{first.pk}/", {"first": str(third.pk), "second": str(second.pk), "q": "السوق"}
    )
    assert chosen.headers["Location"].startswith(f"/articles/{third.pk}/compare/{second.pk}/?q=")
    assert client.get("/stories/99999/").status_code == 404
    for strange in ("x", "9" * 40, "0"):
        tree_of(client, f"/stories/{first.pk}/", first=strange, second=str(second.pk))


def test_a_long_story_has_pages_that_begin_with_its_first_version(
    client: Client, versions: tuple[Article, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = versions
    monkeypatch.setattr(story_page, "VERSIONS_SHOWN", 1)
    read: list[str] = []
    compare = story_page.diff_texts
    monkeypatch.setattr(story_page, "diff_texts", lambda *texts: read.append(texts[1]) or compare(*texts))
    tree = tree_of(client, f"/stories/{first.pk}/", q="السوق", part="2")
    shown = [link.get("href").split("?")[0] for link in tree.cssselect(".story-versions h2 a")]
    assert shown == [f"/articles/{each.pk}/" for each in (third, first)]
    assert len(read) == 1
    assert "3 نسخ" in text_of(tree.cssselect(".story header")[0])
    assert len(tree.cssselect("circle")) == 3, "the axis has all versions"
    last = tree_of(client, tree.cssselect("nav [rel=next]")[0].get("href"))
    assert links_with(last, f"/articles/{second.pk}/")
    assert not last.cssselect("nav [rel=next]")
    assert "q=" in last.cssselect("nav [rel=prev]")[0].get("href")


def test_an_axis_of_many_days_has_few_dots() -> None:
    days = [date(2010, 1, 1) + timedelta(days=number) for number in range(4000)]
    axis = story_page._time_axis(days * 9, right_to_left=True)
    assert axis is not None
    assert len(axis.dots) < 500


def test_a_comparison_leads_back_and_shows_only_the_differences_on_request(
    client: Client, write: Write
) -> None:
    first = write("سوق", "فقرة واحدة في الاثنين.\nهنا كلمة الأول.\nخاتمة في الاثنين.", source="سنابل")
    second = write("سوق", "فقرة واحدة في الاثنين.\nهنا كلمة الثاني.\nخاتمة في الاثنين.", source="بيدر")
    join(second, first, by=None, reason="خبر واحد")
    drain_outbox()
    whole = tree_of(client, f"/articles/{first.pk}/compare/{second.pk}/", q="سوق")
    assert "خاتمة" in whole.text_content()
    assert whole.cssselect("#back")[0].get("href").startswith("/search/?q=")
    assert links_with(whole, "/stories/")[0].startswith(f"/stories/{first.pk}/?q=")
    only = tree_of(client, links_with(whole, "only=differences")[0])
    assert "خاتمة" not in only.text_content()
    assert {text_of(each).split("] ")[-1] for each in only.cssselect(".differences-row :is(ins, del)")} == {
        "الأول",
        "الثاني",
    }
