"""The JSON API: the answers of the pages, for programs. Described at /api/v1/openapi.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import HttpError

from arabic.variants import ExpansionKind
from articles.models import Article
from search import suggest_endpoints
from search.engines.base import EngineError
from search.explaining import How
from search.holdings import cities_of
from search.labels import date_value
from search.marking import explained
from search.request import MAX_PAGE, PAGE_MAX_SIZE, MappingParams, SearchRequest
from search.results import Complaint
from search.serialize import page_as_json
from search.service import run_search
from search.visibility import ErasedError, visible_article

# No page of its own: Swagger's would load scripts from elsewhere, which the content security policy forbids.
api = NinjaAPI(title="News archive", version="1", docs_url=None, urls_namespace="api")
api.add_router("", suggest_endpoints.router)


class FacetRow(Schema):
    """A value of a facet; `value` is what a request takes."""

    value: str
    label: str
    count: int
    selected: bool


class ChangeOut(Schema):
    """What a close hit did to a word of the query: it lacks it, has another in its place, or has the words
    of a phrase apart."""

    kind: Literal["left_out", "corrected", "apart"]
    typed: str
    became: str


class HitOut(Schema):
    """An article of the list. `date` is YYYY, YYYY-MM, YYYY-MM-DD or "undated"."""

    id: int
    external_id: str
    file: str
    title: str
    date: str
    source: str
    cities: list[str]
    url: str
    snippet: str
    marks: list[str]
    score: float
    strict: bool
    approximate: bool
    changes: list[ChangeOut]
    also: list[AlsoOut]


class AlsoOut(Schema):
    """Another version of a hit's report."""

    id: int
    title: str
    source: str
    date: str


class SuggestionOut(Schema):
    """The query with other words, and how many articles it finds. `kind` says what was changed: spelling,
    keyboard (layout), transliteration, split or joined."""

    text: str
    query: str
    kind: str
    count: int


class MissingOut(Schema):
    """A part of a query that found nothing; `count` articles have it, the query without it finds
    `dropped_count`."""

    word: str
    count: int
    dropped_count: int
    dropped_query: str
    alternatives: list[SuggestionOut]


class WayOutOut(Schema):
    """What finds something where the query found nothing: `kind` level (all forms of the words), city,
    source, date, event or filters (without those), unquoted or words (another query)."""

    kind: str
    query: str
    count: int


class ExpansionOut(Schema):
    """What else was searched for a part of the query; `without` takes `shown`."""

    kind: ExpansionKind
    typed: str
    shown: str
    active: bool
    count: int


class ComplaintOut(Schema):
    """What was dropped from the question, and why."""

    code: str
    detail: str
    message: str


class PageOut(Schema):
    """A page of results; `total` and `facets` count strict hits."""

    total: int
    close_total: int
    stories: int | None
    page: int
    pages: int
    size: int
    took_ms: float
    hits: list[HitOut]
    facets: dict[str, list[FacetRow]]
    suggestions: list[SuggestionOut]
    missing: list[MissingOut]
    ways_out: list[WayOutOut]
    expansions: list[ExpansionOut]
    complaints: list[ComplaintOut]


class DateOut(Schema):
    """A date that an article speaks of, at [start, end) of its title or body: YYYY, YYYY-MM or YYYY-MM-DD, of
    a period its beginning, with the first and the last day of it. `note` says what does not fit."""

    date: str
    first_day: str
    last_day: str
    kind: str
    field: str
    start: int
    end: int
    evidence: str
    note: str


class ArticleOut(Schema):
    """An article whole."""

    id: int
    external_id: str
    title: str
    title_derived: bool
    body: str
    date: str
    source: str
    byline: str
    url: str
    file: str
    sha256: str
    cities: list[str]
    dates: list[DateOut]


class FoundFormOut(Schema):
    """A form as it stands in the article and how often: `how` it answers the word, of an expansion its
    `kind`, and the dictionary's word or the expansion that it was found `through`."""

    text: str
    how: How
    kind: str
    through: str
    title: int
    body: int


class WordMatchOut(Schema):
    """A word of the query; `strict` = the article has it as the search demands; none found = it lacks it."""

    typed: str
    strict: bool
    found: list[FoundFormOut]


class WhyOut(Schema):
    """Why an article is found; `strict` = it has every word."""

    id: int
    strict: bool
    words: list[WordMatchOut]


class Problem(Schema):
    """What went wrong, in words."""

    detail: str


