"""The reader's exports of words in context: made in the background, listed, downloaded, deleted."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from search.concordance import context_exports
from search.concordance.context_exports import (
    create_export,
    expire_exports,
    export_request,
    is_lost,
    unpack_places,
    unpack_words,
)
from search.concordance.context_lines import Concordance
from search.concordance.export_room import NoRoomError
from search.concordance.word_association import still_found
from search.engines import get_engine
from search.engines.contract import EngineError
from search.models import ContextExport
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.reader_tasks import enqueue_context_export
from search.store.database import DatabaseStore
from search.web.guard.reader_address import counted_network
from search.web.guard.refusals import TOO_MANY_REQUESTS, time_label
from search.web.result_views.context_page import ContextView
from search.web.result_views.table_download import csv_response
from search.web.viewmodels.result_list import page_heading, search_url
from search.web.views import engine_down

#: The key of the session under which a reader without an account is known.
_OWNER_KEY = "context_export_owner"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export as the pages show it."""

    export: ContextExport
    heading: str
    #: What it lists: lines, partners or distinctive words.
    kind: str
    search_url: str
    #: One of "waiting", "running", "done", "failed", "lost".
    state: str
    reason: str


def _owner(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"session:{request.session.get(_OWNER_KEY, '')}"


def _own_exports(request: HttpRequest) -> list[ExportRow]:
    exports = ContextExport.objects.filter(owner=_owner(request)).defer("result").order_by("-pk")
    return [_row(each) for each in exports]


def _own_export(request: HttpRequest, number: int) -> ContextExport:
    """Return an export of this reader; those of others do not exist for them."""
    export = ContextExport.objects.filter(pk=number, owner=_owner(request)).first()
    if export is None:
        raise Http404("no such export")
    return export


def _row(export: ContextExport) -> ExportRow:
    search = export_request(export)
    kinds = {"partners": _("Word partners"), "distinctive": _("Distinctive words")}
    chosen = dict(search.view_options).get("words", "")
    reasons = {
        "engine": _("The search engine did not answer. Please start it again later."),
        "time": _(
            "There were too many articles for the moment. Please narrow the search, or ask the archive."
        ),
        "stopped": _("The archive was restarted meanwhile. Please start it again."),
    }
    return ExportRow(
        export,
        page_heading(search, ()),
        kinds.get(chosen, _("Lines")),
        search_url(search),
        "lost" if is_lost(export) else export.state,
        reasons.get(export.fault, ""),
    )


@never_cache
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """List the reader's exports, the newest first."""
    expire_exports()
    return render(
        request, "search/views/exports.html", {"search": SearchRequest(), "rows": _own_exports(request)}
    )


@never_cache
@require_safe
def export_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far an export is."""
    return render(
        request,
        "search/views/exports.html",
        {"search": SearchRequest(), "rows": [_row(_own_export(request, number))], "is_single": True},
    )


@require_POST
def start_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the search in the field `state`, and lead to its page."""
    search, _complaints = SearchRequest.from_params(QueryDict(request.POST.get("state", "")[:4000]))
    is_known = request.user.is_authenticated
    name = request.session.get(_OWNER_KEY) or secrets.token_hex(16)
    try:
        export = create_export(
            _owner(request) if is_known else f"session:{name}",
            search,
            network="" if is_known else counted_network(request),
        )
    except NoRoomError as full:
        return _refusal(request, search, full)
    if not is_known:  # only now: a refused request leaves no session behind
        request.session[_OWNER_KEY] = name
    enqueue_context_export(export)
    return redirect("search:context_export", export.pk)


def _refusal(request: HttpRequest, search: SearchRequest, full: NoRoomError) -> HttpResponse:
    """Answer 429 with what the reader already has, what there is too much of, and when there will be less."""
    context = {
        "search": SearchRequest(),
        "rows": _own_exports(request),
        "shortage": full.shortage,
        "when": time_label(full.seconds),
        "back": search_url(search),
    }
    response = render(request, "search/views/exports.html", context, status=TOO_MANY_REQUESTS)
    if full.seconds:
        response.headers["Retry-After"] = str(math.ceil(full.seconds))
    return response


@require_POST
def delete_export(request: HttpRequest, number: int) -> HttpResponse:
    """Delete an export, also one that is being made."""
    context_exports.delete_export(_own_export(request, number))
    return redirect("search:context_exports")


@never_cache
@require_safe
def download_export(request: HttpRequest, number: int) -> HttpResponseBase:
    """Download an export as CSV, from the articles as they are now and without those hidden since."""
    export = _own_export(request, number)
    if export.state != ContextExport.State.DONE or export.result is None:
        raise Http404("not finished")
    search = export_request(export)
    view = ContextView(prepare_search(search, DatabaseStore()), get_engine())
    packed = bytes(export.result)
    try:
        if view.words == "lines":
            table = view.lines_table(Concordance(unpack_places(packed), export.read, export.total))
        else:
            table = view.words_table(still_found(unpack_words(packed), view.engine))
    except EngineError as error:
        return engine_down(request, search, error)
    return csv_response(table)
