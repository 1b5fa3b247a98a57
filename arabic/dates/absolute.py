"""Dates with a named month: a day and a month with or without a year, a month and a year."""

from __future__ import annotations

from datetime import date

from arabic.dates import lexicon
from arabic.dates.date_text import DateMatch, DateText
from arabic.dates.parts import (
    ParsedDays,
    ParsedMonth,
    nearest_date,
    parse_day,
    parse_days,
    parse_month,
    parse_year_behind,
    resolve_date,
)
from arabic.dates.values import DateKind, partial_date


def parse_day_month(text: DateText, at: int, first: str = "", around: date | None = None) -> DateMatch | None:
    """Parse [from] day [to day] month [year].

    Without a year it is the date nearest to `around`, or to the day of publication.
    """
    for days in _day_choices(text, at, first):
        end = days.end
        if text.word(end) == lexicon.OF and text.is_adjacent(end):
            end += 1
        if text.word(end) in lexicon.MONTH_OF and text.is_adjacent(end):
            end += 1
        if not text.is_near(end):
            continue
        if month := parse_month(text, end):
            return _with_year(text, at, days, month, around)
        if found := _of_this_month(text, at, days, end):
            return found
    return None


def _day_choices(text: DateText, at: int, first: str) -> list[ParsedDays]:
    """Return several days and, in case no month follows them, the first day alone."""
    days, one = parse_days(text, at, first), parse_day(text, at, first)
    if days is None or one is None:
        return []
    return [days] if days.end == one[0] else [days, ParsedDays(one[0], one[1], one[1])]


def _with_year(
    text: DateText, at: int, days: ParsedDays, month: ParsedMonth, around: date | None
) -> DateMatch | None:
    """Return the date of the days and month in the year that follows them, or else in the nearest year."""
    month, year = parse_year_behind(text, month)
    direction = None
    end, number = month.end, 0
    if year and year.direction is None:
        end, number = year.end, year.number
    elif year and text.published:
        end, number = year.end, text.published.year + (year.direction or 0)
    elif text.word(month.end) in lexicon.DIRECTIONS and text.is_adjacent(month.end):
        end, direction = month.end + 1, lexicon.DIRECTIONS[text.word(month.end)]
    anchor = around or text.published
    if _is_of_the_same_year(text, month.end) or (month.calendar == "solar" and year is None):
        return None
    if not number and (anchor is None or is_named_after_date(text, at) or _is_a_score(text, days, month)):
        return None
    if not (number or around) and direction is None and _are_the_attacks(days, month):
        return None
    ends = []
    for day in (days.first, days.last):
        if number:
            ends.append(resolve_date(month.calendar, number, month.number, day))
        elif anchor:
            ends.append(nearest_date(month.calendar, month.number, day, anchor, direction))
    low, high = ends
    if low is None or high is None:
        return None
    if days.listed:
        end = days.listed
    elif days.first != days.last and low[0] <= high[1] and not (low[3] or high[3]):
        return DateMatch(
            at, end, low[0], high[1], "day", "range", hijri=month.calendar == "hijri", has_year=bool(number)
        )
    written = bool(year and year.direction is None)
    kind: DateKind = "hijri" if month.calendar == "hijri" else "absolute" if written else "relative"
    return DateMatch(
        at, end, low[0], low[1], low[2], kind, low[3], hijri=kind == "hijri", has_year=bool(number)
    )  # fmt: skip


def _of_this_month(text: DateText, at: int, days: ParsedDays, end: int) -> DateMatch | None:
    """Return the date for 15 الجاري, 15 من الشهر الماضي."""
    called = text.word(end) == lexicon.THE_MONTH
    direction = lexicon.DIRECTIONS.get(text.word(end + called))
    if text.published is None or direction is None or not (called or direction == 0):
        return None
    if not text.is_adjacent(end) or (called and not text.is_adjacent(end + 1)):
        return None
    month = text.published.month - 1 + direction
    year, month = text.published.year + month // 12, month % 12 + 1
    low, high = partial_date(year, month, days.first), partial_date(year, month, days.last)
    if not (low and high and days.first and days.last):
        return None
    kind: DateKind = "relative" if low == high else "range"
    return DateMatch(at, end + called + 1, low.first, high.last, "day", kind)


def _is_a_score(text: DateText, days: ParsedDays, month: ParsedMonth) -> bool:
    """Return True for 4-صفر, a score of four to nil, not the month صفر."""
    return text.word(month.end - 1) == lexicon.NIL and month.end == days.end + 1


def _are_the_attacks(days: ParsedDays, month: ParsedMonth) -> bool:
    """Return True for 11 September, which without a year means the attacks of 2001."""
    return (month.number, days.first) == lexicon.SEPTEMBER_11 and month.calendar == "gregorian"


def _is_of_the_same_year(text: DateText, at: int) -> bool:
    """Return True if من العام نفسه follows: a year that another sentence names."""
    at += text.word(at) == lexicon.OF
    return text.word(at) in lexicon.YEAR and text.word(at + 1) in lexicon.SAME_YEAR


def is_named_after_date(text: DateText, at: int) -> bool:
    """Return True if the word before a day without a year is named after the date: شارع 17 نيسان."""
    before = text.word(at - 1)
    return text.is_near(at) and (
        before in lexicon.NAMED_BY_DATES or before.removeprefix("و") in lexicon.NAMED_BY_DATES
    )


def parse_month_year(text: DateText, at: int, first: str = "") -> DateMatch | None:
    """Parse a month and a year, or the last or next month with that name."""
    named = parse_month(text, at, first)
    if named is None:
        return None
    month, year = parse_year_behind(text, named)
    lunar = month.calendar == "hijri"
    if year and year.direction is None:
        found = resolve_date(month.calendar, year.number, month.number)
        return (
            DateMatch(at, year.end, *found[:3], "hijri" if lunar else "absolute", hijri=lunar)
            if found
            else None
        )
    if text.published is None or month.calendar == "solar":
        return None
    if year:
        number = text.published.year + (year.direction or 0)
        found = resolve_date("gregorian", number, month.number) if not lunar else None
        return DateMatch(at, year.end, *found[:3], "relative") if found else None
    direction = lexicon.DIRECTIONS.get(text.word(month.end)) if text.is_adjacent(month.end) else None
    if direction is None:
        return None
    found = nearest_date(month.calendar, month.number, None, text.published, direction)
    return DateMatch(at, month.end + 1, *found[:3], "relative", hijri=lunar) if found else None