class SearchParams(Schema):
    """The parameters of /search/; a list may repeat."""

    q: str = ""
    city: list[str] = Field(default_factory=list)
    source: list[str] = Field(default_factory=list)
    date: list[str] = Field(default_factory=list, description="YYYY, YYYY-MM, YYYY-MM-DD or undated")
    date_from: str = Field("", alias="from", description="YYYY, YYYY-MM or YYYY-MM-DD")
    date_to: str = Field("", alias="to", description="YYYY, YYYY-MM or YYYY-MM-DD")
    event: list[str] = Field(
        default_factory=list, description="dates that articles speak of: YYYY, YYYY-MM or YYYY-MM-DD"
    )
    event_from: str = Field("", description="YYYY, YYYY-MM or YYYY-MM-DD")
    event_to: str = Field("", description="YYYY, YYYY-MM or YYYY-MM-DD")
    level: Literal["exact", "light", "all"] = Field(
        "all", description="how deep words are searched: as written, close forms too, all forms too"
    )
    without: list[str] = Field(
        default_factory=list, description='expansions (as shown) not to search for; "*" = none of them'
    )
    sort: Literal["relevance", "newest", "oldest"] = "relevance"
    group: Literal["", "story", "none"] = Field(
        "", description='"story": each story once, by its best article'
    )
    page: int = Field(1, ge=1, le=MAX_PAGE)
    size: int = Field(20, ge=1, le=PAGE_MAX_SIZE)


@api.get("search", response={200: PageOut, 422: Problem, 503: Problem}, summary="Search")
def search(request: HttpRequest, params: Query[SearchParams]) -> dict[str, Any]:
    """Strict hits, then close ones. A date that is none is refused (422); a fault in the query itself is not:
    it is dropped and named under `complaints`."""
    asked, complaints = _asked(params)
    return page_as_json(run_search(asked), complaints)


def _asked(params: SearchParams) -> tuple[SearchRequest, tuple[Complaint, ...]]:
    """What a reader's address with these parameters asks. Raises HttpError (422) on a date that is none."""
    given = params.model_dump(by_alias=True)
    values = {name: value if isinstance(value, list) else [str(value)] for name, value in given.items()}
    asked, complaints = SearchRequest.from_params(MappingParams(values))
    if wrong := [complaint for complaint in complaints if complaint.code == "bad_date"]:
        raise HttpError(422, f"not a date: {wrong[0].detail}")
    return asked, complaints


@api.get(
    "articles/{int:article_id}", response={200: ArticleOut, 404: Problem, 410: Problem}, summary="An article"
)
def article(request: HttpRequest, article_id: int) -> dict[str, Any]:
    """Title, text and provenance; 404 for what readers may not see, 410 for what was erased."""
    shown = visible_article(Article.objects.visible().select_related("source").defer("original"), article_id)
    return {
        "id": shown.pk,
        "external_id": shown.external_id,
        "title": shown.title,
        "title_derived": shown.title_derived,
        "body": shown.body,
        "date": date_value(shown.date, shown.date_precision),
        "source": shown.source.name if shown.source else "",
        "byline": shown.byline,
        "url": shown.url,
        "file": shown.file_name,
        "sha256": shown.sha256,
        "cities": cities_of(shown),
        "dates": [
            {
                "date": mention.value,
                "first_day": mention.first_day.isoformat(),
                "last_day": mention.last_day.isoformat(),
                "kind": mention.kind,
                "field": mention.field,
                "start": mention.start,
                "end": mention.end,
                "evidence": mention.evidence,
                "note": mention.note,
            }
            for mention in shown.date_mentions.order_by("-field", "start")
        ],
    }


@api.get(
    "articles/{int:article_id}/why",
    response={200: WhyOut, 404: Problem, 410: Problem, 422: Problem},
    summary="Why",
)
def why(request: HttpRequest, article_id: int, params: Query[SearchParams]) -> dict[str, Any]:
    """What in an article answers each word of a search; 404 for what readers may not see, 410 if erased."""
    asked, _complaints = _asked(params)
    shown = visible_article(Article.objects.visible().only("title", "body", "source"), article_id)
    words = explained(asked, shown)
    return {
        "id": shown.pk,
        "strict": all(word.strict for word in words),
        "words": [
            {"typed": word.typed, "strict": word.strict, "found": [asdict(form) for form in word.found]}
            for word in words
        ],
    }


@api.exception_handler(ErasedError)
def erased(request: HttpRequest, error: ErasedError) -> HttpResponse:
    """410: when, and on what ground."""
    erasure = error.erasure
    detail = f"article {erasure.article_number} was erased on {erasure.made_at:%Y-%m-%d} ({erasure.ground})"
    return api.create_response(request, {"detail": detail}, status=410)


@api.exception_handler(EngineError)
def engine_down(request: HttpRequest, _error: EngineError) -> HttpResponse:
    """503: the caller may repeat the request."""
    response = api.create_response(request, {"detail": "the search engine does not answer"}, status=503)
    response.headers["Retry-After"] = "30"
    return response
