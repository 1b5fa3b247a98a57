"""All values of one facet for a search: a page, or a fragment for the dialogue on the results page.

Values can be searched, ordered by number or name (dates by time), chosen and excluded. Every one is a link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from arabic.text.normalization import normalize
from search.engines.contract import FACETS, EngineError, FacetName
from search.query.compiler import prepare_search
from search.query.exclusion import excluded_place
from search.query.filters import PlaceKind
from search.query.request import SearchRequest
from search.results import FacetValue, ResultPage
from search.retrieval.service import run_search
from search.store.database import DatabaseStore
from search.store.display_names import display_name
from search.web import views
from search.web.answer_size import most_links
from search.web.viewmodels import facet_lists, result_list
from search.web.viewmodels.facet_summaries import facet_titles, facet_url, offered_dates
from search.web.viewmodels.labels import date_label
from search.web.viewmodels.result_list import Link, search_url, toggle_value

#: Values on the page, and places in the tree; an archive with more of them is searched.
MAX_VALUES, MAX_PLACES = 500, 3_000
#: Links of a value, and values that the page of a very long query has in any case.
LINKS_OF_A_VALUE, MIN_VALUES = 3, 20
#: A mention of a long span counts in each of its years. Years in a row that are folded, and articles of each.
MIN_SPAN, MAX_SPAN_COUNT = 8, 2
_PLACE_FIELDS = {"country": "countries", "governorate": "governorates", "city": "cities"}
#: The fields of the request that hold chosen and excluded values; "" if none can be excluded.
_FIELDS = {
    "source": ("sources", "not_sources"),
    "date": ("dates", "not_dates"),
    "event": ("events", ""),
}
_COUNTED: dict[str, FacetName] = {"place": "place", "source": "source", "date": "date", "event": "event"}


class NamedValue(NamedTuple):
    """A value with the name that readers see; its links are made only if it is shown."""

    kind: str
    value: FacetValue
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """A value with the links that choose it and that exclude it; `note` tells places of one name apart.

    `is_within`: a month or a day, which stands below its year.
    """

    label: str
    note: str
    count: int
    selected: bool
    url: str
    exclude_url: str
    is_within: bool


@dataclass(frozen=True, slots=True)
class YearSpan:
    """Years in a row that are shown on request, with the first and the last of them as `label`."""

    label: str
    years: list[ChosenValue]


@require_safe
def facet(request: HttpRequest, name: str) -> HttpResponse:
    """Show the values of a facet; 404 for an unknown one, 503 while the engine is unavailable."""
    if name not in _COUNTED:
        raise Http404(name)
    asked, _complaints = SearchRequest.from_params(request.GET)
    store = DatabaseStore()
    prepared = prepare_search(replace(asked, page=1), store).with_canonical_names()
    search = prepared.request
    try:
        result = run_search(prepared.with_changes(size=1), facets=(_COUNTED[name],), with_advice=False)
    except EngineError as error:
        return views.engine_down(request, search, error)
    sought = request.GET.get("in", "").strip()[:100]
    by_name = request.GET.get("order") == "name"
    most = most_links(search, LINKS_OF_A_VALUE, MIN_VALUES)
    tree: tuple[facet_lists.FacetEntry, ...] = ()
    values: list[NamedValue] = []
    places = sum(len(result.facets.get(kind, ())) for kind in _PLACE_FIELDS)
    if name == "place" and not sought and not by_name and places <= min(most, MAX_PLACES):
        tree = facet_lists.place_rows(search, result, excludable=True)
    if not tree:
        values = list(_named_values(name, result))
    if sought:
        wanted = normalize(sought)
        values = [value for value in values if wanted in normalize(f"{value.label} {value.note}")]
    most = min(most, MAX_VALUES)
    if by_name:
        in_time = name in ("date", "event")
        values.sort(key=lambda each: each.value.value if in_time else normalize(each.label))
    rows = _with_links(search, result, values[:most]) if values else []
    context = {
        "search": search,
        "title": facet_titles()[name],
        "hint": _hint(name),
        "values": _folded(values, rows) if name == "event" and not sought else rows,
        "tree": tree,
        "hidden_number": max(0, len(values) - most),
        "sought": sought,
        "orders": _orders(name, search, sought, by_name=by_name),
        "form": views.hidden_fields(search),
        "address": reverse("search:facet", args=[name]),
        "by_name": by_name,
        "results_url": search_url(search),
        "total": result.total,
        "chips": result_list.chips(search, result),
        "query_form": views.hidden_fields(search, "q"),
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "search/_facet_values.html" if is_fragment else "search/facet.html", context)


@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """Show the filters of a search as one form, for a phone; 503 while the engine is unavailable."""
    asked, _complaints = SearchRequest.from_params(request.GET)
    prepared = prepare_search(replace(asked, page=1), DatabaseStore()).with_canonical_names()
    search = prepared.request
    is_fragment = request.headers.get("HX-Request") == "true"
    try:
        result = run_search(
            prepared.with_changes(size=1), facets=() if is_fragment else FACETS, with_advice=False
        )
    except EngineError as error:
        return views.engine_down(request, search, error)
    if is_fragment:
        return render(request, "search/_show_articles.html", {"total": result.total})
    return render(
        request,
        "search/filters.html",
        {
            "search": search,
            "groups": [
                {
                    "name": name,
                    "title": title,
                    "boxes": list(_boxes(name, search, result)),
                }
                for name, title in facet_titles().items()
            ],
            "form": _unboxed_fields(search),
            "total": result.total,
            "results_url": search_url(search),
            "query_form": views.hidden_fields(search, "q"),
        },
    )


def _unboxed_fields(search: SearchRequest) -> list[tuple[str, str]]:
    """Return the state that the boxes and fields of the form do not hold."""
    boxed = ("country", "governorate", "city", "source", "date", "event", "from", "to")
    return views.hidden_fields(search, *boxed)


#: Boxes of a facet on the form; the rest is on the facet's page.
BOXES = 8


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A tick box of the form: parameter, value, label and number of articles."""

    parameter: str
    value: str
    label: str
    count: int
    selected: bool


