"""The page of selected articles, the change of a selection, and its files."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from search.query.request import SearchRequest
from search.store.article_rows import ArticleRow, article_rows
from search.store.database import DatabaseStore
from search.store.display_names import display_name
from search.web.citation.citation_text import citation_text
from search.web.citation.csl import csl_item
from search.web.digits import digits
from search.web.exports.download import ExportRefusedError, WantedFile, answer_with_file, refusal
from search.web.exports.export_limits import may_export_texts
from search.web.exports.format_rows import estimated_sizes, format_rows
from search.web.exports.query_record import selection_record
from search.web.selection.selected_articles import MAX_SELECTED, SelectedArticles, changed_selection
from search.web.viewmodels.labels import date_label

#: More digits than any id has.
_MAX_DIGITS = 18


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: HttpRequest) -> HttpResponse:
    """Show the selected articles with their citations; or change the selection and go back to the list."""
    if request.method == "POST":
        with changed_selection(request) as changed:
            return _change(request, changed)
    selected = SelectedArticles(request.session)
    store = DatabaseStore()
    rows = article_rows(store, selected.ids)
    texts = request.GET.get("texts") == "1" and may_export_texts(request.user)
    ids = [row.id for row in rows]
    sizes = estimated_sizes(store, ids, len(ids), texts=texts)
    return render(
        request,
        "search/selection.html",
        {
            "search": SearchRequest(),
            "articles": [_entry(request, row) for row in rows],
            "hidden": len(selected.ids) - len(rows),
            "can_undo": selected.before is not None,
            "full": len(rows) >= MAX_SELECTED,
            "limit": MAX_SELECTED,
            "rows": format_rows("search:selection_file", "", len(ids), sizes, texts=texts),
            "texts": texts,
            "may_export_texts": may_export_texts(request.user),
        },
    )


def _entry(request: HttpRequest, row: ArticleRow) -> dict[str, object]:
    address = reverse("search:article", args=[row.id])
    permalink = request.build_absolute_uri(address)
    item = csl_item(row, permalink, timezone.localdate())
    return {
        "id": row.id,
        "title": row.title,
        "source": display_name("source", row.source),
        "date": row.date,
        "day": date_label(row.date or "undated"),
        "url": address,
        "permalink": permalink,
        "citation": citation_text(item, get_language() or "ar"),
    }


def _change(request: HttpRequest, selected: SelectedArticles) -> HttpResponse:
    """Apply a form: undo, clear, one article to remove, or the ticks of a list of shown articles."""
    fits = True
    if "undo" in request.POST:
        selected.undo()
    elif "clear" in request.POST:
        selected.clear()
    elif "remove" in request.POST:
        selected.remove(_numbers(request.POST.getlist("remove")))
    else:
        shown = _numbers(request.POST.get("shown", "").split(","))
        fits = selected.update(ticked=_numbers(request.POST.getlist("article")), shown=shown)
    if "application/json" in request.headers.get("Accept", ""):
        count = len(selected.ids)
        return JsonResponse({"count": count, "shown": str(digits(count)), "full": not fits})
    back = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(back if allowed and back else reverse("search:selection"))


def _numbers(values: Iterable[str]) -> list[int]:
    """Return the ids among some values of a form."""
    return [int(text) for text in values if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS]


@require_safe
def selection_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer with the selected articles as a file; 404 if none is selected or there is no such format."""
    selected = SelectedArticles(request.session).ids
    address = reverse("search:selection")
    try:
        wanted = WantedFile.from_request(request, name)
        if not selected:
            raise ExportRefusedError(
                404, _("Nothing is selected"), _("Tick articles in a list of results, then export them here.")
            )
        return answer_with_file(
            request,
            wanted,
            "selection",
            lambda: selected,
            lambda ids: selection_record(ids, request.build_absolute_uri(address), texts=wanted.texts),
        )
    except ExportRefusedError as error:
        return refusal(request, error, SearchRequest(), address)
