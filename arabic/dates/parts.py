"""Parsers for the parts of a date: day, month and year, and the period that they denote together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from arabic.dates import hijri, lexicon, other_calendars
from arabic.dates.date_text import DateText
from arabic.dates.lexicon import Calendar
from arabic.dates.values import FIRST_YEAR, LAST_YEAR, Precision, partial_date

SEPARATORS = frozenset("/.-–\\")
_DASHES = frozenset("-–—")
_LONGEST_MONTH = 31
_ENGLISH = frozenset({"st", "nd", "rd", "th"})
#: First day, last day, precision, note.
ResolvedPeriod = tuple[date, date, Precision, str]


@dataclass(frozen=True, slots=True)
class ParsedMonth:
    """A named month; `end` is the index of the token after it."""

    end: int
    calendar: Calendar
    number: int


@dataclass(frozen=True, slots=True)
class ParsedYear:
    """A year: `number` in its calendar, or its `direction` (-1, 0, 1) from the year of publication."""

    end: int
    number: int = 0
    hijri: bool = False
    direction: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedDays:
    """The day of a month, or the first and last of several: "from 3 to 7".

    If two days are only listed ("3 and 7"), `listed` is the end of the first, which is then a date by itself.
    """

    end: int
    first: int
    last: int
    listed: int = 0


def parse_month(text: DateText, at: int, first: str = "") -> ParsedMonth | None:
    """Return a month by one name, or by two names of the same month (آب/أغسطس).

    Returns None if the two names are of different months.
    """
    found = text.match_name(at, lexicon.month_names(), first)
    if found is None:
        return None
    end, (calendar, number) = found
    if text.is_near(end) and (other := text.match_name(end, lexicon.month_names())):
        if other[1] == (calendar, number):
            return ParsedMonth(other[0], calendar, number)
        if set("/(") & set(text.gap(end)):
            return None
    return ParsedMonth(end, calendar, number)


def parse_year(text: DateText, at: int, calendar: Calendar | None = None) -> ParsedYear | None:
    """Return the year at `at`, also after من and عام; only a year of `calendar` if that is given."""
    if not text.is_near(at):
        return None
    if text.word(at) == lexicon.OF and text.is_near(at + 1):
        at += 1
    called = text.word(at) in lexicon.YEAR
    if called or text.word(at) in lexicon.THIS:
        behind = text.word(at + 1)
        if text.word(at) in lexicon.THIS and behind in lexicon.THE_YEAR:
            return ParsedYear(at + 2, direction=0)
        if called and behind in lexicon.DIRECTIONS and text.is_adjacent(at + 1):
            return ParsedYear(at + 2, direction=lexicon.DIRECTIONS[behind])
        if not called or not text.is_near(at + 1):
            return None
        at += 1
    return parse_year_number(text, at, calendar)


def parse_year_number(text: DateText, at: int, calendar: Calendar | None = None) -> ParsedYear | None:
    """Return a year of four digits, with its era (هـ, م), or in words."""
    word = text.word(at)
    if not word.isdigit():
        return _spelt_year(text, at, calendar)
    if len(word) != 4 or continues_number(text, at + 1):
        return None
    number, end = int(word), at + 1
    mark = text.word(end) if text.is_near(end) else ""
    if calendar == "solar":
        end += mark in lexicon.HIJRI_MARKS
        end += text.word(end) in lexicon.SOLAR_MARKS and text.is_near(end)
        return ParsedYear(end, number) if number in other_calendars.SOLAR_YEARS else None
    marked = mark in lexicon.HIJRI_MARKS
    plain = hijri.TABLE_YEAR <= number <= hijri.LAST_PLAIN_YEAR and mark not in lexicon.GREGORIAN_MARKS
    lunar = marked or calendar == "hijri" or plain
    if hijri.FIRST_YEAR <= number <= hijri.LAST_YEAR and calendar != "gregorian" and lunar:
        return ParsedYear(end + marked, number, hijri=True)
    if not FIRST_YEAR <= number <= LAST_YEAR or calendar == "hijri":
        return None
    return ParsedYear(end + (mark in lexicon.GREGORIAN_MARKS), number)


def _spelt_year(text: DateText, at: int, calendar: Calendar | None) -> ParsedYear | None:
    """Return a year in words: ألفين واثني عشر; ألف وأربعمئة وثلاثة وثلاثين للهجرة.

    A Hijri year needs its era or a month of that calendar before it.
    """
    spelt = lexicon.parse_year_words(text.words[at : at + 8])
    if spelt is None:
        return None
    end, number = at + spelt[0], spelt[1]
    marked = text.is_near(end) and text.word(end) in lexicon.HIJRI_MARKS
    if hijri.FIRST_YEAR <= number <= hijri.LAST_YEAR and calendar != "gregorian" and (marked or calendar):
        return ParsedYear(end + marked, number, hijri=True)
    return ParsedYear(end, number) if calendar != "hijri" else None


def continues_number(text: DateText, at: int) -> bool:
    """Return True if the number before `at` is part of a longer one: 2012/13, 0111/2/2012/55."""
    return text.word(at).isdigit() and len(text.gap(at)) <= 2 and text.gap(at).strip() in SEPARATORS


_PERIODS: dict[Calendar, Callable[[int, int | None, int | None], tuple[date, date, Precision] | None]] = {
    "hijri": hijri.period,
    "solar": other_calendars.solar_period,
    "rumi": other_calendars.rumi_period,
}


def parse_rumi_year(text: DateText, at: int) -> ParsedYear | None:
    """Return a year of the Ottoman fiscal calendar, which the word مالي before or after it names."""
    called = text.word(at) in lexicon.RUMI_MARKS
    at += called
    at += text.word(at) in lexicon.YEAR
    word = text.word(at)
    if not (
        word.isdigit() and len(word) == 4 and int(word) in other_calendars.RUMI_YEARS and text.is_near(at)
    ):
        return None
    behind = text.word(at + 1) in lexicon.RUMI_MARKS and text.is_near(at + 1)
    return ParsedYear(at + 1 + behind, int(word)) if called or behind else None


def parse_year_behind(text: DateText, month: ParsedMonth) -> tuple[ParsedMonth, ParsedYear | None]:
    """Return a month with the calendar that its year gives it, and the year, or None if there is none."""
    if month.calendar == "gregorian" and (fiscal := parse_rumi_year(text, month.end)):
        return ParsedMonth(month.end, "rumi", month.number), fiscal
    return month, parse_year(text, month.end, month.calendar)


def resolve_date(
    calendar: Calendar, year: int, month: int | None = None, day: int | None = None
) -> ResolvedPeriod | None:
    """Return first day, last day, precision and note of a date; None if there is no such date.

    A day beyond the end of its month gives the whole month and a note; a day that no month has gives None.
    """
    if day is not None and not 1 <= day <= _LONGEST_MONTH:
        return None
    if calendar != "gregorian":
        found = _PERIODS[calendar](year, month, day)
        return (*found, "") if found else None
    value = partial_date(year, month, day)
    if value:
        return value.first, value.last, value.precision, ""
    whole = partial_date(year, month)
    return (whole.first, whole.last, "month", f"no-such-day:{day}") if whole and day else None


def nearest_date(
    calendar: Calendar, month: int, day: int | None, around: date, direction: int | None = None
) -> ResolvedPeriod | None:
    """Return the period of a month, or of a day in it, in the year nearest to `around`.

    With a direction, return the last one before `around` (-1) or the next one after it (1).
    """
    lunar = hijri.parts(around)
    if calendar == "hijri" and lunar is None:
        return None
    year = lunar[0] if calendar == "hijri" and lunar else around.year
    tries = [resolve_date(calendar, near, month, day) for near in (year - 1, year, year + 1)]
    found = [each for each in tries if each]
    if direction == -1:
        found = [each for each in found if each[1] < around][-1:]
    elif direction == 1:
        found = [each for each in found if each[0] > around][:1]
    return min(found, key=lambda each: abs(_middle(each) - around), default=None)


def _middle(each: ResolvedPeriod) -> date:
    """Return the middle of a period."""
    return each[0] + (each[1] - each[0]) / 2


def parse_day(text: DateText, at: int, first: str = "") -> tuple[int, int] | None:
    """Return (end, day) of a day in digits or words."""
    number = text.number(at)
    if number is not None:
        end = at + 1
        return end + (text.word(end) in _ENGLISH and not text.gap(end)), number
    return text.match_name(at, lexicon.ORDINALS, first)


def _day_digits(text: DateText, at: int) -> tuple[int, int] | None:
    """Return (end, day) of a day in digits."""
    return parse_day(text, at) if text.word(at).isdigit() else None


def parse_days(text: DateText, at: int, first: str = "") -> ParsedDays | None:
    """Return one day, or the first and last of several: 3-5, 3 إلى 5, 3 و5."""
    one = parse_day(text, at, first)
    if one is None:
        return None
    end, day = one
    word, other, listed = text.word(end), None, 0
    if word.isdigit() and text.gap(end).strip() in _DASHES and text.gap(end).strip():
        other = parse_day(text, end)
    elif word in lexicon.TO and text.is_adjacent(end):
        start = end + 1 + (text.word(end + 1) in lexicon.DAY_OF)
        other = parse_day(text, start)
    elif word == "و" and text.word(end + 1).isdigit():
        other, listed = parse_day(text, end + 1), end
        while other and text.word(other[0]) == "و" and (more := _day_digits(text, other[0] + 1)):
            other = more
    elif word.startswith("وال"):
        other, listed = text.match_name(end, lexicon.ORDINALS, word[1:]), end
    if text.word(at - 1) in lexicon.BETWEEN:
        listed = 0
    if other and day < other[1]:
        return ParsedDays(other[0], day, other[1], listed)
    return ParsedDays(end, day, day)
