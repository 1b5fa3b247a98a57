"""Every engine gives the results of the contract in plain Python on generated requests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engines.contract import EngineRequest, IndexDocument, Put, Remove, SearchEngine
from search.engines.elastic import index_searcher
from search.engines.embedded import index_view
from search.query_tree import MatchAll, Term
from tests.search.conftest import KINDS_AND_SHARDS, MakeEngine
from tests.search.engines.suite import oracle
from tests.search.engines.suite.questions import document, requests

ARTICLES = 160


@pytest.fixture(scope="module", params=KINDS_AND_SHARDS)
def archive(
    request: pytest.FixtureRequest, engine_maker: MakeEngine
) -> tuple[SearchEngine, list[IndexDocument]]:
    """Index an archive with a history: several segments, updates, removals before and after merges."""
    engine = engine_maker(request.param)
    engine.ensure_index()
    held: dict[int, IndexDocument] = {}
    for version in range(1, 13):
        ids = range((version - 1) * 20, (version - 1) * 20 + 60)
        fresh = {id: document(id % ARTICLES, seed=version) for id in ids}
        fresh = {one.id: one for one in fresh.values()}
        gone = [id for id in held if id % 7 == version % 7]
        engine.apply([Put(one) for one in fresh.values()], 2 * version, interactive=version % 2 == 0)
        engine.apply([Remove(id) for id in gone], 2 * version + 1, interactive=True)
        held |= fresh
        for id in gone:
            del held[id]
    return engine, sorted(held.values(), key=lambda one: one.id)


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(request=requests(limit=ARTICLES))
def test_hits_total_counts_and_date_order_match_the_contract(
    archive: tuple[SearchEngine, list[IndexDocument]], request: EngineRequest
) -> None:
    engine, documents = archive
    expected = oracle.hits(documents, request)
    result = engine.search(request)
    assert {hit.id for hit in result.hits} == {one.id for one in expected}
    assert result.total == len(expected)
    known = {one.id: one.story for one in documents}
    assert [hit.story for hit in result.hits] == [known[hit.id] for hit in result.hits]
    assert engine.search(replace(request, stories=True, limit=1)).stories == oracle.stories(expected)
    assert result.facets == oracle.facets(documents, request)
    if request.sort == "relevance":
        order = [(-hit.score, hit.id) for hit in result.hits]
        assert order == sorted(order)
    else:
        assert [hit.id for hit in result.hits] == oracle.by_date(expected, request.sort)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(requests(limit=1), min_size=1, max_size=5))
def test_counting_several_queries_at_once_equals_counting_each(
    archive: tuple[SearchEngine, list[IndexDocument]], asked: list[EngineRequest]
) -> None:
    engine, documents = archive
    filters = asked[0].filters
    counted = engine.counts([request.query for request in asked], filters)
    expected = (oracle.hits(documents, EngineRequest(each.query, filters=filters)) for each in asked)
    assert counted == tuple(map(len, expected))


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(request=requests(limit=7))
def test_the_pages_make_up_the_whole_list(
    archive: tuple[SearchEngine, list[IndexDocument]], request: EngineRequest
) -> None:
    engine, _ = archive
    with pytest.MonkeyPatch.context() as patch:
        # A scan in many parts, which end between hits of one score or date.
        patch.setattr(index_view, "SCAN_PART", 3)
        patch.setattr(index_searcher, "MAX_RESULT_WINDOW", 3)
        whole = list(engine.scan(request))
    assert whole == list(engine.scan(request))
    paged: list[int] = []
    for offset in range(0, len(whole) + 7, 7):
        page = EngineRequest(
            request.query, request.exclude, request.filters, request.sort, offset=offset, limit=7
        )
        paged += [hit.id for hit in engine.search(page).hits]
    assert paged == whole


def test_the_history_leaves_the_expected_articles(archive: tuple[SearchEngine, list[IndexDocument]]) -> None:
    engine, documents = archive
    assert list(engine.fingerprints()) == [(one.id, one.fingerprint) for one in documents]
    assert engine.status().documents == len(documents)
    assert engine.search(EngineRequest(MatchAll(), limit=1)).total == len(documents)


def test_numbers_match_all_and_exclusions_do_not_score(
    archive: tuple[SearchEngine, list[IndexDocument]],
) -> None:
    engine, documents = archive
    result = engine.search(EngineRequest(MatchAll(), limit=5))
    assert [(hit.id, hit.score) for hit in result.hits] == [(one.id, 0.0) for one in documents[:5]]
    word = Term("body", "exact", "حمص")
    plain = engine.search(EngineRequest(word, limit=3)).hits
    narrowed = engine.search(
        EngineRequest(word, exclude=Term("title", "exact", "غائب"), filters={"place": MatchAll()}, limit=3)
    ).hits
    assert [hit.id for hit in plain] == [hit.id for hit in narrowed]
    assert [hit.score for hit in plain] == pytest.approx([hit.score for hit in narrowed])
