"""Dates in digits, and the same day in two calendars: 15/3/1433 الموافق 7/2/2012."""

from __future__ import annotations

from datetime import timedelta

from arabic.dates import hijri, lexicon
from arabic.dates.absolute import parse_day_month
from arabic.dates.date_text import DateMatch, DateText
from arabic.dates.lexicon import Calendar
from arabic.dates.parts import SEPARATORS, continues_number, parse_day, parse_year_number, resolve_date
from arabic.dates.values import DateKind

_DAY = timedelta(days=1)


def parse_numeric_date(text: DateText, at: int, *, inside: bool = False) -> DateMatch | None:
    """Parse 15/3/2011, 2011-03-18, 15/3/1433; 15/3/11 if the day of publication gives the century.

    `inside`: allow a preceding number with a dash.
    """
    parts = [text.word(at + step) for step in range(3)]
    if (
        not all(part.isdigit() for part in parts)
        or (_is_inside(text, at) and not inside)
        or continues_number(text, at + 3)
    ):
        return None
    gaps = {text.gap(at + 1).strip(), text.gap(at + 2).strip()}
    if len(gaps) != 1 or not gaps <= SEPARATORS or max(map(len, (text.gap(at + 1), text.gap(at + 2)))) > 3:
        return None
    if len(parts[0]) == 4:
        year, month, day = parts
    else:
        day, month, year = parts
    if len(day) > 2 or len(month) > 2:
        return None
    number = int(year) if len(year) == 4 else _short_year(text, year)
    if number is None or not 1 <= int(month) <= 12:
        return None
    marked = text.word(at + 3) in lexicon.HIJRI_MARKS and text.is_near(at + 3)
    lunar = (hijri.FIRST_YEAR if marked else hijri.TABLE_YEAR) <= number <= hijri.LAST_YEAR
    calendar: Calendar = "hijri" if lunar else "gregorian"
    if lunar and text.is_persian:
        calendar = "solar"
    found = resolve_date(calendar, number, int(month), int(day))
    if found is None:
        return None
    marks = lexicon.HIJRI_MARKS if lunar else lexicon.GREGORIAN_MARKS
    end = at + 3 + (text.word(at + 3) in marks and text.is_near(at + 3))
    kind: DateKind = "hijri" if calendar == "hijri" else "absolute"
    return DateMatch(at, end, *found[:3], kind, found[3], hijri=calendar == "hijri")


def _is_inside(text: DateText, at: int) -> bool:
    """Return True if the number continues another one."""
    return text.word(at - 1).isdigit() and continues_number(text, at)


def _short_year(text: DateText, year: str) -> int | None:
    """Return a year of two digits if it is that of the publication or the one before, else None."""
    if len(year) != 2 or text.published is None:
        return None
    number = text.published.year // 100 * 100 + int(year)
    return number if number in (text.published.year, text.published.year - 1) else None


def parse_month_first_date(text: DateText, at: int) -> DateMatch | None:
    """Parse May 24, 2012."""
    month = text.match_name(at, lexicon.month_names())
    day = parse_day(text, at + 1) if month and text.word(at).isascii() else None
    if month is None or day is None or not text.word(at + 1).isdigit():
        return None
    year = parse_year_number(text, day[0], "gregorian") if text.is_near(day[0]) else None
    found = resolve_date("gregorian", year.number, month[1][1], day[1]) if year else None
    return DateMatch(at, year.end, *found[:3], "absolute", found[3]) if year and found else None


def parse_numeric_range(text: DateText, at: int) -> DateMatch | None:
    """Parse 2 إلى 5/11/1436: only the number of the first day is given."""
    day, start = text.number(at), at + 2
    if text.word(at - 1) == lexicon.OF and text.gap(at + 1).strip() in ("-", "–"):
        start = at + 1
    elif text.word(at + 1) not in lexicon.TO or not text.is_near(start):
        return None
    found = parse_numeric_date(text, start, inside=True)
    if found is None or found.precision != "day" or not day:
        return None
    parts = hijri.parts(found.last) if found.hijri else (found.last.year, found.last.month, found.last.day)
    if parts is None or day >= parts[2]:
        return None
    return found.with_changes(start=at, first=found.last - _DAY * (parts[2] - day), kind="range")


# --- two calendars ------------------------------------------------------------------------------------------


def merge_paired_date(text: DateText, found: DateMatch) -> DateMatch:
    """Return the date extended by the same one in the other calendar: 15 ربيع الأول 1433 الموافق 7 شباط.

    If the two disagree by more than a day, the Gregorian date is taken, with a note.
    """
    at, is_paired = found.end, text.word(found.end) in lexicon.CORRESPONDS_TO and text.is_near(found.end)
    if is_paired:
        at += 1
        at += text.word(at) == "ل"
    if found.precision != "day" or found.first != found.last or not text.is_near(at):
        return found
    other = parse_numeric_date(text, at) or parse_day_month(
        text, at, around=found.first if is_paired else None
    )
    if (
        other is None
        or other.hijri == found.hijri
        or other.first != other.last
        or not (is_paired or other.has_year)
    ):
        return found
    plain, lunar = (other, found) if found.hijri else (found, other)
    note = plain.note
    if abs(plain.first - lunar.first) > _DAY:
        note = note or f"hijri:{lunar.first.isoformat()}"
    return plain.with_changes(
        start=found.start, end=other.end, kind="hijri", note=note, hijri=False, confirmed=not note
    )
