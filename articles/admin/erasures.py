"""What was erased by law, and what was handed out as evidence: registers, to read."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from articles import erasing
from articles.admin.generics import ModelAdmin
from articles.models import Erasure, EvidenceExport

Entry = TypeVar("Entry", bound=Model)


class Register(ModelAdmin[Entry]):
    """Entries are written by what happens, and never changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Erasure)
class ErasureAdmin(Register[Erasure]):
    """Erased articles. Lifting lets the same record come in again."""

    list_display = ["__str__", "ground", "made_at", "made_by_name", "lifted_at"]
    list_filter = ["ground"]
    search_fields = ["article_number", "sha256"]
    fields = [
        "article_number", "sha256", "ground", "reason", "made_at", "made_by_name", "lifted_at",
        "lifted_by_name", "lifted_reason",
    ]  # fmt: skip
    change_form_template = "admin/articles/erasure/entry.html"

    def get_urls(self) -> list[URLPattern]:
        """And the button that lifts."""
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<int:pk>/lift/", view, name="articles_erasure_lift"), *super().get_urls()]

    def lift_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the record come in again, with a reason."""
        if request.method != "POST" or not request.user.has_perm("articles.change_erasure"):
            raise PermissionDenied
        erasure = get_object_or_404(Erasure, pk=pk)
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, _("Say why: the reason stays on record."))
        elif erasure.lifted_at is None:
            erasing.lift(erasure, reason=reason, by=request.user)  # type: ignore[arg-type]  # logged in
            messages.success(request, _("Lifted: an import may bring this record in again."))
        return HttpResponseRedirect(reverse("admin:articles_erasure_change", args=[pk]))


@admin.register(EvidenceExport)
class EvidenceExportAdmin(Register[EvidenceExport]):
    """Exports and their seals: a seal that stands here was made by this archive."""

    list_display = ["article_number", "seal", "made_at", "made_by_name"]
    search_fields = ["article_number", "seal"]
    fields = ["article_number", "seal", "made_at", "made_by_name"]
