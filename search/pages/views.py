"""The reader's pages. They ask `answering.service` and draw its answer, and decide nothing about matching."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.reviewing import dateline_of
from search.answering.marking import explained, marks
from search.answering.service import canonical, run_search
from search.asking.request import Group, SearchRequest
from search.counts.holdings import holdings
from search.engines.base import EngineError
from search.pages.coverage_page import coverage_url, nothing_held
from search.pages.forms import hidden_fields
from search.pages.visibility import ErasedError, erased_page, visible_article
from search.presenting import advice, expansions, facets, guide, labels, page
from search.presenting.chart import chart
from search.presenting.inferred_facts import inferred_facts
from search.presenting.named_places import named_places
from search.presenting.reading import reading
from search.presenting.spoken import spoken_dates
from search.presenting.why import word_rows
from search.store.stories import versions_of
from search.words.vocabulary import current

#: Seconds after which a browser or robot may try again while the engine is down.
RETRY_AFTER = 30
#: The page shows each story once unless it is asked otherwise: an agency's report must not fill it five
#: times. What it counts, in the heading and the facets, stays articles.
PAGE_GROUPS: Group = "story"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The search form, what the archive holds, and examples that find something here."""
    return render(
        request,
        "search/home.html",
        {"search": SearchRequest(), "holdings": holdings(), "examples": _examples()},
    )


def _examples() -> list[page.Link]:
    """None while the engine is down: the page itself does not need it."""
    try:
        return page.examples(run_search(SearchRequest(size=1)))
    except EngineError:
        return []


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Strict hits, then close ones, with facets; 503 while the engine cannot answer."""
    search, complaints = SearchRequest.from_params(request.GET)
    search = canonical(search)
    try:
        result = run_search(replace(search, group=search.group or PAGE_GROUPS))
        not_held = nothing_held(search, result.total)
    except EngineError:
        return engine_down(request, search)
    filters = page.chips(search, result)
    missing, together = (
        advice.missing_parts(search, result),
        advice.all_but_together(result),
    )
    ways = advice.ways_out(search, result)
    return render(
        request,
        "search/results.html",
        {
            "search": search,
            "heading": page.heading(search, filters),
            "result": result,
            "strict": [hit for hit in result.hits if hit.strict],
            "close": [hit for hit in result.hits if not hit.strict],
            "complaints": list(dict.fromkeys([*complaints, *result.complaints])),
            "chips": filters,
            "without_filters": page.without_filters(search),
            "facets": facets.facets(search, result),
            "event_facet": facets.event_facet(search, result),
            "chart": chart(search, result, right_to_left=get_language_bidi()),
            "sorts": page.sort_links(search),
            "groups": page.group_links(search),
            "levels": page.level_links(search),
            "pages": page.page_links(search, result),
            "previous_page": page.previous_page(search, result),
            "next_page": page.next_page(search, result),
            "expanded": expansions.expanded(search, result),
            "meant": advice.meant(search, result),
            "missing_parts": missing,
            "all_but_together": together,
            "ways_out": ways,
            "missing_heading": advice.missing_heading(missing, ways, together=together),
            "state": search.query_string(),
            "query_form": hidden_fields(search, "q"),
            "date_form": hidden_fields(search, "from", "to"),
            "event_form": hidden_fields(search, "event_from", "event_to"),
            "examples": [] if result.hits else _examples(),
            "not_held": not_held,
            "coverage_url": coverage_url(search),
            "first_page": page.search_url(search, page=1),
        },
    )


@require_safe
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """An article with the words of the search marked. Only what readers may see: else 404, or 410
    if it was erased."""
    try:
        shown = visible_article(
            Article.objects.visible().select_related("source", "batch").defer("original"), article_id
        )
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    search, _complaints = SearchRequest.from_params(request.GET)
    title, body = marks(search, shown.title, shown.body)
    inferred = inferred_facts(shown)
    return render(
        request,
        "search/article.html",
        {
            "article": shown,
            "reading": reading(title, body),
            "search": search,
            "named": named_places(shown),
            "source_url": page.search_url(SearchRequest(sources=(shown.source.name,)))
            if shown.source
            else "",
            "inferred": inferred,
            "derived": {fact.field for fact in inferred},
            "dateline": dateline_of(shown),
            "spoken": spoken_dates(shown),
            "import_day": labels.day_label((shown.batch or shown).created_at.date(), "day"),
            "versions": versions_of(shown),
            "cuts": [cut for cut in shown.cuts.defer("before", "after") if cut.in_effect],
            "permalink": request.build_absolute_uri(request.path),
            "results_url": _back_to(search),
            "query_form": hidden_fields(search, "q"),
        },
    )


@require_safe
def why(request: HttpRequest, article_id: int) -> HttpResponse:
    """What in an article answers the words of a search; the list opens it under a hit. An address of its own:
    twenty explanations would double what a page of results costs. Only what readers may see: else 404, or 410
    if it was erased."""
    try:
        shown = visible_article(
            Article.objects.visible().select_related("source").defer("original"), article_id
        )
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    search, _complaints = SearchRequest.from_params(request.GET)
    address = reverse("search:article", args=[article_id])
    return render(
        request,
        "search/why.html",
        {
            "article": shown,
            "search": search,
            "words": word_rows(search, explained(search, shown), current().spelling),
            "article_url": f"{address}?{search.query_string(page=search.page)}",
            "results_url": page.search_url(search, page=search.page),
            "query_form": hidden_fields(search, "q"),
        },
    )


def _back_to(search: SearchRequest) -> str:
    """The page of results that led here; "" for a reader who came by the permanent address."""
    return page.search_url(search, page=search.page) if search != SearchRequest() else ""


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, whose work it stands on, and the licences."""
    return render(request, "search/about.html", {"search": SearchRequest()})


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """The query language, each example a link."""
    return render(request, "search/help.html", {"search": SearchRequest(), "examples": guide.EXAMPLES})


def engine_down(request: HttpRequest, search: SearchRequest) -> HttpResponse:
    """503: what happened, that nothing is lost, when to try again."""
    response = render(
        request,
        "503.html",
        {
            "search": search,
            "query_form": hidden_fields(search, "q"),
            "again": request.get_full_path(),
        },
        status=503,
    )
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404, with the search form at hand."""
    return render(request, "404.html", {"search": SearchRequest()}, status=404)
