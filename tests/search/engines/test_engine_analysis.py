"""The analysis that an index stores with each article, on every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.engines import analyzed_text
from search.engines.analyzed_article import WantedTerms
from search.engines.contract import (
    EngineRequest,
    Put,
    Remove,
    SearchEngine,
    SortOrder,
)
from search.query_tree import Term
from tests.search.engines.suite.small import ALL, article


def test_an_article_is_stored_with_its_analysis(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "قصف بحمص")), Put(article(2, "حلب"))], 1, interactive=True)
    stored = engine.analyzed_articles([1, 2, 3])
    assert sorted(stored) == [1, 2]
    assert stored[1].is_of("", "قصف بحمص")
    wanted = WantedTerms.of_level("forms", ["§حمص"])
    assert stored[1].body.term_positions(wanted, "forms") == {"§حمص": [1]}
    assert engine.analyzed_articles([]) == {}


def test_the_analysis_changes_with_the_article_and_goes_with_it(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "حمص")), Put(article(2, "حمص"))], 1, interactive=True)
    engine.apply([Put(article(1, "حلب")), Remove(2)], 2, interactive=True)
    stored = engine.analyzed_articles([1, 2])
    assert list(stored) == [1]
    assert stored[1].is_of("", "حلب")


def test_hits_come_with_their_analysis_if_requested(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "حمص")), Put(article(2, "حمص ثم حمص"))], 1, interactive=True)
    sorts: tuple[SortOrder, ...] = ("relevance", "newest")
    for sort in sorts:
        request = EngineRequest(Term("body", "exact", "حمص"), sort=sort, analyzed=True)
        hits = engine.search(request).hits
        assert {hit.id: hit.analyzed and len(hit.analyzed.body) for hit in hits} == {1: 1, 2: 3}
    assert [hit.analyzed for hit in engine.search(ALL).hits] == [None, None]


def test_an_analysis_by_other_tables_is_not_given(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.apply([Put(article(1, "حمص"))], 1, interactive=True)
    monkeypatch.setattr(analyzed_text, "document_analysis_version", lambda: "other")
    assert engine.analyzed_articles([1]) == {}
    assert engine.search(replace(ALL, analyzed=True)).hits[0].analyzed is None
