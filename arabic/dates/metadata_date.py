"""Dates in metadata in the forms that programs write: ISO 8601, seconds since 1970, 03-Aug-13."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from arabic.dates import lexicon, other_calendars
from arabic.dates.values import PartialDate, partial_date

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2})(?:[t ].*)?)?)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
#: 03-Aug-13, 3 août 13: a year of two digits, only in metadata.
_SHORT_YEAR = re.compile(r"([0-9]{1,2})[-/ .]([^\W\d_]{2,12})[-/ .,]{1,2}'?([0-9]{2})")
#: Sat Aug 03 12:00:00 AST 2013, as Java and Twitter write it.
_JAVA = re.compile(r"(?:[a-z]{3},? )?([a-z]{3}) ([0-9]{1,2}) [0-9:.]{4,12}(?: [a-z0-9:+-]{1,9})? ([0-9]{4})")
#: A number of a spreadsheet; 1900 was no leap year, but is one there.
_SERIAL = re.compile(r"([1-6][0-9]{4}|7[0-2][0-9]{3})(?:[.,][0-9]{1,12})?")
_SERIAL_EPOCH = date(1899, 12, 30)
_SOLAR = re.compile(r"(1[2-4][0-9]{2})(?:[/.-]([0-9]{1,2})(?:[/.-]([0-9]{1,2}))?)?")
#: Two digits up to here are a year of this century.
_PIVOT = 50


def _parts(match: re.Match[str], order: tuple[int, ...]) -> PartialDate | None:
    """Return the date of the groups (year, month, day) of a match, or None if one is 0."""
    numbers = [int(match[group]) if match[group] else None for group in order]
    if 0 in numbers or numbers[0] is None:
        return None
    return partial_date(numbers[0], *numbers[1:])


def _month_number(name: str) -> int:
    """Return the number of a month of the Gregorian calendar, 0 for another name."""
    calendar, number = lexicon.month_names().get((name,), ("", 0))
    return number if calendar == "gregorian" else 0


def parse_serial_day(text: str) -> PartialDate | None:
    """Return the day of a number of a spreadsheet, counted from 1900; only for columns of dates.

    Five digits, with or without a time of day: 1927 to 2099.
    """
    match = _SERIAL.fullmatch(text.strip())
    if match is None:
        return None
    day = _SERIAL_EPOCH + timedelta(days=int(match[1]))
    return partial_date(day.year, day.month, day.day)


def parse_program_date(value: str, *, persian: bool = False) -> PartialDate | None:
    """Return the date of a normalized value in a form that only programs write, or None."""
    if persian and (match := _SOLAR.fullmatch(value)):
        return _solar_date(*(int(part) for part in match.groups() if part))
    return _numeric_date(value) or _named_month_date(value)


def _solar_date(year: int, month: int | None = None, day: int | None = None) -> PartialDate | None:
    found = other_calendars.solar_period(year, month, day)
    return PartialDate(found[0], found[2], None if found[2] == "day" else found[1]) if found else None


def _numeric_date(value: str) -> PartialDate | None:
    """Return the date of digits in the order of ISO 8601, of m/yyyy, and of seconds since 1970."""
    if (match := _ISO.fullmatch(value)) and (found := _parts(match, (1, 2, 3))):
        return found
    if match := _MONTH_YEAR.fullmatch(value):
        return _parts(match, (2, 1))
    if match := _COMPACT.fullmatch(value):
        return _parts(match, (1, 2, 3))
    if _EPOCH.fullmatch(value):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value[:10]))
        return partial_date(moment.year, moment.month, moment.day)
    return None


def _named_month_date(value: str) -> PartialDate | None:
    """Return the date with the name of a month in the forms that only programs write."""
    if (match := _SHORT_YEAR.fullmatch(value)) and (month := _month_number(match[2])):
        year = int(match[3])
        return partial_date(year + (2000 if year < _PIVOT else 1900), month, int(match[1]) or -1)
    if (match := _JAVA.fullmatch(value)) and (month := _month_number(match[1])):
        return partial_date(int(match[3]), month, int(match[2]) or -1)
    return None
