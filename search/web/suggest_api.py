"""Suggestions as JSON, for the search box (/suggest/) and for programs (/api/v1/suggest)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal, cast

from django.http import HttpRequest, JsonResponse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from ninja import Field, Query, Router, Schema

from search.store.display_names import NameKind, display_name
from search.suggest.autocomplete import DEFAULT_LIMIT, MAX_LIMIT, autocomplete
from search.suggest.completion_candidates import Completion
from search.suggest.partial_query import MAX_PARTIAL_QUERY_CHARACTERS
from search.web.api_schemas import Problem

router = Router()


# Never cached by a browser or proxy: a withdrawn word must not be suggested a minute later.
@never_cache
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Return `{suggestions, announcement}` for the text in the search box; no text is an error.

    `label` of a suggestion is what the list shows.

    The announcement gives their number in the reader's language ("" for none).
    """
    found = autocomplete(request.GET.get("q", ""))
    return JsonResponse(
        {
            "suggestions": [asdict(each) | {"label": _label(each)} for each in found],
            "announcement": ngettext("%(n)s suggestion", "%(n)s suggestions", len(found)) % {"n": len(found)}
            if found
            else "",
        }
    )


def _label(completion: Completion) -> str:
    """Return what the list shows: a name in the reader's language."""
    if completion.kind in ("city", "source"):
        return display_name(cast("NameKind", completion.kind), completion.text)
    return completion.query


class CompletionOut(Schema):
    """A completion.

    `query` is the whole query with it, `count` the published articles that have it as written beside the rest
    of the query. A city or source may instead be used as a filter of that name: then `rest` is the remaining
    query; it is null where that would mean something else. `alias` is the name by which it was found, if that
    is not `text`.
    """

    kind: Literal["word", "phrase", "city", "source"]
    text: str
    query: str
    count: int
    rest: str | None
    alias: str


class SuggestParams(Schema):
    """The text typed so far, and the maximum number of completions."""

    q: str = Field("", max_length=MAX_PARTIAL_QUERY_CHARACTERS)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


@router.get(
    "suggest",
    operation_id="search_suggest_endpoints_complete",
    response={200: list[CompletionOut], 429: Problem},
    summary="Autocomplete",
)
def complete(request: HttpRequest, params: Query[SuggestParams]) -> list[dict[str, Any]]:
    """Return words, phrases, cities and sources of the archive that complete the text.

    The list is empty while the search engine is unavailable.
    """
    return [asdict(each) for each in autocomplete(params.q, params.limit)]
