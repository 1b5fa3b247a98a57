"""Dates written in Arabic text and in metadata: calendar dates with their precision and evidence.

Absolute dates for now: day, month and year; month and year; a year that is called one (عام 2012). The month
may bear a Levantine, Gregorian, Maghrebi or English name, or two (آب/أغسطس); the day may be an ordinal word.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal

from arabic.gazetteer import read_table
from arabic.letters import fold, fold_with_offsets
from arabic.sentences import sentence_around

Precision = Literal["day", "month", "year"]
#: Years that news can speak of; four digits beyond them are a number.
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year of the Gregorian calendar."""

    first: date  #: the first day of the period
    precision: Precision

    @property
    def last(self) -> date:
        """The last day of the period."""
        if self.precision == "day":
            return self.first
        if self.precision == "month":
            return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])
        return date(self.first.year, 12, 31)

    @property
    def value(self) -> str:
        """YYYY-MM-DD, YYYY-MM or YYYY."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class DateTag:
    """A date that a text names at [start, end), and the sentence that shows it."""

    value: PartialDate
    kind: str  #: "absolute"
    start: int
    end: int
    evidence: str


def partial_date(year: int, month: int | None = None, day: int | None = None) -> PartialDate | None:
    """The date if there is such a day; None for 30 February and for years no paper writes about."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(first, "day" if day else "month" if month else "year")


# --- the parts of a written date, over folded text -------------------------------------------------------

_UNITS = ("", "حادي", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع")
_TENS = {20: ("العشرون", "العشرين"), 30: ("الثلاثون", "الثلاثين")}


def _ordinals() -> dict[str, int]:
    """الأول … الحادي والثلاثين, folded → 1 … 31."""
    found = {"الاول": 1, "الفاتح": 1, "العاشر": 10, "الواحد والعشرين": 21, "الواحد والثلاثين": 31}
    found |= {f"ال{unit}": number for number, unit in enumerate(_UNITS) if number > 1}
    found |= {f"ال{unit} عشر": 10 + number for number, unit in enumerate(_UNITS) if number}
    for ten, names in _TENS.items():
        for name in names:
            found[name] = ten
            found |= {f"ال{unit} و{name}": ten + number for number, unit in enumerate(_UNITS) if number}
    return {fold(words): number for words, number in found.items() if number <= 31}


@cache
def month_names() -> dict[str, int]:
    """Folded name of a month, of any family → 1 … 12."""
    return {fold(row["name"]): int(row["month"]) for row in read_table("months.tsv")}


_ORDINALS = _ordinals()
_WORD_START, _WORD_END = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_NUMBER_START, _NUMBER_END = r"(?<![\d/.-])", r"(?![\d]|[/.-]\d)"


def _any_of(phrases: dict[str, int]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return "(?:" + "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first) + ")"


@cache
def _written() -> re.Pattern[str]:
    """[day] month[/month] year; the day a number or an ordinal word with من."""
    name = _any_of(month_names())
    day = (
        rf"(?:{_NUMBER_START}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\s*[/-]?\s*(?:من\s+)?"
        rf"|{_WORD_START}[وبل]?(?P<ordinal>{_any_of(_ORDINALS)})\s+من\s+)(?:شهر\s+)?"
    )
    month = (
        rf"(?P<month>{name})(?:(?:\s*[/(،-]\s*|\s+)(?P<other>{name})(?:\s*\))?)?{_WORD_END}"
        rf"|\((?P<bracketed>{name})\)"
    )
    year = r"\s*[,،/-]?\s*(?:من\s+)?(?:لل?عام\s+|العام\s+|عام\s+|لسنه\s+|السنه\s+|سنه\s+)?(?P<year>[0-9]{4})"
    return re.compile(rf"(?:{day}|{_WORD_START}[وبلف]?)(?:{month}){year}{_NUMBER_END}")


_NUMERIC = re.compile(
    rf"{_NUMBER_START}(?:(?P<day>[0-9]{{1,2}})\s?(?P<sep>[/.–\\-])\s?(?P<month>[0-9]{{1,2}})\s?(?P=sep)\s?"
    r"(?P<year>[0-9]{4})"
    r"|(?P<year2>[0-9]{4})\s?(?P<sep2>[/.-])\s?(?P<month2>[0-9]{1,2})\s?(?P=sep2)\s?(?P<day2>[0-9]{1,2}))"
    r"(?![\d/]|[.-]\d)"
)
_MONTH_FIRST = re.compile(
    rf"{_WORD_START}(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<year>[0-9]{{4}}){_NUMBER_END}"
)
_FOUR_DIGITS = re.compile("[0-9]{4}")
_YEAR = re.compile(
    rf"{_WORD_START}[وفبلك]?(?:ال|لل)?(?:عام|سنه)\s*\(?(?P<year>[0-9]{{4}})(?!\s?[/-]\s?[0-9]){_NUMBER_END}"
)


#: عامي 2011 و2013: two years, each a date.
_TWO_YEARS = re.compile(
    rf"{_WORD_START}[وفبلك]?(?:عامي|سنتي)\s+(?P<first>[0-9]{{4}})\s+و\s?(?P<second>[0-9]{{4}}){_NUMBER_END}"
)


def _read_written(match: re.Match[str]) -> PartialDate | None:
    months = month_names()
    named = {months[" ".join(name.split())] for name in match.group("month", "other", "bracketed") if name}
    if len(named) != 1:  # "5 أيار/حزيران 2012" names two months
        return None
    day = int(match["day"]) if match["day"] else _ORDINALS.get(" ".join((match["ordinal"] or "").split()))
    if match["day"] and not day:
        return None
    return partial_date(int(match["year"]), named.pop(), day)


def _read_numeric(match: re.Match[str]) -> PartialDate | None:
    year, month, day = (int(match[part] or match[part + "2"]) for part in ("year", "month", "day"))
    return partial_date(year, month, day) if month and day else None


def _read_month_first(match: re.Match[str]) -> PartialDate | None:
    month, day = month_names().get(match["month"]), int(match["day"])
    return partial_date(int(match["year"]), month, day) if month and day else None


def _read_year(match: re.Match[str]) -> PartialDate | None:
    return partial_date(int(match["year"]))


def _readers() -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], PartialDate | None]]]:
    yield _written(), _read_written
    yield _NUMERIC, _read_numeric
    yield _MONTH_FIRST, _read_month_first
    yield _YEAR, _read_year


