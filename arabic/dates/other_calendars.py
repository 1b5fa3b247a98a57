"""Calendars that few newspapers used: the Ottoman fiscal one (Rumi, مالي) and the Persian one (solar Hijri).

Rumi years began on 1 March of the Julian calendar until 1332, and from 1333 (1917) on had the Gregorian days;
1334 began in January. Solar years begin at the equinox of spring; leap years follow the cycle of 33 years
that agrees with it from 1244 to 1472 (Borkowski, "The Persian calendar for 3000 years", 1996).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from arabic.dates.values import Precision, last_of_month

RUMI_YEARS = range(1256, 1342)
SOLAR_YEARS = range(1244, 1473)
_DAY = timedelta(days=1)
#: Rumi year of a Gregorian one: 1333 began in March 1917.
_RUMI_OFFSET, _REFORMED = 584, 1333
#: The Julian calendar was this many days behind until its 28 February 1900, and one more after it.
_JULIAN_DAYS = 12
_SOLAR_EPOCH_YEAR, _SOLAR_EPOCH = 1392, date(2013, 3, 21)
_LEAP_REMAINDERS = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
_FIRST_HALF = 6

Period = tuple[date, date, Precision]


def rumi_period(year: int, month: int | None = None, day: int | None = None) -> Period | None:
    """Return first day, last day and precision of a Rumi date; months are numbered from January."""
    if year not in RUMI_YEARS:
        return None
    if month is None:
        following = _rumi_day(year + 1, 3 if year + 1 <= _REFORMED else 1, 1)
        first = _rumi_day(year, 3 if year <= _REFORMED else 1, 1)
        return (first, following - _DAY, "year") if first and following else None
    if day is not None:
        found = _rumi_day(year, month, day)
        return (found, found, "day") if found else None
    first = _rumi_day(year, month, 1)
    if first is None:
        return None
    length = last_of_month(date(2001, month, 1)).day
    last = _rumi_day(year, month, length)
    return (first, last, "month") if last else None


def _rumi_day(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a Rumi one, or None if its month is shorter."""
    julian_year = year + _RUMI_OFFSET + (month < 3 and year < _REFORMED)
    try:
        found = date(julian_year, month, day)
    except ValueError:
        return None
    if year >= _REFORMED:
        return found
    return found + timedelta(days=_JULIAN_DAYS + (found > date(1900, 2, 28)))


def solar_period(year: int, month: int | None = None, day: int | None = None) -> Period | None:
    """Return first day, last day and precision of a date of the Persian calendar."""
    if year not in SOLAR_YEARS or not 1 <= (month or 1) <= 12:
        return None
    start = _new_year(year)
    if month is None:
        return start, _new_year(year + 1) - _DAY, "year"
    first = start + timedelta(days=31 * (month - 1) - max(0, month - 1 - _FIRST_HALF))
    length = 31 if month <= _FIRST_HALF else 30 if month < 12 or _is_leap(year) else 29
    if day is None:
        return first, first + timedelta(days=length - 1), "month"
    if not 1 <= day <= length:
        return None
    found = first + timedelta(days=day - 1)
    return found, found, "day"


@cache
def _new_year(year: int) -> date:
    """Return the first day of a solar year."""
    low, high = sorted((year, _SOLAR_EPOCH_YEAR))
    days = sum(365 + _is_leap(each) for each in range(low, high))
    return _SOLAR_EPOCH + timedelta(days=days if year > _SOLAR_EPOCH_YEAR else -days)


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP_REMAINDERS
