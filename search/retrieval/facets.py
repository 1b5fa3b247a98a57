"""Turns the counts of the engine into facet rows with labels; selected values are always among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from search.engines.contract import FacetCounts
from search.engines.region_values import governorate_country
from search.query.filters import ResolvedFilters
from search.query.request import UNDATED, SearchRequest, date_bounds
from search.results import DateGranularity, FacetValue
from search.store.protocols import Store

_LEVELS: tuple[DateGranularity, ...] = ("year", "month", "day")


def facet_values(
    request: SearchRequest, counts: FacetCounts, filters: ResolvedFilters, store: Store
) -> dict[str, tuple[FacetValue, ...]]:
    """Return the rows of each facet.

    Regions, cities and sources: most frequent first. Dates: newest first, each year followed by its months
    and, if a single month is in view, each month by its days; undated last.
    """
    countries = {*counts.country, *_keys(filters.countries)}
    governorates = {*counts.governorate, *_keys(filters.governorates)}
    cities = {*counts.city, *_keys(filters.cities)}
    sources = {*counts.source, *_keys(filters.sources)}
    regions = _Regions(store, cities, governorates)
    published = _SelectedDates(request.dates, request.date_from, request.date_to)
    event = _SelectedDates(request.events, request.event_from, request.event_to)
    return {
        "country": _name_rows(counts.country, store.country_values(countries), filters.countries),
        "governorate": _name_rows(
            counts.governorate, regions.governorates, filters.governorates, regions.of_governorates
        ),
        "city": _name_rows(counts.city, store.city_values(cities), filters.cities, regions.of_cities),
        "source": _name_rows(counts.source, store.source_values(sources), filters.sources),
        "date": _date_rows(published, counts.year, counts.month, counts.day, counts.undated),
        "event": _date_rows(event, counts.event_year, counts.event_month, counts.event_day),
    }


def _name_rows(
    counts: Mapping[int, int],
    values: Mapping[int, str],
    chosen: Mapping[str, tuple[int, ...]],
    within: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[FacetValue, ...]:
    """Return a row for each counted or chosen id.

    A chosen name without any id gets a row too, so that it can be deselected.
    """
    selected = {key for ids in chosen.values() for key in ids}
    rows = [
        FacetValue(value, value, counts.get(key, 0), key in selected, within=within.get(key, ()))
        for key, value in values.items()
        if key in counts or key in selected
    ]
    rows += [FacetValue(name, name, 0, True) for name, ids in chosen.items() if not ids]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))


def _keys(chosen: Mapping[str, tuple[int, ...]]) -> set[int]:
    return {key for ids in chosen.values() for key in ids}


class _Regions:
    """The regions of the cities and governorates in the counts, as facet values."""

    def __init__(self, store: Store, cities: Iterable[int], governorates: Iterable[int]) -> None:
        self._regions = store.city_regions(cities)
        around = {governorate for _country, governorate in self._regions.values() if governorate}
        self.governorates = store.governorate_values({*governorates, *around})
        inside = {country for country, _governorate in self._regions.values() if country}
        self._countries = store.country_values(
            inside | set(map(governorate_country, self.governorates)) - {0}
        )

    @property
    def of_governorates(self) -> dict[int, tuple[str, ...]]:
        """Governorate -> (its country,)."""
        return {
            number: (self._countries.get(governorate_country(number), ""),) for number in self.governorates
        }

    @property
    def of_cities(self) -> dict[int, tuple[str, ...]]:
        """City -> (its country, its governorate)."""
        return {
            city: (self._countries.get(country or 0, ""), self.governorates.get(governorate or 0, ""))
            for city, (country, governorate) in self._regions.items()
        }


@dataclass(frozen=True, slots=True)
class _SelectedDates:
    """The chosen values and the period of one date facet."""

    values: tuple[str, ...]
    first: str
    last: str


def _date_rows(
    chosen: _SelectedDates,
    years: Mapping[int, int],
    months: Mapping[int, int],
    days: Mapping[int, int],
    undated: int = 0,
) -> tuple[FacetValue, ...]:
    """Return the rows of a date facet."""
    found: dict[str, int] = {f"{year:04}": count for year, count in years.items()}
    found |= {_month(month): count for month, count in months.items()}
    open_months = _open_months(chosen, months)
    for day, count in days.items():
        if (month := _month(day // 100)) in open_months:
            found[f"{month}-{day % 100:02}"] = count
    for value in chosen.values:
        if value != UNDATED:
            for end in range(
                4, len(value) + 1, 3
            ):  # its year and month too, so that the day has a row above it
                found.setdefault(value[:end], 0)
    rows = [
        FacetValue(value, value, count, value in chosen.values, _LEVELS[value.count("-")])
        for value, count in found.items()
    ]
    # "~" sorts after digits and "-", so in descending order a year precedes its months.
    rows.sort(key=lambda row: row.value + "~", reverse=True)
    if undated or UNDATED in chosen.values:
        rows.append(FacetValue(UNDATED, UNDATED, undated, UNDATED in chosen.values, "undated"))
    return tuple(rows)


def _open_months(chosen: _SelectedDates, months: Mapping[int, int]) -> set[str]:
    """Return the months whose days are listed.

    These are the chosen months, those of a chosen day, and the only month in the range.
    """
    opened = {value[:7] for value in chosen.values if value.count("-") >= 1}
    if chosen.first and chosen.last:
        first, last = date_bounds(chosen.first)[0] // 100, date_bounds(chosen.last)[1] // 100
        if first == last:
            opened.add(_month(first))
    if len(months) == 1:
        opened.update(_month(month) for month in months)
    return opened


def _month(number: int) -> str:
    return f"{number // 100:04}-{number % 100:02}"
