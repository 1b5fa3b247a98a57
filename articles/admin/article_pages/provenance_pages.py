"""Pages for the provenance of articles: history and restoring, evidence exports, erasures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.article_pages.revision_steps import describe_revisions
from articles.admin.model_admin import ModelAdmin, ReadOnlyAdmin, report_search_status
from articles.history.erasure import (
    ImportUnfinishedError,
    PurgeFailedError,
    erase_article,
    lift_erasure,
    unfinished_imports,
    waiting_erasures,
)
from articles.history.evidence.container import pack_zip
from articles.history.evidence.dossier import export_evidence
from articles.history.revisions import restore, revision_steps, state_before
from articles.models import Article, Erasure, EvidenceExport


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin[Erasure]):
    """Erased articles. After an erasure is lifted, the same record can be imported again."""

    when_empty = gettext_lazy(
        "No article was erased. Where the law demands it, open the article and choose “Erase by law …”."
    )
    list_display = ["__str__", "ground", "made_at", "made_by_name", "completed", "lifted_at"]
    list_filter = ["ground"]
    search_fields = ["article_number", "sha256"]
    fields = [
        "article_number", "sha256", "ground", "reason", "made_at", "made_by_name", "completed", "lifted_at",
        "lifted_by_name", "lifted_reason",
    ]  # fmt: skip
    change_form_template = "admin/articles/erasure/entry.html"

    @admin.display(boolean=True, description=gettext_lazy("erased"))
    def completed(self, erasure: Erasure) -> bool:
        """Return False while the erasure waits for the index."""
        return not erasure.waits  # type: ignore[attr-defined]  # annotated by get_queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Erasure]:
        """Annotate each erasure with whether it waits, in one query for a page."""
        waiting = waiting_erasures().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(waits=Exists(waiting))

    def get_urls(self) -> list[URLPattern]:
        """Add the URL that lifts an erasure."""
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<int:pk>/lift/", view, name="articles_erasure_lift"), *super().get_urls()]

    def lift_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lift the erasure, with a reason."""
        if request.method != "POST" or not request.user.has_perm("articles.change_erasure"):
            raise PermissionDenied
        erasure = get_object_or_404(Erasure, pk=pk)
        reason = request.POST.get("reason", "").strip()
        if not reason:
            messages.error(request, _("Say why: the reason stays on record."))
        elif erasure.lifted_at is None:
            lift_erasure(erasure, reason=reason, by=request.user)  # type: ignore[arg-type]  # logged in
            messages.success(request, _("Lifted: an import may bring this record in again."))
        return HttpResponseRedirect(reverse("admin:articles_erasure_change", args=[pk]))


@admin.register(EvidenceExport)
class EvidenceExportAdmin(ReadOnlyAdmin[EvidenceExport]):
    """Evidence exports and their seals. A seal in this list was made by this archive."""

    when_empty = gettext_lazy(
        "No evidence was exported yet. Tick articles in their list and choose the action “Export the "
        "selected articles as evidence”."
    )
    list_display = ["article_number", "seal", "made_at", "made_by_name"]
    search_fields = ["article_number", "seal"]
    fields = ["article_number", "seal", "made_at", "made_by_name"]


#: Maximum number of articles in one export, which is built in memory.
MAX_EXPORTED = 200


