"""Resolves what a request excludes: places, sources and dates that no hit may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from search.query.request import SearchRequest
from search.query_tree import AllOf, MustNot, Node, Number
from search.results import Complaint
from search.store.protocols import NameResolver, Store

ExcludedKind = Literal["country", "city", "governorate"]
#: A name without a kind is looked up in this order: «لبنان» is the country, «حمص» the city rather than the
#: governorate around it.
_KINDS: tuple[ExcludedKind, ...] = ("country", "city", "governorate")


def excluded_place(kind: ExcludedKind, name: str) -> str:
    """Return the value of `not_place` for a row of the place facet: "governorate:حمص"; a city's bare name."""
    return name if kind == "city" else f"{kind}:{name}"


def split_excluded_place(value: str) -> tuple[ExcludedKind | None, str]:
    """Return kind and name of a value of `not_place`; the kind is None where it is not given."""
    for kind in _KINDS:
        if value.startswith(f"{kind}:"):
            return kind, value.removeprefix(f"{kind}:").strip()
    return None, value


class ExclusionResolver:
    """Looks up the names of a request's exclusion, and collects complaints about unknown ones."""

    def __init__(self, request: SearchRequest, resolver: NameResolver) -> None:
        self.complaints: list[Complaint] = []
        self._kinds: Mapping[ExcludedKind, Callable[[str], tuple[int, ...] | None]] = {
            "country": resolver.countries_named,
            "city": resolver.cities_named,
            "governorate": resolver.governorates_named,
        }
        places = {value: self._place(value) for value in request.not_places}
        sources = {name: self._source(resolver, name) for name in request.not_sources}
        #: The chosen value, and the numbers that no article may have.
        self.places = {value: numbers for value, numbers in places.items() if numbers is not None}
        self.sources = {name: ids for name, ids in sources.items() if ids is not None}

    def _place(self, value: str) -> tuple[Number, ...] | None:
        given, name = split_excluded_place(value)
        for kind in (given,) if given else _KINDS:
            if (ids := self._kinds[kind](name)) is not None:
                return tuple(Number(kind, number) for number in ids)
        self.complaints.append(Complaint("not_unknown_place", name))
        return None

    def _source(self, resolver: NameResolver, name: str) -> tuple[int, ...] | None:
        ids = resolver.sources_named(name)
        if ids is None:
            self.complaints.append(Complaint("not_unknown_source", name))
        return ids


def exclusion_node(
    places: Mapping[str, Sequence[Number]],
    sources: Mapping[str, Sequence[int]],
    dates: Iterable[Node],
) -> Node | None:
    """Return a node for every article that has none of these; None if nothing is excluded."""
    excluded: list[Node] = [number for numbers in places.values() for number in numbers]
    excluded += [Number("source", number) for ids in sources.values() for number in ids]
    excluded += dates
    return AllOf(tuple(MustNot(node) for node in dict.fromkeys(excluded))) if excluded else None


def with_canonical_exclusion(
    request: SearchRequest,
    places: Mapping[str, Sequence[Number]],
    sources: Mapping[str, Sequence[int]],
    store: Store,
) -> SearchRequest:
    """Return the request with its excluded names as the facets show them; unknown names stay as they are."""

    def names(value: str) -> Iterator[str]:
        values: Mapping[str, Callable[[Iterable[int]], Mapping[int, str]]] = {
            "country": store.country_values,
            "governorate": store.governorate_values,
            "city": store.city_values,
        }
        for number in places.get(value, ()):
            for name in values[number.field]([number.value]).values():
                yield excluded_place(number.field, name)  # type: ignore[arg-type]  # only these three fields

    def source_names(name: str) -> Iterable[str]:
        return store.source_values(sources.get(name, ())).values()

    return replace(
        request,
        not_places=_canonical(request.not_places, names),
        not_sources=_canonical(request.not_sources, source_names),
    )


def _canonical(values: Iterable[str], names: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for value in values for name in (tuple(names(value)) or (value,))))
