"""Turns the counts of the engine into facet rows with labels; selected values are always among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from search.engines.contract import FacetCounts
from search.engines.region_values import governorate_country
from search.query.filters import ABOUT_COLUMNS, PlaceFilter, PlaceKind, ResolvedFilters
from search.query.request import UNDATED, SearchRequest, date_bounds
from search.results import DateGranularity, FacetValue
from search.store.display_names import display_names
from search.store.protocols import PlaceLabels, Store


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
        "source": _source_rows(counts.source, store.source_values(sources), filters.sources),
        "date": _date_rows(published, counts.year, counts.month, counts.day, counts.undated),
        "event": _date_rows(event, counts.event_year, counts.event_month, counts.event_day, by_count=True),
    }


def _source_rows(
    counts: Mapping[int, int], values: Mapping[int, str], chosen: Mapping[str, tuple[int, ...]]
) -> tuple[FacetValue, ...]:
    """Return a row for each counted or chosen id.

    A chosen name without any id gets a row too, so that it can be deselected.
    """
    selected = {key for ids in chosen.values() for key in ids}
    label = display_names("source")
    rows = [
        FacetValue(value, label(value), counts.get(key, 0), key in selected)
        for key, value in values.items()
        if key in counts or key in selected
    ]
    rows += [FacetValue(name, label(name), 0, True) for name, ids in chosen.items() if not ids]
    return _most_frequent_first(rows)


def _most_frequent_first(rows: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))


class _PlaceCounts:
    """The rows of countries, governorates and cities, three lists of one facet."""

    def __init__(self, counts: FacetCounts, chosen: PlaceFilter, store: Store) -> None:
        self._counts = counts
        self._chosen = chosen
        self._store = store
        #: The regions around each city; needed for what a row would add to a chosen place.
        self._regions: Mapping[int, tuple[int | None, ...]] = {}
        if chosen.names:
            self._regions = store.city_regions({*counts.city, *chosen.ids["city"]})
        #: The regions in which something is chosen.
        self._open = {
            region for one in chosen.ids["city"] for region in self._regions.get(one, ()) if region
        } | {governorate_country(one) for one in chosen.ids["governorate"]}

    def countries(self) -> tuple[FacetValue, ...]:
        """Return the rows of the countries."""
        numbers = {*self._counts.country, *self._chosen.ids["country"]} - {0}
        labels = {number: (label, ()) for number, label in self._store.country_values(numbers).items()}
        return self._rows("country", labels, self._chosen.countries)

    def governorates(self) -> tuple[FacetValue, ...]:
        """Return the rows of the governorates."""
        return self._rows("governorate", self._store.governorate_labels(), self._chosen.governorates)

    def cities(self) -> tuple[FacetValue, ...]:
        """Return the rows of the cities."""
        return self._rows("city", self._store.city_labels(), self._chosen.cities)

    def _rows(
        self, kind: PlaceKind, labels: PlaceLabels, chosen: Mapping[str, tuple[int, ...]]
    ) -> tuple[FacetValue, ...]:
        about: Mapping[int, int] = getattr(self._counts, ABOUT_COLUMNS[kind])
        ids = {*self._chosen.ids[kind]}
        counts: Mapping[int, int] = {**dict.fromkeys(ids, 0), **getattr(self._counts, kind)}
        # Two sorts by what is there take a third of the time of one by new pairs of count and label.
        keys = sorted([key for key in counts if key in labels], key=labels.__getitem__)
        keys.sort(key=counts.__getitem__, reverse=True)
        shown = display_names(kind)
        rows = [
            FacetValue(label, shown(label), counts[key], key in ids, "", within, about.get(key, 0))
            for key in keys
            for label, within in (labels[key],)
        ]
        if self._chosen.names:
            for key, row in zip(keys, rows, strict=True):
                self._add_difference(kind, key, row)
        if unknown := [
            FacetValue(name, shown(name), 0, True, about=0) for name, found in chosen.items() if not found
        ]:
            return _most_frequent_first([*rows, *unknown])
        return tuple(rows)

    def _regions_of(self, kind: PlaceKind, key: int) -> tuple[int | None, ...]:
        if kind == "governorate":
            return (governorate_country(key),)
        return self._regions.get(key, ()) if kind == "city" else ()

    def _add_difference(self, kind: PlaceKind, key: int, row: FacetValue) -> None:
        """Set what the row would make of the result, once something is chosen.

        The hits are counted by the column that the filter goes by. A row around a chosen value takes its
        place, so that it adds what lies outside; a row inside a chosen one takes the place of that.
        """
        chosen = self._chosen
        if row.selected:
            return
        column = ABOUT_COLUMNS[kind] if chosen.about else kind
        hits = self._counts.place_hits.get(column, {}).get(key, 0)
        if chosen.every:
            if kind == "city" or key not in self._open:
                row.leaves = hits
            return
        regions = self._regions_of(kind, key)
        if not (regions and chosen.contains(*regions)):
            counts: Mapping[int, int] = getattr(self._counts, column)
            row.adds = counts.get(key, 0) - hits


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
    *,
    by_count: bool = False,
) -> tuple[FacetValue, ...]:
    """Return the rows of a date facet, the newest or the most frequent first, a year before its months."""
    #: Periods as YYYYMMDD; a month is YYYYMM00, a year YYYY0000.
    found = {year * 10_000: count for year, count in years.items()}
    found |= {month * 100: count for month, count in months.items()}
    if open_months := _open_months(chosen, months):
        found |= {day: count for day, count in days.items() if day // 100 in open_months}
    values = [value for value in chosen.values if value != UNDATED]
    for value in values:
        day = _period_number(value)
        # Its year and month too, so that the day has a row above it.
        for period in (day - day % 10_000, day - day % 100, day):
            found.setdefault(period, 0)
    periods = sorted(found, key=partial(_frequency_key, found)) if by_count else sorted(found, key=_age_key)
    rows = [
        FacetValue(value, value, found[period], value in values, level)
        for period in periods
        for value, level in (_period_value(period),)
    ]
    if undated or UNDATED in chosen.values:
        rows.append(FacetValue(UNDATED, UNDATED, undated, UNDATED in chosen.values, "undated"))
    return tuple(rows)


def _age_key(period: int) -> int:
    """Return a key that sorts the newest first, and a period before those inside it."""
    if period % 100:
        return -period
    return -period - (99 if period % 10_000 else 9_999)


def _frequency_key(counts: Mapping[int, int], period: int) -> tuple[int, ...]:
    """Return a key that sorts the most frequent first, and a period before those inside it."""
    year = period - period % 10_000
    key = (-counts.get(year, 0), -year)
    if period == year:
        return key
    month = period - period % 100
    key_of_month = (*key, -counts.get(month, 0), -month)
    return key_of_month if period == month else (*key_of_month, -counts[period], -period)


def _period_number(value: str) -> int:
    year, month, day = ([int(part) for part in value.split("-")] + [0, 0])[:3]
    return year * 10_000 + month * 100 + day


@lru_cache(20_000)
def _period_value(period: int) -> tuple[str, DateGranularity]:
    """Return the facet value of a period and its level."""
    year, month, day = period // 10_000, period // 100 % 100, period % 100
    if day:
        return f"{year:04}-{month:02}-{day:02}", "day"
    return (f"{year:04}-{month:02}", "month") if month else (f"{year:04}", "year")


def _open_months(chosen: _SelectedDates, months: Mapping[int, int]) -> set[int]:
    """Return the months (YYYYMM) whose days are listed.

    These are the chosen months, those of a chosen day, and the only month in the range.
    """
    opened = {_period_number(value) // 100 for value in chosen.values if value.count("-") >= 1}
    if chosen.first and chosen.last:
        first, last = date_bounds(chosen.first)[0] // 100, date_bounds(chosen.last)[1] // 100
        if first == last:
            opened.add(first)
    if len(months) == 1:
        opened.update(months)
    return opened
