"""The facets of the page: rows with links, those shown at once and those inside a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from search.query.request import SearchRequest
from search.results import FacetValue, ResultPage
from search.web.viewmodels.labels import period_label
from search.web.viewmodels.result_list import search_url, toggle_date, toggle_value

#: Rows of a facet shown at once; the others open on request.
ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class FacetEntry:
    """A value of a facet. Its link selects or deselects the value; "" where that would find nothing."""

    label: str
    count: int
    url: str
    selected: bool
    children: tuple[FacetEntry, ...] = ()

    @property
    def open(self) -> bool:
        """Return True if something below this row is selected, so that it must not be hidden."""
        return self.selected or any(child.open for child in self.children)


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet as rendered: `rows` at once, `more` inside a summary."""

    name: str
    title: str
    rows: tuple[FacetEntry, ...]
    more: tuple[FacetEntry, ...] = ()
    hint: str = ""

    @property
    def single(self) -> bool:
        """Return True if the only row has rows below it, which are then opened at once."""
        return sum(bool(row.children) for row in self.rows) == 1

    @property
    def values(self) -> int:
        """Return the number of values."""
        return len(self.rows) + len(self.more)


def build_facets(request: SearchRequest, result: ResultPage) -> list[Facet]:
    """Return city, its regions, date of publication and source, without facets that offer no choice."""
    cities = _flat("city", _("City"), request, "cities", result.facets.get("city", ()))
    regions = region_rows(request, result)
    drawn = [
        # Cities that are not shown at once appear under their countries.
        replace(cities, more=()) if regions else cities,
        Facet(
            "country",
            _("Country and governorate"),
            *_split(regions, lambda row: row.open),
            hint=_("Of the cities that the article mentions; a country that it only names does not count."),
        ),
        Facet("date", _("Date of publication"), _date_rows(request, "dates", result.facets.get("date", ()))),
        _flat("source", _("Source"), request, "sources", result.facets.get("source", ())),
    ]
    return [facet for facet in drawn if facet.values]


def event_facet(request: SearchRequest, result: ResultPage) -> Facet | None:
    """Return the facet of mentioned dates; None if no date is mentioned."""
    rows = _date_rows(request, "events", result.facets.get("event", ()))
    if not rows:
        return None
    return Facet(
        "event",
        _("Date of the event"),
        *_split(rows, lambda row: row.open),
        hint=_("A date that the article speaks of, whenever it was published."),
    )


def _split(
    rows: Sequence[FacetEntry], needed: Callable[[FacetEntry], bool]
) -> tuple[tuple[FacetEntry, ...], tuple[FacetEntry, ...]]:
    """Return the rows shown at once and those inside a summary; `needed` rows are always shown at once."""
    shown = [row for index, row in enumerate(rows) if index < ROWS_SHOWN or needed(row)]
    hidden = [row for index, row in enumerate(rows) if index >= ROWS_SHOWN and not needed(row)]
    if len(hidden) <= 2:  # a summary would take as much room as the rows it hides
        return tuple(rows), ()
    return tuple(shown), tuple(hidden)


def _flat(name: str, title: str, request: SearchRequest, field: str, values: Iterable[FacetValue]) -> Facet:
    chosen: tuple[str, ...] = getattr(request, field)
    values = list(values)
    known = {value.value for value in values}
    rows = [
        FacetEntry(
            value.label,
            value.count,
            search_url(request, **{field: _toggled_name(chosen, value, known)}),
            value.selected,
        )
        for value in values
    ]
    return Facet(name, title, *_split(rows, lambda row: row.selected))


def _toggled_name(chosen: Sequence[str], value: FacetValue, known: Set[str]) -> tuple[str, ...]:
    """Toggle a value like `toggle_value`.

    A row that is selected without its own name was selected by an alias; then all names that are no rows of
    the facet are removed.
    """
    if value.selected and value.value not in chosen:
        return tuple(name for name in chosen if name in known)
    return toggle_value(chosen, value.value)


def _date_rows(request: SearchRequest, field: str, values: Iterable[FacetValue]) -> tuple[FacetEntry, ...]:
    """Return years with their months with their days, newest first, and undated at the end.

    The label of a row does not repeat the year or month above it. The selected dates are in `field` of the
    request.
    """
    chosen: tuple[str, ...] = getattr(request, field)
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        parent = value.value.rpartition("-")[0] if value.level in ("month", "day") else ""
        below.setdefault(parent, []).append(value)

    def rows(parent: str) -> tuple[FacetEntry, ...]:
        ordered = sorted(below.get(parent, ()), key=lambda value: value.value, reverse=True)
        ordered.sort(key=lambda value: value.level == "undated")
        return tuple(
            FacetEntry(
                period_label(value.value),
                value.count,
                search_url(request, **{field: toggle_date(chosen, value.value)}),
                value.selected,
                rows(value.value) if value.level in ("year", "month") else (),
            )
            for value in ordered
        )

    return rows("")


def region_rows(request: SearchRequest, result: ResultPage) -> tuple[FacetEntry, ...]:
    """Return countries with their governorates with their cities, the most frequent first.

    Cities without a known country follow at the end; () if no country is known at all. A region left without
    articles by other filters has a row without a link, because its cities may have some.
    """
    tree = _RegionTree(request, result)
    return tuple(tree.rows()) if tree.has_countries else ()


class _RegionTree:
    """The values of three facets as one tree."""

    def __init__(self, request: SearchRequest, result: ResultPage) -> None:
        self._request = request
        self._known = {name: {value.value for value in values} for name, values in result.facets.items()}
        self._countries = {value.value: value for value in result.facets.get("country", ())}
        #: (Country, governorate) → the governorate, and → cities.
        self._governorates: dict[tuple[str, str], FacetValue] = {}
        self._cities: dict[tuple[str, str], list[FacetValue]] = {}
        for value in result.facets.get("governorate", ()):
            self._governorates[value.within[0] if value.within else "", value.value] = value
        for value in result.facets.get("city", ()):
            country, governorate = value.within or ("", "")
            self._cities.setdefault((country, governorate), []).append(value)
            if governorate:
                self._governorates.setdefault((country, governorate), FacetValue(governorate, governorate, 0))
        for country, _name in (*self._governorates, *self._cities):
            if country:
                self._countries.setdefault(country, FacetValue(country, country, 0))

    @property
    def has_countries(self) -> bool:
        """Return True if any country is known."""
        return bool(self._countries)

    def rows(self) -> Iterator[FacetEntry]:
        """Yield a row per country."""
        for value in self._countries.values():
            yield self._row("country", "countries", value, tuple(self._inside(value.value)))
        if rest := tuple(self._inside("")):
            yield FacetEntry(_("Country not known"), 0, "", False, rest)

    def _inside(self, country: str) -> Iterator[FacetEntry]:
        for (where, name), value in self._governorates.items():
            if where == country:
                row = self._row("governorate", "governorates", value, tuple(self._cities_of(country, name)))
                yield replace(row, label=_("%(name)s governorate") % {"name": row.label})
        yield from self._cities_of(country, "")

    def _cities_of(self, country: str, governorate: str) -> Iterator[FacetEntry]:
        for value in self._cities.get((country, governorate), ()):
            yield self._row("city", "cities", value)

    def _row(
        self, facet: str, field: str, value: FacetValue, children: tuple[FacetEntry, ...] = ()
    ) -> FacetEntry:
        chosen = _toggled_name(getattr(self._request, field), value, self._known.get(facet, set()))
        url = search_url(self._request, **{field: chosen}) if value.count or value.selected else ""
        return FacetEntry(value.label, value.count, url, value.selected, children)
