"""The reader's exports of words in context: made in the background, listed, downloaded, deleted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from search.concordance.context_exports import (
    TooManyExportsError,
    create_export,
    expire_exports,
    export_request,
    is_lost,
    unpack_places,
    unpack_words,
)
from search.concordance.context_lines import Concordance
from search.concordance.word_association import still_found
from search.engines import get_engine
from search.engines.contract import EngineError
from search.models import ContextExport
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.reader_tasks import enqueue_context_export
from search.store.database import DatabaseStore
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


def _owner(request: HttpRequest, *, create: bool = False) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    if create and _OWNER_KEY not in request.session:
        request.session[_OWNER_KEY] = secrets.token_hex(16)
    return f"session:{request.session.get(_OWNER_KEY, '')}"


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
    exports = ContextExport.objects.filter(owner=_owner(request)).defer("result").order_by("-pk")
    return render(
        request, "search/views/exports.html", {"search": SearchRequest(), "rows": [*map(_row, exports)]}
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
    try:
        export = create_export(_owner(request, create=True), search)
    except TooManyExportsError:
        exports = ContextExport.objects.filter(owner=_owner(request)).defer("result").order_by("-pk")
        context = {"search": SearchRequest(), "rows": [*map(_row, exports)], "is_full": True}
        return render(request, "search/views/exports.html", context, status=429)
    enqueue_context_export(export)
    return redirect("search:context_export", export.pk)


@require_POST
def delete_export(request: HttpRequest, number: int) -> HttpResponse:
    """Delete an export, also one that is being made."""
    _own_export(request, number).delete()
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
