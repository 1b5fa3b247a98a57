"""The places page of an article, and the list of all decisions on places.

The page shows the evidence for each place, and librarians confirm, add or reject places on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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

from arabic.places.name_finder import NameFinder
from arabic.tables.gazetteer import name_key
from articles.admin.model_admin import ModelAdmin, ReadOnlyAdmin, WasDoneFilter, report_search_status
from articles.geotagging import geotagger
from articles.geotagging.geotagger import find_places_by_name
from articles.geotagging.place_rows import get_or_create_place
from articles.models import Article, Place, PlaceMention, PlaceVerdict

#: Maximum numbers of sentences shown for a place, and of places offered for an ambiguous name.
MAX_SHOWN_SENTENCES = 3
MAX_OFFERED_PLACES = 10
#: Names that the browser completes; any other name can be typed too.
MAX_SUGGESTED_PLACES = 3000
Kind = PlaceVerdict.Kind


class PlaceOverrideForm(forms.Form):
    """A decision on a place: the name it applies to (empty: every name in the article), and a reason."""

    name = forms.CharField(label=gettext_lazy("Only by this name"), max_length=120, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why: the reason is kept with the articles.")},
    )

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article

    def clean_name(self) -> str:
        """Refuse a name that the article does not contain."""
        name: str = " ".join(self.cleaned_data["name"].split())
        finder = NameFinder([name_key(name)])
        if name and not (finder.matches(self.article.title) or finder.matches(self.article.body)):
            raise forms.ValidationError(_("The article does not have the name “%(name)s”.") % {"name": name})
        return name


class AddPlaceForm(PlaceOverrideForm):
    """A form to add a place by any of its names."""

    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=120,
        error_messages={"required": gettext_lazy("Name a place.")},
    )
    field_order = ("place", "name", "reason")

    def clean_place(self) -> Place:
        """Return the place of that name."""
        typed = self.cleaned_data["place"]
        found = find_places_by_name(typed)
        if not found:
            raise forms.ValidationError(
                _("No place is called “%(name)s”. Add it under Places first.") % {"name": typed}
            )
        if len(found) > 1:
            names = " · ".join(place.slug for place in found[:MAX_OFFERED_PLACES])
            raise forms.ValidationError(
                _("Several places are called so. Type one of these: %(names)s") % {"names": names}
            )
        return get_or_create_place(found[0])


@dataclass(slots=True)
class PlaceSummary:
    """A place of an article.

    Its sentences as (before, name, after), its names in the text, whether only the file's metadata or a
    librarian gives it, how many mentions are those of institutions, and whether the article is about it.
    """

    place: Place
    count: int = 0
    institutions: int = 0
    about: bool = False
    sentences: list[tuple[str, str, str]] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)


def summarize_places(article: Article, mentions: Iterable[PlaceMention]) -> list[PlaceSummary]:
    """Return the places of an article, most mentioned first."""
    rows: dict[int, PlaceSummary] = {}
    for mention in mentions:
        row = rows.setdefault(mention.place_id, PlaceSummary(mention.place))
        row.count += 1
        row.institutions += mention.institution
        row.about |= mention.about
        if mention.start is None or mention.end is None:
            row.given.add(mention.field)
            continue
        text = article.title if mention.field == "title" else article.body
        name = text[mention.start : mention.end]
        row.names.setdefault(name)
        before, _name, after = mention.evidence.partition(name)
        if len(row.sentences) < MAX_SHOWN_SENTENCES and (before, name, after) not in row.sentences:
            row.sentences.append((before, name, after))
    return sorted(rows.values(), key=lambda row: (-row.count, row.place.slug))


class PlaceOverrideViews(ModelAdmin[Article]):
    """Views of ArticleAdmin. Users who may change the article may correct its places."""

    def get_urls(self) -> list[URLPattern]:
        """Add the places page of an article."""
        view = self.admin_site.admin_view(self.places_view)
        return [path("<int:article_id>/places/", view, name="articles_article_places"), *super().get_urls()]

    def places_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show the places; confirm, add, reject or undo."""
        article = get_object_or_404(self.get_queryset(request), pk=article_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        form = None
        if request.method == "POST":
            form = self._act(request, article)
            if form is None:
                return HttpResponseRedirect(request.path)
        mentions = article.mentions.select_related("place").order_by("-field", "start")
        verdicts = article.place_verdicts.select_related("place", "made_by", "undone_by")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Places of the article"),
            "opts": self.opts,
            "article": article,
            "original": article,
            "rows": summarize_places(article, mentions),
            "verdicts": verdicts,
            "known_places": Place.objects.order_by("slug").values_list("slug", flat=True)[
                :MAX_SUGGESTED_PLACES
            ],
            "form": form if isinstance(form, AddPlaceForm) else AddPlaceForm(article),
        }
        return TemplateResponse(
            request, "admin/articles/article/places.html", context, status=400 if form else 200
        )

    def _act(self, request: HttpRequest, article: Article) -> PlaceOverrideForm | None:
        """Perform the action of a button; return the form if it is invalid."""
        if request.POST.get("act") == "undo":
            verdict = get_object_or_404(article.place_verdicts, pk=parse_pk(request.POST.get("verdict")))
            if geotagger.withdraw_override(verdict, by=request.user):  # type: ignore[arg-type]  # logged in
                self._said(request, article, _("The decision counts no more; it stays on record."))
            return None
        adds = request.POST.get("act") == "add"
        form = (AddPlaceForm if adds else PlaceOverrideForm)(article, request.POST)
        if not form.is_valid():
            for error in [each for errors in form.errors.values() for each in errors]:
                messages.error(request, str(error))
            return form
        place = form.cleaned_data["place"] if adds else self._place(request, article)
        geotagger.record_override(
            article, place, Kind.MEANT if adds else Kind.NOT_MEANT,
            by=request.user,  # type: ignore[arg-type]  # logged in
            reason=form.cleaned_data["reason"], name=form.cleaned_data["name"],
        )  # fmt: skip
        self._said(request, article, _("Decided. Later runs of the tagger and imports keep to it."))
        return None

    @staticmethod
    def _place(request: HttpRequest, article: Article) -> Place:
        return get_object_or_404(
            Place.objects.filter(mentions__article=article).distinct(),
            pk=parse_pk(request.POST.get("place")),
        )

    def _said(self, request: HttpRequest, article: Article, text: str) -> None:
        self.log_change(request, article, _("Decision about a place."))
        messages.success(request, text)
        report_search_status(request)


def parse_pk(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


@admin.register(PlaceVerdict)
class PlaceVerdictAdmin(ReadOnlyAdmin[PlaceVerdict]):
    """All decisions on places, read-only; they are made and undone on the article's page."""

    when_empty = gettext_lazy(
        "No place was corrected yet. Open an article and choose “Correct the places …”."
    )
    list_display = ["of_article", "place", "kind", "name", "made_at", "made_by", "undone_at"]
    list_filter = ["kind", ("undone_at", WasDoneFilter)]
    list_select_related = ["article", "place", "made_by"]
    search_fields = ["place__name", "place__slug", "name", "reason"]
    fields = readonly_fields = (
        "of_article", "place", "kind", "name", "reason", "made_at", "made_by", "undone_at", "undone_by",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("article"))
    def of_article(self, verdict: PlaceVerdict) -> SafeString:
        """Return a link to the page where the decision can be undone."""
        address = reverse("admin:articles_article_places", args=[verdict.article_id])
        return format_html('<a href="{}"><bdi dir="auto">{}</bdi></a>', address, verdict.article)
