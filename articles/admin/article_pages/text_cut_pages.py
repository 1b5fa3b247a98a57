"""The cuts of an article on its admin page, and the view that restores one."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.model_admin import ModelAdmin, report_search_status
from articles.backfill.reapply_rules import CutNotInEffectError, restore_cut
from articles.models import Article

#: Maximum number of cuts shown per article; the rest are only counted.
MAX_SHOWN_CUTS = 100


class TextCutViews(ModelAdmin[Article]):
    """Views of ArticleAdmin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the URL that restores a cut."""
        view = self.admin_site.admin_view(self.put_back_view)
        return [
            path("<int:article_id>/cuts/<int:cut_id>/", view, name="articles_article_putback"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("taken out of the text"))
    def cut_from_text(self, article: Article) -> SafeString | str:
        """Return each cut with its rule, user and time, and whether it was restored."""
        rows = article.cuts.select_related("rule", "made_by", "undone_by") if article.pk else None
        cuts = list(rows[: MAX_SHOWN_CUTS + 1]) if rows is not None else []
        if not cuts:
            return _("Nothing.")
        context = {"cuts": cuts[:MAX_SHOWN_CUTS], "more": len(cuts) > MAX_SHOWN_CUTS}
        return render_to_string("admin/articles/article/_cuts.html", context)

    def put_back_view(self, request: HttpRequest, article_id: int, cut_id: int) -> HttpResponse:
        """Ask for a reason, then restore the cut at its position."""
        article = self.get_queryset(request).filter(pk=article_id).first()
        if article is None:
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        cut = get_object_or_404(article.cuts.select_related("rule"), pk=cut_id)
        back = HttpResponseRedirect(reverse("admin:articles_article_change", args=[article_id]))
        reason = request.POST.get("reason", "").strip()
        if request.method == "POST" and reason:
            try:
                restore_cut(cut, by=request.user, reason=reason)  # type: ignore[arg-type]  # logged in
            except CutNotInEffectError:
                messages.error(
                    request,
                    _(
                        "It cannot be put back by itself: it is in the text again already, or what stood "
                        "around it was changed since. The article can be edited by hand, and its history "
                        "goes back."
                    ),
                )
                return back
            self.log_change(request, article, reason)
            messages.success(request, _("It is in the text again. The history tells who, when and why."))
            report_search_status(request)
            return back
        if request.method == "POST":
            messages.error(request, _("Say why: the reason is kept in the history."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Put this back into the text?"),
            "opts": self.opts,
            "article": article,
            "cut": cut,
        }
        return TemplateResponse(request, "admin/articles/article/put_back.html", context)
