"""Date values: a period of the Gregorian calendar with its precision, and its position in a text."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "month", "year"]
DateKind = Literal["absolute", "relative", "hijri", "range", "vague"]
#: Years that news can refer to; four digits beyond them are a number.
FIRST_YEAR, LAST_YEAR = 1800, 2199
ISO_LENGTHS: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year; of another calendar if `until` is given."""

    first: date  #: the first day of the period
    precision: Precision
    #: The last day of a month or year of another calendar, which lies in two Gregorian ones.
    until: date | None = None

    @property
    def last(self) -> date:
        """Return the last day of the period."""
        if self.until:
            return self.until
        if self.precision == "day":
            return self.first
        return last_of_month(self.first) if self.precision == "month" else date(self.first.year, 12, 31)

    @property
    def value(self) -> str:
        """Return the date as YYYY-MM-DD, YYYY-MM or YYYY."""
        return self.first.isoformat()[: ISO_LENGTHS[self.precision]]

    @property
    def covering(self) -> PartialDate | None:
        """Return the smallest Gregorian day, month or year that holds the period, None if two years do."""
        if self.until is None:
            return self
        if self.first.year != self.until.year:
            return None
        same = self.first.month == self.until.month
        return PartialDate(
            self.first.replace(day=1, month=self.first.month if same else 1), "month" if same else "year"
        )

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class DateTag:
    """A date named at [start, end) of a text, with the sentence as evidence.

    The date is in [first, last]; `precision` is the smallest unit that is certain: "in late March 2012" is
    21 to 31 March, with precision "month"; "from 3 to 7 March" has precision "day".
    """

    first: date
    last: date
    precision: Precision
    kind: DateKind
    start: int
    end: int
    evidence: str
    #: A contradiction as `code:detail`, "" if there is none. `weekday:…` has the day's actual day of the
    #: week, `hijri:…` the Gregorian date of the Hijri date next to it, `no-such-day:…` the day that the month
    #: does not have, `published:…` what "yesterday" before the date would be.
    note: str = ""
    #: Whether an adjacent second statement, the day of the week or the other calendar, agrees.
    confirmed: bool = False

    @property
    def value(self) -> PartialDate:
        """Return the date, or the beginning of a longer period, with the precision that is known."""
        first = self.first
        if self.precision != "day" and self._is_of_another_calendar():
            return PartialDate(first, self.precision, self.last)
        if self.precision != "day":
            first = first.replace(day=1) if self.precision == "month" else date(first.year, 1, 1)
        return PartialDate(first, self.precision)

    def _is_of_another_calendar(self) -> bool:
        """Return True for a month or year that begins or ends within a Gregorian one."""
        if self.kind in {"vague", "range"}:
            return False
        ends = self.last + timedelta(days=1)
        month, year = (self.first.day, ends.day) == (1, 1), self.first.month == ends.month == 1
        return not (month and (year or self.precision == "month"))

    @property
    def values(self) -> tuple[str, ...]:
        """Return YYYY, YYYY-MM or YYYY-MM-DD: one value, or the first and the last of a period."""
        length = ISO_LENGTHS[self.precision]
        return tuple(dict.fromkeys(day.isoformat()[:length] for day in (self.first, self.last)))


def partial_date(year: int, month: int | None = None, day: int | None = None) -> PartialDate | None:
    """Return the date; None for a day that does not exist and for years outside the range of news."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(first, "day" if day else "month" if month else "year")


def last_of_month(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shift_months(day: date, months: int) -> date:
    """Return the first day of the month that is `months` after (or before) that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
