"""The page of the dates that an article mentions, and the list of all decisions about dates.

The page shows the sentences of each date, and librarians take away those that are wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.article_pages.place_pages import MAX_SHOWN_SENTENCES, parse_pk
from articles.admin.model_admin import ModelAdmin, ReadOnlyAdmin, WasDoneFilter, report_search_status
from articles.metadata.date_mentions import accept_date_again, describe_date_note, reject_date, words_of
from articles.models import Article, DateMention, DateVerdict


class WrongDateForm(forms.Form):
    """A decision on a date: the words that it is about (empty: however it is written), and a reason."""

    name = forms.CharField(max_length=120, required=False)
    reason = forms.CharField(
        max_length=300,
        error_messages={"required": gettext_lazy("Say why: the reason is kept with the articles.")},
    )


@dataclass(slots=True)
class DateSummary:
    """A date of an article: its sentences as (before, words, after), its wordings, and what does not fit."""

    first: DateMention
    count: int = 0
    sentences: list[tuple[str, str, str]] = field(default_factory=list)
    wordings: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


def summarize_dates(article: Article, mentions: Iterable[DateMention]) -> list[DateSummary]:
    """Return the dates of an article in order of time."""
    rows: dict[str, DateSummary] = {}
    for mention in mentions:
        row = rows.setdefault(mention.period, DateSummary(mention))
        row.count += 1
        words = words_of(mention, article)
        row.wordings.setdefault(words)
        if mention.note:
            row.notes.setdefault(describe_date_note(mention.note))
        before, _words, after = mention.evidence.partition(words)
        if len(row.sentences) < MAX_SHOWN_SENTENCES and (before, words, after) not in row.sentences:
            row.sentences.append((before, words, after))
    return list(rows.values())


class DateVerdictViews(ModelAdmin[Article]):
    """Views of ArticleAdmin. Users who may change the article may correct the dates that it mentions."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the dates of an article."""
        view = self.admin_site.admin_view(self.dates_view)
        return [path("<int:article_id>/dates/", view, name="articles_article_dates"), *super().get_urls()]

    def dates_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show the dates; take one away, or undo that."""
        article = get_object_or_404(self.get_queryset(request), pk=article_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        is_refused = request.method == "POST" and not self._decide(request, article)
        if request.method == "POST" and not is_refused:
            return HttpResponseRedirect(request.path)
        mentions = article.date_mentions.order_by("first_day", "last_day", "-field", "start")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dates that the article mentions"),
            "opts": self.opts,
            "article": article,
            "original": article,
            "rows": summarize_dates(article, mentions),
            "verdicts": article.date_verdicts.select_related("made_by", "undone_by"),
        }
        status = 400 if is_refused else 200
        return TemplateResponse(request, "admin/articles/article/dates.html", context, status=status)

    def _decide(self, request: HttpRequest, article: Article) -> bool:
        """Perform the action of a button; return False if its form is invalid."""
        if request.POST.get("act") == "undo":
            verdict = get_object_or_404(article.date_verdicts, pk=parse_pk(request.POST.get("verdict")))
            if accept_date_again(verdict, by=request.user):  # type: ignore[arg-type]  # logged in
                self._announce(request, article, _("The decision counts no more; it stays on record."))
            return True
        form = WrongDateForm(request.POST)
        if not form.is_valid():
            for error in [each for errors in form.errors.values() for each in errors]:
                messages.error(request, str(error))
            return False
        mention = get_object_or_404(article.date_mentions, pk=parse_pk(request.POST.get("mention")))
        reject_date(
            mention, article,
            by=request.user,  # type: ignore[arg-type]  # logged in
            reason=form.cleaned_data["reason"], name=form.cleaned_data["name"],
        )  # fmt: skip
        self._announce(request, article, _("Decided. Later runs of the tagger and imports keep to it."))
        return True

    def _announce(self, request: HttpRequest, article: Article, text: str) -> None:
        self.log_change(request, article, _("Decision about a date."))
        messages.success(request, text)
        report_search_status(request)


@admin.register(DateVerdict)
class DateVerdictAdmin(ReadOnlyAdmin[DateVerdict]):
    """All decisions on dates, read-only; they are made and undone on the article's page."""

    when_empty = gettext_lazy("No date was corrected yet. Open an article and choose “Correct the dates …”.")
    list_display = ["of_article", "date", "name", "made_at", "made_by", "undone_at"]
    list_filter = [("undone_at", WasDoneFilter)]
    list_select_related = ["article", "made_by"]
    search_fields = ["name", "reason"]
    fields = readonly_fields = (
        "of_article", "date", "name", "reason", "made_at", "made_by", "undone_at", "undone_by",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("article"))
    def of_article(self, verdict: DateVerdict) -> SafeString:
        """Return a link to the page where the decision can be undone."""
        address = reverse("admin:articles_article_dates", args=[verdict.article_id])
        return format_html('<a href="{}"><bdi dir="auto">{}</bdi></a>', address, verdict.article)

    @admin.display(description=gettext_lazy("wrong date"), ordering="first_day")
    def date(self, verdict: DateVerdict) -> SafeString:
        """Return the first and the last day, or the month or year."""
        return format_html('<bdi dir="ltr">{}</bdi>', verdict.subject)