def find_dates(text: str, published: date | None = None) -> list[DateTag]:
    """The dates that `text` names, in order, none overlapping.

    `published` is the seam for relative dates (أمس الأربعاء), which are not read yet."""
    del published
    found = sorted(_spans(fold(text).replace("_", " ")), key=lambda span: span[0])
    if not found:
        return []
    folded = fold_with_offsets(text)
    tags = []
    for first_folded, last_folded, value in found:
        start, end = folded.span(first_folded, last_folded)
        first, last = sentence_around(text, start, end)
        tags.append(DateTag(value, "absolute", start, end, text[first:last]))
    return tags


def _spans(folded: str) -> Iterator[tuple[int, int, PartialDate]]:
    """Start, end and value of each date, in no order."""
    if not _FOUR_DIGITS.search(folded):
        return
    taken: list[tuple[int, int]] = []
    for pattern, read in _readers():
        for match in pattern.finditer(folded):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())  # an impossible date is no other date either
            if value := read(match):
                yield *match.span(), value
    for match in _TWO_YEARS.finditer(folded):
        for year in ("first", "second"):
            if value := partial_date(int(match[year])):
                yield *match.span(year), value


# --- metadata -----------------------------------------------------------------------------------------------

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2})(?:[t ].*)?)?)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")


def _parts(match: re.Match[str], order: tuple[int, ...]) -> PartialDate | None:
    numbers = [int(match[group]) if match[group] else None for group in order]
    if 0 in numbers or numbers[0] is None:
        return None
    return partial_date(numbers[0], *numbers[1:])


def parse_date(text: str) -> PartialDate | None:
    """The date that a metadata value gives, None if it gives none or an impossible one.

    Read are: YYYY, YYYY-MM, YYYY-MM-DD with or without a time, d/m/yyyy, m/yyyy, YYYYMMDD, seconds or
    milliseconds since 1970 (as UTC), and every written date that `find_dates` knows (the first one)."""
    value = fold(text).strip().removesuffix("م").rstrip()
    if match := _ISO.fullmatch(value):
        return _parts(match, (1, 2, 3))
    if match := _MONTH_YEAR.fullmatch(value):
        return _parts(match, (2, 1))
    if match := _COMPACT.fullmatch(value):
        return _parts(match, (1, 2, 3))
    if _EPOCH.fullmatch(value):
        seconds = int(value[:10])
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        return partial_date(moment.year, moment.month, moment.day)
    found = find_dates(value)
    return found[0].value if found else None
