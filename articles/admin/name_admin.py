"""Sources and places in the admin: rename, edit other names, merge."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import models, transaction
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from arabic.tables.gazetteer import gazetteer, name_key
from articles.admin.model_admin import ModelAdmin, ModelForm, report_search_status
from articles.admin.table_exchange import PlaceResource, SourceResource, SpreadsheetExchangeAdmin
from articles.backfill.merge import merge_places, merge_sources
from articles.backfill.retag_places import NO_NAMES, PlaceNames, pending_retags, request_retag_on_rename
from articles.geotagging.place_rows import custom_place_key, find_place_by_key
from articles.identity.written_names import name_as_spelt_loosely
from articles.models import MergedSource, Place, PlaceMention, Source
from articles.tasks import enqueue_retagging

#: Seconds of tagging in one request if no worker is alive; a later worker or `tag_places` does the rest.
STEP_SECONDS = 5.0
NamedModel = TypeVar("NamedModel", bound=Model)


def merge_page(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    queryset: QuerySet[NamedModel],
    merge: Callable[[NamedModel, Sequence[NamedModel]], int],
) -> HttpResponse | None:
    """Ask which of the selected rows to keep, then merge the others into it."""
    things = list(queryset)
    if len(things) < 2:
        messages.error(request, _("Choose two or more to merge."))
        return None
    stays = next((thing for thing in things if str(thing.pk) == request.POST.get("stays")), None)
    if stays is None:
        context = {
            **model_admin.admin_site.each_context(request),
            "title": _("Which one stays?"),
            "opts": model_admin.model._meta,
            "things": things,
            "action": request.POST["action"],
        }
        return TemplateResponse(request, "admin/articles/merge.html", context)
    moved = merge(stays, [thing for thing in things if thing.pk != stays.pk])
    text = ngettext("Merged; %(count)s entry moved.", "Merged; %(count)s entries moved.", moved)
    messages.success(request, text % {"count": intcomma(moved)})
    report_search_status(request)
    return None


class AlikeNamesFilter(admin.SimpleListFilter):
    """A filter for sources whose names may be one: أ and ا, ى and ي, ة and ه, a space more or less."""

    title = gettext_lazy("names")
    parameter_name = "names"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the one choice."""
        return [("alike", gettext_lazy("spelled alike, perhaps to be merged"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Return the sources that have another one's name in another spelling."""
        if self.value() != "alike":
            return queryset
        by_spelling: defaultdict[str, list[int]] = defaultdict(list)
        for pk, name in Source.objects.values_list("pk", "name"):
            by_spelling[name_as_spelt_loosely(name)].append(pk)
        return queryset.filter(pk__in=[pk for pks in by_spelling.values() if len(pks) > 1 for pk in pks])


@admin.register(Source)
class SourceAdmin(SpreadsheetExchangeAdmin, ModelAdmin[Source]):
    """Newspapers, agencies and sites."""

    resource_classes: ClassVar = [SourceResource]

    when_empty = gettext_lazy(
        "There are no sources yet. They come with the first import; you may also add one."
    )
    list_display = ["name", "latin_name", "homepage", "audience", "articles_held"]
    list_filter = ["audience", AlikeNamesFilter]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ["name", "latin_name"]
    actions = ["merge"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Add the number of articles."""
        return super().get_queryset(request).annotate(held=Count("article"))

    def save_model(
        self, request: HttpRequest, obj: Source, form: forms.ModelForm[Source], change: bool
    ) -> None:
        """Keep the former name of a renamed source for later imports under it."""
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            MergedSource.objects.update_or_create(name=form.initial["name"], defaults={"source": obj})

    @admin.display(description=gettext_lazy("articles"), ordering="held")
    def articles_held(self, source: Source) -> str:
        """Return the number of articles of the source."""
        return intcomma(source.held)  # type: ignore[attr-defined]  # annotated above

    @admin.action(
        description=gettext_lazy("Merge the selected sources into one"), permissions=["change", "delete"]
    )
    def merge(self, request: HttpRequest, queryset: QuerySet[Source]) -> HttpResponse | None:
        """Merge sources that are one."""
        return merge_page(self, request, queryset, merge_sources)


class NameListField(forms.CharField):
    """A list of names, one per line."""

    widget = forms.Textarea(attrs={"rows": 6, "cols": 40, "dir": "auto"})

    def prepare_value(self, value: Any) -> Any:
        """Return the list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines as a list without repeated names."""
        lines = (" ".join(line.split())[:120] for line in (value or "").splitlines())
        return [line for line in dict.fromkeys(lines) if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as lists."""
        return bool(list(initial or []) != self.to_python(data))


#: Labels of the gazetteer's kinds of places.
PLACE_KINDS = {
    "city": pgettext_lazy("kind of place", "city"),
    "quarter": pgettext_lazy("kind of place", "quarter"),
    "region": pgettext_lazy("kind of place", "region"),
    "governorate": pgettext_lazy("kind of place", "governorate"),
    "country": pgettext_lazy("kind of place", "country"),
}


class PlaceKindFilter(admin.SimpleListFilter):
    """A filter by the kind of place."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return all kinds."""
        return list(PLACE_KINDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Place]) -> QuerySet[Place]:
        """Return the places of the chosen kind, or all."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class PlaceForm(ModelForm[Place]):
    """A form for a place with its other names."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=list(PLACE_KINDS.items()))
    aliases = NameListField(
        label=gettext_lazy("other names"),
        required=False,
        help_text=gettext_lazy(
            "One on each line. Readers who ask for one of them find this place at once, who searches for the "
            "place is also shown texts that use them, and the articles that have them are tagged again in "
            "the background. Names that no other word’s form may equal wait for the next rebuild of the "
            "index."
        ),
    )
    never_alone = NameListField(
        label=gettext_lazy("never a place alone"),
        required=False,
        help_text=gettext_lazy(
            "Names of this place that are words as well, one on each line: they count only where the text "
            "says town, village, province before them."
        ),
    )

    class Meta:
        model = Place
        fields = [
            "name", "slug", "aliases", "never_alone", "in_texts", "kind", "governorate", "country",
            "latitude", "longitude",
        ]  # fmt: skip
        help_texts = {
            "in_texts": gettext_lazy(
                "Off: no text names this place; articles have it only from their files and by decision."
            )
        }


@admin.register(Place)
class PlaceAdmin(SpreadsheetExchangeAdmin, ModelAdmin[Place]):
    """Places that articles mention; tagging adds them when an article first mentions them."""

    resource_classes: ClassVar = [PlaceResource]

    form = PlaceForm
    when_empty = gettext_lazy(
        "There are no places yet. A place is listed once an article mentions it: upload articles first."
    )
    list_display = ["slug", "kind_in_words", "governorate", "country", "articles_held", "on_map"]
    list_filter = [PlaceKindFilter, "country"]
    search_fields = ["name", "slug"]
    search_help_text = gettext_lazy("By any of its names, in any spelling.")
    actions = ["merge"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        """Add the number of articles."""
        mentions = PlaceMention.objects.filter(place=OuterRef("pk")).order_by().values("place")
        held = mentions.annotate(held=Count("article", distinct=True)).values("held")
        return super().get_queryset(request).annotate(held=Coalesce(Subquery(held), 0))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Place], search_term: str
    ) -> tuple[QuerySet[Place], bool]:
        """Return places whose name or alias contains the search text, both normalized."""
        wanted = name_key(search_term)
        if not wanted:
            return queryset, False
        rows = Place.objects.values_list("pk", "key", "name", "slug", "aliases")
        found = [
            pk for pk, key, *names, aliases in rows if _has_matching_name(wanted, key, (*names, *aliases))
        ]
        return queryset.filter(pk__in=found), False

    @admin.display(description=gettext_lazy("articles"), ordering="held")
    def articles_held(self, place: Place) -> str:
        """Return the number of articles that mention the place."""
        return intcomma(place.held)  # type: ignore[attr-defined]  # annotated above

    @admin.display(description=gettext_lazy("on the map"))
    def on_map(self, place: Place) -> SafeString | str:
        """Return a link to a map on another site; the page itself loads nothing from there."""
        if place.latitude is None or place.longitude is None:
            return "—"
        at = f"{place.latitude:.4f}/{place.longitude:.4f}"
        query = f"mlat={place.latitude:.4f}&mlon={place.longitude:.4f}"
        return format_html(
            '<a href="https://www.openstreetmap.org/?{}#map=11/{}" rel="noopener noreferrer external">'
            '<bdi dir="ltr">{}</bdi></a>',
            query, at, at.replace("/", ", "),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_in_words(self, place: Place) -> str:
        """Return the kind in the active language."""
        return str(PLACE_KINDS.get(place.kind, place.kind))

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        """Give a place that was added by hand the key that imports look up, if that key is free."""
        if not obj.key:
            key = custom_place_key(obj.name)
            obj.key = f"own-{secrets.token_hex(8)}" if find_place_by_key(key) else key
        before = PlaceNames.of_place(Place.objects.get(pk=obj.pk)) if change else NO_NAMES
        super().save_model(request, obj, form, change)
        if request_retag_on_rename(before, obj):
            transaction.on_commit(lambda: start_retagging(request))

    @admin.action(
        description=gettext_lazy("Merge the selected places into one"), permissions=["change", "delete"]
    )
    def merge(self, request: HttpRequest, queryset: QuerySet[Place]) -> HttpResponse | None:
        """Merge places that are one."""
        answer = merge_page(self, request, queryset, merge_places)
        if answer is None:
            start_retagging(request)
        return answer


def _has_matching_name(wanted: str, key: str, names: Iterable[str]) -> bool:
    entry = gazetteer().by_key.get(key)
    known = (*entry.aliases, *entry.weak_aliases) if entry else ()
    return any(wanted in name_key(name) for name in (*names, *known))


def start_retagging(request: HttpRequest) -> None:
    """Tag again the articles that changed names affect, and report the progress."""
    if pending_retags().exists() and not enqueue_retagging(seconds=STEP_SECONDS):
        messages.info(request, _("The articles that this touches are being tagged again in the background."))
