"""All strict hits of a search for programs, in parts that neither double nor miss an article."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router

from search.engines import get_engine
from search.query.compiler import prepare_search
from search.retrieval.all_hits import hit_ids_after
from search.store.database import DatabaseStore
from search.web.accounts.access_log import ARTICLE_COUNT
from search.web.api_schemas import ListOut, Problem
from search.web.exports.export_data import Export
from search.web.search_params import SearchParams, parse_params
from search.web.viewmodels.json_results import complaints_as_json
from search.web.viewmodels.permalinks import permalink_by

router = Router()
MAX_PART = 500
#: Bytes of the rows of a part; it ends before a row that would exceed them, but has one in any case.
MAX_PART_BYTES = 1_500_000


class ListParams(SearchParams):
    """A search and a place in its list. `sort`, `group`, `close`, `page` and `size` mean nothing here."""

    cursor: int = Field(0, ge=0, lt=2**63, description="`next` of the part before; 0 begins the list")
    limit: int = Field(100, ge=1, le=MAX_PART)


@router.get(
    "search/all",
    operation_id="search_api_search_all",
    url_name="search_all",
    response={200: ListOut, 429: Problem, 422: Problem, 503: Problem},
    summary="All hits",
)
def search_all(request: HttpRequest, response: HttpResponse, params: Query[ListParams]) -> dict[str, Any]:
    """Return the next hits by ascending number, and the cursor of those after them.

    Articles that match all the while are each listed once, whatever is added, changed or withdrawn between
    two requests. The rows are those of an export as JSON Lines. A part may have fewer than `limit` rows if
    these are long; only `next` says where the list ends.
    """
    asked, complaints = parse_params(params)
    store = DatabaseStore()
    search = prepare_search(asked, store)
    found = hit_ids_after(search, get_engine(), params.cursor, params.limit)
    export = Export(
        found,
        {},
        partial(permalink_by, request),
        accessed=timezone.localdate(),
        language="ar",
        store=store,
    )
    hits: list[dict[str, Any]] = []
    left = MAX_PART_BYTES
    for row in (row for part in export.parts() for row in part):
        values = export.values(row)
        left -= len(json.dumps(values, ensure_ascii=False).encode())
        if hits and left < 0:
            break
        hits.append(values)
    response.headers[ARTICLE_COUNT] = str(len(hits))
    return {
        "hits": hits,
        "next": hits[-1]["id"] if left < 0 else found[-1] if len(found) == params.limit else None,
        "complaints": complaints_as_json(complaints, search.complaints),
    }
