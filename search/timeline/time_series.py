"""Hits per day, month or year, beside all articles that the archive holds of the same time.

The engine counts every hit. An article counts in the periods that its date is precise enough for: one that is
dated to a month has no day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from search.engines.contract import EngineRequest, FacetCounts, SearchEngine
from search.query.compiler import PreparedSearch
from search.query.request import SearchRequest, date_bounds
from search.query_tree import AllOf, MatchAll, Node
from search.timeline.periods import MOST_BARS, Granularity, choose_granularity, period_value, periods_between

#: The date of publication, or the dates that an article mentions.
DateKind = Literal["published", "event"]
DATE_KINDS: tuple[DateKind, ...] = get_args(DateKind)
#: Mentioned dates outside these years are not shown: texts name years of history and of plans. Of the others
#: this share at either end is left out, unless the reader chose a period.
FIRST_EVENT_YEAR, EVENT_YEARS_AHEAD = 1900, 2
TRIMMED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """The number of articles of each period, by granularity; of undated ones; and of all."""

    by: Mapping[Granularity, Mapping[int, int]]
    undated: int
    total: int


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """The hits of one search in each of the periods of a `TimeView`."""

    search: PreparedSearch
    counts: tuple[int, ...]
    total: int
    undated: int

    @property
    def shown(self) -> int:
        """Number of hits in all periods together; an article may mention dates of several."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class TimeView:
    """Some searches over the same periods; `archive` counts all articles of each period.

    The archive is what the filters of the first search leave of it, without the dates.
    """

    kind: DateKind
    granularity: Granularity
    #: Facet values, in the order of time.
    periods: tuple[str, ...]
    archive: tuple[int, ...]
    series: tuple[TimeSeries, ...]
    #: True if the granularity asked for would have had too many periods.
    is_coarser: bool = False
    #: Mentions of dates by the hits of the first search that lie outside the periods.
    outside: int = 0

    def share(self, series: TimeSeries, at: int) -> float:
        """Return the hits of a series in percent of the archive's articles of the period; 0 without any."""
        return 100 * series.counts[at] / self.archive[at] if self.archive[at] else 0.0


def build_time_view(
    searches: Sequence[PreparedSearch],
    engine: SearchEngine,
    kind: DateKind = "published",
    wanted: Granularity | None = None,
    most_bars: int = MOST_BARS,
) -> TimeView:
    """Count the hits of the searches over time, from the first period with a hit of any to the last.

    There are `most_bars` periods at most, or years.
    """
    filters = {
        name: node for name, node in searches[0].filters.nodes.items() if name not in ("date", "event")
    }
    counted = [
        _count(engine, AllOf((each.compiled.strict, *each.filters.nodes.values())), kind) for each in searches
    ]
    archive = _count(engine, AllOf((MatchAll(), *filters.values())), kind)
    years = _years_with_hits(counted)
    if kind == "event":
        years = _without_outliers(searches[0].request, years)
    first, last = _span(counted, years)
    if kind == "event":
        first, last = _within_chosen_events(searches[0].request, first, last)
    if not first:
        series = [
            TimeSeries(each, (), counts.total, counts.undated)
            for each, counts in zip(searches, counted, strict=True)
        ]
        return TimeView(kind, wanted or "year", (), (), tuple(series))
    granularity = choose_granularity(first, last, wanted, most_bars)
    numbers = periods_between(first, last, granularity)

    def of_periods(counts: PeriodCounts) -> tuple[int, ...]:
        known = counts.by[granularity]
        return tuple(known.get(number, 0) for number in numbers)

    return TimeView(
        kind,
        granularity,
        tuple(map(period_value, numbers)),
        of_periods(archive),
        tuple(
            TimeSeries(each, of_periods(counts), counts.total, counts.undated)
            for each, counts in zip(searches, counted, strict=True)
        ),
        is_coarser=wanted is not None and granularity != wanted,
        outside=sum(
            times
            for year, times in counted[0].by["year"].items()
            if not first // 10_000 <= year <= last // 10_000
        ),
    )


def _years_with_hits(counted: Sequence[PeriodCounts]) -> Counter[int]:
    years = Counter[int]()
    for counts in counted:
        years.update(counts.by["year"])
    return years


def _without_outliers(request: SearchRequest, years: Counter[int]) -> Counter[int]:
    """Return the years without those far from the others, unless the reader chose a period."""
    if request.events or request.event_from or request.event_to:
        return years
    kept, most = sorted(years), TRIMMED_SHARE * years.total()
    for end in (0, -1):
        left_out = 0
        while len(kept) > 1 and left_out + years[kept[end]] <= most:
            left_out += years[kept.pop(end)]
    return Counter({year: years[year] for year in kept})


def _within_chosen_events(request: SearchRequest, first: int, last: int) -> tuple[int, int]:
    """Return the part of the span that lies in the chosen period; articles mention other dates too."""
    lows = [date_bounds(value)[0] for value in request.events]
    highs = [date_bounds(value)[1] for value in request.events]
    low = max(min(lows, default=0), date_bounds(request.event_from)[0] if request.event_from else 0)
    high = min(
        max(highs, default=99991231), date_bounds(request.event_to)[1] if request.event_to else 99991231
    )
    first, last = max(first, low), min(last, high)
    return (first, last) if first <= last else (0, 0)


def _count(engine: SearchEngine, node: Node, kind: DateKind) -> PeriodCounts:
    facet: Literal["date", "event"] = "date" if kind == "published" else "event"
    found = engine.search(EngineRequest(query=node, sort="newest", limit=0, facets=(facet,)))
    return PeriodCounts(_by_granularity(found.facets, kind), found.facets.undated, found.total)


def _by_granularity(counts: FacetCounts, kind: DateKind) -> dict[Granularity, Mapping[int, int]]:
    if kind == "published":
        return {"day": counts.day, "month": counts.month, "year": counts.year}
    low, high = FIRST_EVENT_YEAR, date.today().year + EVENT_YEARS_AHEAD
    columns: tuple[tuple[Granularity, Mapping[int, int], int], ...] = (
        ("day", counts.event_day, 10_000),
        ("month", counts.event_month, 100),
        ("year", counts.event_year, 1),
    )
    return {
        granularity: {number: times for number, times in column.items() if low <= number // unit <= high}
        for granularity, column, unit in columns
    }


def _span(counted: Sequence[PeriodCounts], years: Counter[int]) -> tuple[int, int]:
    """Return the first and the last day with a hit in these years, as precise as is known; (0, 0) without."""
    if not years:
        return 0, 0
    months = {month for counts in counted for month in counts.by["month"]}
    days = {day for counts in counted for day in counts.by["day"]}
    first, last = min(years), max(years)
    first_month = min((month for month in months if month // 100 == first), default=first * 100 + 1)
    last_month = max((month for month in months if month // 100 == last), default=last * 100 + 12)
    first_day = min((day for day in days if day // 100 == first_month), default=first_month * 100 + 1)
    last_day = max((day for day in days if day // 100 == last_month), default=last_month * 100 + 28)
    return first_day, last_day