class ProvenanceViews(ModelAdmin[Article]):
    """Views of ArticleAdmin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs to restore, export and erase; the history has Django's own URL."""
        wrap, name = self.admin_site.admin_view, "articles_article_{}".format
        return [
            path(
                "<int:article_id>/restore/<int:revision_id>/", wrap(self.restore_view), name=name("restore")
            ),
            path("<int:article_id>/evidence/", wrap(self.evidence_view), name=name("evidence")),
            path("<int:article_id>/erase/", wrap(self.erase_view), name=name("erase")),
            *super().get_urls(),
        ]

    # -- history

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every change word by word, with user, time, reason and a link to restore."""
        article = self.get_object(request, object_id)
        if article is None:
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        context = {
            **self._page(request, article, _("History of the article")),
            "steps": describe_revisions(revision_steps(article)),
            "may_restore": self._may_restore(request, article),
            "importer": article.batch.created_by if article.batch else article.added_by,
        }
        return TemplateResponse(request, "admin/articles/article/history.html", context)

    def _may_restore(self, request: HttpRequest, article: Article) -> bool:
        return request.user.has_perm("articles.restore_article") and self.has_change_permission(
            request, article
        )

    def restore_view(self, request: HttpRequest, article_id: int, revision_id: int) -> HttpResponse:
        """Ask for a reason, then restore the state before a change."""
        article = get_object_or_404(Article, pk=article_id)
        if not self._may_restore(request, article):
            raise PermissionDenied
        revision = get_object_or_404(article.revisions, pk=revision_id)
        reason = request.POST.get("reason", "").strip()
        if request.method == "POST" and reason:
            if restore(article, revision, by=request.user, reason=reason):  # type: ignore[arg-type]  # logged in
                self.log_change(request, article, reason)
                messages.success(request, _("The earlier state is back; the one before is in the history."))
                report_search_status(request)
            else:
                messages.info(request, _("The article is as it was then; nothing had to be changed."))
            return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article_id]))
        if request.method == "POST":
            messages.error(request, _("Say why: the reason is kept in the history."))
        values, _original = state_before(article, revision)
        context = {
            **self._page(request, article, _("Go back to this state?")),
            "revision": revision,
            "values": values,
        }
        return TemplateResponse(request, "admin/articles/article/restore.html", context)

    # -- evidence

    def has_evidence_permission(self, request: HttpRequest) -> bool:
        """Return True if the user may export evidence."""
        return request.user.has_perm("articles.export_evidence")

    def evidence_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Return the article as an evidence zip; `q` is the search that found it."""
        if request.method != "POST" or not self.has_evidence_permission(request):
            raise PermissionDenied
        article = get_object_or_404(self.get_queryset(request), pk=article_id)
        made = export_evidence(article, by=request.user.get_username(), query=request.POST.get("q", ""))
        return _zip(made.name, made.data)

    @admin.action(
        description=gettext_lazy("Export the selected articles as evidence"), permissions=["evidence"]
    )
    def export_evidence(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Return a zip of evidence exports with a list of their seals."""
        if queryset.count() > MAX_EXPORTED:
            text = _("At most %(count)d articles at once; the command export_evidence takes any number.")
            messages.error(request, text % {"count": MAX_EXPORTED})
            return None
        made = [
            export_evidence(article, by=request.user.get_username()) for article in queryset.order_by("pk")
        ]
        files = {each.name: each.data for each in made}
        files["seals.txt"] = "".join(f"{each.seal}  {each.name}\n" for each in made).encode()
        return _zip("evidence.zip", pack_zip(files))

    # -- erasure

    def erase_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Erase by law: requires a ground, a reason, and the number of the article typed by hand."""
        article = get_object_or_404(Article, pk=article_id)
        if not request.user.has_perm("articles.add_erasure"):
            raise PermissionDenied
        typed = {name: request.POST.get(name, "").strip() for name in ("ground", "reason", "number")}
        problem = self._problem(article, typed) if request.method == "POST" else ""
        if request.method == "POST" and not problem:
            problem = self._erase(request, article, typed)
            if not problem:
                return HttpResponseRedirect(reverse("admin:articles_erasure_changelist"))
        twins = Article.objects.filter(text_hash=article.text_hash).exclude(pk=article.pk)
        twins = twins.exclude(text_hash="").select_related("source").defer("original", "body")
        context = {
            **self._page(request, article, _("Erase this article?")),
            "grounds": Erasure.Ground.choices,
            "typed": typed,
            "problem": problem,
            "unfinished": unfinished_imports(article),
            "twins": twins[:50],
        }
        return TemplateResponse(
            request, "admin/articles/article/erase.html", context, status=400 if problem else 200
        )

    @staticmethod
    def _problem(article: Article, typed: dict[str, str]) -> str:
        if typed["ground"] not in Erasure.Ground.values:
            return _("Choose a ground; readers see it at the article's address.")
        if not typed["reason"]:
            return _("Say why: the reason stays on record.")
        if typed["number"] != str(article.pk):
            return _("Type the number of the article to confirm. Nothing was erased.")
        return ""

    def _erase(self, request: HttpRequest, article: Article, typed: dict[str, str]) -> str:
        """Erase the article; return why it was not possible, or ""."""
        number = article.pk
        try:
            erase_article(article, ground=typed["ground"], reason=typed["reason"], by=request.user)  # type: ignore[arg-type]  # logged in
        except ImportUnfinishedError as waiting:
            numbers = ", ".join(f"#{pk}" for pk in waiting.batches)
            return _("Finish or give up these imports first, they hold the text: %(imports)s.") % {
                "imports": numbers
            }
        except PurgeFailedError:
            return _(
                "Its words cannot be taken out of the search now: the search does not answer, or its index "
                "is being rebuilt. The article is withdrawn: no reader finds it. The erasure waits in the "
                "register and is completed as soon as the search works again."
            )
        done = _("Article %(number)d was erased. Its address says so; its text is nowhere any more.")
        messages.success(request, done % {"number": number})
        return ""

    def _page(self, request: HttpRequest, article: Article, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "article": article,
            "original": article,
        }


def _zip(name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
