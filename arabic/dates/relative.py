"""Dates relative to the day of publication: أمس الأربعاء, الجمعة الماضي, قبل يومين, العام الماضي."""

from __future__ import annotations

from datetime import date, timedelta

from arabic.dates import lexicon
from arabic.dates.absolute import parse_day_month
from arabic.dates.date_text import DateMatch, DateText
from arabic.dates.numeric import merge_paired_date, parse_numeric_date
from arabic.dates.parts import parse_month
from arabic.dates.values import PartialDate, Precision, partial_date, shift_months
from arabic.tables.gazetteer import name_key

_WEEK = 7
#: Python's number of the first day of the week in the Arab press.
_SATURDAY = 5
#: A larger number is an age (of a temple, for instance), not a date.
_MOST_AGO = 99
_OPENING, _CLOSING = frozenset("«\"(“'"), frozenset("»\")”'")
_BEFORE_LAST = frozenset(map(name_key, ("الأول", "الأولى")))
_NO_DAY_BEFORE = frozenset(
    map(name_key, ("صلاة", "خطبة", "خطب", "إمام", "خطيب", "كل", "بين", "كلا", "أيام", "هذين", "أحد"))
)
#: "The two together", "the twenty-two".
_TWO_BEHIND = frozenset(map(name_key, ("معا", "والعشرين", "والعشرون", "والثلاثين", "والثلاثون")))


def parse_absolute_date(text: DateText, at: int) -> DateMatch | None:
    """Parse a date in digits, or of day and month."""
    return parse_numeric_date(text, at) or parse_day_month(text, at)


# --- days of the week ---------------------------------------------------------------------------------------


