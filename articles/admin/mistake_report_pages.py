"""Mistakes that readers reported: the list of all, and the button of the review queue that closes one."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.model_admin import ReadOnlyAdmin, WasDoneFilter
from articles.history.reader_reports import close_report
from articles.models import MistakeReport


@admin.register(MistakeReport)
class MistakeReportAdmin(ReadOnlyAdmin[MistakeReport]):
    """All reports, read-only."""

    when_empty = gettext_lazy(
        "No reader has reported a mistake yet. A link on the page of each article leads to the form."
    )
    list_display = ["text", "article", "made_at", "made_by", "closed_at", "closed_by"]
    list_filter = [("closed_at", WasDoneFilter)]
    list_select_related = ["article", "made_by", "closed_by"]
    fields = readonly_fields = ("article", "text", "made_at", "made_by", "closed_at", "closed_by")

    def get_urls(self) -> list[URLPattern]:
        """Add the button of the review queue."""
        view = self.admin_site.admin_view(self.close_view)
        return [path("<int:pk>/close/", view, name="articles_mistakereport_close"), *super().get_urls()]

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close a report and go back to the review queue."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("articles.change_mistakereport"):
            raise PermissionDenied
        if close_report(get_object_or_404(MistakeReport, pk=pk), by=cast("User", request.user)):
            messages.success(request, _("The report is closed; it stays on record."))
        else:
            messages.warning(request, _("Somebody closed it already."))
        return HttpResponseRedirect(reverse("admin:articles_inference_review"))
