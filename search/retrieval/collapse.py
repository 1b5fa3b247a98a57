"""A list that shows each story once, by its best member; made of an engine's plain list, so that it is the
same on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from search.engines.contract import EngineHit, EngineRequest, EngineResult

#: From this offset on the counts are asked first: an engine collects all hits up to the page's end.
DEEP_OFFSET = 10_000


class SearchBackend(Protocol):
    """An engine, or what puts its answers in another order."""

    def search(self, request: EngineRequest, /) -> EngineResult:
        """The page that is asked for."""
        ...


def collapse_search(engine: SearchBackend, asked: EngineRequest) -> EngineResult:
    """The answer to `asked` with `offset` and `limit` counted in stories. `total` and facets count articles
    as ever; `stories` says how long the list is. Pages fit together: a story stands where its best member
    does, whatever the page."""
    wanted, fetch = asked.offset + asked.limit, asked.offset + 2 * asked.limit
    if asked.offset >= DEEP_OFFSET:
        counted = engine.search(replace(asked, offset=0, limit=0, stories=True))
        if asked.offset >= (counted.stories or 0):
            return counted
        first = replace(counted, hits=_uncollapsed_hits(engine, asked, fetch := min(fetch, counted.total)))
    else:
        first = engine.search(replace(asked, offset=0, limit=fetch, stories=True))
    hits = list(collapse_hits(first.hits))
    while len(hits) < wanted and fetch < first.total:
        fetch *= 2
        hits = list(collapse_hits(_uncollapsed_hits(engine, asked, fetch)))
    return replace(first, hits=tuple(hits[asked.offset : wanted]))


def _uncollapsed_hits(engine: SearchBackend, asked: EngineRequest, limit: int) -> tuple[EngineHit, ...]:
    return engine.search(replace(asked, offset=0, limit=limit, facets=())).hits


def collapse_hits(hits: Iterable[EngineHit]) -> Iterator[EngineHit]:
    """The hits in their order, of each story the first."""
    seen: set[int] = set()
    for hit in hits:
        if hit.story is None:
            yield hit
        elif hit.story not in seen:
            seen.add(hit.story)
            yield hit
