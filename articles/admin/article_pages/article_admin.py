"""Articles in the admin: write and edit with a history, publish, withdraw, download the original."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.text.direction import text_direction
from articles.admin.article_pages.article_form import ArticleForm
from articles.admin.article_pages.bulk_actions import NearDuplicateActions
from articles.admin.article_pages.date_pages import DateVerdictViews
from articles.admin.article_pages.draft_ownership import DraftPermissions, seen_articles
from articles.admin.article_pages.held_update_pages import HeldUpdateViews
from articles.admin.article_pages.place_pages import PlaceOverrideViews
from articles.admin.article_pages.provenance_pages import ProvenanceViews
from articles.admin.article_pages.quick_correction_pages import QuickCorrectionViews
from articles.admin.article_pages.text_cut_pages import TextCutViews
from articles.admin.model_admin import report_search_status_on_commit
from articles.boilerplate.text_cuts import relocate_cuts
from articles.geotagging.geotagger import tag_places
from articles.history import revisions
from articles.metadata.date_mentions import DATE_NOTE_LABELS, describe_date_note, tag_dates
from articles.metadata.headline import first_sentence
from articles.models import Article, DateMention
from articles.near_duplicates.clusters import update_clusters
from articles.text.fingerprints import sha256_of, text_hash
from articles.text.problem_messages import format_size

ANY_NOTE = "any"


class SameAddressFilter(admin.SimpleListFilter):
    """A filter by whether other articles have the same address in another spelling."""

    title = gettext_lazy("same address")
    parameter_name = "same_address"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the one choice."""
        return [("yes", gettext_lazy("as another article"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Return the articles of addresses that several articles have."""
        if self.value() != "yes":
            return queryset
        seen = seen_articles(request).values("pk")
        first = Article.objects.filter(pk__in=seen, same_address_as__isnull=False).values("same_address_as")
        return queryset.filter(Q(same_address_as__in=seen) | Q(pk__in=first)).order_by("url")


class InconsistentDateFilter(admin.SimpleListFilter):
    """A filter by inconsistency of the dates that the text mentions."""

    title = gettext_lazy("dates that do not fit")
    parameter_name = "unfit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return "any" and each kind of inconsistency."""
        return [
            (ANY_NOTE, _("any of them")),
            *((code, str(words)) for code, words in DATE_NOTE_LABELS.items()),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Return the articles with such a date."""
        chosen = self.value()
        if not chosen:
            return queryset
        noted = DateMention.objects.filter(article=OuterRef("pk")).exclude(note="")
        return queryset.filter(
            Exists(noted if chosen == ANY_NOTE else noted.filter(note__startswith=f"{chosen}:"))
        )


#: Maximum number of place names shown with evidence; the rest are only counted.
SHOWN_PLACES = 30
SHOWN_DATES = 50


@admin.register(Article)
class ArticleAdmin(
    NearDuplicateActions,
    DateVerdictViews,
    HeldUpdateViews,
    PlaceOverrideViews,
    ProvenanceViews,
    QuickCorrectionViews,
    TextCutViews,
    DraftPermissions,
):
    """Articles of the archive."""

    form = ArticleForm

    when_empty = gettext_lazy("There are no articles yet. Upload files, or write one.")
    list_display = ["headline", "source", "when", "state", "batch"]
    list_filter = ["state", "source", "date_precision", InconsistentDateFilter, SameAddressFilter]
    list_select_related = ["source", "batch"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title", "external_id", "url"]
    search_help_text = gettext_lazy(
        "Looks into titles, addresses and ids. To search texts use the readers' search."
    )
    actions = [
        "publish",
        "withdraw",
        "set_source",
        "set_date",
        "tag_again",
        "separate",
        "join",
        "export_evidence",
    ]
    readonly_fields = [
        "places_found", "dates_found", "cut_from_text", "original_kept", "same_text", "same_address", "batch",
        "created_at", "updated_at",
    ]  # fmt: skip
    fieldsets = [
        (
            None,
            {"fields": ["title", "body", "source", "date", "date_precision", "byline", "url", "external_id"]},
        ),
        (gettext_lazy("Publication"), {"fields": ["state", "reason"]}),
        (gettext_lazy("What the archive knows"), {"fields": [*readonly_fields]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Leave out the fields that a new article does not have yet, and links to what the user may not see.

        Such a link would show the title of a draft or of a withdrawn article. The whole line is left out,
        also where there is nothing to link to, so that its absence does not tell of a hidden article.
        """
        fieldsets = super().get_fieldsets(request, obj)[: None if obj else 2]
        if obj is None or self.has_publish_permission(request):
            return fieldsets
        linked = {
            "same_text": {obj.duplicate_of_id} if obj.duplicate_of_id else set(),
            "same_address": {each.pk for each in _same_address(obj)},
        }
        every = linked["same_text"] | linked["same_address"]
        seen = set(seen_articles(request).filter(pk__in=every).values_list("pk", flat=True))
        left_out = {name for name, others in linked.items() if not others or others - seen}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in left_out]})
            for title, options in fieldsets
        ]

    def get_urls(self) -> list[URLPattern]:
        """Add the download of the original."""
        view = self.admin_site.admin_view(self.original_view)
        return [
            path("<int:article_id>/original/", view, name="articles_article_original"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        """Save, record a Revision, and update places and near-duplicates."""
        before = revisions.snapshot(Article.objects.get(pk=obj.pk)) if change else None
        if not obj.title:
            obj.title, obj.title_derived = first_sentence(obj.body), True
        elif "title" in form.changed_data:
            obj.title_derived = False
        obj.text_hash = text_hash(obj.title, obj.body)
        if not change:
            self.owned(request, obj)
            obj.original = f"{obj.title}\n\n{obj.body}".encode()
            obj.sha256 = sha256_of(obj.original)
        obj.duplicate_of_id = revisions.find_duplicate_original(obj)
        if "state" in form.changed_data and obj.state != Article.State.HELD:
            obj.held_reason = ""  # an import publishes only what the page of held texts refused
        revisions.forget_typed_words(obj, before)
        super().save_model(request, obj, form, change)
        if before is not None:
            revisions.record_revision(obj, before, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]  # logged in
        if stale := revisions.place_mentions_stale(obj, before):
            relocate_cuts(obj, None, request.user)  # type: ignore[arg-type]  # logged in
            tag_places(obj)
        if stale or (before and before["state"] != obj.state):
            update_clusters([obj.pk])
        if revisions.date_mentions_stale(obj, before):
            tag_dates(obj)
        report_search_status_on_commit(request)

    def original_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Return the original bytes as a download that no browser runs."""
        article = self.get_queryset(request).filter(pk=article_id).first()
        if article is None:
            raise Http404
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        response = HttpResponse(bytes(article.original), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="article-{article.pk}.original"'
        return response

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def headline(self, article: Article) -> SafeString:
        """Return the title, isolated from the direction of the page."""
        title = article.title or f"#{article.pk}"
        return format_html('<bdi dir="{}">{}</bdi>', text_direction(title), title)

    @admin.display(description=gettext_lazy("date"), ordering="date")
    def when(self, article: Article) -> str | Promise:
        """Return the date in its precision."""
        if not article.date:
            return gettext_lazy("undated")
        return article.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[article.date_precision]]

    @admin.display(description=gettext_lazy("places"))
    def places_found(self, article: Article) -> SafeString | str:
        """Return each place with the number of its mentions and the first sentence that mentions it."""
        found = article.mentions.select_related("place").order_by("field", "start") if article.pk else []
        counts: Counter[str] = Counter()
        evidence: dict[str, str] = {}
        for mention in found:
            counts[mention.place.slug] += 1
            evidence.setdefault(mention.place.slug, mention.evidence)
        if not counts:
            return _("None found. Places are looked for in title and text each time the article is saved.")
        rows = ((slug, count, evidence[slug]) for slug, count in counts.most_common(SHOWN_PLACES))
        return format_html_join("", '<p dir="auto"><b>{}</b> ({}) — {}</p>', rows)

    @admin.display(description=gettext_lazy("dates spoken of"))
    def dates_found(self, article: Article) -> SafeString | str:
        """Return each date in order of time with its sentence and any inconsistency."""
        found = article.date_mentions.order_by("first_day", "start")[:SHOWN_DATES] if article.pk else []
        if not found:
            return _(
                "None found. Dates are looked for again when the text or the day of publication changes."
            )
        rows = ((" – ".join(each.values), describe_date_note(each.note), each.evidence) for each in found)
        line = '<p><b><bdi dir="ltr">{}</bdi></b> {} — <bdi dir="auto">{}</bdi></p>'
        return format_html_join("", line, rows)

    @admin.display(description=gettext_lazy("original"))
    def original_kept(self, article: Article) -> SafeString | str:
        """Return size, hash and a download link of the original."""
        if not article.sha256:
            return "—"
        address = reverse("admin:articles_article_original", args=[article.pk])
        size = format_size(len(article.original))
        return format_html(
            '<a href="{}">{}</a> ({}, <bdi>{}</bdi>)<br><small dir="ltr">SHA-256 {}</small>',
            address, _("Download"), size, article.file_name or "—", article.sha256,
        )  # fmt: skip

    @admin.display(description=gettext_lazy("same text as"))
    def same_text(self, article: Article) -> SafeString | str:
        """Return a link to the older article with the same text."""
        return _link(article.duplicate_of)

    @admin.display(description=gettext_lazy("same address as"))
    def same_address(self, article: Article) -> SafeString | str:
        """Return a link to the article that an earlier release made of the same address, and links back."""
        return format_html_join(" · ", "{}", ((_link(each),) for each in _same_address(article))) or "—"


def _same_address(article: Article) -> list[Article]:
    others = [article.same_address_as] if article.same_address_as else []
    if article.pk:
        others += Article.objects.filter(same_address_as=article).order_by("pk")[:SHOWN_PLACES]
    return others


def _link(article: Article | None) -> SafeString | str:
    """Return a link to the form of an article."""
    if article is None:
        return "—"
    address = reverse("admin:articles_article_change", args=[article.pk])
    return format_html('<a href="{}"><bdi dir="auto">{}</bdi></a>', address, article)
