"""Years, periods with two ends, parts of periods: من 3 إلى 7 آذار, أواخر عام 2012, صيف 2013."""

from __future__ import annotations

from datetime import date, timedelta

from arabic.dates import lexicon
from arabic.dates.absolute import parse_day_month, parse_month_year
from arabic.dates.date_text import DateMatch, DateText
from arabic.dates.numeric import parse_numeric_date
from arabic.dates.parts import (
    ParsedYear,
    nearest_date,
    parse_month,
    parse_rumi_year,
    parse_year_number,
    resolve_date,
)
from arabic.dates.relative import parse_relative_period
from arabic.dates.values import DateKind, last_of_month, shift_months
from arabic.tables.gazetteer import name_key

#: Four digits without the word "year" are a year within this range, otherwise a number.
_BARE_YEARS = range(1900, 2100)
#: Used to find the end of a date whose year follows only the second date of a range.
_ANY_DAY = date(2000, 7, 1)
_DAY = timedelta(days=1)
_LONGEST_MONTH = 31
_AND = "و"


# --- years --------------------------------------------------------------------------------------------------


def parse_whole_year(text: DateText, at: int) -> DateMatch | None:
    """Parse عام 2012, سنة 1433 هـ, عام ألفين واثني عشر."""
    if text.is_near(at + 1) and (fiscal := parse_rumi_year(text, at + 1)):
        found = resolve_date("rumi", fiscal.number)
        return DateMatch(at, fiscal.end, *found[:3], "absolute") if found else None
    year = parse_year_number(text, at + 1) if text.is_near(at + 1) else None
    return _of_year(at, year) if year and not _is_a_season(text, year.end) else None


def _of_year(at: int, year: ParsedYear) -> DateMatch | None:
    """Return the match for a parsed year."""
    found = resolve_date("hijri" if year.hijri else "gregorian", year.number)
    kind: DateKind = "hijri" if year.hijri else "absolute"
    return DateMatch(at, year.end, *found[:3], kind, hijri=year.hijri) if found else None


def _is_a_season(text: DateText, end: int) -> bool:
    """Return True if the year is the first half of 2012/2013."""
    return text.word(end).isdigit() and text.gap(end).strip() in ("/", "-", "\\")


def parse_years(text: DateText, at: int) -> DateMatch | None:
    """Parse عامي 2011 و2013, الأعوام 2011 و2012 و2013: from the first to the last."""
    found = parse_whole_year(text, at)
    while found:
        first = 1 if text.word(found.end) == _AND or text.word(found.end) in lexicon.TO else 0
        nothing = not first and text.gap(found.end).strip() not in ("،", ",")
        year = None if nothing else parse_year_number(text, found.end + first)
        more = _of_year(at, year) if year else None
        if more is None or more.first <= found.first or more.hijri != found.hijri:
            break
        found = more.with_changes(first=found.first, kind="range")
    return found


def parse_bare_year(text: DateText, at: int) -> DateMatch | None:
    """Parse منذ 2011, بين 2011 و2013, 1433هـ: a year without the word "year", unless it counts things."""
    year = parse_year_number(text, at)
    found = _of_year(at, year) if year else None
    if year is None or found is None or (year.hijri and year.end > at + 1):
        return found
    if not text.is_near(at):
        return None
    before = text.word(at - 1)
    if year.number not in _BARE_YEARS or _is_a_season(text, year.end):
        return None
    if before in lexicon.BETWEEN and (other := _second_year(text, found)):
        return other
    return found if before in lexicon.BEFORE_BARE_YEARS and _counts_nothing(text, year.end) else None


def _second_year(text: DateText, found: DateMatch) -> DateMatch | None:
    """Return the period up to the year after و or إلى."""
    if text.word(found.end) != _AND and text.word(found.end) not in lexicon.TO:
        return None
    year = parse_year_number(text, found.end + 1)
    if year is None or year.number not in _BARE_YEARS or not _counts_nothing(text, year.end):
        return None
    other = _of_year(found.start, year)
    return (
        other.with_changes(first=found.first, kind="range") if other and other.first > found.first else None
    )


