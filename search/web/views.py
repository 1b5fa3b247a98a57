"""The readers' pages. `search.retrieval.service` decides what matches; the pages render it."""

from __future__ import annotations

import logging
from collections.abc import Hashable
from functools import lru_cache, partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_bidi
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.readers.registry import formats
from search.coverage.coverage_counts import archive_state_key, cached_count, load_holdings
from search.engines import get_engine
from search.engines.contract import EngineError
from search.engines.engine_errors import is_replaced
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.results import DateCounts
from search.retrieval.service import explain_article, run_search
from search.store.database import DatabaseStore
from search.web.accounts.staff_tools import hidden_article_page
from search.web.answer_size import listed_hits
from search.web.coverage_page import coverage_url, no_holdings_message
from search.web.digits import digit_system
from search.web.exports.export_formats import FORMATS
from search.web.language_middleware import PROGRAM_PATHS
from search.web.monitoring.request_metrics import note_total
from search.web.result_views.result_view import view_tabs
from search.web.result_views.view_pages import build_view
from search.web.selection.selected_articles import selected_ids
from search.web.viewmodels import help_examples, query_suggestions, result_list
from search.web.viewmodels.facet_summaries import facet_summaries
from search.web.viewmodels.list_place import DEFAULT_GROUP
from search.web.viewmodels.match_explanation import word_explanations
from search.web.viewmodels.query_suggestions import expansion_line
from search.web.viewmodels.time_strip import build_strip, unit_label
from search.web.visibility import ErasedError, erased_page, visible_article

logger = logging.getLogger("archive.search")

# Forms of these pages carry the search in the address as fields, which `SearchRequest` parses.


def hidden_fields(request: SearchRequest, *without: str) -> list[tuple[str, str]]:
    """Return the state as (parameter, value), without the parameters that the form itself has in `without`.

    The list starts again at page 1.
    """
    return [pair for pair in _kept_fields(request.query_string(page=1)) if pair[0] not in without]


@lru_cache(20)  # a page has four such forms
def _kept_fields(state: str) -> list[tuple[str, str]]:
    return [(name, value) for name, values in QueryDict(state).lists() for value in values]


#: Seconds after which a browser or robot may retry while the engine is down.
RETRY_AFTER = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search form, the holdings of the archive, and examples that find something in it."""
    store = DatabaseStore()
    state = archive_state_key()
    holdings = cached_count(("holdings", store.names_key), load_holdings, state=state)
    examples = _examples(store, state)
    dates = _archive_dates(store, state)
    strip = build_strip(SearchRequest(), dates, None, right_to_left=get_language_bidi()) if dates else None
    return render(
        request,
        "search/home.html",
        {
            "search": SearchRequest(),
            "holdings": holdings,
            "examples": examples,
            "strip": strip,
            "strip_label": unit_label(strip.unit) if strip else "",
        },
    )


def _examples(store: DatabaseStore, state: Hashable = None) -> list[result_list.Link]:
    """Return example searches; none while the engine is down, as the page does not need them.

    They are those of the whole archive, and made once for each of its states, engines and
    kinds of readers.
    """

    def found() -> list[result_list.Link]:
        everything = SearchRequest(size=1)
        page = run_search(everything, store=store, facets=("place", "date", "source"), with_advice=False)
        return result_list.example_searches(page)

    reader = (get_language(), digit_system())
    try:
        return cached_count(("examples", get_engine(), *reader, store.names_key), found, state=state)
    except EngineError:
        return []


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show strict hits and close ones, with facets; answer 503 while the engine is unavailable."""
    if shorter := _without_empty_fields(request):
        return HttpResponseRedirect(shorter)
    search, complaints = SearchRequest.from_params(request.GET)
    store = DatabaseStore()
    prepared = prepare_search(search, store).with_canonical_names()
    search = prepared.request
    # Other views need the counts alone.
    listed = {"size": listed_hits(search)} if search.view == "list" else {"page": 1, "size": 1}
    try:
        result = run_search(prepared.with_changes(group=search.group or DEFAULT_GROUP, **listed))
        view = build_view(prepared)
        is_empty = not result.total and not Article.objects.visible().exists()
        not_held = "" if result.total or is_empty else no_holdings_message(prepared)
    except EngineError as error:
        return engine_down(request, search, error)
    note_total(request, result.total)
    filters = result_list.chips(search, result)
    missing = [] if is_empty else query_suggestions.missing_parts(search, result)
    together = query_suggestions.every_part_occurs(result)
    ways = query_suggestions.relaxation_links(search, result)
    own_options = () if search.view == "list" else search.view_options
    strip = build_strip(search, result.dates, _archive_dates(store), right_to_left=get_language_bidi())
    return render(
        request,
        "search/results.html",
        {
            "search": search,
            "heading": result_list.page_heading(search, filters),
            "result": result,
            "strict": [hit for hit in result.hits if hit.strict],
            "selected": selected_ids(request),
            "shown": ",".join(str(hit.record.id) for hit in result.hits if hit.strict or search.close),
            "close": [hit for hit in result.hits if not hit.strict] if search.close else [],
            "close_groups": [] if search.close else result_list.short_close_hits(result),
            "close_url": result_list.close_url(search, result),
            "complaints": list(
                dict.fromkeys([*complaints, *result.complaints, *(view.complaints if view else ())])
            ),
            "tabs": view_tabs(search),
            "view": view,
            "chips": filters,
            "without_filters": result_list.unfiltered_url(search),
            "facets": facet_summaries(search, result),
            "filters_url": f"{result_list.page_address('search:filters')}?{search.query_string(page=1)}",
            "canonical": request.build_absolute_uri(
                result_list.search_url(search, page=search.page, view_options=own_options)
            ),
            "feed_url": result_list.feed_url(search),
            "this_url": result_list.search_url(search, page=search.page),
            "strip": strip,
            "strip_label": unit_label(strip.unit) if strip else "",
            "has_groups": result.stories is None or result.stories < result.total,
            "sorts": result_list.sort_links(search),
            "groups": result_list.group_links(search),
            "levels": result_list.level_links(search),
            "pages": result_list.page_links(search, result),
            "previous_page": result_list.previous_page(search, result),
            "next_page": result_list.next_page(search, result),
            "expanded": expansion_line(search, result),
            "meant": query_suggestions.suggestion_links(search, result),
            "missing_parts": missing,
            "all_but_together": together,
            "ways_out": ways,
            "missing_heading": query_suggestions.missing_heading(missing, ways, together=together),
            "state": search.query_string(),
            "before": (result.page - 1) * result.size,  # hits of the list before this page
            "before_close": (result.page - 1) * result.size + sum(hit.strict for hit in result.hits),
            "query_form": hidden_fields(search, "q", "close"),
            "compare_form": hidden_fields(search),
            "date_form": hidden_fields(search, "from", "to"),
            "event_form": hidden_fields(search, "event_from", "event_to"),
            "examples": [] if result.hits else _examples(store),
            "archive_is_empty": is_empty,
            "not_held": not_held,
            "coverage_url": partial(coverage_url, search),  # the template calls it where nothing is found
            "first_page": result_list.search_url(search, page=1),
        },
    )


