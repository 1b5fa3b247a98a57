"""Turns the counts of the engine into facet rows with labels; selected values are always among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from search.engines.contract import FacetCounts
from search.engines.region_values import governorate_country
from search.query.filters import ABOUT_COLUMNS, PlaceFilter, PlaceKind, ResolvedFilters
from search.query.request import UNDATED, SearchRequest, date_bounds
from search.results import DateGranularity, FacetValue
from search.store.protocols import Store

_LEVELS: tuple[DateGranularity, ...] = ("year", "month", "day")


def facet_values(
    request: SearchRequest, counts: FacetCounts, filters: ResolvedFilters, store: Store
) -> dict[str, tuple[FacetValue, ...]]:
    """Return the rows of each facet.

    Places and sources: most frequent first. Dates: newest first, each year followed by its months
    and, if a single month is in view, each month by its days; undated last. Dates of events: most frequent
    first, in the same tree.
    """
    places = _PlaceCounts(counts, filters.places, store)
    sources = {*counts.source, *(one for ids in filters.sources.values() for one in ids)}
    published = _SelectedDates(request.dates, request.date_from, request.date_to)
    event = _SelectedDates(request.events, request.event_from, request.event_to)
    return {
        "country": places.countries(),
        "governorate": places.governorates(),
        "city": places.cities(),
        "source": _name_rows(counts.source, store.source_values(sources), filters.sources),
        "date": _date_rows(published, counts.year, counts.month, counts.day, counts.undated),
        "event": _most_frequent_dates(
            _date_rows(event, counts.event_year, counts.event_month, counts.event_day)
        ),
    }


def _name_rows(
    counts: Mapping[int, int], values: Mapping[int, str], chosen: Mapping[str, tuple[int, ...]]
) -> tuple[FacetValue, ...]:
    """Return a row for each counted or chosen id.

    A chosen name without any id gets a row too, so that it can be deselected.
    """
    selected = {key for ids in chosen.values() for key in ids}
    rows = [
        FacetValue(value, value, counts.get(key, 0), key in selected)
        for key, value in values.items()
        if key in counts or key in selected
    ]
    rows += [FacetValue(name, name, 0, True) for name, ids in chosen.items() if not ids]
    return _most_frequent_first(rows)


def _most_frequent_first(rows: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))


class _PlaceCounts:
    """The rows of countries, governorates and cities, three lists of one facet."""

    def __init__(self, counts: FacetCounts, chosen: PlaceFilter, store: Store) -> None:
        self._counts = counts
        self._chosen = chosen
        cities = {*counts.city, *chosen.ids["city"]}
        self._city_values = store.city_values(cities)
        self._regions = store.city_regions(cities)
        around = {governorate for _country, governorate in self._regions.values() if governorate}
        governorates = {*counts.governorate, *chosen.ids["governorate"], *around}
        self._governorate_values = store.governorate_values(governorates)
        inside = {country for country, _governorate in self._regions.values() if country}
        inside.update(governorate_country(one) for one in self._governorate_values)
        self._country_values = store.country_values({*counts.country, *chosen.ids["country"], *inside} - {0})
        #: The regions in which something is chosen.
        self._open = {
            region for one in chosen.ids["city"] for region in self._regions.get(one, ()) if region
        } | {governorate_country(one) for one in chosen.ids["governorate"]}

    def countries(self) -> tuple[FacetValue, ...]:
        """Return the rows of the countries."""
        return self._rows("country", self._country_values, self._chosen.countries, {})

    def governorates(self) -> tuple[FacetValue, ...]:
        """Return the rows of the governorates."""
        regions = {one: (governorate_country(one),) for one in self._governorate_values}
        return self._rows("governorate", self._governorate_values, self._chosen.governorates, regions)

    def cities(self) -> tuple[FacetValue, ...]:
        """Return the rows of the cities."""
        return self._rows("city", self._city_values, self._chosen.cities, self._regions)

    def _rows(
        self,
        kind: PlaceKind,
        values: Mapping[int, str],
        chosen: Mapping[str, tuple[int, ...]],
        regions: Mapping[int, tuple[int | None, ...]],
    ) -> tuple[FacetValue, ...]:
        counts: Mapping[int, int] = getattr(self._counts, kind)
        about: Mapping[int, int] = getattr(self._counts, ABOUT_COLUMNS[kind])
        ids = self._chosen.ids[kind]
        names = cache(self._names)  # a few regions for hundreds of cities
        shown = {key: value for key, value in values.items() if key in counts or key in ids}
        rows = [
            FacetValue(
                value, value, counts.get(key, 0), key in ids,
                within=names(regions.get(key, ())), about=about.get(key, 0),
            )
            for key, value in shown.items()
        ]  # fmt: skip
        if self._chosen.names:
            rows = [
                self._with_difference(kind, key, regions.get(key, ()), row)
                for key, row in zip(shown, rows, strict=True)
            ]
        rows += [FacetValue(name, name, 0, True, about=0) for name, found in chosen.items() if not found]
        return _most_frequent_first(rows)

    def _names(self, regions: tuple[int | None, ...]) -> tuple[str, ...]:
        labels = (self._country_values, self._governorate_values)
        return tuple(names.get(region or 0, "") for names, region in zip(labels, regions, strict=False))

    def _with_difference(
        self, kind: PlaceKind, key: int, regions: tuple[int | None, ...], row: FacetValue
    ) -> FacetValue:
        """Return the row with what it would make of the result, once something is chosen.

        The hits are counted by the column that the filter goes by. A row around a chosen value takes its
        place, so that it adds what lies outside; a row inside a chosen one takes the place of that.
        """
        chosen = self._chosen
        if row.selected:
            return row
        column = ABOUT_COLUMNS[kind] if chosen.about else kind
        hits = self._counts.place_hits.get(column, {}).get(key, 0)
        if chosen.every:
            return row if kind != "city" and key in self._open else replace(row, leaves=hits)
        if regions and chosen.contains(*regions):
            return row
        counts: Mapping[int, int] = getattr(self._counts, column)
        return replace(row, adds=counts.get(key, 0) - hits)


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


def _most_frequent_dates(rows: tuple[FacetValue, ...]) -> tuple[FacetValue, ...]:
    """Return the rows of a date facet with the most frequent first, each year followed by its months."""
    counts = {row.value: row.count for row in rows}

    def key(row: FacetValue) -> list[tuple[int, int]]:
        periods = [row.value[:end] for end in range(4, len(row.value) + 1, 3)]
        return [(-counts.get(period, 0), -int(period.replace("-", ""))) for period in periods]

    return tuple(sorted(rows, key=key))


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
