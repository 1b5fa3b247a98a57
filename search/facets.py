"""The engine's counts as facet rows: with labels, the selected ones always among them."""

from __future__ import annotations

from collections.abc import Mapping

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
    return {
        "city": _named(counts.city, store.city_values({*counts.city, *cities}), filters.cities),
        "source": _named(counts.source, store.source_values({*counts.source, *sources}), filters.sources),
        "date": _dates(request, counts),
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


def _dates(request: SearchRequest, counts: FacetCounts) -> tuple[FacetValue, ...]:
    found: dict[str, int] = {f"{year:04}": count for year, count in counts.year.items()}
    found |= {_month(month): count for month, count in counts.month.items()}
    open_months = _open_months(request, counts)
    for day, count in counts.day.items():
        if (month := _month(day // 100)) in open_months:
            found[f"{month}-{day % 100:02}"] = count
    for value in request.dates:
        if value != UNDATED:
            for end in range(4, len(value) + 1, 3):  # with its year and month, or no row could hold it
                found.setdefault(value[:end], 0)
    rows = [
        FacetValue(value, value, count, value in request.dates, _LEVELS[value.count("-")])
        for value, count in found.items()
    ]
    # "~" sorts behind digits and "-": descending, a year stands before its months.
    rows.sort(key=lambda row: row.value + "~", reverse=True)
    if counts.undated or UNDATED in request.dates:
        rows.append(FacetValue(UNDATED, UNDATED, counts.undated, UNDATED in request.dates, "undated"))
    return tuple(rows)


def _open_months(request: SearchRequest, counts: FacetCounts) -> set[str]:
    """Months whose days are listed: those chosen (or a day of them), and the only one in the range."""
    chosen = {value[:7] for value in request.dates if value.count("-") >= 1}
    if request.date_from and request.date_to:
        first, last = bounds(request.date_from)[0] // 100, bounds(request.date_to)[1] // 100
        if first == last:
            chosen.add(_month(first))
    if len(counts.month) == 1:
        chosen.update(_month(month) for month in counts.month)
    return chosen


def _month(number: int) -> str:
    return f"{number // 100:04}-{number % 100:02}"
