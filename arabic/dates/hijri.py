"""The Hijri calendar as Gregorian periods, for the years 1215 to 1500.

From 1343 on by the table of Umm al-Qura (the package hijridate), before by the calendar of astronomers with
its cycle of 30 years. Newspapers that follow sightings of the moon may differ by a day, seldom by two.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from hijridate import Gregorian, Hijri

from arabic.dates.values import Precision

FIRST_YEAR, LAST_YEAR = 1215, 1500
#: First year of the table; an earlier one is a Hijri year only with هـ or a month of that calendar.
TABLE_YEAR = 1343
#: Day of the Julian period before the first day of the calendar of astronomers, in Python's count of days.
_EPOCH = 227014
#: A number without هـ is a Hijri year up to here; 1492 is a Gregorian one.
LAST_PLAIN_YEAR = 1460
LONGEST_MONTH = 30


@lru_cache(10_000)
def period(
    year: int, month: int | None = None, day: int | None = None
) -> tuple[date, date, Precision] | None:
    """Return (first day, last day, precision); None if the calendar has no such date.

    The 30th of a month that has 29 days is the first day of the next month.
    """
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
    """Return the Hijri year, month and day of a date; None outside the calendar's range."""
    try:
        found = Gregorian(day.year, day.month, day.day).to_hijri()
    except (OverflowError, ValueError):
        return None
    return int(found.year), int(found.month), int(found.day)


def _day(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Hijri one."""
    if year < TABLE_YEAR:
        return date.fromordinal(
            _EPOCH + day + (59 * (month - 1) + 1) // 2 + 354 * (year - 1) + (3 + 11 * year) // 30
        )
    found = Hijri(year, month, day, validate=False).to_gregorian()
    return date(found.year, found.month, found.day)


def _length(year: int, month: int) -> int:
    """Return the number of days of a Hijri month."""
    if year < TABLE_YEAR:
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        return (_day(*following, 1) - _day(year, month, 1)).days
    return int(Hijri(year, month, 1, validate=False).month_length())
