"""The one function behind the page, the API, the `search` command, `evaluate` and `check_cases`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from articles.models import Article, PlaceMention
from search.engines import get_engine
from search.engines.contract import FACETS, EngineHit, EngineRequest, EngineResult, FacetCounts, SearchEngine
from search.highlighting.explanation import Explainer, WordMatch, filter_numbers
from search.highlighting.highlighter import Highlighter
from search.highlighting.term_matcher import TokenizedText
from search.query.compiler import CompiledQuery, QueryClause, compile_query
from search.query.filters import ResolvedFilters
from search.query.nodes import ParsedQuery
from search.query.parser import parse_query
from search.query.request import MAX_PAGE_SIZE, SearchRequest, date_bounds
from search.query.weights import RERANK_DEPTH
from search.query_tree import MATCH_NONE, Node, Number
from search.results import Complaint, Hit, Record, ResultPage, Snippet
from search.retrieval import reranker
from search.retrieval.collapse import DEEP_OFFSET, collapse_search
from search.retrieval.facets import facet_values
from search.store.database import DatabaseStore
from search.store.protocols import Store
from search.suggest.did_you_mean import build_suggestions
from search.suggest.used_expansions import count_used_expansions
from search.vocabulary.vocabulary_store import archive_splitter

# Marks and explains the words of a search in one article. Needs no engine: it opens while one is down.


def highlight_article(request: SearchRequest, title: str, body: str) -> tuple[Snippet, Snippet]:
    """Title and body, whole, with what the query finds in them marked; unmarked without a query."""
    highlighter, splitter = Highlighter(query_tree(request)), archive_splitter()
    return (
        highlighter.mark(TokenizedText(title, splitter), "title"),
        highlighter.mark(TokenizedText(body, splitter), "body"),
    )


def explain_article(request: SearchRequest, article: Article) -> tuple[WordMatch, ...]:
    """What in an article answers each word of the query; () without words."""
    splitter = archive_splitter()
    title, body = TokenizedText(article.title, splitter), TokenizedText(article.body, splitter)
    places = PlaceMention.objects.filter(article=article).values_list("place_id", flat=True)
    return Explainer(query_words(request)).explain(title, body, filter_numbers(article.source_id, places))


#: Close hits in the list at most; who wants more should change the query.
MAX_CLOSE_HITS = 200
#: Longest title in a result list, in characters.
MAX_TITLE_LENGTH = 300


def run_search(
    request: SearchRequest, *, engine: SearchEngine | None = None, store: Store | None = None
) -> ResultPage:
    """Answer a request: strict hits in the order asked for, then close ones by relevance, as one list.

    The close part is asked for only by the page on which the strict hits end, and those after it; until then
    `close_total` is 0 and `pages` counts the strict part. Raises the errors of `engines.base`.
    """
    started = time.perf_counter()
    engine = engine or get_engine()
    store = store or DatabaseStore()
    request = _within_limits(request)
    parsed = parse_query(request.q, settings.QUERY_MAX_CHARACTERS)
    analysed = _compile(request, parsed, store)
    filters = ResolvedFilters(request, store)
    complaints = [*parsed.complaints, *analysed.complaints, *filters.complaints]
    offset = (request.page - 1) * request.size

    finder = _RerankingSearcher(
        engine, store, reranker.build_rerank_query(analysed.words, store.vocabulary())
    )
    strict, total, counts, stories = _search_strict(finder, request, analysed.strict, filters, offset)
    listed = total if stories is None else stories
    close: Sequence[EngineHit] = ()
    close_total = 0
    if offset + request.size >= listed and analysed.close is not None:
        close, close_total = _search_close(finder, request, analysed, filters, listed)

    advice = build_suggestions(request, filters, total, engine, store)
    found = [(hit, True) for hit in strict] + [(hit, False) for hit in close]
    pages = max(1, -(-(listed + close_total) // request.size))
    if request.page > pages:
        complaints.append(Complaint("past_the_end", str(request.page)))
    return ResultPage(
        hits=_build_hits(request, found, analysed, store),
        total=total,
        stories=stories,
        close_total=close_total,
        page=request.page,
        pages=pages,
        size=request.size,
        facets=facet_values(request, counts, filters, store),
        complaints=tuple(dict.fromkeys(complaints)),
        suggestions=advice.suggestions,
        missing=advice.missing,
        ways_out=advice.ways_out,
        expansions=count_used_expansions(analysed.expansions, engine, filters, store.vocabulary()),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def canonicalize_filters(request: SearchRequest, store: Store | None = None) -> SearchRequest:
    """The request with its regions, cities and sources under the names that the facets give them, so that a
    facet row and the filter it stands for are the same value. Unknown names stay as they are."""
    if not (request.countries or request.governorates or request.cities or request.sources):
        return request
    store = store or DatabaseStore()
    filters = ResolvedFilters(request, store)
    countries = store.country_values(key for ids in filters.countries.values() for key in ids)
    governorates = store.governorate_values(key for ids in filters.governorates.values() for key in ids)
    cities = store.city_values(key for ids in filters.cities.values() for key in ids)
    sources = store.source_values(key for ids in filters.sources.values() for key in ids)
    return replace(
        request,
        countries=_canonical_names(filters.countries, countries),
        governorates=_canonical_names(filters.governorates, governorates),
        cities=_canonical_names(filters.cities, cities),
        sources=_canonical_names(filters.sources, sources),
    )


def _canonical_names(chosen: Mapping[str, tuple[int, ...]], values: Mapping[int, str]) -> tuple[str, ...]:
    names = [[values[key] for key in ids if key in values] or [name] for name, ids in chosen.items()]
    return tuple(dict.fromkeys(name for some in names for name in some))


def query_tree(request: SearchRequest, store: Store | None = None) -> Node:
    """The tree of the request's words, for marking them in an article; filters mark nothing."""
    parsed = parse_query(request.q, settings.QUERY_MAX_CHARACTERS)
    return _compile(request, parsed, store or DatabaseStore()).strict


