"""The JSON API: the results of the pages, for programs. Described at /api/v1/openapi.json."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query
from ninja.renderers import JSONRenderer

from articles.history.inference_review import dateline_text, unconfirmed_fields
from articles.models import Article
from articles.text.sanitize import sanitize_file_name
from search.coverage.coverage_counts import place_slugs
from search.engines.contract import EngineError
from search.engines.engine_errors import is_replaced
from search.retrieval.service import explain_article, run_search
from search.web import list_api, suggest_api
from search.web.api_schemas import ArticleOut, PageOut, Problem, WhyOut
from search.web.monitoring.request_metrics import note_total
from search.web.search_params import SearchParams, parse_params
from search.web.viewmodels.json_results import page_as_json
from search.web.viewmodels.labels import date_value
from search.web.visibility import ErasedError, visible_article

logger = logging.getLogger("archive.search")


class Utf8Renderer(JSONRenderer):
    """Writes Arabic as it is: two bytes a letter instead of six."""

    json_dumps_params = {"ensure_ascii": False}


# The ids of the operations are explicit: clients are generated from them, and the default is the module's
# path. There is no page of documentation: Swagger's would load scripts from elsewhere, which the content
# security policy forbids.
api = NinjaAPI(
    title="News archive", version="1", docs_url=None, urls_namespace="api", renderer=Utf8Renderer()
)
api.add_router("", suggest_api.router)
api.add_router("", list_api.router)


#: As far as the database counts.
ArticleId = Annotated[int, Path(ge=0, lt=2**63)]


@api.get(
    "search",
    operation_id="search_api_search",
    response={200: PageOut, 429: Problem, 422: Problem, 503: Problem},
    summary="Search",
    exclude_unset=True,  # a row without a known region omits it
)
def search(request: HttpRequest, params: Query[SearchParams]) -> dict[str, Any]:
    """Return strict hits, then close ones: a few below few strict hits, or with `close=all` all of them.

    An invalid date is refused (422); a fault in the query is not: that part is dropped and listed under
    `complaints`.
    """
    asked, complaints = parse_params(params)
    found = run_search(asked)
    note_total(request, found.total)
    return page_as_json(found, complaints)


@api.get(
    "articles/{int:article_id}",
    operation_id="search_api_article",
    response={200: ArticleOut, 429: Problem, 404: Problem, 410: Problem},
    summary="An article",
)
def article(request: HttpRequest, article_id: ArticleId) -> dict[str, Any]:
    """Return title, text and provenance; 404 for a hidden article, 410 for an erased one."""
    shown = visible_article(Article.objects.visible().select_related("source").defer("original"), article_id)
    mentions = list(shown.mentions.select_related("place").order_by("-field", "start", "pk"))
    about = {mention.place.slug for mention in mentions if mention.about}
    cities = place_slugs(shown)
    return {
        "id": shown.pk,
        "external_id": shown.external_id,
        "title": shown.title,
        "title_derived": shown.title_derived,
        "body": shown.body,
        "date": date_value(shown.date, shown.date_precision),
        "source": shown.source.name if shown.source else "",
        "byline": shown.byline,
        "dateline": dateline_text(shown),
        "derived": sorted(unconfirmed_fields(shown)),
        "url": shown.url,
        "file": sanitize_file_name(shown.file_name),
        "sha256": shown.sha256,
        "ocr_confidence": shown.ocr_confidence,
        "cities": cities,
        "about": [slug for slug in cities if slug in about],
        "places": [
            {
                "city": mention.place.slug,
                "governorate": mention.place.governorate,
                "country": mention.place.country,
                "field": mention.field,
                "start": mention.start,
                "end": mention.end,
                "evidence": mention.evidence if mention.start is not None else "",
            }
            for mention in mentions
        ],
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
    operation_id="search_api_why",
    response={200: WhyOut, 429: Problem, 404: Problem, 410: Problem, 422: Problem},
    summary="Why",
)
def why(request: HttpRequest, article_id: ArticleId, params: Query[SearchParams]) -> dict[str, Any]:
    """Return what in an article matches each word of a search; 404 for a hidden article, 410 if erased."""
    asked, _complaints = parse_params(params)
    read = Article.objects.visible().only("title", "body", "source", "low_confidence_words")
    shown = visible_article(read, article_id)
    words = explain_article(asked, shown)
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
    """Answer 410 with time and legal ground."""
    erasure = error.erasure
    detail = f"article {erasure.article_number} was erased on {erasure.made_at:%Y-%m-%d} ({erasure.ground})"
    return api.create_response(request, {"detail": detail}, status=410)


@api.exception_handler(EngineError)
def engine_down(request: HttpRequest, error: EngineError) -> HttpResponse:
    """Answer 503; the caller may repeat the request."""
    logger.warning("a search cannot be answered: %s: %s", type(error).__name__, error)
    detail = (
        "the index is damaged or lost, and built anew"
        if is_replaced(error)
        else "the search engine does not answer"
    )
    response = api.create_response(request, {"detail": detail}, status=503)
    response.headers["Retry-After"] = "30"
    return response
