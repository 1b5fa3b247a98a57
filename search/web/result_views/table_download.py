"""The download of the table of a view as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles.text.sanitize import escape_formula
from search.engines.contract import EngineError
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.store.database import DatabaseStore
from search.web.result_views.result_view import TableFile
from search.web.result_views.view_pages import make_view
from search.web.views import engine_down


@require_safe
def view_table(request: HttpRequest) -> HttpResponseBase:
    """Download the table of a view as CSV; the list of hits has exports of its own."""
    search, _complaints = SearchRequest.from_params(request.GET)
    prepared = prepare_search(search, DatabaseStore()).with_canonical_names()
    try:
        view = make_view(prepared)
        if view is None:
            raise Http404("the list has exports of its own")
        return csv_response(view.table())
    except EngineError as error:
        return engine_down(request, search, error)


class _Echo:
    """A file that returns what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(table: TableFile) -> Iterator[str]:
    """Yield a table as CSV with escaped formulas; spreadsheets know UTF-8 by the byte order mark."""
    writer = csv.writer(_Echo())

    def row(cells: Sequence[object]) -> str:
        safe = [escape_formula(cell) if isinstance(cell, str) else cell for cell in cells]
        return str(writer.writerow(safe))

    yield "\ufeff" + row(table.heads)
    yield from map(row, table.rows)


def csv_response(table: TableFile) -> StreamingHttpResponse:
    """Return a table as a file to download."""
    response = StreamingHttpResponse(csv_lines(table), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{table.name}.csv") or ""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
