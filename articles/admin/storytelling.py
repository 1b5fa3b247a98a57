"""What librarians decide about stories: take articles out of theirs, or join some into one."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.bulk import BulkActions, ReasonForm
from articles.models import Article
from articles.stories import join, separate


class StoryActions(BulkActions):
    """For ArticleAdmin. Each decision is kept with who, when and why, and outlives `find_duplicates`."""

    @admin.action(
        description=gettext_lazy("Take the selected articles out of their stories"), permissions=["publish"]
    )
    def separate(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask why, then let each stand alone."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Take these articles out of their stories?"))
        articles = list(queryset)
        for article in articles:
            separate(article, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]  # logged in
        self._told(request, len(articles))
        return None

    @admin.action(
        description=gettext_lazy("Join the selected articles into one story"), permissions=["publish"]
    )
    def join(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask why, then put them all into the story of the oldest."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Join these articles into one story?"))
        first, *others = list(queryset.order_by("pk"))
        for other in others:
            join(other, first, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]  # logged in
        self._told(request, len(others) + 1 if others else 0)
        return None
