"""The engine's counts as facet rows: with labels, the selected ones always among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.engines.base import FacetCounts
from search.filters import Filters
from search.request import UNDATED, SearchRequest, bounds
from search.results import FacetLevel, FacetValue
from search.store import Store

_LEVELS: tuple[FacetLevel, ...] = ("year", "month", "day")


def facet_values(
    request: SearchRequest, counts: FacetCounts, filters: Filters, store: Store
) -> dict[str, tuple[FacetValue, ...]]:
    """Rows by facet. Cities and sources: most frequent first. Dates: newest first, each year followed by its
    months and, where a single month is in view, each month by its days; undated last."""
    cities = {key for ids in filters.cities.values() for key in ids}
    sources = {key for ids in filters.sources.values() for key in ids}
    published = _Chosen(request.dates, request.date_from, request.date_to)
    event = _Chosen(request.events, request.event_from, request.event_to)
    return {
        "city": _named(counts.city, store.city_values({*counts.city, *cities}), filters.cities),
        "source": _named(counts.source, store.source_values({*counts.source, *sources}), filters.sources),
        "date": _dates(published, counts.year, counts.month, counts.day, counts.undated),
        "event": _dates(event, counts.event_year, counts.event_month, counts.event_day),
    }


def _named(
    counts: Mapping[int, int], values: Mapping[int, str], chosen: Mapping[str, tuple[int, ...]]
) -> tuple[FacetValue, ...]:
    """A row for each counted or chosen id; a chosen name behind which nothing stands is a row of its own, so
    that it can be taken away again."""
    selected = {key for ids in chosen.values() for key in ids}
    rows = [
        FacetValue(value, value, counts.get(key, 0), key in selected)
        for key, value in values.items()
        if key in counts or key in selected
    ]
    rows += [FacetValue(name, name, 0, True) for name, ids in chosen.items() if not ids]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.label)))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a reader chose of one facet of dates."""

    values: tuple[str, ...]
    first: str
    last: str


def _dates(
    chosen: _Chosen,
    years: Mapping[int, int],
    months: Mapping[int, int],
    days: Mapping[int, int],
    undated: int = 0,
) -> tuple[FacetValue, ...]:
    found: dict[str, int] = {f"{year:04}": count for year, count in years.items()}
    found |= {_month(month): count for month, count in months.items()}
    open_months = _open_months(chosen, months)
    for day, count in days.items():
        if (month := _month(day // 100)) in open_months:
            found[f"{month}-{day % 100:02}"] = count
    for value in chosen.values:
        if value != UNDATED:
            for end in range(4, len(value) + 1, 3):  # with its year and month, or no row could hold it
                found.setdefault(value[:end], 0)
    rows = [
        FacetValue(value, value, count, value in chosen.values, _LEVELS[value.count("-")])
        for value, count in found.items()
    ]
    # "~" sorts behind digits and "-": descending, a year stands before its months.
    rows.sort(key=lambda row: row.value + "~", reverse=True)
    if undated or UNDATED in chosen.values:
        rows.append(FacetValue(UNDATED, UNDATED, undated, UNDATED in chosen.values, "undated"))
    return tuple(rows)


def _open_months(chosen: _Chosen, months: Mapping[int, int]) -> set[str]:
    """Months whose days are listed: those chosen (or a day of them), and the only one in the range."""
    opened = {value[:7] for value in chosen.values if value.count("-") >= 1}
    if chosen.first and chosen.last:
        first, last = bounds(chosen.first)[0] // 100, bounds(chosen.last)[1] // 100
        if first == last:
            opened.add(_month(first))
    if len(months) == 1:
        opened.update(_month(month) for month in months)
    return opened


def _month(number: int) -> str:
    return f"{number // 100:04}-{number % 100:02}"
