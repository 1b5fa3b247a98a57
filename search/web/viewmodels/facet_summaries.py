"""The few values of each facet that stand beside a list; all of them have a page of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search.query.filters import PlaceKind
from search.query.request import SearchRequest
from search.results import FacetValue, ResultPage
from search.web.viewmodels.facet_lists import FacetEntry, PlaceTree, Switch, place_switches, toggled_name
from search.web.viewmodels.labels import date_label, kept_by_language
from search.web.viewmodels.result_list import list_urls, page_address, toggle_date

#: Values of a facet beside the list, besides those that are chosen.
VALUES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FacetSummary:
    """The chosen and the first values of a facet. `rest` values more are on the page at `all_url`."""

    name: str
    title: str
    rows: tuple[FacetEntry, ...]
    rest: int
    all_url: str
    switches: tuple[Switch, ...] = ()


@kept_by_language
def facet_titles() -> Mapping[str, str]:
    """Return the title of each facet by its name in the address, in the order of the page."""
    return {
        "place": _("Place"),
        "date": _("Date of publication"),
        "source": _("Source"),
        "event": _("Date of the event"),
    }


def facet_url(name: str, request: SearchRequest) -> str:
    """Return the address of the page with all values of a facet, for this search."""
    query = request.query_string(page=1)
    address = page_address("search:facet", name)
    return f"{address}?{query}" if query else address


def facet_summaries(request: SearchRequest, result: ResultPage) -> list[FacetSummary]:
    """Return place, date of publication, source and date of the event, without those that offer no choice."""
    rows = {
        "place": _place_rows(request, result),
        "date": _date_rows(request, "dates", result.facets.get("date", ())),
        "source": _source_rows(request, result.facets.get("source", ())),
        "event": _date_rows(request, "events", result.facets.get("event", ())),
    }
    drawn = []
    for name, title in facet_titles().items():
        shown, values = rows[name]
        if shown:
            switches = place_switches(request, result) if name == "place" else ()
            drawn.append(
                FacetSummary(
                    name, title, shown, max(0, values - len(shown)), facet_url(name, request), switches
                )
            )
    return drawn


def _shown(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Return the chosen values and then the first of the others, without those that would add no article."""
    chosen = [value for value in values if value.selected]
    others = (value for value in values if not value.selected and value.adds != 0)
    return [*chosen, *(value for _, value in zip(range(VALUES_SHOWN), others, strict=False))]


def _place_rows(request: SearchRequest, result: ResultPage) -> tuple[tuple[FacetEntry, ...], int]:
    """Return the chosen regions and cities, and the most frequent cities."""
    tree = PlaceTree(request, result)
    kinds: tuple[PlaceKind, ...] = ("country", "governorate")
    regions = [(kind, value) for kind in kinds for value in result.facets.get(kind, ()) if value.selected]
    cities = result.facets.get("city", ())
    shown: list[tuple[PlaceKind, FacetValue]] = [*regions]
    shown += [("city", value) for value in _shown(cities)]
    rows = tuple(tree.flat_row(kind, value) for kind, value in shown)
    for row in rows:
        row.about = None
    return rows, len(regions) + len(cities)


def _source_rows(request: SearchRequest, values: Sequence[FacetValue]) -> tuple[tuple[FacetEntry, ...], int]:
    known = {value.value for value in values}
    url = list_urls(request, "sources")
    rows = tuple(
        FacetEntry(value.label, value.count, url(toggled_name(request.sources, value, known)), value.selected)
        for value in _shown(values)
    )
    return rows, len(values)


def offered_dates(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Return the years, or the months of the only year; and what is chosen."""
    level = "month" if sum(value.level == "year" for value in values) == 1 else "year"
    return [value for value in values if value.selected or value.level in (level, "undated")]


def _date_rows(
    request: SearchRequest, field: str, values: Sequence[FacetValue]
) -> tuple[tuple[FacetEntry, ...], int]:
    """Return the rows of a facet of dates, and how many values it has."""
    chosen: tuple[str, ...] = getattr(request, field)
    offered = offered_dates(values)
    url, language = list_urls(request, field), get_language()
    rows = tuple(
        FacetEntry(
            date_label(value.value, language),
            value.count,
            url(toggle_date(chosen, value.value)),
            value.selected,
        )
        for value in _shown(offered)
    )
    return rows, len(values)
