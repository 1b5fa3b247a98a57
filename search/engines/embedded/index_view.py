"""Searches of one frozen view of the embedded index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any

import tantivy

from search.engines.analyzed_article import AnalyzedArticle
from search.engines.analyzed_text import stored_article
from search.engines.contract import (
    FACET_COLUMNS,
    PLACE_COLUMNS,
    EngineError,
    EngineHit,
    EngineRequest,
    EngineResult,
    FacetCounts,
    FacetName,
    FilterName,
    SearchView,
)
from search.engines.embedded.query_translator import Translator, has_scoring_leaf, unscored
from search.engines.embedded.schema import SORT_KEYS, packed_article, schema
from search.query_tree import Node

Query = tantivy.Query
Occur = tantivy.Occur
#: Tantivy raises an error above 65,000 buckets, so this limit never drops a value.
_MOST_BUCKETS = 1_000_000
_UNDATED = -1
#: Hits that a scan fetches at once.
SCAN_PART = 20_000
#: Score, address of the document.
_Found = tuple[float, tantivy.DocAddress]


class IndexView(SearchView):
    """A searcher, which sees the same documents for as long as it is held."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self._translator = Translator(searcher)

    def search(self, request: EngineRequest) -> EngineResult:
        """Return the requested page of hits, the total and the facet counts."""
        query = self._query(request)
        hits, total = self._page(request, query, request.offset, request.limit)
        stories = self._stories(query, total) if request.stories else None
        counts = self.counts(request.counts, request.filters)
        return EngineResult(hits, total, self._facets(request, query), stories, counts)

    def iter_ids(self, request: EngineRequest) -> Iterator[int]:
        """Yield the ids of all hits in the request's order, with at most SCAN_PART of them in memory."""
        query = self._query(request)
        if not _is_by_score(request):
            key = SORT_KEYS.get(request.sort, "id")
            for part in self._parts(query, order_by_field=key, order=tantivy.Order.Asc):
                yield from self._ids([address for _, address in part])
            return
        waiting: list[_Found] = []
        for part in self._parts(query):
            # The lowest score may go on in the next part; hits of one score are sorted by id together.
            waiting += part
            lowest = waiting[-1][0]
            ready = [found for found in waiting if found[0] != lowest]
            waiting = waiting[len(ready) :]
            yield from self._by_score_and_id(ready)
        yield from self._by_score_and_id(waiting)

    def _parts(self, query: Query, **options: Any) -> Iterator[list[Any]]:
        """Yield all hits of a query in parts of SCAN_PART."""
        for offset in count(0, SCAN_PART):
            hits = self.searcher.search(query, SCAN_PART, offset=offset, count=False, **options).hits
            if hits:
                yield hits
            if len(hits) < SCAN_PART:
                return

    def _by_score_and_id(self, found: Sequence[_Found]) -> list[int]:
        ids = self._ids([address for _, address in found])
        return [id for _, id in sorted((-score, id) for (score, _), id in zip(found, ids, strict=True))]

    def count(self) -> int:
        """Return the number of live documents."""
        return _total(self.searcher.search(_live([]), 1))

    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FilterName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        """Return the number of live documents that match each node and all filters."""
        if not nodes:
            return ()
        shared = [(Occur.Must, unscored(self._translator.build_query(node))) for node in filters.values()]
        wanted = (unscored(self._translator.build_query(node)) for node in nodes)
        return tuple(
            _total(self.searcher.search(_live([(Occur.Must, query), *shared]), 1)) for query in wanted
        )

    def newest_version(self) -> int:
        """Return the highest version of a document or tombstone; 0 in an empty index."""
        if not self.searcher.num_docs:
            return 0
        asked = {"newest": {"max": {"field": "version"}}}
        return int(self.searcher.aggregate(Query.all_query(), asked)["newest"]["value"] or 0)

    def fingerprints(self) -> list[tuple[int, str]]:
        """Return (id, fingerprint) of every live document by ascending id."""
        hits = self.searcher.search(
            _live([]), max(1, self.searcher.num_docs), count=False, order_by_field="fingerprint"
        ).hits
        ids = self._ids([address for _, address in hits])
        return sorted(zip(ids, (text or "" for text, _ in hits), strict=True))

    def _query(self, request: EngineRequest, without: FacetName | None = None) -> Query:
        parts = [(Occur.Must, self._translator.build_query(request.query))]
        for facet, node in request.filters.items():
            if facet != without:
                parts.append((Occur.Must, unscored(self._translator.build_query(node))))
        if request.exclude is not None:
            parts.append((Occur.MustNot, self._translator.build_query(request.exclude)))
        return _live(parts)

    def _page(
        self, request: EngineRequest, query: Query, offset: int, limit: int
    ) -> tuple[tuple[EngineHit, ...], int]:
        if limit <= 0:
            return (), _total(self.searcher.search(query, 1))
        if not _is_by_score(request):
            key = SORT_KEYS.get(request.sort, "id")
            found = self.searcher.search(
                query, limit, offset=offset, order_by_field=key, order=tantivy.Order.Asc
            )
            addresses = [address for _, address in found.hits]
            shown = [(0.0, address) for address in addresses]
            return self._hits(shown, analyzed=request.analyzed), _total(found)
        best, total = self._best(query, offset, limit)
        return self._hits(best, analyzed=request.analyzed), total

    def _best(self, query: Query, offset: int, limit: int) -> tuple[list[_Found], int]:
        """Return hits by score, ties by id; a tie that crosses the end of the page is fetched whole."""
        wanted = offset + limit
        fetch = wanted + limit
        while True:
            found = self.searcher.search(query, fetch)
            hits = found.hits
            if len(hits) < fetch or hits[wanted - 1][0] != hits[-1][0]:
                break
            # Where thousands have the same score (patterns), each further search costs as much as the first.
            fetch = max(fetch * 4, min(_total(found), SCAN_PART))
        ids = self._ids([address for _, address in hits])
        order = sorted(range(len(hits)), key=lambda place: (-hits[place][0], ids[place]))
        return [hits[place] for place in order[offset:wanted]], _total(found)

    def _hits(self, found: Sequence[_Found], *, analyzed: bool) -> tuple[EngineHit, ...]:
        addresses = [address for _, address in found]
        articles = self._articles(addresses) if analyzed else [None] * len(found)
        columns = self._ids(addresses), self._story_of(addresses), articles
        return tuple(
            EngineHit(id, score, story, article)
            for (score, _), id, story, article in zip(found, *columns, strict=True)
        )

    def analyzed_articles(self, ids: Collection[int]) -> dict[int, AnalyzedArticle]:
        """Return the stored analysis of live documents by id; see `SearchView.analyzed_articles`."""
        query = _live([(Occur.Must, unscored(Query.term_set_query(schema(), "id", list(ids))))])
        hits = self.searcher.search(query, max(1, len(ids)), count=False).hits
        addresses = [address for _, address in hits]
        found = zip(self._ids(addresses), self._articles(addresses), strict=True)
        return {id: article for id, article in found if article}

    def _articles(self, addresses: Sequence[tantivy.DocAddress]) -> list[AnalyzedArticle | None]:
        return [stored_article(packed_article(self.searcher, address)) for address in addresses]

    def _ids(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        return [int(value or 0) for value in self.searcher.fast_field_values("id", addresses)]

    def _story_of(self, addresses: list[tantivy.DocAddress]) -> list[int | None]:
        values = self.searcher.fast_field_values("story", addresses)
        return [None if value is None else int(value) for value in values]

    def _stories(self, query: Query, total: int) -> int:
        """Count the clusters among the hits; an article without other versions counts as one."""
        wanted = {"story": {"terms": {"field": "story", "size": _MOST_BUCKETS}}}
        try:
            buckets = self.searcher.aggregate(query, wanted)["story"]["buckets"]
        except ValueError:  # more clusters than Tantivy's limit of buckets: look at every hit
            hits = self.searcher.search(query, max(1, total), count=False).hits
            found = self._story_of([address for _, address in hits])
            return found.count(None) + len(set(found) - {None})
        return total - sum(int(bucket["doc_count"]) for bucket in buckets) + len(buckets)

    def _facets(self, request: EngineRequest, query: Query) -> FacetCounts:
        shared = [facet for facet in request.facets if facet not in request.filters]
        columns = [column for facet in shared for column in FACET_COLUMNS[facet]]
        places_filter = "place" in request.facets and "place" in request.filters
        counts = self._count(query, [*columns, *(PLACE_COLUMNS if places_filter else ())])
        place_hits: dict[str, dict[int, int]] = (
            {column: counts.pop(column) for column in PLACE_COLUMNS} if places_filter else {}
        )
        for facet in request.facets:
            if facet in request.filters:
                counts |= self._count(self._query(request, without=facet), FACET_COLUMNS[facet])
        undated = counts.get("year", {}).pop(_UNDATED, 0)
        return FacetCounts(undated=undated, place_hits=place_hits, **counts)

    def _count(self, query: Query, columns: Sequence[str]) -> dict[str, dict[int, int]]:
        if not columns:
            return {}
        wanted: dict[str, Any] = {
            column: {"terms": {"field": column, "size": _MOST_BUCKETS}} for column in columns
        }
        if "year" in wanted:
            wanted["year"]["terms"]["missing"] = _UNDATED
        try:
            answer = self.searcher.aggregate(query, wanted)
        except ValueError as error:
            raise EngineError(f"facets could not be counted: {error}") from error
        return {
            column: {int(bucket["key"]): bucket["doc_count"] for bucket in answer[column]["buckets"]}
            for column in columns
        }


def _live(parts: list[tuple[tantivy.Occur, Query]]) -> Query:
    """Return a query of `parts` that matches no tombstone."""
    if not any(occur == Occur.Must for occur, _ in parts):
        parts = [(Occur.Must, unscored(Query.all_query())), *parts]
    return Query.boolean_query([*parts, (Occur.MustNot, Query.term_query(schema(), "deleted", 1))])


def _is_by_score(request: EngineRequest) -> bool:
    return request.sort == "relevance" and has_scoring_leaf(request.query)


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # its stub forgets the attribute
