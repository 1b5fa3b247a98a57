"""Collapsed near-duplicates: the same list on both engines, page by page, with the right counts."""

from __future__ import annotations

import random

import pytest

from articles.models import Article, StoryMember
from search.engines.contract import EngineHit, SearchEngine
from search.query.request import MappingParams, SearchRequest
from search.retrieval.collapse import collapse_hits
from search.retrieval.service import run_search
from tests.search.news import NewsItem, index_all, publish


def shown(engine: SearchEngine, **asked: object) -> list[int]:
    page = run_search(SearchRequest(group="story", **asked), engine=engine)  # type: ignore[arg-type]  # stands in for an engine  # fields of it
    return [hit.record.id for hit in page.hits]


def story(*ids: int) -> None:
    StoryMember.objects.bulk_create(StoryMember(article_id=pk, story=min(ids)) for pk in ids)


def test_the_best_article_of_each_cluster_keeps_its_position() -> None:
    hits = [EngineHit(1, 9.0, 5), EngineHit(2, 8.0), EngineHit(3, 7.0, 5), EngineHit(4, 6.0, 4)]
    assert [hit.id for hit in collapse_hits(hits)] == [1, 2, 4]


@pytest.mark.django_db
def test_the_pages_together_show_every_cluster_once(engine: SearchEngine) -> None:
    dice = random.Random(3)  # noqa: S311  no secret
    ids = publish(
        engine, *(NewsItem(f"خبر {number}", "نص", day=f"2012-{number % 12 + 1:02}") for number in range(90))
    )
    groups: dict[int, list[int]] = {}
    for pk in ids:
        groups.setdefault(dice.choice([0, 1, 2, 3, 4]), []).append(pk)
    for members in list(groups.values())[1:]:
        story(*members)
    index_all(engine, version=2)
    belongs = dict(StoryMember.objects.values_list("article", "story"))
    expected = len({belongs.get(pk, -pk) for pk in ids})
    for sort in ("relevance", "newest", "oldest"):
        listed: list[int] = []
        for number in range(1, 9):
            page = run_search(
                SearchRequest(q="خبر", group="story", sort=sort, size=4, page=number),
                engine=engine,  # type: ignore[arg-type]  # stands in for an engine
            )
            assert (page.total, page.stories, page.pages) == (90, expected, -(-expected // 4))
            listed += [hit.record.id for hit in page.hits]
        assert len(listed) == expected
        assert len({belongs.get(pk, -pk) for pk in listed}) == expected
        whole = run_search(SearchRequest(q="خبر", sort=sort, size=100), engine=engine)  # type: ignore[arg-type]  # stands in for an engine
        firsts: dict[int, int] = {}
        for hit in whole.hits:
            firsts.setdefault(belongs.get(hit.record.id, -hit.record.id), hit.record.id)
        assert listed == list(firsts.values()), "the best member, in the order of the plain list"
        assert whole.stories is None


@pytest.mark.django_db
def test_under_a_filter_the_clusters_of_its_hits_are_counted(engine: SearchEngine) -> None:
    ids = publish(
        engine,
        NewsItem("خبر أول", source="سنابل"),
        NewsItem("خبر أول", source="بيدر"),
        NewsItem("خبر ثان", source="بيدر"),
    )
    story(*ids[:2])
    index_all(engine, version=2)
    whole = run_search(SearchRequest(q="خبر", group="story"), engine=engine)
    assert (whole.total, whole.stories) == (3, 2)
    one = run_search(SearchRequest(q="خبر", group="story", sources=("بيدر",)), engine=engine)
    assert (one.total, one.stories) == (2, 2)
    assert {value.value: value.count for value in whole.facets["source"]} == {"بيدر": 2, "سنابل": 1}


@pytest.mark.django_db
def test_the_other_versions_are_named_and_hidden_ones_are_not(engine: SearchEngine) -> None:
    ids = publish(engine, *(NewsItem("خبر", source=name, day="2012-05-01") for name in ("أ", "ب", "ج")))
    story(*ids)
    Article.objects.filter(pk=ids[1]).update(state="withdrawn")
    index_all(engine, version=2)
    page = run_search(SearchRequest(q="خبر", group="story"), engine=engine)
    assert [[other.id for other in hit.also] for hit in page.hits] == [[ids[2]]]
    plain = run_search(SearchRequest(q="خبر"), engine=engine)
    assert all(hit.also == () for hit in plain.hits)


@pytest.mark.django_db
def test_a_page_after_the_last_cluster_is_empty_with_a_complaint(engine: SearchEngine) -> None:
    ids = publish(engine, *(NewsItem("خبر") for _ in range(5)))
    story(*ids)
    index_all(engine, version=2)
    for number in (2, 1_000_000):
        page = run_search(SearchRequest(q="خبر", group="story", page=number), engine=engine)
        assert page.hits == ()
        assert [complaint.code for complaint in page.complaints] == ["past_the_end"]


def test_the_grouping_is_part_of_the_address() -> None:
    request, complaints = SearchRequest.from_params(MappingParams({"q": ["خبر"], "group": ["none"]}))
    assert (request.group, complaints) == ("none", ())
    assert "group=none" in request.query_string()
    assert "group" not in SearchRequest(q="خبر").query_string()
    bad, complaints = SearchRequest.from_params(MappingParams({"group": ["pairs"]}))
    assert (bad.group, [each.code for each in complaints]) == ("", ["bad_group"])
