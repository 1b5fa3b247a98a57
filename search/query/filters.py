"""Resolves the filters of a request: the ids of the chosen names, and the nodes that an engine filters by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Literal

from search.engines.contract import FilterName
from search.engines.event_values import event_facet_node, event_period_node
from search.engines.region_values import governorate_country
from search.query.exclusion import ExclusionResolver, exclusion_node, with_canonical_exclusion
from search.query.request import UNDATED, SearchRequest, date_bounds
from search.query_tree import MATCH_NONE, AllOf, AnyOf, Missing, Node, Number, NumberField, NumberRange
from search.results import Complaint
from search.store.protocols import NameResolver, Store

#: Chosen name -> ids or numbers, in the order of the request; () for a name without any.
_Chosen = Mapping[str, tuple[int, ...]]
PlaceKind = Literal["country", "governorate", "city"]
#: The column of the places that an article is about, by kind.
ABOUT_COLUMNS: Mapping[PlaceKind, NumberField] = {
    "country": "about_country",
    "governorate": "about_governorate",
    "city": "about_city",
}


@dataclass(frozen=True)
class PlaceFilter:
    """The chosen countries, governorates and cities, none of which lies inside another.

    An article has to have any of them, or each of them if `every`; with `about` it has to be about them.
    """

    countries: _Chosen
    governorates: _Chosen
    cities: _Chosen
    every: bool = False
    about: bool = False

    @cached_property
    def ids(self) -> dict[PlaceKind, frozenset[int]]:
        """The chosen numbers of each kind."""
        return {kind: frozenset(_ids(chosen)) for kind, chosen in self._by_kind.items()}

    @property
    def _by_kind(self) -> dict[PlaceKind, _Chosen]:
        return {"country": self.countries, "governorate": self.governorates, "city": self.cities}

    @property
    def names(self) -> tuple[str, ...]:
        """The chosen names."""
        return (*self.countries, *self.governorates, *self.cities)

    def contains(self, country: int | None, governorate: int | None = None) -> bool:
        """Return True if what lies in this country and governorate lies inside a chosen one."""
        return country in self.ids["country"] or governorate in self.ids["governorate"]

    @property
    def node(self) -> Node | None:
        """The filter; None if nothing is chosen. A name without numbers is a value that no article has."""
        named = [
            ids_node(ABOUT_COLUMNS[kind] if self.about else kind, {name: ids})
            for kind, chosen in self._by_kind.items()
            for name, ids in chosen.items()
        ]
        nodes = [node for node in named if node is not None]
        if len(nodes) > 1 and self.every:
            return AllOf(tuple(nodes))
        values = [value for node in nodes for value in (node.children if isinstance(node, AnyOf) else [node])]
        return values[0] if len(values) == 1 else AnyOf(tuple(dict.fromkeys(values))) if nodes else None


@dataclass(frozen=True)
class ResolvedFilters:
    """The filters of a request: which ids are chosen, the nodes by facet, complaints about unknown names."""

    request: SearchRequest
    places: PlaceFilter
    sources: _Chosen
    complaints: tuple[Complaint, ...]
    #: What no hit may have: the numbers of the places and the ids of the sources, by chosen value.
    not_places: Mapping[str, tuple[Number, ...]] = field(default_factory=dict)
    not_sources: _Chosen = field(default_factory=dict)

    @cached_property
    def nodes(self) -> dict[FilterName, Node]:
        """The node of each facet that filters, and that of the exclusion."""
        not_dates = map(_facet_value_node, self.request.not_dates)
        nodes: dict[FilterName, Node | None] = {
            "place": self.places.node,
            "source": ids_node("source", self.sources),
            "date": date_node(self.request),
            "event": event_node(self.request),
            "exclusion": exclusion_node(self.not_places, self.not_sources, not_dates),
        }
        return {name: node for name, node in nodes.items() if node is not None}

    def with_canonical_names(self, store: Store) -> ResolvedFilters:
        """Return the same filters under the names that the facets show.

        A facet row and its filter then have the same value. The request has these names too, without those
        that narrower ones replace and without switches that change nothing; unknown names stay as they are.
        """
        request = self.request
        if self.not_places or self.not_sources:
            request = with_canonical_exclusion(request, self.not_places, self.not_sources, store)
        if not (self.places.names or self.sources or request.place_all or request.about):
            return replace(self, request=request)
        countries = _canonical_names(self.places.countries, store.country_values)
        governorates = _canonical_names(self.places.governorates, store.governorate_values)
        cities = _canonical_names(self.places.cities, store.city_values)
        sources = _canonical_names(self.sources, store.source_values)
        number = len(countries) + len(governorates) + len(cities)
        request = replace(
            request,
            countries=tuple(countries),
            governorates=tuple(governorates),
            cities=tuple(cities),
            sources=tuple(sources),
            place_all=request.place_all and number > 1,
            about=request.about and number > 0,
        )
        places = PlaceFilter(countries, governorates, cities, request.place_all, request.about)
        return replace(self, request=request, places=places, sources=sources)


def resolve_filters(request: SearchRequest, resolver: NameResolver) -> ResolvedFilters:
    """Look up the names that a request filters by."""
    complaints: list[Complaint] = []
    kinds: dict[PlaceKind, Callable[[str], tuple[int, ...] | None]] = {
        "country": resolver.countries_named,
        "governorate": resolver.governorates_named,
        "city": resolver.cities_named,
    }

    def look_up(
        kind: str, names: Iterable[str], find: Callable[[str], tuple[int, ...] | None]
    ) -> dict[str, tuple[int, ...]]:
        chosen = {name: find(name) for name in names}
        complaints.extend(Complaint(f"unknown_{kind}", name) for name, ids in chosen.items() if ids is None)
        return {name: ids or () for name, ids in chosen.items()}

    def look_up_places(kind: PlaceKind, names: Iterable[str]) -> dict[str, tuple[int, ...]]:
        chosen = look_up(kind, names, kinds[kind])
        for name in (name for name, ids in chosen.items() if not ids):
            others = (other for other, find in kinds.items() if other != kind and find(name))
            complaints.extend(Complaint(f"is_{other}", name) for other in islice(others, 1))
        return chosen

    countries = look_up_places("country", request.countries)
    governorates = look_up_places("governorate", request.governorates)
    cities = look_up_places("city", request.cities)
    if request.about and not (countries or governorates or cities):
        complaints.append(Complaint("about_no_place"))
    places = PlaceFilter(
        *_narrowed_places(countries, governorates, cities, resolver), request.place_all, request.about
    )
    sources = look_up("source", request.sources, resolver.sources_named)
    exclusion = ExclusionResolver(request, resolver)
    complaints += exclusion.complaints
    return ResolvedFilters(request, places, sources, tuple(complaints), exclusion.places, exclusion.sources)


def _narrowed_places(
    countries: _Chosen, governorates: _Chosen, cities: _Chosen, resolver: NameResolver
) -> tuple[_Chosen, _Chosen, _Chosen]:
    """Return the choice without the regions inside which another value is chosen.

    A name that several places share means those inside the chosen regions, if there are any.
    """
    if sum(map(bool, (countries, governorates, cities))) < 2:
        return countries, governorates, cities
    regions = resolver.city_regions(_ids(cities)) if cities else {}
    inside = set(_ids(countries))
    governorates = {
        name: _some(ids, [one for one in ids if governorate_country(one) in inside])
        for name, ids in governorates.items()
    }
    inside.update(_ids(governorates))
    cities = {
        name: _some(ids, [one for one in ids if inside.intersection(regions.get(one, ()))])
        for name, ids in cities.items()
    }
    replaced = {governorate_country(one) for one in _ids(governorates)}
    replaced.update(region for one in _ids(cities) for region in regions.get(one, ()) if region is not None)
    return (
        {name: ids for name, ids in countries.items() if not replaced.intersection(ids)},
        {name: ids for name, ids in governorates.items() if not replaced.intersection(ids)},
        cities,
    )


def _some(all_of_them: tuple[int, ...], wanted: Sequence[int]) -> tuple[int, ...]:
    return tuple(wanted) or all_of_them


def _ids(chosen: _Chosen) -> list[int]:
    return [one for ids in chosen.values() for one in ids]


def _canonical_names(
    chosen: _Chosen, values: Callable[[Iterable[int]], Mapping[int, str]]
) -> dict[str, tuple[int, ...]]:
    """Return the chosen ids by the name that the facet shows for each."""
    names = values(key for ids in chosen.values() for key in ids)
    found: dict[str, tuple[int, ...]] = {}
    for name, ids in chosen.items():
        known: dict[str, tuple[int, ...]] = {names[key]: (key,) for key in ids if key in names}
        for canonical, of_name in (known or {name: ids}).items():
            found.setdefault(canonical, of_name)
    return found


def ids_node(field: NumberField, chosen: _Chosen) -> Node | None:
    """Return a node for any of the ids; None if no name is chosen.

    MATCH_NONE if every chosen name is unknown.
    """
    if not chosen:
        return None
    numbers = tuple(dict.fromkeys(Number(field, number) for number in _ids(chosen)))
    return AnyOf(numbers) if len(numbers) != 1 else numbers[0]


def date_node(request: SearchRequest) -> Node | None:
    """Return a node for any of the chosen dates, within the period; None if no date is chosen.

    A dated period matches if it overlaps the chosen one.
    """
    nodes: list[Node] = []
    if request.dates:
        nodes.append(AnyOf(tuple(_facet_value_node(value) for value in request.dates)))
    if request.date_from:
        nodes.append(NumberRange("last_day", low=date_bounds(request.date_from)[0]))
    if request.date_to:
        nodes.append(NumberRange("first_day", high=date_bounds(request.date_to)[1]))
    if len(nodes) > 1:
        return AllOf(tuple(nodes))
    return nodes[0] if nodes else None


def event_node(request: SearchRequest) -> Node | None:
    """Return the same for the dates that articles mention."""
    nodes: list[Node] = []
    if request.events:
        nodes.append(AnyOf(tuple(event_facet_node(value) for value in request.events)))
    if request.event_from or request.event_to:
        low = date_bounds(request.event_from)[0] if request.event_from else None
        high = date_bounds(request.event_to)[1] if request.event_to else None
        nodes.append(event_period_node(low, high))
    return AllOf(tuple(nodes)) if nodes else None


def _facet_value_node(value: str) -> Node:
    """Return a node for the articles that the date facet counts under this value.

    Those are the articles dated at least that precisely.
    """
    if value == UNDATED:
        return Missing("year")
    parts = value.split("-")
    if len(parts) > 3 or not all(part.isdigit() for part in parts):
        return MATCH_NONE
    return Number(("year", "month", "day")[len(parts) - 1], int("".join(parts)))
