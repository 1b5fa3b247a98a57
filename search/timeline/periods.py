"""Periods of time: days, months and years, as the whole numbers that an index counts by.

A year is YYYY, a month YYYYMM, a day YYYYMMDD. The value of a period is YYYY, YYYY-MM or YYYY-MM-DD, as in
the filters of a search.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, get_args

Granularity = Literal["day", "month", "year"]
GRANULARITIES: tuple[Granularity, ...] = get_args(Granularity)
#: A chart is divided as finely as it can be with at most so many bars.
MOST_BARS_CHOSEN = 62
#: A reader may ask for finer bars, up to so many (four years in days).
MOST_BARS = 1500


def period_value(number: int) -> str:
    """Return the value of a period: 201401 → "2014-01"."""
    if number < 10_000:
        return f"{number:04}"
    if number < 1_000_000:
        return f"{number // 100:04}-{number % 100:02}"
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"


def periods_between(first: int, last: int, granularity: Granularity) -> list[int]:
    """Return all periods from that of one day to that of another (YYYYMMDD), both included."""
    if granularity == "year":
        return list(range(first // 10_000, last // 10_000 + 1))
    if granularity == "month":
        low, high = _month_index(first), _month_index(last)
        return [index // 12 * 100 + index % 12 + 1 for index in range(low, high + 1)]
    start = _as_date(first)
    days = (_as_date(last) - start).days
    return [_day_number(start + timedelta(days=number)) for number in range(days + 1)]


def count_periods(first: int, last: int, granularity: Granularity) -> int:
    """Return the number of these periods."""
    if granularity == "year":
        return last // 10_000 - first // 10_000 + 1
    if granularity == "month":
        return _month_index(last) - _month_index(first) + 1
    return (_as_date(last) - _as_date(first)).days + 1


def choose_granularity(
    first: int, last: int, wanted: Granularity | None, most_bars: int = MOST_BARS
) -> Granularity:
    """Return the wanted granularity, or a coarser one if there would be too many bars.

    Without a wish it is the finest with MOST_BARS_CHOSEN bars at most.
    """
    most = most_bars if wanted else min(most_bars, MOST_BARS_CHOSEN)
    usable = GRANULARITIES[GRANULARITIES.index(wanted) :] if wanted else GRANULARITIES
    fitting: Iterable[Granularity] = (each for each in usable if count_periods(first, last, each) <= most)
    return next(iter(fitting), "year")


def _month_index(day: int) -> int:
    return day // 10_000 * 12 + day // 100 % 100 - 1


def _as_date(day: int) -> date:
    return date(day // 10_000, day // 100 % 100, day % 100)


def _day_number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
