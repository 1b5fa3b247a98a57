"""What an import's page asks for while it is open, and what it gives away: progress as JSON, the refused
records as a table and as they came."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from articles.admin.generics import ModelAdmin
from articles.intake.messages import describe
from articles.intake.progress import is_working, progress
from articles.models import ImportBatch, ImportRow

#: A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Downloads(ModelAdmin[ImportBatch]):
    """Addresses under that of an import, for whoever may see it."""

    def download_urls(self) -> list[URLPattern]:
        """progress, rejects.csv, rejects.jsonl."""
        wrap, name = self.admin_site.admin_view, "articles_importbatch_{}".format
        return [
            path("<int:pk>/progress/", wrap(self.progress_view), name=name("progress")),
            path("<int:pk>/rejects.csv", wrap(self.rejects_view), name=name("rejects")),
            path("<int:pk>/rejects.jsonl", wrap(self.originals_view), name=name("originals")),
        ]

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """`working`, `state`, `label` (the state in words), `done`, `total` (or null), `text`."""
        batch = self._seen(request, pk)
        answer = JsonResponse(progress_of(batch))
        answer["Cache-Control"] = "no-store"
        return answer

    def rejects_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """A csv of the refused records: file, row, reason. A spreadsheet takes no cell for a formula."""
        batch = self._seen(request, pk)
        # Evaluated now: the language of the reader is gone when the rows are sent.
        head = [_("file"), _("row"), _("reason")]
        lines = [
            [row.file_name, str(row.row or ""), describe(row.reason, row.detail)] for row in _rejects(batch)
        ]
        writer = csv.writer(_Echo())
        body = (writer.writerow([neutral(cell) for cell in line]) for line in [head, *lines])
        return _file((part for part in ["\ufeff", *body]), f"import-{pk}-rejects.csv", "text/csv")

    def originals_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """A line of JSON for each refused record: file, row, reason, and the text or bytes as they came."""
        batch = self._seen(request, pk)
        return _file(_originals(batch), f"import-{pk}-rejects.jsonl", "application/x-ndjson")

    def _seen(self, request: HttpRequest, pk: int) -> ImportBatch:
        batch = self.get_queryset(request).filter(pk=pk).first()
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            raise Http404
        return batch


def progress_of(batch: ImportBatch) -> dict[str, Any]:
    """What the page shows and the script asks for."""
    at = progress(batch)
    done = number_format(at.done, force_grouping=True)
    if at.total is None:
        text = _("%(done)s records so far") % {"done": done}
    else:
        total = number_format(at.total, force_grouping=True)
        text = _("%(done)s of %(total)s") % {"done": done, "total": total}
    return {
        "working": is_working(batch),
        "state": batch.state,
        "label": batch.get_state_display(),
        "done": at.done,
        "total": at.total,
        "text": text,
    }


def neutral(cell: str) -> str:
    """A cell that no spreadsheet runs: one that begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rejects(batch: ImportBatch) -> Iterator[ImportRow]:
    rows = batch.rows.filter(outcome=ImportRow.Outcome.REJECTED).order_by("pk")
    yield from rows.only("file_name", "row", "reason", "detail").iterator(chunk_size=1000)


def _originals(batch: ImportBatch) -> Iterator[str]:
    rows = batch.rows.filter(outcome=ImportRow.Outcome.REJECTED, pending_original__isnull=False)
    for row in rows.order_by("pk").iterator(chunk_size=100):
        data = bytes(row.pending_original or b"")
        line: dict[str, object] = {"file": row.file_name, "row": row.row, "reason": row.reason}
        try:
            line["original"] = data.decode()
        except UnicodeDecodeError:
            line["original_hex"] = data.hex()
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _file(parts: Iterator[str], name: str, kind: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(parts, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text
