"""The page of exports of a search, and its files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search.engines import get_engine
from search.engines.contract import EngineError
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.retrieval.all_hits import all_hit_ids, count_hits, first_hit_ids
from search.retrieval.service import run_search
from search.store.database import DatabaseStore
from search.web.exports.download import (
    ExportRefusedError,
    WantedFile,
    answer_with_file,
    refusal,
    too_many_message,
)
from search.web.exports.export_limits import article_limit, may_export_texts
from search.web.exports.format_rows import SAMPLE_SIZE, estimated_sizes, format_rows
from search.web.exports.query_record import search_record
from search.web.viewmodels import result_list
from search.web.viewmodels.complaints import complaint_message
from search.web.views import engine_down, hidden_fields


@require_safe
def export_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with all strict hits of a search as a file.

    400 for parameters that are not understood, since a file cannot show what was left out of them; 403 above
    a limit, 404 if nothing was found or there is no such format.
    """
    search, complaints = SearchRequest.from_params(request.GET)
    engine = get_engine()
    try:
        wanted = WantedFile.from_request(request, name)
        if complaints:
            raise ExportRefusedError(
                400,
                _("The address of this export has a mistake"),
                " ".join(complaint_message(each) for each in complaints),
            )
        prepared = prepare_search(search).with_canonical_names()
        count = count_hits(prepared, engine)
        wanted.check_count(request, count)
        return answer_with_file(
            request,
            wanted,
            "articles",
            lambda: all_hit_ids(prepared, engine),
            lambda ids: search_record(
                prepared,
                engine,
                len(ids),
                request.build_absolute_uri(
                    result_list.search_url(prepared.request, view="list", view_options=())
                ),
                texts=wanted.texts,
            ),
        )
    except ExportRefusedError as error:
        return refusal(request, error, search, export_url(search))
    except EngineError as error:
        return engine_down(request, search, error)


@require_safe
def export_page(request: HttpRequest) -> HttpResponse:
    """Show how many articles an export has, the formats with their sizes, and the limits."""
    search, complaints = SearchRequest.from_params(request.GET)
    store, engine = DatabaseStore(), get_engine()
    prepared = prepare_search(search, store).with_canonical_names()
    search = prepared.request
    texts = request.GET.get("texts") == "1" and may_export_texts(request.user)
    try:
        asked = prepared.with_changes(page=1, size=1)
        result = run_search(asked, engine=engine, facets=("place", "source"), with_advice=False)
        count = len(all_hit_ids(prepared, engine)) if search.group == "story" else result.total
        sizes = estimated_sizes(store, first_hit_ids(prepared, engine, SAMPLE_SIZE), count, texts=texts)
    except EngineError as error:
        return engine_down(request, search, error)
    filters = result_list.chips(search, result)
    limit = article_limit(request.user)
    return render(
        request,
        "search/export.html",
        {
            "search": search,
            "heading": result_list.page_heading(search, filters),
            "chips": filters,
            "complaints": list(dict.fromkeys([*complaints, *result.complaints])),
            "count": count,
            "rows": format_rows("search:export_file", search.query_string(page=1), count, sizes, texts=texts),
            "limit": limit,
            "over_limit": too_many_message(count, limit) if limit is not None and count > limit else "",
            "texts": texts,
            "may_export_texts": may_export_texts(request.user),
            "texts_form": hidden_fields(search, "texts"),
            "results_url": result_list.search_url(search),
            "query_form": hidden_fields(search, "q"),
        },
    )


def export_url(search: SearchRequest) -> str:
    """Return the address of the page of exports of a search."""
    return f"{reverse('search:export')}?{search.query_string(page=1)}"
