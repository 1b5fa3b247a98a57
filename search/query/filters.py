"""The chosen regions, cities, sources and dates as nodes that an engine filters by."""

from __future__ import annotations

from collections.abc import Mapping

from search.engines.contract import FacetName
from search.engines.event_values import event_facet_node, event_period_node
from search.query.request import UNDATED, SearchRequest, date_bounds
from search.query_tree import MATCH_NONE, AllOf, AnyOf, Missing, Node, Number, NumberField, NumberRange
from search.results import Complaint
from search.store.protocols import NameResolver


class ResolvedFilters:
    """The nodes by facet, which ids are chosen, and complaints about unknown names."""

    def __init__(self, request: SearchRequest, resolver: NameResolver) -> None:
        self.complaints: list[Complaint] = []
        #: Chosen name -> ids or numbers, in the order of the request.
        self.countries = {
            name: self._ids(resolver.countries_named(name), "country", name) for name in request.countries
        }
        self.governorates = {
            name: self._ids(resolver.governorates_named(name), "governorate", name)
            for name in request.governorates
        }
        self.cities = {name: self._ids(resolver.cities_named(name), "city", name) for name in request.cities}
        self.sources = {
            name: self._ids(resolver.sources_named(name), "source", name) for name in request.sources
        }
        nodes: dict[FacetName, Node | None] = {
            "country": ids_node("country", self.countries),
            "governorate": ids_node("governorate", self.governorates),
            "city": ids_node("city", self.cities),
            "source": ids_node("source", self.sources),
            "date": date_node(request),
            "event": event_node(request),
        }
        self.nodes: dict[FacetName, Node] = {name: node for name, node in nodes.items() if node is not None}

    def _ids(self, ids: tuple[int, ...] | None, kind: str, name: str) -> tuple[int, ...]:
        if ids is None:
            self.complaints.append(Complaint(f"unknown_{kind}", name))
        return ids or ()


def ids_node(field: NumberField, chosen: Mapping[str, tuple[int, ...]]) -> Node | None:
    """Any of the ids; nothing at all when every chosen name is unknown; None when none is chosen."""
    if not chosen:
        return None
    numbers = tuple(dict.fromkeys(Number(field, number) for ids in chosen.values() for number in ids))
    return AnyOf(numbers) if len(numbers) != 1 else numbers[0]


def date_node(request: SearchRequest) -> Node | None:
    """Any of the chosen facet values, and a period that overlaps from … to; None when no date is chosen."""
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
    """The same of the dates that articles speak of."""
    nodes: list[Node] = []
    if request.events:
        nodes.append(AnyOf(tuple(event_facet_node(value) for value in request.events)))
    if request.event_from or request.event_to:
        low = date_bounds(request.event_from)[0] if request.event_from else None
        high = date_bounds(request.event_to)[1] if request.event_to else None
        nodes.append(event_period_node(low, high))
    return AllOf(tuple(nodes)) if nodes else None


def _facet_value_node(value: str) -> Node:
    """Articles that the date facet counts under this value: those dated at least that precisely."""
    if value == UNDATED:
        return Missing("year")
    parts = value.split("-")
    if len(parts) > 3 or not all(part.isdigit() for part in parts):
        return MATCH_NONE
    return Number(("year", "month", "day")[len(parts) - 1], int("".join(parts)))
