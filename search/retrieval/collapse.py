"""Collapses near-duplicates: a list that shows each cluster once, by its best article.

It is built from an engine's plain list, so that both engines give the same. A cluster is called a story
in the index and in the addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from search.engines.contract import EngineHit, EngineRequest, EngineResult

#: From this offset on the hits are counted first, because an engine collects all hits up to the end of the
#: page.
DEEP_OFFSET = 10_000


class SearchBackend(Protocol):
    """An engine, or a wrapper that reorders its hits."""

    def search(self, request: EngineRequest, /) -> EngineResult:
        """Return the requested page of hits."""
        ...


def collapse_search(engine: SearchBackend, request: EngineRequest) -> EngineResult:
    """Return the page of `request` with `offset` and `limit` counted in clusters.

    `total` and the facets still count articles; `stories` is the length of the list. A cluster has the
    position of its best article on every page, so the pages fit together.
    """
    wanted, fetch = request.offset + request.limit, request.offset + 2 * request.limit
    if request.offset >= DEEP_OFFSET:
        counted = engine.search(replace(request, offset=0, limit=0, stories=True))
        if request.offset >= (counted.stories or 0):
            return counted
        first = replace(counted, hits=_uncollapsed_hits(engine, request, fetch := min(fetch, counted.total)))
    else:
        first = engine.search(replace(request, offset=0, limit=fetch, stories=True))
    hits = list(collapse_hits(first.hits))
    while len(hits) < wanted and fetch < first.total:
        fetch *= 2
        hits = list(collapse_hits(_uncollapsed_hits(engine, request, fetch)))
    return replace(first, hits=tuple(hits[request.offset : wanted]))


def _uncollapsed_hits(engine: SearchBackend, request: EngineRequest, limit: int) -> tuple[EngineHit, ...]:
    """Return the first `limit` hits, without facets."""
    return engine.search(replace(request, offset=0, limit=limit, facets=(), counts=())).hits


def collapse_hits(hits: Iterable[EngineHit]) -> Iterator[EngineHit]:
    """Yield the hits in order, only the first of each cluster."""
    seen: set[int] = set()
    for hit in hits:
        if hit.story is None:
            yield hit
        elif hit.story not in seen:
            seen.add(hit.story)
            yield hit