def _counts_nothing(text: DateText, at: int) -> bool:
    """Return True if the word after a number shows that it does not count things."""
    behind = text.word(at)
    return not behind or not text.is_adjacent(at) or behind in lexicon.AFTER_BARE_YEARS


# --- from one date to another -------------------------------------------------------------------------------


def extend_to_range(text: DateText, found: DateMatch) -> DateMatch:
    """Return the period from `found` to a following date of the same precision; else `found`."""
    start, first = _connector(text, found.start, found.end)
    other = _parse_range_end(text, start, first) if start else None
    if start and other is None and found.precision == "year" and (year := parse_year_number(text, start)):
        other = _of_year(start, year) if _counts_nothing(text, year.end) or first else None
    if other is None or other.precision != found.precision or other.note or found.note:
        return found
    begin = found
    if other.has_year and not found.has_year:
        begin = parse_day_month(text, found.start, around=other.first) or found
    if not begin.first < other.first or begin.kind == "range":
        return found
    return begin.with_changes(end=other.end, last=other.last, kind="range", has_year=other.has_year)


def parse_undated_range(text: DateText, at: int, first: str = "") -> DateMatch | None:
    """Parse a period whose first date has no year: من 3 آذار إلى 7 نيسان 2012, بين آذار وحزيران 2012."""
    begin = parse_day_month(text, at, first, around=_ANY_DAY)
    month = None if begin else parse_month(text, at, first)
    end = begin.end if begin else month.end if month else 0
    start, second = _connector(text, at, end) if end else (0, "")
    other = _parse_range_end(text, start, second) if start else None
    if other is None or not other.has_year or other.precision != ("day" if begin else "month"):
        return None
    if begin:
        found = parse_day_month(text, at, first, around=other.first)
        low = found.first if found else None
    else:
        earlier = nearest_date(month.calendar, month.number, None, other.first, -1) if month else None
        low = earlier[0] if earlier else None
    return other.with_changes(start=at, first=low, kind="range") if low and low < other.first else None


def _connector(text: DateText, start: int, end: int) -> tuple[int, str]:
    """Return (index of the second date, its first word without و); (0, "") if there is none."""
    word = text.word(end)
    if word in lexicon.TO and text.is_near(end):
        end += 1
        end += text.word(end) in lexicon.DAY_OF or text.word(end) in lexicon.MONTH_OF
        return end, ""
    if text.word(start - 1) in lexicon.BETWEEN and word.startswith(_AND) and text.is_near(end):
        return (end + 1, "") if word == _AND else (end, word[1:])
    if text.gap(end).strip() in ("-", "–", "—") and text.is_near(end):
        return end, ""
    return 0, ""