def parse_weekday(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse a day of the week.

    It is that of the following date, or in last or next week, else the last one up to the publication.
    """
    day = lexicon.WEEKDAYS[first]
    direction, end = parse_direction(text, at + 1)
    if text.word(at + 1).removeprefix("و") in lexicon.WEEKDAYS and text.is_adjacent(at + 1):
        # Two days of the week with one direction for both.
        direction = lexicon.DIRECTIONS.get(text.word(at + 2)) if text.is_adjacent(at + 2) else None
    if found := _date_behind(text, end):
        return _check_weekday(found.with_changes(start=at), day)
    published = text.published
    before = text.word(at - 1) if text.is_adjacent(at) else ""
    if (
        published is None
        or before in _NO_DAY_BEFORE
        or text.word(at + 1) in _TWO_BEHIND | lexicon.WEEKDAY_EPITHETS
    ):
        return None
    if direction is None and before in lexicon.GIVEN_NAMES:
        return None
    since = (published.weekday() - day) % _WEEK
    if direction in (-1, -2):
        since = (since or _WEEK) - _WEEK * (direction + 1)
    elif direction == 1:
        since -= _WEEK
    when = published - timedelta(days=since)
    return DateMatch(at, end, when, when, "day", "relative", has_year=False)


def parse_direction(text: DateText, at: int) -> tuple[int | None, int]:
    """Return (direction, end): -2 the one before the last, -1 the last, 0 this, 1 the next, or None."""
    if not text.is_adjacent(at):
        return None, at
    direction = lexicon.DIRECTIONS.get(text.word(at))
    if direction is not None:
        return direction, at + 1
    before = text.word(at) == lexicon.BEFORE_LAST and text.is_adjacent(at + 1)
    if before and lexicon.DIRECTIONS.get(text.word(at + 1)) == -1:
        return -2, at + 2
    return None, at


def _date_behind(text: DateText, at: int) -> DateMatch | None:
    """Parse the date that follows a day of the week or "yesterday"."""
    if not text.is_near(at):
        return None
    start = at
    if text.word(at) in lexicon.CORRESPONDS_TO:
        start += 1 + (text.word(at + 1) in lexicon.FALLS_ON)
        start += start == at + 2 and text.word(start) in lexicon.FALLS_ON
    elif text.word(at) == lexicon.DATED:
        start += 1
    found = parse_absolute_date(text, start) if text.is_near(start) else None
    return merge_paired_date(text, found) if found else None


def _check_weekday(found: DateMatch, day: int) -> DateMatch:
    """Return the date, with a note if it is on another day of the week.

    If the date has no year, the year before or after may fit instead of the nearest.
    """
    if found.precision != "day" or found.first != found.last or found.note:
        return found
    if found.first.weekday() == day:
        return found.with_changes(confirmed=True)
    if not found.has_year and not found.hijri:
        for years in (-1, 1):
            other = partial_date(found.first.year + years, found.first.month, found.first.day)
            if other and other.first.weekday() == day:
                return found.with_changes(first=other.first, last=other.first)
    return found.with_changes(note=f"weekday:{lexicon.WEEKDAY_NAMES[found.first.weekday()]}")


# --- today and its neighbours -------------------------------------------------------------------------------


def parse_near_today(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse اليوم, أمس, غدا, أول (من) أمس, أمس الأول, with a day of the week or a date after it."""
    days, end = _day_offset(text, at, first)
    if days is None or text.published is None:
        return None
    when = text.published + timedelta(days=days)
    found = DateMatch(at, end, when, when, "day", "relative", has_year=False)
    if text.is_near(end) and (day := lexicon.WEEKDAYS.get(text.word(end))) is not None:
        if when.weekday() != day:
            found = _correct_by_weekday(found, day, text.published)
        end += 1
    behind = _date_behind(text, end)
    if behind is None:
        return found.with_changes(end=end)
    if behind.first != when and not behind.note:
        behind = behind.with_changes(note=f"published:{when.isoformat()}")
    return behind.with_changes(start=at)


def _correct_by_weekday(found: DateMatch, day: int, published: date) -> DateMatch:
    """Return the date that the day of the week indicates, with a note.

    The day of the week is right more often than the day of publication, to which a site or scraper may have
    given a later date: the last such day up to then (for "tomorrow" the first one after it).
    """
    note = f"weekday:{lexicon.WEEKDAY_NAMES[found.first.weekday()]}"
    days = (published.weekday() - day) % _WEEK
    when = published - timedelta(days=days if found.first <= published else days - _WEEK)
    return found.with_changes(first=when, last=when, note=note)


def _day_offset(text: DateText, at: int, first: str) -> tuple[int | None, int]:
    """Return (days from the publication, end); None if the words mean something else."""
    end = at + 1
    if first == lexicon.FIRST:
        end += text.word(end) == lexicon.OF
        return (-2, end + 1) if text.word(end) in lexicon.YESTERDAY and text.is_adjacent(end) else (None, end)
    if first in lexicon.YESTERDAY:
        ordinal = text.word(end) in _BEFORE_LAST and text.is_adjacent(end)
        return (-2, end + 1) if ordinal else (-1, end)
    if first == lexicon.AFTER:
        return (2, end + 1) if text.word(end) in lexicon.TOMORROW and text.is_adjacent(end) else (None, end)
    if first in lexicon.TOMORROW:
        sure = (
            first == name_key("غدا")
            or text.word(at - 1) in lexicon.DAY_OF | lexicon.DAY_PARTS
            or text.word(end) in lexicon.WEEKDAYS
        )
        return (1, end) if sure else (None, end)
    return (0, end) if _means_today(text, at) else (None, end)


def _means_today(text: DateText, at: int) -> bool:
    """Return True if اليوم is "today", not a newspaper, "nowadays" or a day with a name."""
    before, behind = text.word(at - 1), text.word(at + 1)
    if text.gap(at)[-1:] in _OPENING and text.gap(at + 1)[:1] in _CLOSING:  # a newspaper
        return False
    if text.is_near(at + 1) and behind in lexicon.WEEKDAYS:
        return True
    # After "and" it is more often "nowadays".
    if text.word(at) != lexicon.TODAY or (text.is_adjacent(at) and before in lexicon.NOT_TODAY_BEFORE):
        return False
    # A definite word after it specifies the day: "the first day", "the national day", "the day on which".
    return not (text.is_adjacent(at + 1) and behind.startswith("ال"))


# --- periods before the publication -------------------------------------------------------------------------


def parse_ago(text: DateText, at: int) -> DateMatch | None:
    """Parse قبل يومين, منذ ثلاثة أيام, قبل 5 سنوات; not "two days before the vote"."""
    about = text.is_adjacent(at + 1) and text.word(at + 1) in lexicon.ABOUT
    end, count = at + 1 + about, 0
    if not text.is_adjacent(end):
        return None
    if text.word(end).isdigit():
        end, count = end + 1, int(text.word(end)[:4])
    elif text.word(end) not in lexicon.UNITS_AGO and (
        spelt := lexicon.parse_number_words(text.words[end : end + 4])
    ):
        end, count = end + spelt[0], spelt[1]
    unit = lexicon.UNITS_AGO.get(text.word(end)) if text.is_adjacent(end) else None
    if unit is None or text.published is None or count > _MOST_AGO:
        return None
    name, times = unit
    unit_word, end = text.word(end), end + 1
    from_something_else = text.is_adjacent(end) and text.word(end) in lexicon.OF_SOMETHING
    if (
        from_something_else
        and text.word(end) == lexicon.OF
        and text.word(end + 1) in lexicon.NOW
        and text.is_adjacent(end + 1)
    ):
        from_something_else, end = False, end + 2
    if name == "month" and not count and parse_month(text, end):  # since the month of June
        return None
    if (
        from_something_else
        or (not count and unit_word in lexicon.NUMBER_REQUIRED)
        or text.word(end).isdigit()
    ):
        return None
    found = _subtract_units(text.published, "about" if about and name == "day" else name, count or times)
    return DateMatch(at, end, *found, "relative", has_year=False) if found else None


def _subtract_units(day: date, unit: str, count: int) -> tuple[date, date, Precision] | None:
    """Return the period that is `count` units before a day, or None if it is out of range."""
    if unit == "day":
        when = day - timedelta(days=count)
        return when, when, "day"
    if unit in ("week", "about"):
        when = day - timedelta(days=(_WEEK if unit == "week" else 1) * count)
        return when - timedelta(days=3), when + timedelta(days=3), "month"
    if unit == "month":
        return _bounds(PartialDate(shift_months(day, -count), "month"))
    year = partial_date(day.year - count)
    return _bounds(year) if year else None


def _bounds(value: PartialDate) -> tuple[date, date, Precision]:
    """Return first day, last day and precision."""
    return value.first, value.last, value.precision


def parse_last_units(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse الأيام الثلاثة الماضية, الأسبوعين الماضيين, السنوات الخمس الأخيرة: up to the publication."""
    unit, count = lexicon.LAST_UNITS[first]
    end = at + 1
    if not count and text.is_adjacent(end):
        if text.word(end).isdigit():
            spelt: tuple[int, int] | None = (1, int(text.word(end)[:4]))
        else:
            spelt = lexicon.parse_number_words([text.word(end).removeprefix("ال")])
        if spelt is None:
            return None
        end, count = end + 1, spelt[1]
    behind, dual = text.word(end), bool(lexicon.LAST_UNITS[first][1])
    lately = (
        behind in lexicon.LAST_DIRECTIONS and text.word(end + 1) != lexicon.OF
    )  # "the last six months of his contract"
    lately = lately or lexicon.DIRECTIONS.get(behind) == -1
    if dual and not behind.endswith(("ين", "ان")):  # العامين الماضي والجاري
        return None
    if text.published is None or not text.is_adjacent(end) or not lately or not 1 < count <= _MOST_AGO:
        return None
    published = text.published
    if unit in ("day", "week"):
        start = published - timedelta(days=count * (1 if unit == "day" else _WEEK))
        return DateMatch(at, end + 1, start, published, "day", "range", has_year=False)
    if unit == "month":
        return DateMatch(
            at, end + 1, shift_months(published, -count), published, "month", "range", has_year=False
        )
    return DateMatch(
        at, end + 1, date(published.year - count, 1, 1), published, "year", "range", has_year=False
    )


def parse_last_night(text: DateText, at: int, _first: str) -> DateMatch | None:
    """Parse الليلة الماضية: the night that began the day before."""
    if (
        text.published is None
        or not text.is_adjacent(at + 1)
        or lexicon.DIRECTIONS.get(text.word(at + 1)) != -1
    ):
        return None
    when = text.published - timedelta(days=1)
    return DateMatch(at, at + 2, when, when, "day", "relative", has_year=False)


# --- last week, next month, this year -----------------------------------------------------------------------


def parse_relative_period(text: DateText, at: int, first: str) -> DateMatch | None:
    """Parse الأسبوع الماضي, الشهر الجاري, العام المقبل, العقد الماضي; هذا العام (`at` is then هذا)."""
    if first in lexicon.THIS:
        called, direction, end = text.word(at + 1), 0, at + 2
        if not text.is_adjacent(at + 1):
            return None
    else:
        towards, end = parse_direction(text, at + 1)
        if towards is None:
            return None
        called, direction = first, towards
    found = _period(text.published, called, direction) if text.published else None
    return DateMatch(at, end, *found, "relative", has_year=False) if found else None


def _period(published: date, called: str, direction: int) -> tuple[date, date, Precision] | None:
    """Return the week, month, year or decade in a direction from the publication."""
    if called == lexicon.THE_WEEK:
        first = published - timedelta(days=(published.weekday() - _SATURDAY) % _WEEK - _WEEK * direction)
        return first, first + timedelta(days=_WEEK - 1), "month"
    if called == lexicon.THE_MONTH:
        return _bounds(PartialDate(shift_months(published, direction), "month"))
    if called in lexicon.THE_YEAR:
        year = partial_date(published.year + direction)
        return _bounds(year) if year else None
    if called == lexicon.THE_DECADE:
        decade = published.year // 10 * 10 + 10 * direction
        return date(decade, 1, 1), date(decade + 9, 12, 31), "year"
    return None
