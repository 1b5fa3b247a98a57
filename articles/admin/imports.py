"""Imports: upload → preview → confirm → result, each a page of its own under an import's address."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from articles.admin import uploading
from articles.admin.generics import ModelAdmin
from articles.admin.telling import tell
from articles.curation import withdraw_batch
from articles.intake import publishing
from articles.intake.claiming import BatchTakenError, OtherImportError, claimed
from articles.intake.cleaning import clean_file_name
from articles.intake.limits import upload_limits
from articles.intake.messages import describe, readable_size
from articles.intake.pipeline import stage
from articles.intake.preview import preview
from articles.models import ImportBatch, ImportRow, Source

State = ImportBatch.State
#: One request imports so long; the page then goes on with the next. Below every server's time-out.
STEP_SECONDS = 15.0
#: So many seconds a request waits for another import.
PATIENCE = 2.0
ROWS_PER_PAGE = 100
#: Python's names of encodings, and those that people know.
CHARSETS = {"cp1256": "windows-1256", "iso8859_6": "ISO-8859-6", "utf-8": "UTF-8"}
COUNTS = (
    ("read", gettext_lazy("read")),
    ("created", gettext_lazy("created")),
    ("updated", gettext_lazy("updated")),
    ("unchanged", gettext_lazy("unchanged")),
    ("duplicates", gettext_lazy("duplicates")),
    ("rejected", gettext_lazy("rejected")),
)


@admin.register(ImportBatch)
class ImportBatchAdmin(ModelAdmin[ImportBatch]):
    """What came in, when, by whom, and what became of it."""

    list_display = ["__str__", "state", "created_at", "by_whom", "created", "updated", "rejected"]
    list_filter = ["state"]
    list_select_related = ["created_by"]

    # -- permissions: an import is never edited; who may add imports may also finish and withdraw their work

    def has_delete_permission(self, request: HttpRequest, obj: ImportBatch | None = None) -> bool:
        """Only what brought nothing may go; articles name the import they came with."""
        finished = obj is None or (obj.state == State.CANCELLED and not obj.article_set.exists())
        return finished and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """The pages of the upload, before Django's own."""
        wrap, name = self.admin_site.admin_view, "articles_importbatch_{}".format
        return [
            path("upload/", wrap(self.upload_view), name=name("upload")),
            path("<int:pk>/confirm/", wrap(self.confirm_view), name=name("confirm")),
            path("<int:pk>/cancel/", wrap(self.cancel_view), name=name("cancel")),
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name=name("withdraw")),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An import begins with files."""
        return HttpResponseRedirect(reverse("admin:articles_importbatch_upload"))

    # -- upload

    @method_decorator(csrf_exempt)
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """The form; a POST keeps the files and shows the preview. The limits are watched before anything
        reads the body, so the CSRF check (which reads it) comes after them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        too_long = uploading.receive(request) if request.method == "POST" else ""
        if too_long:
            return self._upload_page(request, uploading.UploadForm(), too_long)
        return self._checked_upload(request)

    @method_decorator(csrf_protect)
    def _checked_upload(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._upload_page(request, uploading.UploadForm())
        form = uploading.UploadForm(request.POST, request.FILES)
        if refused := uploading.refused(request):
            return self._upload_page(request, uploading.UploadForm(), refused)
        if not form.is_valid():
            return self._upload_page(request, form)
        files = form.cleaned_data["files"]
        batch = ImportBatch.objects.create(
            state=State.PREVIEW,
            label=", ".join(clean_file_name(file.name or "?") for file in files[:3])[:200],
            default_source=uploading.source_named(form.cleaned_data["default_source"]),
            created_by=request.user,  # type: ignore[misc]  # logged in
        )
        uploading.keep(batch, files)
        source = batch.default_source.name if batch.default_source else ""
        found = preview(uploading.kept_files(batch), upload_limits(), source)
        ImportBatch.objects.filter(pk=batch.pk).update(preview=found)
        return self._to(batch.pk)

    def _upload_page(
        self, request: HttpRequest, form: uploading.UploadForm, refusal: str = ""
    ) -> TemplateResponse:
        limits = upload_limits()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload articles"),
            "opts": self.opts,
            "form": form,
            "refusal": refusal,
            "sources": Source.objects.values_list("name", flat=True)[:500],
            "max_file": readable_size(limits.file),
            "max_total": readable_size(limits.total),
        }
        return TemplateResponse(
            request, "admin/articles/importbatch/upload.html", context, status=413 if refusal else 200
        )

    # -- the page of an import: preview, progress or result

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What the import is at now."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        counts = batch.counts if batch.state == State.PUBLISHED else publishing.counted(batch)
        outcome = request.GET.get("outcome", "")
        context = {
            **self.admin_site.each_context(request),
            "title": str(batch),
            "opts": self.opts,
            "batch": batch,
            "counts": [(name, label, counts.get(name, 0)) for name, label in COUNTS],
            "outcome": outcome,
            "rows": self._rows(batch, outcome, request.GET.get("page")),
            "files": [_readable(file) for file in batch.preview],
            "found": sum(file["records"] - file["rejected"] for file in batch.preview),
            "may_import": self.has_add_permission(request),
            "may_go_on": batch.state == State.PUBLISHING
            or (batch.state == State.STAGING and uploading.all_kept(batch)),
            "may_cancel": batch.state in publishing.UNPUBLISHED,
        }
        return TemplateResponse(request, "admin/articles/importbatch/batch.html", context)

    @staticmethod
    def _rows(batch: ImportBatch, outcome: str, page: str | None) -> Any:
        """A page of what became of the records; `outcome` is a key of COUNTS or "" for all."""
        rows = batch.rows.select_related("article").defer(
            "article__original", "article__body", "pending_original"
        )
        if outcome == "duplicates":
            rows = rows.filter(duplicate=True)
        elif outcome in ImportRow.Outcome.values:
            rows = rows.filter(outcome=outcome)
        return Paginator(rows, ROWS_PER_PAGE).get_page(page)

    # -- the buttons

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Import for a while; publish when everything is in. Pressed again, it goes on."""
        batch = self._batch(request, pk)
        if batch.state == State.STAGING and not uploading.all_kept(batch):
            messages.error(request, _("The files of this import are not kept here; run its command again."))
            return self._to(pk)
        ImportBatch.objects.filter(pk=pk, state=State.PREVIEW).update(state=State.STAGING)
        try:
            with claimed(batch, State.STAGING, State.PUBLISHING, patience=PATIENCE):
                deadline = time.monotonic() + STEP_SECONDS
                files = uploading.kept_files(batch)
                if batch.state == State.PUBLISHING or stage(batch, files, upload_limits(), deadline=deadline):
                    publishing.publish(batch)
        except OtherImportError:
            messages.warning(request, _("Another import is running. Go on with this one in a moment."))
            return self._to(pk)
        except BatchTakenError:
            batch.refresh_from_db()
            if batch.state != State.PUBLISHED:
                messages.warning(
                    request, _("Another request is working on this import. Look again in a minute.")
                )
            return self._to(pk)
        if batch.state == State.PUBLISHED:
            messages.success(request, _("The import is done."))
            tell(request)
        return self._to(pk)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give up an import that was not published."""
        batch = self._batch(request, pk)
        try:
            with claimed(batch, *publishing.UNPUBLISHED, State.CANCELLED, patience=PATIENCE):
                publishing.cancel(batch)
            messages.success(request, _("The import was given up; nothing of it was kept."))
        except OtherImportError:
            messages.warning(request, _("Another import is running. Give this one up in a moment."))
        except BatchTakenError:
            messages.error(
                request, _("This import is being worked on or is published; it cannot be given up.")
            )
        return self._to(pk)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo a published import: its new articles are withdrawn, with a reason."""
        batch = self._batch(request, pk)
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, _("Say why: the reason is kept with the articles."))
            return self._to(pk)
        count = withdraw_batch(batch, by=request.user, reason=reason)  # type: ignore[arg-type]  # logged in
        text = ngettext("%(count)d article was withdrawn.", "%(count)d articles were withdrawn.", count)
        messages.success(request, text % {"count": count})
        tell(request)
        return self._to(pk)

    def _batch(self, request: HttpRequest, pk: int) -> ImportBatch:
        """The batch of a button that was pressed by someone who may."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(ImportBatch, pk=pk)

    @staticmethod
    def _to(pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:articles_importbatch_change", args=[pk]))

    @admin.display(description=gettext_lazy("who"), ordering="created_by__username")
    def by_whom(self, batch: ImportBatch) -> str | None:
        """Who uploaded it; nobody, for a command."""
        return batch.created_by.get_username() if batch.created_by else None

    @admin.display(description=gettext_lazy("created"))
    def created(self, batch: ImportBatch) -> int | None:
        """New articles."""
        return _count(batch, "created")

    @admin.display(description=gettext_lazy("updated"))
    def updated(self, batch: ImportBatch) -> int | None:
        """Changed articles."""
        return _count(batch, "updated")

    @admin.display(description=gettext_lazy("rejected"))
    def rejected(self, batch: ImportBatch) -> int | None:
        """Refused records."""
        return _count(batch, "rejected")


def _count(batch: ImportBatch, name: str) -> int | None:
    count: int | None = batch.counts.get(name)
    return count


def _readable(file: dict[str, Any]) -> dict[str, Any]:
    """A FilePreview with sentences in place of codes."""
    rejects = [(name, row, describe(code, detail)) for name, row, code, detail in file["rejects"]]
    problems = [(count, describe(code, detail)) for code, count, detail in file["problems"]]
    charsets = [CHARSETS.get(name, name) for name in file["charsets"]]
    return {**file, "charsets": charsets, "rejects": rejects, "problems": problems}
