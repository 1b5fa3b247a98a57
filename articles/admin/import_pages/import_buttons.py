"""The buttons of an import: begin and go on, pause, give up, undo, redo. Each only notes what is wanted; the
work is done by `tasks.nudge`'s worker, or here for some seconds where none lives."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from articles import tasks
from articles.admin.model_admin import ModelAdmin, report_search_status
from articles.ingest import rollback, runner
from articles.ingest.runner import is_working, progress
from articles.ingest.upload_store import has_all_files
from articles.models import ImportBatch, ImportRow
from articles.text.problem_messages import describe
from articles.text.sanitize import escape_formula

# What an import's page asks for while it is open, and what it gives away: progress as JSON, the refused
# records as a table and as they came.


class ImportDownloadViews(ModelAdmin[ImportBatch]):
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
        answer = JsonResponse(serialize_progress(batch))
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
        writer = csv.writer(_EchoWriter())
        body = (writer.writerow([escape_formula(cell) for cell in line]) for line in [head, *lines])
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


def serialize_progress(batch: ImportBatch) -> dict[str, Any]:
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


class _EchoWriter:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


State = ImportBatch.State
#: One request works so long where no worker lives; the page then goes on. Below every server's time-out.
STEP_SECONDS = 15.0
#: So many seconds a request waits for another import.
PATIENCE = 2.0


class ImportActionViews(ModelAdmin[ImportBatch]):
    """Addresses that a form of the page posts to; all answer with the page of the import."""

    def button_urls(self) -> list[URLPattern]:
        """confirm, pause, cancel, undo, redo."""
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(getattr(self, f"{name}_view")),
                name=f"articles_importbatch_{name}",
            )
            for name in ("confirm", "pause", "cancel", "undo", "redo")
        ]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin, or go on with whatever is not finished."""
        batch = self._batch(request, pk, publishes=True)
        before_publication = batch.state in (State.STAGING, State.PAUSED, State.FAILED)
        if before_publication and not has_all_files(batch):
            messages.error(request, _("The files of this import are not kept here; run its command again."))
            return self._to(pk)
        runner.resume(batch)
        return self._work(request, batch)

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop reading after the records at hand."""
        batch = self._batch(request, pk)
        if not runner.request_pause(batch):
            messages.warning(request, _("This import is not being read, so it cannot be paused."))
        return self._to(pk)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give up an import that was not published."""
        batch = self._batch(request, pk)
        if not runner.request_cancel(batch):
            messages.error(request, _("This import is being published or was; it cannot be given up."))
            return self._to(pk)
        return self._work(request, batch)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a published import back, with a reason."""
        return self._turn(request, pk, State.UNDOING)

    def redo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do an import again that was undone."""
        return self._turn(request, pk, State.REDOING)

    def _turn(self, request: HttpRequest, pk: int, turn: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        batch = self._batch(request, pk, publishes=True)
        reason = " ".join(request.POST.get("reason", "").split())
        if not reason:
            messages.error(request, _("Say why: the reason is kept with the articles."))
            return self._to(pk)
        if not rollback.request_rollback(batch, turn, by=request.user, reason=reason):  # type: ignore[arg-type]  # logged in
            messages.warning(request, _("Someone else was faster: look at what the import is now."))
            return self._to(pk)
        return self._work(request, batch)

    def _work(self, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
        """Have it worked on, and say what came of it."""
        answer = tasks.enqueue_batch(batch, seconds=STEP_SECONDS, patience=PATIENCE)
        before = batch.state
        batch.refresh_from_db()
        if answer == runner.OTHER and batch.state == State.CANCELLED:
            messages.info(
                request,
                _("The import is given up. Another import is running; what this one brought goes after it."),
            )
        elif answer == runner.OTHER:
            messages.warning(request, _("Another import is running. Go on with this one in a moment."))
        elif answer == runner.TAKEN and is_working(batch):
            messages.warning(request, _("Another request is working on this import. Look again in a minute."))
        elif not is_working(batch) and (text := self._done(batch.state)):
            messages.success(request, text)
            if before != State.CANCELLED and batch.state in ImportBatch.SHOWN:
                report_search_status(request)
        return self._to(batch.pk)

    @staticmethod
    def _done(state: str) -> str:
        return {
            State.PUBLISHED: _("The import is done."),
            State.CANCELLED: _("The import was given up; nothing of it was kept."),
            State.UNDONE: _("The import was undone; nothing of it was deleted."),
        }.get(State(state), "")

    def _batch(self, request: HttpRequest, pk: int, *, publishes: bool = False) -> ImportBatch:
        """The batch of a button that was pressed by someone who may; `publishes`: it reaches readers."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        if publishes and not self.may_publish(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    @staticmethod
    def may_publish(request: HttpRequest) -> bool:
        """Whether what an import brings may reach readers through this person."""
        return request.user.has_perm("articles.publish_article")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        """All imports for who may publish, for a contributor their own."""
        batches = super().get_queryset(request)
        return batches if self.may_publish(request) else batches.filter(created_by=request.user.pk)

    @staticmethod
    def _to(pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:articles_importbatch_change", args=[pk]))
