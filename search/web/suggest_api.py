"""Suggestions as JSON: for the search box (/suggest/), and for programs (/api/v1/suggest)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from django.http import HttpRequest, JsonResponse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from ninja import Field, Query, Router, Schema

from search.suggest.autocomplete import DEFAULT_LIMIT, MAX_LIMIT, autocomplete
from search.suggest.partial_query import MAX_PARTIAL_QUERY_CHARACTERS

router = Router()


# Never kept by a browser or proxy: a word that was withdrawn is not to be suggested a minute later.
@never_cache
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """`{suggestions, announcement}` for what stands in the search box; the announcement says how many there
    are, in the reader's language ("" for none). No text is an error."""
    found = autocomplete(request.GET.get("q", ""))
    return JsonResponse(
        {
            "suggestions": [asdict(each) for each in found],
            "announcement": ngettext("%(n)s suggestion", "%(n)s suggestions", len(found)) % {"n": len(found)}
            if found
            else "",
        }
    )


class CompletionOut(Schema):
    """One way to go on: `query` is the whole query with it, `count` the published articles that have it as
    written beside the rest of the query. A city or source may instead be taken as a filter of that name: then
    `rest` is what remains of the query; null where that would mean something else. `alias` is the name by
    which it was found, where that is not `text`."""

    kind: Literal["word", "phrase", "city", "source"]
    text: str
    query: str
    count: int
    rest: str | None
    alias: str


class SuggestParams(Schema):
    """What is typed, and how many completions are wanted at most."""

    q: str = Field("", max_length=MAX_PARTIAL_QUERY_CHARACTERS)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


@router.get(
    "suggest",
    operation_id="search_suggest_endpoints_complete",
    response=list[CompletionOut],
    summary="Autocomplete",
)
def complete(request: HttpRequest, params: Query[SuggestParams]) -> list[dict[str, Any]]:
    """Words, phrases, cities and sources of the archive that what is typed may end in. Empty while the search
    engine does not answer."""
    return [asdict(each) for each in autocomplete(params.q, params.limit)]