def _boxes(name: str, search: SearchRequest, result: ResultPage) -> Iterator[FilterBox]:
    """Yield the chosen values and the most frequent ones."""
    kinds = ("country", "governorate", "city") if name == "place" else (name,)
    for kind in kinds:
        values = result.facets.get(kind, ())
        if name in ("date", "event"):
            values = tuple(offered_dates(values))
        others = 0
        for value in values:
            offered = kind not in ("country", "governorate") and others < BOXES
            if value.selected or offered:
                others += not value.selected
                label = date_label(value.value) if name in ("date", "event") else value.label
                if kind == "governorate":
                    label = _("%(name)s governorate") % {"name": label}
                yield FilterBox(kind, value.value, label, value.count, value.selected)


def _hint(name: str) -> str:
    """Return what the numbers of a facet count, where that is not plain."""
    return {
        "place": _("Of the cities that the article mentions; a country that it only names does not count."),
        "event": _("A date that the article mentions, whenever it was published."),
    }.get(name, "")


def _orders(name: str, search: SearchRequest, sought: str, *, by_name: bool) -> list[Link]:
    address = facet_url(name, search)
    joint = "&" if "?" in address else "?"
    kept = {"in": sought} if sought else {}
    # The engine counts dates of publication from the newest on, all other values by number.
    first = _("newest first") if name == "date" else _("most articles first")
    other = _("oldest first") if name in ("date", "event") else _("in alphabetical order")
    return [
        Link(first, f"{address}{joint}{urlencode(kept)}".rstrip("?&"), not by_name),
        Link(other, f"{address}{joint}{urlencode({**kept, 'order': 'name'})}", by_name),
    ]


