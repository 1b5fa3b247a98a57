"""Lists every hit of a search, for an export."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace

from articles.batching import LARGEST_ID
from articles.models import StoryMember
from search.engines.contract import EngineRequest, SearchEngine
from search.query.compiler import PreparedSearch
from search.query.weights import RERANK_DEPTH
from search.query_tree import AllOf, NumberRange
from search.retrieval.reranker import RerankingSearcher

_STORIES_AT_ONCE = 1000


def count_hits(search: PreparedSearch, engine: SearchEngine) -> int:
    """Return the number of strict hits. Raises EngineUnavailable, IndexMissing."""
    return engine.search(replace(_request(search), limit=0)).total


def first_hit_ids(search: PreparedSearch, engine: SearchEngine, limit: int) -> list[int]:
    """Return the ids of a few hits, to estimate the rest. Raises EngineUnavailable, IndexMissing."""
    return [hit.id for hit in engine.search(replace(_request(search), limit=limit)).hits]


def all_hit_ids(search: PreparedSearch, engine: SearchEngine) -> array[int]:
    """Return the ids of all strict hits of one state of the index, in the order of the results page.

    Eight bytes a hit, however many there are. Near-duplicates are left out only if the request itself asks
    for each story once. Raises EngineUnavailable, IndexMissing.
    """
    request = _request(search)
    ids = array("q", engine.scan(request))
    if request.sort == "relevance" and len(search.compiled.words) > 1:
        ids = _with_first(_reranked_ids(search, engine, request), ids)
    return array("q", _first_of_stories(ids)) if search.request.group == "story" else ids


def hit_ids_after(search: PreparedSearch, engine: SearchEngine, number: int, limit: int) -> tuple[int, ...]:
    """Return the ids of the next strict hits above `number`, ascending.

    Ids never change, so whoever goes on from the last one meets no hit twice, and each that is a hit all the
    while, whatever others write meanwhile. Raises EngineUnavailable, IndexMissing.
    """
    if number >= LARGEST_ID:
        return ()  # what follows is no number of the engines
    request = _request(search)
    query = AllOf((request.query, NumberRange("id", low=number + 1)))
    found = engine.search(replace(request, query=query, sort="number", limit=limit))
    return tuple(hit.id for hit in found.hits)


def _request(search: PreparedSearch) -> EngineRequest:
    return EngineRequest(
        query=search.compiled.strict, filters=search.filters.nodes, sort=search.request.effective_sort
    )


def _reranked_ids(search: PreparedSearch, engine: SearchEngine, request: EngineRequest) -> list[int]:
    """Return the ids of the hits whose order the neighbouring words decide."""
    searcher = RerankingSearcher(engine, search.store, search.compiled)
    return [hit.id for hit in searcher.search(replace(request, limit=RERANK_DEPTH, analyzed=True)).hits]


def _with_first(first: list[int], ids: array[int]) -> array[int]:
    """Return `ids` with those of `first` at the front; the index may have changed between the two."""
    known = set(first).intersection(ids)
    front = [id for id in first if id in known]
    return array("q", [*front, *(id for id in ids if id not in known)])


def _first_of_stories(ids: array[int]) -> Iterator[int]:
    """Yield the ids without those whose story came before."""
    seen: set[int] = set()
    for start in range(0, len(ids), _STORIES_AT_ONCE):
        part = ids[start : start + _STORIES_AT_ONCE]
        members = StoryMember.objects.filter(article__in=list(part))
        stories = dict(members.values_list("article", "story"))
        for id in part:
            story = stories.get(id)
            if story is None:
                yield id
            elif story not in seen:
                seen.add(story)
                yield id
