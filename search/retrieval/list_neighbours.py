"""Finds the hits before and after a hit of a list, for a reader who goes from article to article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.models import Article
from search.engines import get_engine
from search.engines.contract import EngineRequest, EngineResult
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.query_tree import MATCH_NONE
from search.retrieval.collapse import DEEP_OFFSET, collapse_search
from search.retrieval.reranker import RerankingSearcher
from search.retrieval.service import MAX_CLOSE_HITS


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A hit beside another one: its position in the list, from 1, and its article."""

    position: int
    article: int
    title: str


@dataclass(frozen=True, slots=True)
class PlaceInList:
    """The position of an article in a list of `total` hits, with the hits around it."""

    position: int
    total: int
    previous: Neighbour | None
    next: Neighbour | None


def place_in_list(request: SearchRequest, article: int, position: int) -> PlaceInList | None:
    """Return where an article is in the list of a search, where it was at `position`.

    It may have moved by one since. None if it is no longer there, or there was no list. The neighbours are
    articles that readers may see, whatever an out-of-date index returned. Raises the errors of
    `search/engines/contract.py`.
    """
    first = max(1, position - 1)
    hits, total = _window(request, first, position + 1)
    if article not in hits:
        return None
    at = hits.index(article)
    around = [hits[near] for near in (at - 1, at + 1) if 0 <= near < len(hits)]
    titles = dict(Article.objects.visible().filter(pk__in=around).values_list("pk", "title"))

    def neighbour(near: int) -> Neighbour | None:
        if not 0 <= near < len(hits) or hits[near] not in titles:
            return None
        return Neighbour(first + near, hits[near], titles[hits[near]])

    return PlaceInList(first + at, total, neighbour(at - 1), neighbour(at + 1))


def _window(request: SearchRequest, first: int, last: int) -> tuple[Sequence[int], int]:
    """Return the articles at the positions `first` to `last` of the list, and the length of the list.

    The window is one wider than needed, so that an article that moved by one still has its neighbours.
    """
    search = prepare_search(request)
    compiled, filters = search.compiled, search.filters.nodes
    searcher = RerankingSearcher(get_engine().view(), search.store, compiled)
    asked = EngineRequest(
        query=compiled.strict,
        filters=filters,
        sort=request.effective_sort,
        offset=first - 1,
        limit=last - first + 2,
    )
    found = _strict_hits(searcher, asked, grouped=request.group == "story")
    strict = _length(found)
    hits = [hit.id for hit in found.hits]
    if request.close != "all" or compiled.close is None:
        return hits, strict
    start = max(0, first - 1 - strict)
    others = searcher.search(
        EngineRequest(
            query=compiled.close or MATCH_NONE,
            exclude=compiled.strict if strict else None,
            filters=filters,
            offset=start,
            limit=max(0, min(last + 1 - max(first - 1, strict), MAX_CLOSE_HITS - start)),
        )
    )
    return [*hits, *(hit.id for hit in others.hits)], strict + min(others.total, MAX_CLOSE_HITS)


def _strict_hits(searcher: RerankingSearcher, asked: EngineRequest, *, grouped: bool) -> EngineResult:
    if grouped:
        return collapse_search(searcher, asked)
    if asked.offset >= DEEP_OFFSET:  # an engine would collect as many hits as the address says
        counted = searcher.search(replace(asked, offset=0, limit=0))
        if asked.offset >= counted.total:
            return counted
    return searcher.search(asked)


def _length(found: EngineResult) -> int:
    return found.total if found.stories is None else found.stories
