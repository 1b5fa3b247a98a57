"""Answers search requests, for the page, the API, the `search` command and evaluation.

`run_search` finds the hits of a request. `highlight_article` and `explain_article` serve the page of one
article, which need no engine to answer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from articles.models import Article, PlaceMention
from search.engines import get_engine
from search.engines.analyzed_article import AnalyzedArticle, WantedTerms
from search.engines.contract import (
    FACETS,
    EngineError,
    EngineHit,
    EngineRequest,
    EngineResult,
    FacetName,
    SearchEngine,
)
from search.highlighting.explanation import Explainer, WordMatch, filter_numbers
from search.highlighting.highlighter import Highlighter
from search.highlighting.term_matcher import MatchableText, matchable_texts
from search.query.compiler import PreparedSearch, prepare_search
from search.query.request import MAX_PAGE_SIZE, SearchRequest, date_bounds
from search.query.weights import RERANK_DEPTH
from search.query_tree import MATCH_NONE, AllOf, AnyOf, Node, Number
from search.results import Complaint, DateCounts, Hit, Record, ResultPage, Segment, Snippet, WordShare
from search.retrieval.collapse import DEEP_OFFSET, collapse_search
from search.retrieval.facets import facet_values
from search.retrieval.reranker import RerankingSearcher, stored_articles
from search.store.protocols import Store
from search.suggest.did_you_mean import MAX_HITS_FOR_SUGGESTIONS, SearchSuggestions, build_suggestions
from search.suggest.used_expansions import UsedExpansions

#: Maximum number of close hits in the list.
MAX_CLOSE_HITS = 200
#: Unless all close hits are asked for, they are shown below fewer strict hits than this, and no more of them
#: than that.
FEW_STRICT_HITS, SHORT_CLOSE_HITS = 5, 5
#: Close hits that are reordered for the short list.
SHORT_RERANK_DEPTH = 10
#: Maximum length of a title in a result list, in characters.
MAX_TITLE_LENGTH = 300


def run_search(
    request: SearchRequest | PreparedSearch,
    *,
    engine: SearchEngine | None = None,
    store: Store | None = None,
    facets: tuple[FacetName, ...] = FACETS,
    with_advice: bool = True,
) -> ResultPage:
    """Answer a request: strict hits in the requested order, then close ones by relevance.

    Only these `facets` are counted. Advice is what helps with the query: close hits, suggestions, and the
    counts of its expansions.

    A few close hits, without their texts, follow the last strict hit if that is one of few. With
    `request.close` "all" there is one list of strict and close hits; until the page on which the strict ones
    end, `pages` counts these only. Where no close hits are shown none are searched, and `close_total` is 0.
    A request that is not prepared yet is prepared with `store`. Raises the errors of
    `search/engines/contract.py`.
    """
    started = time.perf_counter()
    index = (engine or get_engine()).view()
    search = request if isinstance(request, PreparedSearch) else prepare_search(request, store)
    search = _within_limits(search)
    request, store, filters, compiled = search.request, search.store, search.filters, search.compiled
    complaints = search.complaints
    offset = (request.page - 1) * request.size

    searcher = RerankingSearcher(index, store, compiled)
    expansions = UsedExpansions(search) if with_advice else None
    counted = expansions.nodes if expansions else ()
    found_strict = _search_strict(searcher, search, facets, counted)
    strict, total, stories = found_strict.hits, found_strict.total, found_strict.stories
    listed = total if stories is None else stories
    pages = _page_count(listed, request.size)
    close: Sequence[EngineHit] = ()
    close_total = 0
    shows_close = with_advice and _shows_close(request, total, pages)
    if shows_close and compiled.close is not None:
        close, close_total = _search_close(searcher, search, found_strict, listed)
        if request.close == "all":
            pages = _page_count(listed + close_total, request.size)

    suggestions = SearchSuggestions()
    if with_advice and (total <= MAX_HITS_FOR_SUGGESTIONS or not search.is_every_word_known):
        suggestions = build_suggestions(search, total, index)
    found = [(hit, True) for hit in strict] + [(hit, False) for hit in close]
    # Elsewhere the engine lists many more hits than are shown.
    requested = request.group != "story" and offset < DEEP_OFFSET
    if request.page > pages:
        complaints.append(Complaint("past_the_end", str(request.page)))
    return ResultPage(
        hits=_build_hits(
            searcher, search, found, stored_articles(index, [hit for hit, _ in found], requested=requested)
        ),
        total=total,
        stories=stories,
        close_total=close_total,
        may_have_close=with_advice and not shows_close and len(compiled.clauses) > 1,
        page=request.page,
        pages=pages,
        size=request.size,
        facets=facet_values(request, found_strict.facets, filters, store),
        dates=DateCounts(found_strict.facets.year, found_strict.facets.month, found_strict.facets.day),
        complaints=tuple(dict.fromkeys(complaints)),
        suggestions=suggestions.suggestions,
        missing=suggestions.missing,
        ways_out=suggestions.ways_out,
        expansions=expansions.counted(found_strict.counts) if expansions else (),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def describe_hits(search: PreparedSearch, ids: Sequence[int], engine: SearchEngine) -> tuple[Hit, ...]:
    """Return these articles as hits of a search, in this order, without those that readers may not see."""
    searcher = RerankingSearcher(engine.view(), search.store, search.compiled)
    found = [(EngineHit(id, 0.0), True) for id in ids]
    stored = stored_articles(engine, [hit for hit, _ in found], requested=False)
    return _build_hits(searcher, search, found, stored)


def highlight_article(
    request: SearchRequest, article: Article, store: Store | None = None
) -> tuple[Snippet, Snippet]:
    """Return the whole title and body with the matches of the query marked; unmarked without a query."""
    search = _prepare_without_filters(request, store)
    highlighter = Highlighter(search.compiled.strict)
    title, body = _article_texts(article, search.store)
    return highlighter.highlight(title, "title"), highlighter.highlight(body, "body")


def explain_article(
    request: SearchRequest, article: Article, store: Store | None = None
) -> tuple[WordMatch, ...]:
    """Return the matches in the article for each word of the query; () without words."""
    search = _prepare_without_filters(request, store)
    title, body = _article_texts(article, search.store)
    places = PlaceMention.objects.filter(article=article).values_list("place_id", flat=True)
    numbers = filter_numbers(article.source_id, places)
    return Explainer(search.compiled.clauses).explain(title, body, numbers)


def _article_texts(article: Article, store: Store) -> tuple[MatchableText, MatchableText]:
    """Return title and body for matching; they are analyzed anew if the engine cannot be asked."""
    stored: Mapping[int, AnalyzedArticle] = {}
    with suppress(EngineError):
        stored = get_engine().analyzed_articles([article.pk])
    return matchable_texts(
        article.title, article.body, stored.get(article.pk), store.splitter(), article.low_confidence_words
    )


def _prepare_without_filters(request: SearchRequest, store: Store | None) -> PreparedSearch:
    """Return the search for the query alone: filters are neither highlighted nor explained."""
    without, included = request.without, request.included
    return prepare_search(
        SearchRequest(q=request.q, level=request.level, without=without, included=included), store
    )


def _within_limits(search: PreparedSearch) -> PreparedSearch:
    page, size = max(1, search.request.page), min(max(1, search.request.size), MAX_PAGE_SIZE)
    if (page, size) == (search.request.page, search.request.size):
        return search
    return search.with_changes(page=page, size=size)


def _search_strict(
    searcher: RerankingSearcher,
    search: PreparedSearch,
    facets: tuple[FacetName, ...],
    counts: tuple[Node, ...],
) -> EngineResult:
    """Return the strict hits of the page; clusters are counted if near-duplicates are collapsed."""
    request = search.request
    offset = (request.page - 1) * request.size
    asked = EngineRequest(
        query=search.compiled.strict,
        filters=search.filters.nodes,
        sort=request.effective_sort,
        offset=offset,
        limit=request.size,
        facets=facets,
        analyzed=request.group != "story",
        counts=counts,
    )
    if request.group == "story":
        return collapse_search(searcher, asked)
    if offset < DEEP_OFFSET:
        return searcher.search(asked)
    counted = searcher.search(replace(asked, offset=0, limit=0))
    if offset >= counted.total:
        return replace(counted, hits=())
    return replace(counted, hits=searcher.search(replace(asked, facets=(), counts=())).hits)


def _page_count(hits: int, size: int) -> int:
    return max(1, -(-hits // size))


def _shows_close(request: SearchRequest, total: int, pages: int) -> bool:
    """Return True if close hits are shown on this page, where strict hits alone fill `pages`."""
    if request.close == "all":
        return request.page >= pages
    return total < FEW_STRICT_HITS and request.page == pages


def _search_close(
    searcher: RerankingSearcher, search: PreparedSearch, strict: EngineResult, listed: int
) -> tuple[tuple[EngineHit, ...], int]:
    """Return the close hits of the page after `listed` strict ones, and how many there are in all."""
    request, compiled = search.request, search.compiled
    offset = (request.page - 1) * request.size
    start, limit, depth = 0, SHORT_CLOSE_HITS, SHORT_RERANK_DEPTH
    if request.close == "all":
        depth = RERANK_DEPTH
        start = max(0, offset - listed)
        limit = min(offset + request.size - max(offset, listed), MAX_CLOSE_HITS - start)
    found = searcher.search(
        EngineRequest(
            query=compiled.close or MATCH_NONE,
            exclude=_excluding(strict, compiled.strict),
            filters=search.filters.nodes,
            offset=start if limit > 0 else 0,
            limit=max(0, limit),
            analyzed=True,
        ),
        depth,
    )
    return found.hits, min(found.total, MAX_CLOSE_HITS)


def _excluding(strict: EngineResult, query: Node) -> Node | None:
    """Return what the close part excludes: the strict hits by number if all are known, else their query."""
    if len(strict.hits) < strict.total:
        return query
    return AnyOf(tuple(Number("id", hit.id) for hit in strict.hits)) if strict.hits else None


def _build_hits(
    searcher: RerankingSearcher,
    search: PreparedSearch,
    found: Sequence[tuple[EngineHit, bool]],
    stored: Mapping[int, AnalyzedArticle],
) -> tuple[Hit, ...]:
    """Return the hits with their records and highlights.

    A hit is left out if its article was deleted or hidden since the index was written: the database decides
    what a reader may see.
    """
    if not found:
        return ()
    request, store = search.request, search.store
    records = store.records([hit.id for hit, _ in found])
    strict_ids = [hit.id for hit, strict in found if strict]
    also = store.other_versions(strict_ids) if request.group == "story" else {}
    strict_highlighter, splitter = searcher.highlighter, store.splitter()
    close_hits = _CloseHits(search, searcher.wanted) if len(strict_ids) < len(found) else None
    hits: list[Hit] = []
    for hit, strict in found:
        record = records.get(hit.id)
        if record is None:
            continue
        title, body = matchable_texts(
            record.title, record.body, stored.get(hit.id), splitter, record.low_confidence_words
        )
        if close_hits and not strict:
            hits.append(close_hits.hit(record, hit.score, title, body))
            continue
        hits.append(
            Hit(
                record=record,
                title=strict_highlighter.snippet(title, "title", MAX_TITLE_LENGTH),
                snippet=strict_highlighter.snippet(body, "body"),
                score=hit.score,
                strict=True,
                approximate=_is_date_approximate(request, record),
                also=also.get(hit.id, ()),
            )
        )
    return tuple(hits)


class _CloseHits:
    """Makes the close hits of a page: in full if all are asked for, else without marks and snippet."""

    def __init__(self, search: PreparedSearch, wanted: WantedTerms) -> None:
        self._request, compiled = search.request, search.compiled
        self._explainer = Explainer(compiled.clauses, wanted)
        #: Content clause, as typed → its number of words.
        self._words = {clause.text: len(clause.words) for clause in compiled.content_clauses}
        self._highlighter: Highlighter | None = None
        if self._request.close == "all":
            relaxed = (node for clause in compiled.content_clauses for node in clause.relaxed)
            self._highlighter = Highlighter(AllOf(tuple(dict.fromkeys(relaxed))), wanted)

    def hit(self, record: Record, score: float, title: MatchableText, body: MatchableText) -> Hit:
        """Return the hit of an article."""
        numbers = filter_numbers(record.source_id, record.place_ids)
        changes = self._explainer.term_changes(title, body, numbers)
        missing = sum(self._words.get(each.typed, 0) for each in changes if each.kind == "left_out")
        asked = sum(self._words.values())
        full = self._highlighter
        return Hit(
            record=record,
            title=full.snippet(title, "title", MAX_TITLE_LENGTH) if full else Snippet((Segment(title.text),)),
            snippet=full.snippet(body, "body") if full else Snippet(()),
            score=score,
            strict=False,
            approximate=_is_date_approximate(self._request, record),
            changes=changes,
            words=WordShare(asked - missing, asked),
        )


def _is_date_approximate(request: SearchRequest, record: Record) -> bool:
    """Return True if the period of the article extends beyond the requested range."""
    if not (request.date_from or request.date_to) or record.date is None or record.precision == "day":
        return False
    first, last = date_bounds(record.date_value)
    low = date_bounds(request.date_from)[0] if request.date_from else first
    high = date_bounds(request.date_to)[1] if request.date_to else last
    return first < low or last > high