def _parse_range_end(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse the second date of a range."""
    if first in lexicon.YEAR or text.word(at) in lexicon.YEAR:
        return parse_whole_year(text, at)
    return (
        parse_numeric_date(text, at) or parse_day_month(text, at, first) or parse_month_year(text, at, first)
    )


# --- parts of a period --------------------------------------------------------------------------------------


def parse_containing_period(text: DateText, at: int) -> DateMatch | None:
    """Parse a whole month or year, also relative to the publication.

    A month without a year is the one nearest to the publication.
    """
    word = text.word(at)
    if word in lexicon.MONTH_OF and text.is_adjacent(at + 1):
        at, word = at + 1, text.word(at + 1)
    if word in lexicon.YEAR and (found := parse_whole_year(text, at)):
        return found
    if word in lexicon.THIS or word in (lexicon.THE_MONTH, lexicon.THE_DECADE) or word in lexicon.THE_YEAR:
        return parse_relative_period(text, at, word) or _this_one(text, at, word)
    if (year := parse_year_number(text, at)) and (year.hijri or year.number in _BARE_YEARS):
        return _of_year(at, year)
    return parse_month_year(text, at) or _nearest_month(text, at)


def _this_one(text: DateText, at: int, word: str) -> DateMatch | None:
    """Return the year or the month of the publication: مطلع العام."""
    if text.published is None or word not in (*lexicon.THE_YEAR, lexicon.THE_MONTH):
        return None
    month = text.published.month if word == lexicon.THE_MONTH else None
    found = resolve_date("gregorian", text.published.year, month)
    if found is None or (text.is_adjacent(at + 1) and text.word(at + 1).startswith("ال")):
        return None
    return DateMatch(at, at + 1, *found[:3], "relative", has_year=False)


def _nearest_month(text: DateText, at: int) -> DateMatch | None:
    """Return the month nearest to the publication."""
    month = parse_month(text, at) if text.published else None
    if month is None or text.published is None or month.calendar == "solar":
        return None
    found = nearest_date(month.calendar, month.number, None, text.published)
    return DateMatch(at, month.end, *found[:3], "relative", has_year=False) if found else None


def parse_period_part(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse مطلع 2012, أواخر آذار, منتصف العام الماضي: a third of the period."""
    whole = parse_containing_period(text, at + 1) if text.is_adjacent(at + 1) else None
    return _part(whole.with_changes(start=at), *lexicon.PERIOD_PARTS[first], 3) if whole else None


def parse_fraction(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse النصف الأول من عام 2012, الربع الأخير من, الأسبوع الثاني من آذار."""
    number = lexicon.FRACTION_NUMBERS.get(text.word(at + 1))
    of = lexicon.FRACTIONS.get(first, 0)
    if text.word(at + 1) == name_key("الأخير") and of:
        number = of
    if number is None or text.word(at + 2) != lexicon.OF:
        return None
    whole = parse_containing_period(text, at + 3)
    if whole is None:
        return None
    whole = whole.with_changes(start=at)
    if of:
        return _part(whole, number - 1, number, of) if number <= of else None
    if whole.precision != "month":
        return None
    begin = whole.first + timedelta(days=7 * (number - 1))
    return whole.with_changes(first=begin, last=min(begin + timedelta(days=6), whole.last), kind="vague")


def _part(whole: DateMatch, low: int, high: int, of: int) -> DateMatch:
    """Return the part of a period from division `low` up to division `high` (exclusive) of `of` divisions.

    Thirds of a month have ten days; a year is divided at months; of other periods the whole is returned.
    """
    if whole.precision == "month" and (whole.last - whole.first).days < _LONGEST_MONTH:
        size = {2: 15, 3: 10}.get(of, 8)
        first = whole.first + timedelta(days=size * low)
        last = whole.last if high == of else whole.first + timedelta(days=size * high - 1)
    elif whole.precision == "year" and (whole.last - whole.first).days <= 366:
        first = shift_months(whole.first, 12 // of * low) if low else whole.first
        last = whole.last if high == of else shift_months(whole.first, 12 // of * high) - _DAY
    else:
        first, last = whole.first, whole.last
    return whole.with_changes(first=first, last=last, kind="vague")


def parse_season(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse صيف 2012, خريف العام الماضي, الصيف الماضي."""
    low, high = lexicon.SEASONS[first]
    if not text.is_adjacent(at + 1):
        return None
    direction = lexicon.DIRECTIONS.get(text.word(at + 1))
    if direction is None:
        whole = parse_containing_period(text, at + 1)
        if whole is None or whole.precision != "year" or whole.hijri:
            return None
        year, end = whole.first.year, whole.end
    elif text.published is None or not first.startswith("ال"):
        return None
    else:
        year, end = _season_year(text.published, low, high, direction), at + 2
    last = last_of_month(date(year, high, 1))
    return DateMatch(at, end, date(year, low, 1), last, "year", "vague")


def parse_decade(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse ثمانينيات القرن الماضي, التسعينيات من القرن العشرين."""
    begin, end = lexicon.DECADES[first], at + 1
    end += text.word(end) == lexicon.OF and first.startswith("ال")
    of_century = text.word(end) == lexicon.THE_CENTURY and text.word(end + 1) in lexicon.LAST_CENTURY
    if not of_century or not all(map(text.is_adjacent, range(at + 1, end + 2))):
        return None
    return DateMatch(at, end + 2, date(begin, 1, 1), date(begin + 9, 12, 31), "year", "vague")


def _season_year(published: date, low: int, high: int, direction: int) -> int:
    """Return the year of the last season that is over, or of the next that has not begun."""
    if direction == -1:
        return published.year - (published.month <= high)
    return published.year + (direction == 1 and published.month >= low)
