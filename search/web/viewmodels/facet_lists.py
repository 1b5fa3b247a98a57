"""The rows of a facet with their links; places as a tree, those shown at once and those inside a summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from search.query.exclusion import excluded_place
from search.query.filters import PlaceKind
from search.query.request import SearchRequest, encoded_value
from search.results import FacetValue, ResultPage
from search.web.viewmodels.result_list import Link, page_address, search_url, toggle_value

#: Rows of a facet shown at once; the others open on request.
ROWS_SHOWN = 8
_PLACE_FIELDS: tuple[PlaceKind, ...] = ("country", "governorate", "city")


@dataclass(slots=True)  # a page of a facet has a thousand, and frozen ones take three times as long
class FacetEntry:
    """A value of a facet. Its link selects or deselects the value; "" where that would find nothing.

    `children` lie inside the value, and `more` of them behind a summary. `about`: of the counted articles,
    those about the place. `adds`: the articles that the result would gain.
    """

    label: str
    count: int
    url: str
    selected: bool
    children: tuple[FacetEntry, ...] = ()
    more: tuple[FacetEntry, ...] = ()
    #: Open although nothing in it is selected.
    unfolded: bool = False
    #: No value, but the name of those inside.
    heading: bool = False
    about: int | None = None
    adds: int | None = None
    #: The address without the articles of the value; "" where that is not offered.
    exclude_url: str = ""

    @property
    def open(self) -> bool:
        """Return True if something below this row is selected, so that it must not be hidden."""
        return self.selected or any(child.open for child in self.children)


@dataclass(frozen=True, slots=True)
class Switch:
    """A choice between two ways to filter; `name` is read aloud before them."""

    name: str
    links: tuple[Link, ...]


def _split(
    rows: Sequence[FacetEntry], needed: Callable[[FacetEntry], bool]
) -> tuple[tuple[FacetEntry, ...], tuple[FacetEntry, ...]]:
    """Return the rows shown at once and those inside a summary; `needed` rows are always shown at once."""
    enough = ROWS_SHOWN + 2  # a summary would take as much room as the rows it hides
    if len(rows) <= enough:
        return tuple(rows), ()
    shown, hidden = list(rows[:ROWS_SHOWN]), list[FacetEntry]()
    for row in rows[ROWS_SHOWN:]:
        (shown if needed(row) else hidden).append(row)
    return (tuple(shown), tuple(hidden)) if len(hidden) > 2 else (tuple(rows), ())


def toggled_name(chosen: Sequence[str], value: FacetValue, known: Set[str]) -> tuple[str, ...]:
    """Toggle a value like `toggle_value`.

    A row that is selected without its own name was selected by an alias; then all names that are no rows of
    the facet are removed.
    """
    if value.selected and value.value not in chosen:
        return tuple(name for name in chosen if name in known)
    return toggle_value(chosen, value.value)


def place_rows(
    request: SearchRequest, result: ResultPage, *, excludable: bool = False
) -> tuple[FacetEntry, ...]:
    """Return countries with their governorates with their cities, the most frequent first.

    Places without a known country follow at the end, or stand alone if no country is known at all. With
    `excludable` each that is not chosen has a link that excludes it.
    """
    return tuple(PlaceTree(request, result, excludable=excludable).rows())


class PlaceTree:
    """The values of three facets as one tree.

    A chosen row takes the place of chosen values around it and inside it. Only the places differ between the
    addresses of the rows, so the other parameters are encoded once.
    """

    def __init__(self, request: SearchRequest, result: ResultPage, *, excludable: bool = False) -> None:
        self._request = request
        self._with_exclusion = request.query_string(page=1) if excludable else None
        self._values = values = {kind: result.facets.get(kind, ()) for kind in _PLACE_FIELDS}
        self._chosen = {kind: [value for value in rows if value.selected] for kind, rows in values.items()}
        self._any_chosen = any(self._chosen.values())
        self._total = result.total
        self._rest = request.query_string(countries=(), governorates=(), cities=())
        self._has_about = request.about or any(value.about for rows in values.values() for value in rows)

    # The tree, which the few rows beside a list do without.

    @cached_property
    def _countries(self) -> dict[str, FacetValue]:
        return {value.value: value for value in self._values["country"]}

    @cached_property
    def _governorates(self) -> dict[str, list[FacetValue]]:
        """Country → governorates; "" where it is not known."""
        found: dict[str, list[FacetValue]] = {}
        for value in self._values["governorate"]:
            found.setdefault(self._country_of(value), []).append(value)
        return found

    @cached_property
    def _cities(self) -> dict[tuple[str, str], list[FacetValue]]:
        """(country, governorate) → cities; "" where one is not known."""
        found: dict[tuple[str, str], list[FacetValue]] = {}
        known = {(self._country_of(value), value.value) for value in self._values["governorate"]}
        for value in self._values["city"]:
            region = self._country_of(value), value.within[1] if value.within else ""
            found.setdefault(region if region in known else (region[0], ""), []).append(value)
        return found

    def _country_of(self, value: FacetValue) -> str:
        country = value.within[0] if value.within else ""
        return country if country in self._countries else ""

    def rows(self) -> Iterator[FacetEntry]:
        """Yield a row per country, then one with the places of which no country is known."""
        for value in self._countries.values():
            row = self._row("country", value, tuple(self._inside(value.value)))
            # The country that most articles are of does not hide its cities behind two summaries.
            yield replace(row, unfolded=not self._any_chosen and 2 * value.count > self._total)
        rest = tuple(self._inside(""))
        if rest and self._countries:
            rows, more = _split(rest, lambda row: row.open)
            yield FacetEntry(_("Country not known"), 0, "", False, rows, more, heading=True)
        else:
            yield from rest

    def flat_row(self, kind: PlaceKind, value: FacetValue) -> FacetEntry:
        """Return a place without those inside it."""
        row = self._row(kind, value)
        if kind == "governorate":
            row.label = _("%(name)s governorate") % {"name": row.label}
        return row

    def _inside(self, country: str) -> Iterator[FacetEntry]:
        for value in self._governorates.get(country, ()):
            cities = tuple(self._row("city", city) for city in self._cities.get((country, value.value), ()))
            row = self._row("governorate", value, cities)
            yield replace(row, label=_("%(name)s governorate") % {"name": row.label})
        for city in self._cities.get((country, ""), ()):
            yield self._row("city", city)

    def _row(self, kind: PlaceKind, value: FacetValue, inside: tuple[FacetEntry, ...] = ()) -> FacetEntry:
        rows, more = _split(inside, lambda row: row.open) if inside else ((), ())
        return FacetEntry(
            value.label,
            value.count if value.leaves is None else value.leaves,
            "" if self._finds_nothing(value) else self._url(kind, value),
            value.selected,
            rows,
            more,
            about=value.about if self._has_about else None,
            adds=value.adds,
            exclude_url="" if value.selected else self._exclude_url(kind, value),
        )

    def _exclude_url(self, kind: PlaceKind, value: FacetValue) -> str:
        if self._with_exclusion is None:
            return ""
        excluded = f"not_place={encoded_value(excluded_place(kind, value.value))}"
        return f"{self._address}?{'&'.join(filter(None, (self._with_exclusion, excluded)))}"

    def _finds_nothing(self, value: FacetValue) -> bool:
        """Return True if no article would be left after a click on the row."""
        if value.leaves is not None:
            return value.leaves == 0
        alone = sum(map(len, self._chosen.values())) == 1
        replaces = self._request.about and alone and not value.selected and value.adds is None
        return replaces and not value.about

    def _url(self, kind: PlaceKind, toggled: FacetValue) -> str:
        """Return the address with this row chosen, or no longer chosen if it is."""
        if not self._any_chosen and not self._request.about:
            query = f"{kind}={encoded_value(toggled.value)}"
            return f"{self._address}?{self._rest}&{query}" if self._rest else f"{self._address}?{query}"
        path = _path(kind, toggled)
        pairs: list[tuple[str, str]] = [
            (other, value.value)
            for other, values in self._chosen.items()
            for value in values
            if (other, value.value) not in path and (kind, toggled.value) not in _path(other, value)
        ]
        if not toggled.selected:
            pairs.append((kind, toggled.value))
        chosen = len(pairs)
        if self._request.place_all and chosen > 1:
            pairs.append(("place_all", "1"))
        if self._request.about and chosen:
            pairs.append(("about", "1"))
        query = "&".join(filter(None, (self._rest, urlencode(pairs))))
        return f"{self._address}?{query}" if query else self._address

    @cached_property
    def _address(self) -> str:
        return page_address("search:results")


def _path(kind: PlaceKind, value: FacetValue) -> set[tuple[str, str]]:
    """Return a place and the regions around it, as (kind, facet value)."""
    return {(kind, value.value), *zip(("country", "governorate"), value.within, strict=False)}


def place_switches(request: SearchRequest, result: ResultPage) -> tuple[Switch, ...]:
    """Return the switches of the chosen places, those that would change something."""
    if not (request.countries or request.governorates or request.cities):
        return ()
    values = [value for kind in _PLACE_FIELDS for value in result.facets.get(kind, ())]
    chosen = sum(value.selected for value in values)
    found = []
    if chosen and (request.about or any(value.about for value in values)):
        found.append(
            Switch(
                _("Mention or subject"),
                (
                    Link(_("every mention"), search_url(request, about=False), not request.about),
                    Link(_("about the place"), search_url(request, about=True), request.about),
                ),
            )
        )
    if chosen > 1:
        found.append(
            Switch(
                _("Several places"),
                (
                    Link(_("any of these"), search_url(request, place_all=False), not request.place_all),
                    Link(_("all of these"), search_url(request, place_all=True), request.place_all),
                ),
            )
        )
    return tuple(found)
