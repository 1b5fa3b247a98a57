"""Answers search requests, for the page, the API, the `search` command and evaluation.

`run_search` finds the hits of a request. `highlight_article` and `explain_article` serve the page of one
article, which need no engine to answer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from articles.models import Article, PlaceMention
from search.engines import get_engine
from search.engines.analyzed_article import AnalyzedArticle
from search.engines.analyzed_text import analyze_article
from search.engines.contract import (
    FACETS,
    EngineError,
    EngineHit,
    EngineRequest,
    EngineResult,
    FacetCounts,
    FacetName,
    SearchEngine,
)
from search.highlighting.explanation import Explainer, WordMatch, filter_numbers
from search.highlighting.highlighter import Highlighter
from search.highlighting.term_matcher import MatchableText, matchable_texts
from search.query.compiler import CompiledQuery, PreparedSearch, prepare_search
from search.query.request import MAX_PAGE_SIZE, SearchRequest, date_bounds
from search.query.weights import RERANK_DEPTH
from search.query_tree import MATCH_NONE
from search.results import Complaint, Hit, Record, ResultPage, Snippet
from search.retrieval.collapse import DEEP_OFFSET, collapse_search
from search.retrieval.facets import facet_values
from search.retrieval.reranker import RERANK_MAX_TOKENS, Reranker
from search.store.protocols import Store
from search.suggest.did_you_mean import MAX_HITS_FOR_SUGGESTIONS, SearchSuggestions, build_suggestions
from search.suggest.used_expansions import count_used_expansions

#: Maximum number of close hits in the list.
MAX_CLOSE_HITS = 200
#: Maximum length of a title in a result list, in characters.
MAX_TITLE_LENGTH = 300
#: Characters that are read of a text for reranking if the index has no analysis of it.
RERANK_MAX_CHARACTERS = 20 * RERANK_MAX_TOKENS


def run_search(
    request: SearchRequest | PreparedSearch,
    *,
    engine: SearchEngine | None = None,
    store: Store | None = None,
    facets: tuple[FacetName, ...] = FACETS,
    with_advice: bool = True,
) -> ResultPage:
    """Answer a request: strict hits in the requested order, then close ones by relevance, as one list.

    Only these `facets` are counted. Advice is what helps with the query: close hits, suggestions, and the
    counts of its expansions.

    The close part is searched only for the page on which the strict hits end, and the pages after it; until
    then `close_total` is 0 and `pages` counts the strict part. A request that is not prepared yet is prepared
    with `store`. Raises the errors of `search/engines/contract.py`.
    """
    started = time.perf_counter()
    engine = engine or get_engine()
    search = request if isinstance(request, PreparedSearch) else prepare_search(request, store)
    search = _within_limits(search)
    request, store, filters, compiled = search.request, search.store, search.filters, search.compiled
    complaints = [*search.parsed.complaints, *compiled.complaints, *filters.complaints]
    offset = (request.page - 1) * request.size

    searcher = _RerankingSearcher(engine, store, compiled)
    strict, total, counts, stories = _search_strict(searcher, search, offset, facets)
    listed = total if stories is None else stories
    close: Sequence[EngineHit] = ()
    close_total = 0
    if with_advice and offset + request.size >= listed and compiled.close is not None:
        close, close_total = _search_close(searcher, search, listed)

    suggestions = SearchSuggestions()
    if with_advice and (total <= MAX_HITS_FOR_SUGGESTIONS or not search.is_every_word_known):
        suggestions = build_suggestions(search, total, engine)
    found = [(hit, True) for hit in strict] + [(hit, False) for hit in close]
    # Elsewhere the engine lists many more hits than are shown.
    requested = request.group != "story" and offset < DEEP_OFFSET
    pages = max(1, -(-(listed + close_total) // request.size))
    if request.page > pages:
        complaints.append(Complaint("past_the_end", str(request.page)))
    return ResultPage(
        hits=_build_hits(
            search, found, stored_articles(engine, [hit for hit, _ in found], requested=requested)
        ),
        total=total,
        stories=stories,
        close_total=close_total,
        page=request.page,
        pages=pages,
        size=request.size,
        facets=facet_values(request, counts, filters, store),
        complaints=tuple(dict.fromkeys(complaints)),
        suggestions=suggestions.suggestions,
        missing=suggestions.missing,
        ways_out=suggestions.ways_out,
        expansions=count_used_expansions(search, engine) if with_advice else (),
        took_ms=(time.perf_counter() - started) * 1000,
    )


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
    return matchable_texts(article.title, article.body, stored.get(article.pk), store.splitter())


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


@dataclass(frozen=True)
class _RerankingSearcher:
    """Searches the engine, and puts the first hits by relevance into their final order."""

    engine: SearchEngine
    store: Store
    compiled: CompiledQuery

    def search(self, request: EngineRequest) -> EngineResult:
        """Return the requested page of hits."""
        first = RERANK_DEPTH
        if request.sort != "relevance" or request.offset >= first or request.limit <= 0:
            return self.engine.search(request)
        if self._reranker is None:
            return self.engine.search(request)
        end = request.offset + request.limit
        found = self.engine.search(replace(request, offset=0, limit=max(end, first)))
        articles = self._analyzed_articles(found.hits[:first], requested=request.analyzed)
        hits = (*self._reranker.rerank(found.hits[:first], articles), *found.hits[first:])
        return replace(found, hits=hits[request.offset : end])

    def _analyzed_articles(self, hits: Sequence[EngineHit], *, requested: bool) -> dict[int, AnalyzedArticle]:
        """Return the stored analysis of the hits; their beginnings are analyzed anew where there is none."""
        found = stored_articles(self.engine, hits, requested=requested)
        if missing := [hit.id for hit in hits if hit.id not in found]:
            splitter = self.store.splitter()
            texts = self.store.text_beginnings(missing, RERANK_MAX_CHARACTERS)
            found |= {id: analyze_article(*text, splitter) for id, text in texts.items()}
        return found

    @cached_property
    def _reranker(self) -> Reranker | None:
        """None for a query of fewer than two words: there are no neighbouring words."""
        words = self.compiled.words
        return Reranker(words, self.store.vocabulary()) if len(words) > 1 else None


def _search_strict(
    searcher: _RerankingSearcher, search: PreparedSearch, offset: int, facets: tuple[FacetName, ...]
) -> tuple[tuple[EngineHit, ...], int, FacetCounts, int | None]:
    """Return the strict hits of the page, their number, the facet counts and the number of clusters.

    The last is None unless near-duplicates are collapsed.
    """
    request = search.request
    asked = EngineRequest(
        query=search.compiled.strict,
        filters=search.filters.nodes,
        sort=request.effective_sort,
        offset=offset,
        limit=request.size,
        facets=facets,
        analyzed=request.group != "story",
    )
    if request.group == "story":
        found = collapse_search(searcher, asked)
        return found.hits, found.total, found.facets, found.stories
    if offset < DEEP_OFFSET:
        found = searcher.search(asked)
        return found.hits, found.total, found.facets, None
    counted = searcher.search(replace(asked, offset=0, limit=0))
    hits = searcher.search(replace(asked, facets=())).hits if offset < counted.total else ()
    return hits, counted.total, counted.facets, None


def _search_close(
    searcher: _RerankingSearcher, search: PreparedSearch, listed: int
) -> tuple[tuple[EngineHit, ...], int]:
    """Return the close hits of the page after `listed` strict ones, and how many there are in all."""
    request, compiled = search.request, search.compiled
    offset = (request.page - 1) * request.size
    start = max(0, offset - listed)
    limit = min(offset + request.size - max(offset, listed), MAX_CLOSE_HITS - start)
    found = searcher.search(
        EngineRequest(
            query=compiled.close or MATCH_NONE,
            exclude=compiled.strict if listed else None,
            filters=search.filters.nodes,
            offset=start if limit > 0 else 0,
            limit=max(0, limit),
            analyzed=True,
        )
    )
    return found.hits, min(found.total, MAX_CLOSE_HITS)


def stored_articles(
    engine: SearchEngine, hits: Sequence[EngineHit], *, requested: bool
) -> dict[int, AnalyzedArticle]:
    """Return the stored analysis of the hits by id.

    The engine is asked for those that lack it, unless all came with what there is (`requested`).
    """
    found = {hit.id: hit.analyzed for hit in hits if hit.analyzed}
    missing = [] if requested else [hit.id for hit in hits if not hit.analyzed]
    return {**found, **engine.analyzed_articles(missing)} if missing else found


def _build_hits(
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
    request, store, compiled = search.request, search.store, search.compiled
    records = store.records([hit.id for hit, _ in found])
    strict_ids = [hit.id for hit, strict in found if strict]
    also = store.other_versions(strict_ids) if request.group == "story" else {}
    strict_highlighter, splitter = Highlighter(compiled.strict), store.splitter()
    close_highlighter, explainer = strict_highlighter, None
    if len(strict_ids) < len(found):
        explainer = Explainer(compiled.clauses)
        close_highlighter = Highlighter(compiled.close or compiled.strict)
    hits: list[Hit] = []
    for hit, strict in found:
        record = records.get(hit.id)
        if record is None:
            continue
        title, body = matchable_texts(record.title, record.body, stored.get(hit.id), splitter)
        highlighter = strict_highlighter if strict else close_highlighter
        numbers = filter_numbers(record.source_id, record.place_ids) if explainer and not strict else None
        hits.append(
            Hit(
                record=record,
                title=highlighter.snippet(title, "title", MAX_TITLE_LENGTH),
                snippet=highlighter.snippet(body, "body"),
                score=hit.score,
                strict=strict,
                approximate=_is_date_approximate(request, record),
                also=also.get(hit.id, ()),
                changes=explainer.term_changes(title, body, numbers) if explainer and not strict else (),
            )
        )
    return tuple(hits)


def _is_date_approximate(request: SearchRequest, record: Record) -> bool:
    """Return True if the period of the article extends beyond the requested range."""
    if not (request.date_from or request.date_to) or record.date is None or record.precision == "day":
        return False
    first, last = date_bounds(record.date_value)
    low = date_bounds(request.date_from)[0] if request.date_from else first
    high = date_bounds(request.date_to)[1] if request.date_to else last
    return first < low or last > high