def query_words(request: SearchRequest, store: Store | None = None) -> tuple[QueryClause, ...]:
    """The words of the request's query, for explaining an article; filters are none."""
    parsed = parse_query(request.q, settings.QUERY_MAX_CHARACTERS)
    return _compile(request, parsed, store or DatabaseStore()).words


def _within_limits(request: SearchRequest) -> SearchRequest:
    return replace(request, page=max(1, request.page), size=min(max(1, request.size), MAX_PAGE_SIZE))


def _compile(request: SearchRequest, parsed: ParsedQuery, store: Store) -> CompiledQuery:
    """An empty query browses everything; one that has characters but no word finds nothing."""
    if parsed.root is None and request.q.strip():
        return CompiledQuery(MATCH_NONE)
    return compile_query(parsed, request, store)


@dataclass(frozen=True, slots=True)
class _RerankingSearcher:
    """Asks the engine, and puts the first hits by relevance in their final order."""

    engine: SearchEngine
    store: Store
    words: reranker.RerankQuery | None

    def search(self, asked: EngineRequest) -> EngineResult:
        first = RERANK_DEPTH
        if asked.sort != "relevance" or asked.offset >= first or asked.limit <= 0 or self.words is None:
            return self.engine.search(asked)
        end = asked.offset + asked.limit
        found = self.engine.search(replace(asked, offset=0, limit=max(end, first)))
        texts = self.store.texts([hit.id for hit in found.hits[:first]], reranker.RERANK_MAX_CHARACTERS)
        hits = (*reranker.rerank_hits(found.hits[:first], self.words, texts), *found.hits[first:])
        return replace(found, hits=hits[asked.offset : end])


def _search_strict(
    finder: _RerankingSearcher, request: SearchRequest, query: Node, filters: ResolvedFilters, offset: int
) -> tuple[tuple[EngineHit, ...], int, FacetCounts, int | None]:
    asked = EngineRequest(
        query=query,
        filters=filters.nodes,
        sort=request.effective_sort,
        offset=offset,
        limit=request.size,
        facets=FACETS,
    )
    if request.group == "story":
        found = collapse_search(finder, asked)
        return found.hits, found.total, found.facets, found.stories
    if offset < DEEP_OFFSET:
        found = finder.search(asked)
        return found.hits, found.total, found.facets, None
    counted = finder.search(replace(asked, offset=0, limit=0))
    hits = finder.search(replace(asked, facets=())).hits if offset < counted.total else ()
    return hits, counted.total, counted.facets, None


def _search_close(
    finder: _RerankingSearcher,
    request: SearchRequest,
    analysed: CompiledQuery,
    filters: ResolvedFilters,
    total: int,
) -> tuple[tuple[EngineHit, ...], int]:
    """The close hits of the page whose strict part is known, and how many there are."""
    offset = (request.page - 1) * request.size
    start = max(0, offset - total)
    limit = min(offset + request.size - max(offset, total), MAX_CLOSE_HITS - start)
    found = finder.search(
        EngineRequest(
            query=analysed.close or MATCH_NONE,
            exclude=analysed.strict if total else None,
            filters=filters.nodes,
            offset=start if limit > 0 else 0,
            limit=max(0, limit),
        )
    )
    return found.hits, min(found.total, MAX_CLOSE_HITS)


def _build_hits(
    request: SearchRequest, found: Sequence[tuple[EngineHit, bool]], analysed: CompiledQuery, store: Store
) -> tuple[Hit, ...]:
    """The hits with their records and marks. One whose article is gone or hidden since the index was written
    is left out: the database has the last word on what a reader may see."""
    if not found:
        return ()
    records = store.records([hit.id for hit, _ in found])
    strictly, closely = Highlighter(analysed.strict), Highlighter(analysed.close or analysed.strict)
    also = store.others_of([hit.id for hit, strict in found if strict]) if request.group == "story" else {}
    explainer, splitter = Explainer(analysed.words), store.splitter()
    hits: list[Hit] = []
    for hit, strict in found:
        record = records.get(hit.id)
        if record is None:
            continue
        title, body = TokenizedText(record.title, splitter), TokenizedText(record.body, splitter)
        highlighter = strictly if strict else closely
        hits.append(
            Hit(
                record=record,
                title=highlighter.snippet(title, "title", MAX_TITLE_LENGTH),
                snippet=highlighter.snippet(body, "body"),
                score=hit.score,
                strict=strict,
                approximate=_is_date_approximate(request, record),
                also=also.get(hit.id, ()),
                changes=() if strict else explainer.changes(title, body, _also(record)),
            )
        )
    return tuple(hits)


def _also(record: Record) -> frozenset[Number]:
    return filter_numbers(record.source_id, record.place_ids)


def _is_date_approximate(request: SearchRequest, record: Record) -> bool:
    """Whether the article's period reaches out of the range asked for, so that it may lie outside."""
    if not (request.date_from or request.date_to) or record.date is None or record.precision == "day":
        return False
    first, last = date_bounds(record.date_value)
    low = date_bounds(request.date_from)[0] if request.date_from else first
    high = date_bounds(request.date_to)[1] if request.date_to else last
    return first < low or last > high
