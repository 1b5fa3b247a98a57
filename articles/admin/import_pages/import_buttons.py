"""The buttons of an import: start or resume, pause, cancel, undo, redo; progress and downloads.

A button only stores the requested action. A worker carries it out (articles/tasks.py), or the request itself
for some seconds if no worker is alive.
"""

from __future__ import annotations

import csv
import hashlib
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


class ImportDownloadViews(ModelAdmin[ImportBatch]):
    """Progress and downloads of ImportBatchAdmin, for users who may see the import."""

    def download_urls(self) -> list[URLPattern]:
        """Return the URLs of progress, rejects.csv and rejects.jsonl."""
        wrap, name = self.admin_site.admin_view, "articles_importbatch_{}".format
        return [
            path("<int:pk>/progress/", wrap(self.progress_view), name=name("progress")),
            path("<int:pk>/rejects.csv", wrap(self.rejects_view), name=name("rejects")),
            path("<int:pk>/rejects.jsonl", wrap(self.originals_view), name=name("originals")),
        ]

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return `working`, `state`, `label` (of the state), `done`, `total` (or null), `text` as JSON."""
        runner.settle_abandoned()
        batch = self._seen(request, pk)
        answer = JsonResponse(serialize_progress(batch))
        answer["Cache-Control"] = "no-store"
        return answer

    def rejects_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Return a CSV of the rejected records: file, row, reason; formulas are escaped."""
        batch = self._seen(request, pk)
        # Evaluated now: when the rows are sent, the language of the request is no longer active.
        head = [_("file"), _("row"), _("reason")]
        lines = [
            [row.file_name, str(row.row or ""), describe(row.reason, row.detail)] for row in _rejects(batch)
        ]
        writer = csv.writer(_EchoWriter())
        body = (writer.writerow([escape_formula(cell) for cell in line]) for line in [head, *lines])
        return _file((part for part in ["\ufeff", *body]), f"import-{pk}-rejects.csv", "text/csv")

    def originals_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Return a JSON line per rejected record: file, row, reason, and the original text or bytes."""
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
    """Return the progress for the page and its script."""
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
    """A file object whose write returns what was written."""

    def write(self, text: str) -> str:
        return text


State = ImportBatch.State
#: Seconds of work in one request if no worker is alive; then the page sends another. Below server timeouts.
STEP_SECONDS = 15.0
#: Seconds that a request waits for another import.
PATIENCE = 2.0


def preview_hash(batch: ImportBatch) -> str:
    """Return a hash of what the preview shows, and of how the columns are read.

    The confirmation compares it, because the contributor may choose other columns after a librarian looked.
    """
    shown = json.dumps([batch.columns, batch.preview], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()


class ImportActionViews(ModelAdmin[ImportBatch]):
    """Form targets on the page of an import; all answer with that page."""

    def button_urls(self) -> list[URLPattern]:
        """Return the URLs of confirm, pause, cancel, undo and redo."""
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(getattr(self, f"{name}_view")),
                name=f"articles_importbatch_{name}",
            )
            for name in ("confirm", "pause", "cancel", "undo", "redo")
        ]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start the import, or resume an unfinished one."""
        batch = self._batch(request, pk, publishes=True)
        seen = request.POST.get("seen", "")
        if batch.state == State.PREVIEW and seen and seen != preview_hash(batch):
            text = _("This import was changed after you looked at it. Nothing is imported yet; look again.")
            messages.warning(request, text)
            return self._to(pk)
        before_publication = batch.state in (State.STAGING, State.PAUSED, State.FAILED)
        if before_publication and not has_all_files(batch):
            messages.error(request, _("The files of this import are not kept here; run its command again."))
            return self._to(pk)
        runner.resume(batch)
        return self._work(request, batch)

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop reading after the current chunk."""
        batch = self._batch(request, pk)
        if not runner.request_pause(batch):
            messages.warning(request, _("This import is not being read, so it cannot be paused."))
        return self._to(pk)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel an import that was not published."""
        batch = self._batch(request, pk)
        if not runner.request_cancel(batch):
            messages.error(request, _("This import is being published or was; it cannot be given up."))
            return self._to(pk)
        return self._report(
            request, batch, tasks.cancel_batch(batch, seconds=STEP_SECONDS, patience=PATIENCE)
        )

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Roll back a published import, with a reason."""
        return self._turn(request, pk, State.UNDOING)

    def redo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Redo an import that was rolled back."""
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
        """Have the import processed, and report the result."""
        return self._report(
            request, batch, tasks.enqueue_batch(batch, seconds=STEP_SECONDS, patience=PATIENCE)
        )

    def _report(self, request: HttpRequest, batch: ImportBatch, answer: str) -> HttpResponse:
        """Report the result of `run_batch`; `batch` is as it was before."""
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
        """Return the batch if the user may use the button; `publishes`: it makes articles public."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        if publishes and not self.may_publish(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    @staticmethod
    def may_publish(request: HttpRequest) -> bool:
        """Return True if articles of an import may become public through this user."""
        return request.user.has_perm("articles.publish_article")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        """Return all imports for users who may publish, for contributors their own."""
        batches = super().get_queryset(request)
        return batches if self.may_publish(request) else batches.filter(created_by=request.user.pk)

    @staticmethod
    def _to(pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:articles_importbatch_change", args=[pk]))
