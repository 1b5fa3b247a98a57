"""Actions on many articles: publish, withdraw, set source or date, tag again, change stories."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.model_admin import ModelAdmin, report_search_status
from articles.backfill.merge import bulk_update_articles, retag_articles
from articles.history.revisions import change_state
from articles.models import Article, Precision, Source
from articles.near_duplicates.clusters import join, separate

#: Maximum number of articles named on the confirmation page.
_SHOWN = 20


class ReasonForm(forms.Form):
    """A reason, stored in the history of each article."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why: the reason is kept with the articles.")},
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


class SourceForm(ReasonForm):
    """A form for the new source."""

    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("no source"),
    )
    field_order = ("source", "reason")

    def values(self) -> dict[str, Any]:
        """Return the values in the form of a snapshot."""
        chosen = self.cleaned_data["source"]
        return {"source_id": chosen.pk if chosen else None}


class DateForm(ReasonForm):
    """A form for the new date and its precision; left empty, the articles become undated."""

    date = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2012-05-24", "dir": "ltr"}),
        help_text=gettext_lazy(
            "Of a month or a year give its first day. Left empty, the article is undated."
        ),
    )
    precision = forms.ChoiceField(label=gettext_lazy("Precision of the date"), choices=Precision.choices)
    field_order = ("date", "precision", "reason")

    def values(self) -> dict[str, Any]:
        """Return the values in the form of a snapshot."""
        day, precision = self.cleaned_data["date"], self.cleaned_data["precision"]
        if day is None:
            return {"date": None, "date_precision": ""}
        if precision != Precision.DAY:
            day = day.replace(day=1)
        if precision == Precision.YEAR:
            day = day.replace(month=1)
        return {"date": day.isoformat(), "date_precision": precision}


def versions_hash(articles: QuerySet[Article]) -> str:
    """Return a hash of which articles these are, and of what is in them.

    Publication compares it, because a contributor may change a draft after a librarian has looked at it.
    """
    found = sha256()
    rows = articles.order_by("pk").values_list("pk", "text_hash", "updated_at")
    for row in rows.iterator(chunk_size=2000):
        found.update(repr(row).encode())
    return found.hexdigest()


class BulkActions(ModelAdmin[Article]):
    """Actions of ArticleAdmin."""

    @admin.action(description=gettext_lazy("Publish the selected articles"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask for a reason, then publish."""
        return self._change_state(request, queryset, Article.State.PUBLISHED, _("Publish these articles?"))

    @admin.action(description=gettext_lazy("Withdraw the selected articles"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask for a reason, then withdraw."""
        return self._change_state(request, queryset, Article.State.WITHDRAWN, _("Withdraw these articles?"))

    @admin.action(description=gettext_lazy("Give the selected articles a source"), permissions=["publish"])
    def set_source(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask for source and reason, then set the source."""
        return self._set(request, queryset, SourceForm, _("Give these articles a source"))

    @admin.action(description=gettext_lazy("Give the selected articles a date"), permissions=["publish"])
    def set_date(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask for date and reason, then set the date."""
        return self._set(request, queryset, DateForm, _("Give these articles a date"))

    @admin.action(
        description=gettext_lazy("Look for places and dates in the selected articles again"),
        permissions=["publish"],
    )
    def tag_again(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Tag places and dates again with the current names and tables; manual entries stay."""
        self._told(request, retag_articles(list(queryset.values_list("pk", flat=True))))

    def _change_state(
        self, request: HttpRequest, queryset: QuerySet[Article], state: Article.State, question: str
    ) -> HttpResponse | None:
        seen = versions_hash(queryset) if state == Article.State.PUBLISHED else ""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, question, seen)
        if seen and request.POST.get("seen") != seen:
            text = _(
                "These articles were changed after you were asked. Nothing is published yet; look again."
            )
            messages.warning(request, text)
            return self._ask(request, queryset, form, question, seen)
        ids = list(queryset.values_list("pk", flat=True))
        reason = form.cleaned_data["reason"]
        self._told(request, change_state(ids, state, by=request.user, reason=reason))  # type: ignore[arg-type]  # logged in
        return None

    def _set(
        self,
        request: HttpRequest,
        queryset: QuerySet[Article],
        kind: type[SourceForm] | type[DateForm],
        question: str,
    ) -> HttpResponse | None:
        form = kind(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, question)
        ids = list(queryset.values_list("pk", flat=True))
        reason = form.cleaned_data["reason"]
        self._told(request, bulk_update_articles(ids, form.values(), by=request.user, reason=reason))  # type: ignore[arg-type]  # logged in
        return None

    def _ask(
        self,
        request: HttpRequest,
        queryset: QuerySet[Article],
        form: ReasonForm,
        question: str,
        seen: str = "",
    ) -> HttpResponse:
        across = request.POST.get("select_across") == "1"
        for name in form.errors.get("reason", []):
            messages.error(request, str(name))
        ids = queryset.values_list("pk", flat=True)
        context = {
            **self.admin_site.each_context(request),
            "title": question,
            "opts": self.model._meta,
            "articles": queryset[:_SHOWN],
            "count": queryset.count(),
            # When all are selected, one id is enough; Django accepts at most a thousand form fields.
            "ids": ids[:1] if across else ids,
            "across": "1" if across else "0",
            "action": request.POST["action"],
            "seen": seen,
            "grave": request.POST["action"] == "withdraw",
            "form": form,
        }
        return TemplateResponse(request, "admin/articles/article/change_state.html", context)

    def _told(self, request: HttpRequest, count: int) -> None:
        text = ngettext("%(count)s article was changed.", "%(count)s articles were changed.", count)
        messages.success(request, text % {"count": intcomma(count)})
        report_search_status(request)


class NearDuplicateActions(BulkActions):
    """Actions of ArticleAdmin on stories. Decisions are recorded and survive `find_duplicates`."""

    @admin.action(
        description=gettext_lazy("Take the selected articles out of their stories"), permissions=["publish"]
    )
    def separate(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask for a reason, then take each article out of its story."""
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
        """Ask for a reason, then put all articles into the story of the oldest."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, _("Join these articles into one story?"))
        first, *others = list(queryset.order_by("pk"))
        for other in others:
            join(other, first, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]  # logged in
        self._told(request, len(others) + 1 if others else 0)
        return None
