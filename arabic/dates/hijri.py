"""The Hijri calendar of Umm al-Qura (1343 to 1500, by the package hijridate) as Gregorian periods.

Papers that count by sightings of the moon may be a day off, seldom two."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from hijridate import Gregorian, Hijri

from arabic.dates.values import Precision

FIRST_YEAR, LAST_YEAR = 1343, 1500
#: A number without هـ is a Hijri year up to here; 1492 is a Gregorian one.
LAST_PLAIN_YEAR = 1460
LONGEST_MONTH = 30


@lru_cache(10_000)
def period(
    year: int, month: int | None = None, day: int | None = None
) -> tuple[date, date, Precision] | None:
    """First day, last day and precision; None outside the calendar's range or where there is no such day (a
    paper's 30th of a month that has 29 days is the first of the next)."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= (month or 1) <= 12:
        return None
    if month is None:
        return _day(year, 1, 1), _day(year, 12, _length(year, 12)), "year"
    length = _length(year, month)
    if day is None:
        return _day(year, month, 1), _day(year, month, length), "month"
    if day == LONGEST_MONTH and length < day:
        year, month, day = (year + 1, 1, 1) if month == 12 else (year, month + 1, 1)
    if not 1 <= day <= LONGEST_MONTH or year > LAST_YEAR:
        return None
    found = _day(year, month, day)
    return found, found, "day"


def parts(day: date) -> tuple[int, int, int] | None:
    """Hijri year, month and day of a day; None outside the calendar's range."""
    try:
        found = Gregorian(day.year, day.month, day.day).to_hijri()
    except (OverflowError, ValueError):
        return None
    return int(found.year), int(found.month), int(found.day)


def _day(year: int, month: int, day: int) -> date:
    found = Hijri(year, month, day, validate=False).to_gregorian()
    return date(found.year, found.month, found.day)


def _length(year: int, month: int) -> int:
    return int(Hijri(year, month, 1, validate=False).month_length())
