"""Resolves the filters of a request: the ids of the chosen names, and the nodes that an engine filters by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from search.engines.contract import FacetName
from search.engines.event_values import event_facet_node, event_period_node
from search.query.request import UNDATED, SearchRequest, date_bounds
from search.query_tree import MATCH_NONE, AllOf, AnyOf, Missing, Node, Number, NumberField, NumberRange
from search.results import Complaint
from search.store.protocols import NameResolver, Store

#: Chosen name -> ids or numbers, in the order of the request; () for a name without any.
_Chosen = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class ResolvedFilters:
    """The filters of a request: which ids are chosen, the nodes by facet, complaints about unknown names."""

    request: SearchRequest
    countries: _Chosen
    governorates: _Chosen
    cities: _Chosen
    sources: _Chosen
    complaints: tuple[Complaint, ...]

    @cached_property
    def nodes(self) -> dict[FacetName, Node]:
        """The node of each facet that filters."""
        nodes: dict[FacetName, Node | None] = {
            "country": ids_node("country", self.countries),
            "governorate": ids_node("governorate", self.governorates),
            "city": ids_node("city", self.cities),
            "source": ids_node("source", self.sources),
            "date": date_node(self.request),
            "event": event_node(self.request),
        }
        return {name: node for name, node in nodes.items() if node is not None}

    def with_canonical_names(self, store: Store) -> ResolvedFilters:
        """Return the same filters under the names that the facets show.

        A facet row and its filter then have the same value. The request has these names too; unknown names
        stay as they are.
        """
        if not (self.countries or self.governorates or self.cities or self.sources):
            return self
        countries = _canonical_names(self.countries, store.country_values)
        governorates = _canonical_names(self.governorates, store.governorate_values)
        cities = _canonical_names(self.cities, store.city_values)
        sources = _canonical_names(self.sources, store.source_values)
        request = replace(
            self.request,
            countries=tuple(countries),
            governorates=tuple(governorates),
            cities=tuple(cities),
            sources=tuple(sources),
        )
        return ResolvedFilters(request, countries, governorates, cities, sources, self.complaints)


def resolve_filters(request: SearchRequest, resolver: NameResolver) -> ResolvedFilters:
    """Look up the names that a request filters by."""
    complaints: list[Complaint] = []

    def look_up(
        kind: str, names: Iterable[str], find: Callable[[str], tuple[int, ...] | None]
    ) -> dict[str, tuple[int, ...]]:
        chosen = {name: find(name) for name in names}
        complaints.extend(Complaint(f"unknown_{kind}", name) for name, ids in chosen.items() if ids is None)
        return {name: ids or () for name, ids in chosen.items()}

    return ResolvedFilters(
        request,
        look_up("country", request.countries, resolver.countries_named),
        look_up("governorate", request.governorates, resolver.governorates_named),
        look_up("city", request.cities, resolver.cities_named),
        look_up("source", request.sources, resolver.sources_named),
        tuple(complaints),
    )


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
    numbers = tuple(dict.fromkeys(Number(field, number) for ids in chosen.values() for number in ids))
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