def _without_empty_fields(request: HttpRequest) -> str:
    """Return the address without the fields of a form that were left empty; "" if there are none.

    Browsers send them all, and the address is what readers copy and cite. A box without words is an answer.
    """
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    kept = [(name, value) for name, value in given if value.strip() or name == "q"]
    return "" if len(kept) == len(given) else f"{request.path}?{urlencode(kept)}"


def _archive_dates(store: DatabaseStore, state: Hashable = None) -> DateCounts | None:
    """Return the dates of all articles, counted once per state of the archive; None while that fails."""

    def found() -> DateCounts:
        return run_search(SearchRequest(size=1), store=store, facets=("date",), with_advice=False).dates

    try:
        return cached_count(("dates", get_engine(), store.names_key), found, state=state)
    except EngineError:
        return None


@require_safe
def why(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the matches in an article for the words of a search; the result list opens it under a hit.

    It has an address of its own because twenty explanations would double the cost of a results page. Answers
    404 if the article is hidden, 410 if it was erased.
    """
    try:
        shown = visible_article(
            Article.objects.visible().select_related("source").defer("original"), article_id
        )
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    search, _complaints = SearchRequest.from_params(request.GET)
    store = DatabaseStore()
    explained = explain_article(search, shown, store)
    address = reverse("search:article", args=[article_id])
    return render(
        request,
        "search/why.html",
        {
            "article": shown,
            "search": search,
            "words": word_explanations(search, explained, store.vocabulary().spelling),
            "article_url": f"{address}?{search.query_string(page=search.page)}",
            "results_url": result_list.search_url(search, page=search.page),
            "query_form": hidden_fields(search, "q"),
        },
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show what the archive is, the works it is based on, and the licences."""
    return render(request, "search/about.html", {"search": SearchRequest()})


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """Show the query language, each example as a link that finds something here."""
    store = DatabaseStore()

    def number(query: str) -> int:
        asked = SearchRequest(q=query, size=1)
        return run_search(asked, store=store, facets=(), with_advice=False).total

    def found() -> tuple[help_examples.Example, ...]:
        everything = run_search(
            SearchRequest(size=1), store=store, facets=("place", "source"), with_advice=False
        )
        return help_examples.live_examples(everything, store.vocabulary(), number)

    try:
        examples = cached_count(("help", get_engine(), get_language(), store.names_key), found)
    except EngineError:
        examples = help_examples.STATIC_EXAMPLES
    context = {"search": SearchRequest(), "examples": examples, "export_formats": FORMATS.values()}
    context["read_formats"] = list(formats().by_key.values())
    return render(request, "search/help.html", context)


def engine_down(request: HttpRequest, search: SearchRequest, error: EngineError) -> HttpResponse:
    """Answer 503: what happened, that nothing is lost, and when to retry."""
    logger.warning("a search cannot be answered: %s: %s", type(error).__name__, error)
    response = render(
        request,
        "503.html",
        {
            "search": search,
            "query_form": hidden_fields(search, "q"),
            "again": request.get_full_path(),
            "damaged": is_replaced(error),
        },
        status=503,
    )
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Answer 404 with the search form; those who hid an article are offered to show it again.

    Strangers to a private archive, who cannot search, are led to the login.

    Programs get it as JSON.
    """
    if request.path.startswith(PROGRAM_PATHS):
        return JsonResponse({"detail": "there is no such address"}, status=404)
    is_stranger = settings.ARCHIVE_REQUIRES_LOGIN and not request.user.is_authenticated
    context = {"search": SearchRequest(), "must_log_in": is_stranger}
    return hidden_article_page(request) or render(request, "404.html", context, status=404)
