"""Imports in the admin: upload, preview, confirm and result, each a page under the URL of the import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from articles import tasks
from articles.admin.article_pages.draft_ownership import seen_articles
from articles.admin.import_pages import upload_form
from articles.admin.import_pages.column_mapping_pages import (
    ColumnChoicesForm,
    ColumnChoiceViews,
    refresh_preview,
)
from articles.admin.import_pages.import_buttons import (
    ImportDownloadViews,
    preview_hash,
    serialize_progress,
)
from articles.admin.import_pages.preview_table import PreviewTable
from articles.history.held_texts import held_articles
from articles.history.held_updates import undecided_updates
from articles.history.inference_review import count_uncertain
from articles.ingest import publish, rollback
from articles.ingest.lease import is_leased
from articles.ingest.runner import is_working, progress, settle_abandoned
from articles.ingest.upload_store import (
    PREVIEW_RETENTION,
    expire_previews,
    has_all_files,
    import_label,
)
from articles.metadata.column_mappings import load_column_mappings
from articles.models import ImportBatch, ImportRow, Source
from articles.readers.registry import formats
from articles.text.limits import upload_limits
from articles.text.problem_messages import format_size

State = ImportBatch.State
ROWS_PER_PAGE = 100
COUNT_LABELS = (
    ("read", gettext_lazy("read")),
    ("created", gettext_lazy("created")),
    ("updated", gettext_lazy("updated")),
    ("unchanged", gettext_lazy("unchanged")),
    ("held", gettext_lazy("held for review")),
    ("duplicates", gettext_lazy("duplicates")),
    ("rejected", gettext_lazy("rejected")),
)


@admin.register(ImportBatch)
class ImportBatchAdmin(ColumnChoiceViews, ImportDownloadViews):
    """Imports with their time, user and outcome."""

    when_empty = gettext_lazy(
        "Nothing was imported yet. Upload a text file, a folder packed as zip, or a jsonl or csv "
        "file: you see what is in it before anything is stored."
    )
    list_display = [
        "__str__", "state", "created_at", "by_whom", "worked", "read", "created", "updated", "rejected",
    ]  # fmt: skip
    list_filter = ["state", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["label", "uploads__name"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the imports, those of killed processes as what they are."""
        settle_abandoned()
        return super().changelist_view(request, extra_context)

    # -- permissions: imports are never edited. Users who may add imports may cancel their own; users who may
    # publish articles may confirm imports and roll them back.

    def has_delete_permission(self, request: HttpRequest, obj: ImportBatch | None = None) -> bool:
        """Return True only for an import without articles, as articles refer to their import."""
        finished = obj is None or (obj.state == State.CANCELLED and not obj.article_set.exists())
        return finished and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the upload before Django's own."""
        upload = self.admin_site.admin_view(self.upload_view)
        return [
            path("upload/", upload, name="articles_importbatch_upload"),
            *self.button_urls(),
            *self.column_urls(),
            *self.download_urls(),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the upload."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:articles_importbatch_upload"))

    # -- upload

    @method_decorator(csrf_exempt)
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form; store the files of a POST and show the preview.

        The upload limits must be set before the body is read, so the CSRF check, which reads it, comes after.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        too_long = upload_form.prepare_upload(request) if request.method == "POST" else ""
        if too_long:
            return self._upload_page(request, upload_form.UploadForm(), too_long)
        return self._checked_upload(request)

    @method_decorator(csrf_protect)
    def _checked_upload(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._upload_page(request, upload_form.UploadForm())
        form = upload_form.UploadForm(request.POST, request.FILES)
        if refused := upload_form.upload_refusal(request):
            return self._upload_page(request, upload_form.UploadForm(), refused)
        if not form.is_valid():
            return self._upload_page(request, form)
        expire_previews()
        files = form.cleaned_data["files"]
        source = upload_form.get_or_create_source(form.cleaned_data["default_source"])
        batch = ImportBatch.objects.create(
            state=State.PREVIEW,
            label=import_label([file.name or "?" for file in files[:3]]),
            default_source=source,
            columns=load_column_mappings(source.pk if source else None),
            created_by=request.user,  # type: ignore[misc]  # logged in
        )
        upload_form.store_files(batch, files)
        refresh_preview(batch)
        return self._to(batch.pk)

    def _upload_page(
        self, request: HttpRequest, form: upload_form.UploadForm, refusal: str = ""
    ) -> TemplateResponse:
        limits = upload_limits()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload articles"),
            "opts": self.opts,
            "form": form,
            "refusal": refusal,
            "sources": Source.objects.values_list("name", flat=True)[:500],
            "max_file": format_size(limits.file),
            "read_formats": list(formats().by_key.values()),
            "max_total": format_size(limits.total),
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
        """Show the current state of the import."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        settle_abandoned()
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        return self.page(request, batch)

    def page(
        self, request: HttpRequest, batch: ImportBatch, bound: Mapping[str, ColumnChoicesForm] | None = None
    ) -> HttpResponse:
        """Render the page; see ColumnChoiceViews."""
        finished = batch.state in (*ImportBatch.SHOWN, *rollback.ROLLBACK_RESULTS)
        counts = batch.counts if finished else publish.counted(batch)
        kept = batch.state == State.PUBLISHING or has_all_files(batch)
        working = is_working(batch)
        in_background = tasks.worker_alive()
        outcome = request.GET.get("outcome", "")
        rows, lines = self._rows(request, batch, outcome)
        preview = PreviewTable(batch, bound or {})
        may_give_up = self.has_add_permission(request)
        context = {
            **self.admin_site.each_context(request),
            "title": str(batch),
            "opts": self.opts,
            "batch": batch,
            "counts": [(name, label, counts.get(name, 0)) for name, label in COUNT_LABELS],
            "outcome": outcome,
            "rows": rows,
            "lines": lines,
            "preview": preview,
            "seen": preview_hash(batch) if batch.state == State.PREVIEW else "",
            "choosable": may_give_up and preview.choosable,
            "found": preview.found + preview.held,
            "unread_columns": preview.unread_columns(),
            "may_import": self.may_publish(request),
            "may_remember": request.user.has_perm("articles.add_columnmapping"),
            "may_give_up": may_give_up,
            "working": working,
            "progress": serialize_progress(batch) if working or batch.state == State.PAUSED else None,
            "steps": working
            and kept
            and not (in_background or batch.wish or batch.fault or is_leased(batch)),
            "may_go_on": kept and (working or batch.state in (State.PAUSED, State.FAILED)),
            "may_pause": batch.state == State.STAGING and kept and not batch.wish,
            "may_cancel": batch.state in publish.UNPUBLISHED,
            "may_turn": self.may_publish(request) and self.has_change_permission(request),
            "held": held_articles(batch.pk).count() if self.may_publish(request) else 0,
            "updates": undecided_updates(batch.pk).count() if self.may_publish(request) else 0,
            "rejects": counts.get("rejected", 0),
            "kept_until": batch.created_at + PREVIEW_RETENTION,
            "later": count_later_imports(batch),
            "doubtful": count_uncertain(request.user, batch),
        }
        status = 400 if bound else 200
        return TemplateResponse(request, "admin/articles/importbatch/batch.html", context, status=status)

    @staticmethod
    def _rows(
        request: HttpRequest, batch: ImportBatch, outcome: str
    ) -> tuple[Page[ImportRow], list[tuple[ImportRow, bool]]]:
        """Return a page of outcomes, and its rows with whether the user may see their articles.

        `outcome` is a key of COUNTS or "" for all.
        A record may be another version of an article that its contributor may not see: no title is shown.
        """
        rows = batch.rows.select_related("article").defer(
            "article__original", "article__body", "pending_original"
        )
        if outcome == "duplicates":
            rows = rows.filter(duplicate=True)
        elif outcome in ImportRow.Outcome.values:
            rows = rows.filter(outcome=outcome)
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        numbers = [row.article_id for row in page.object_list if row.article_id]
        seen = set(seen_articles(request).filter(pk__in=numbers).values_list("pk", flat=True))
        return page, [(row, row.article_id in seen) for row in page.object_list]

    @admin.display(description=gettext_lazy("who"), ordering="created_by__username")
    def by_whom(self, batch: ImportBatch) -> str | None:
        """Return the user who uploaded; nothing for a command."""
        return batch.created_by.get_username() if batch.created_by else None

    @admin.display(description=gettext_lazy("time worked"), ordering="seconds")
    def worked(self, batch: ImportBatch) -> str:
        """Return how long processes worked on the import."""
        return str(timedelta(seconds=round(batch.seconds)))

    @admin.display(description=gettext_lazy("read"))
    def read(self, batch: ImportBatch) -> str | None:
        """Return the number of records read, also while the import runs."""
        known = _count(batch, "read")
        return intcomma(progress(batch).done) if known is None and is_working(batch) else known

    @admin.display(description=gettext_lazy("created"))
    def created(self, batch: ImportBatch) -> str | None:
        """Return the number of new articles."""
        return _count(batch, "created")

    @admin.display(description=gettext_lazy("updated"))
    def updated(self, batch: ImportBatch) -> str | None:
        """Return the number of changed articles."""
        return _count(batch, "updated")

    @admin.display(description=gettext_lazy("rejected"))
    def rejected(self, batch: ImportBatch) -> str | None:
        """Return the number of rejected records."""
        return _count(batch, "rejected")


def count_later_imports(batch: ImportBatch) -> int:
    """Return how many later imports changed articles of this one; a rollback keeps their changes."""
    if batch.state not in ImportBatch.SHOWN:
        return 0
    articles = batch.rows.filter(outcome__in=(rollback.CREATED, rollback.UPDATED)).values("article_id")
    later = ImportRow.objects.filter(article_id__in=articles, batch_id__gt=batch.pk, outcome=rollback.UPDATED)
    return later.values("batch_id").distinct().count()


def _count(batch: ImportBatch, name: str) -> str | None:
    count: int | None = batch.counts.get(name)
    return None if count is None else intcomma(count)
