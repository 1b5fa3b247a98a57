"""The address to which the buttons on an article's page for readers post; it leads back to that page."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from articles.admin.model_admin import ModelAdmin, report_search_status
from articles.history import quick_corrections
from articles.history.inference_review import InvalidValueError
from articles.models import Article, Place

#: Longer numbers are none of ours.
_MAX_DIGITS = 18


class QuickCorrectionViews(ModelAdmin[Article]):
    """Views of ArticleAdmin, for users who may change the article and publish."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the buttons."""
        view = self.admin_site.admin_view(self.correct_view)
        return [path("<int:article_id>/correct/", view, name="articles_article_correct"), *super().get_urls()]

    def correct_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Carry out the button in `act`, say what happened, and go back to the readers' page."""
        article = get_object_or_404(self.get_queryset(request), pk=article_id)
        allowed = request.user.has_perm("articles.publish_article")
        if not allowed or not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method == "POST":
            self._carry_out(request, article, request.POST.get("act", ""))
        return HttpResponseRedirect(_back(request, article))

    def _carry_out(self, request: HttpRequest, article: Article, act: str) -> None:
        by = cast("User", request.user)
        try:
            if act == "hide":
                done = quick_corrections.hide_article(article, by=by)
                text = _("Readers no longer find this article.")
            elif act == "date" and _changed_meanwhile(request, article):
                now = article.date.isoformat() if article.date else _("undated")
                typed = request.POST.get("date", "")[:40]
                text = _(
                    "Somebody changed this article meanwhile; its date is now: %(now)s. You typed: %(typed)s"
                )
                messages.warning(request, text % {"now": now, "typed": typed or "—"})
                return
            elif act == "date":
                done = quick_corrections.correct_date(article, request.POST.get("date", ""), by=by)
                text = _("The date is corrected.") if article.date else _("The article is undated now.")
            elif act == "not-place":
                place = Place.objects.filter(
                    slug=request.POST.get("place", ""), mentions__article=article
                ).first()
                done = place is not None and bool(quick_corrections.reject_place(article, place, by=by))
                text = _("The article no longer counts as one about this place.")
            elif act == "not-date":
                asked = request.POST.get("period", "")
                mention = next((each for each in article.date_mentions.all() if each.period == asked), None)
                done = mention is not None and bool(
                    quick_corrections.reject_mentioned_date(article, mention, by=by)
                )
                text = _("The article no longer counts as one that mentions this date.")
            else:
                kind, _colon, number = act.partition(":")
                known = number.isdecimal() and len(number) <= _MAX_DIGITS
                done = known and quick_corrections.undo_correction(article, kind, int(number), by=by)
                text = _("Taken back.")
        except InvalidValueError as unfit:
            messages.error(request, str(unfit))
            return
        if not done:
            messages.warning(request, _("Nothing was changed; perhaps somebody was faster."))
            return
        self.log_change(request, article, text)
        messages.success(request, text)
        report_search_status(request)


def _changed_meanwhile(request: HttpRequest, article: Article) -> bool:
    """Return True if the page from which the form was sent showed an older state of the article."""
    seen = request.POST.get("version", "")
    return bool(seen) and seen != str(quick_corrections.edit_version(article))


def _back(request: HttpRequest, article: Article) -> str:
    """Return the readers' page of the article, with the search by which it was opened."""
    page = article.get_absolute_url()
    asked = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.partition("?")[0] == page else page