def _named_values(name: str, result: ResultPage) -> Iterator[NamedValue]:
    """Yield the values of a facet in its order, as the reader sees them."""
    if name == "place":
        comma = pgettext("between names", ", ")
        for kind in _PLACE_FIELDS:
            for value in result.facets.get(kind, ()):
                label = value.label
                if kind == "governorate":
                    label = _("%(name)s governorate") % {"name": label}
                note = _("country") if kind == "country" else comma.join(_around(value))
                yield NamedValue(kind, value, label, note)
        return
    for value in result.facets.get(name, ()):
        yield NamedValue(name, value, value.label if name == "source" else date_label(value.value), "")


def _with_links(search: SearchRequest, result: ResultPage, values: Sequence[NamedValue]) -> list[ChosenValue]:
    """Return values with the links that choose and exclude them."""
    tree = facet_lists.PlaceTree(search, result)
    rows = []
    for kind, value, label, note in values:
        count, exclude_url = value.count, ""
        if kind in _PLACE_FIELDS:
            row = tree.flat_row(cast("PlaceKind", kind), value)
            count, url = row.count, row.url
            excluded = toggle_value(search.not_places, excluded_place(cast("PlaceKind", kind), value.value))
            exclude_url = _without(search, _PLACE_FIELDS[kind], value, not_places=excluded)
        else:
            field, excluded_field = _FIELDS[kind]
            toggle = toggle_value if kind == "source" else result_list.toggle_date
            url = search_url(search, **{field: toggle(getattr(search, field), value.value)})
            if excluded_field:
                excluded = toggle_value(getattr(search, excluded_field), value.value)
                exclude_url = _without(search, field, value, **{excluded_field: excluded})
        is_within = kind in ("date", "event") and "-" in value.value
        rows.append(ChosenValue(label, note, count, value.selected, url, exclude_url, is_within))
    return rows


def _folded(values: Sequence[NamedValue], rows: Sequence[ChosenValue]) -> list[ChosenValue | YearSpan]:
    """Return the rows of dates with each span of rare years in the place of the first of them."""
    spans = {year: span for span in _rare_spans([each.value for each in values]) for year in span}
    rows_by_year = {each.value.value: row for each, row in zip(values, rows, strict=False)}
    shown: list[ChosenValue | YearSpan] = []
    done: set[str] = set()
    for year, row in rows_by_year.items():
        span = [other for other in spans.get(year, ()) if other in rows_by_year]
        if not span:
            shown.append(row)
        elif year not in done:
            ends = {"first": date_label(span[0]), "last": date_label(span[-1])}
            label = _("%(first)s to %(last)s") % ends
            shown.append(YearSpan(label, [rows_by_year[other] for other in span]))
            done.update(span)
    return shown


def _rare_spans(values: Sequence[FacetValue]) -> list[list[str]]:
    """Return runs of years, ascending, that few articles mention, and these by no month or day."""
    with_months = {value.value[:4] for value in values if value.level != "year"}
    rare = sorted(
        value.value
        for value in values
        if value.level == "year"
        and not value.selected
        and value.count <= MAX_SPAN_COUNT
        and value.value not in with_months
    )
    runs: list[list[str]] = []
    for year in rare:
        if runs and int(year) == int(runs[-1][-1]) + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [run for run in runs if len(run) >= MIN_SPAN]


def _without(search: SearchRequest, field: str, value: FacetValue, **changes: object) -> str:
    """Return the address with a value excluded, and no longer chosen in `field`."""
    kept = tuple(other for other in getattr(search, field) if other != value.value)
    return search_url(search, **{field: kept}, **changes)


def _around(value: FacetValue) -> list[str]:
    """Return the governorate and the country of a place, as far as they are known."""
    country, governorate = (*value.within, "", "")[:2]
    around = (display_name("governorate", governorate), display_name("country", country))
    return [name for name in around if name]
