"""The dates that articles mention, as integers that an engine stores and filters by.

The integer keeps the precision of the date: YYYYMMDD, a month as YYYYMM00, a year as YYYY0000. One field
therefore answers whether any of an article's dates overlaps a period, however many dates the article
mentions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from search.query_tree import MATCH_NONE, AnyOf, Node, Number, NumberField, NumberRange

#: A longer period is counted under its months, or its years, so that no single sentence fills the facet.
MAX_DAYS, MAX_MONTHS, MAX_YEARS = 62, 36, 100
#: A bare number is a year from this one on, up to so many years after the article.
MIN_BARE_YEAR, MAX_YEARS_AHEAD = 1900, 10
_LEVELS: tuple[NumberField, ...] = ("event_year", "event_month", "event_day")


def event_date_numbers(first: date, last: date, precision: str) -> Iterator[int]:
    """Yield the integers of a period: each of its days if known to the day, otherwise its months or years."""
    last = max(first, last)
    if precision == "day" and (last - first).days < MAX_DAYS:
        for days in range((last - first).days + 1):
            day = first + timedelta(days=days)
            yield day.year * 10_000 + day.month * 100 + day.day
        return
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if precision != "year" and months <= MAX_MONTHS:
        for month in range(first.month - 1, first.month - 1 + months):
            yield (first.year + month // 12) * 10_000 + (month % 12 + 1) * 100
        return
    for year in range(first.year, min(last.year, first.year + MAX_YEARS) + 1):
        yield year * 10_000


def is_far_year(year: int, published: int) -> bool:
    """Return True for a year that a bare number does not stand for in an article of the year `published`.

    It counts only where the text has a word for "year", an era or a month beside it.
    """
    return not MIN_BARE_YEAR <= year <= published + MAX_YEARS_AHEAD


def event_facet_node(value: str) -> Node:
    """Return a filter for the articles that the facet counts under YYYY, YYYY-MM or YYYY-MM-DD."""
    parts = value.split("-")
    if len(parts) > len(_LEVELS) or not all(part.isdigit() for part in parts):
        return MATCH_NONE
    return Number(_LEVELS[len(parts) - 1], int("".join(parts)))


def event_period_node(low: int | None, high: int | None) -> Node:
    """Return a filter for articles that mention a date overlapping [low, high] (YYYYMMDD, None = open).

    Such a date lies in the range, or is the month or the year that `low` lies in. (Months and years that
    begin later lie in the range by their integer.)
    """
    inside = NumberRange("event", low, high)
    if low is None:
        return inside
    return AnyOf((inside, Number("event", low // 100 * 100), Number("event", low // 10_000 * 10_000)))
