"""What a date is: a period of the Gregorian calendar with its precision, and its place in a text."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "year"]
DateKind = Literal["absolute", "relative", "hijri", "range", "vague"]
#: Years that news can speak of; four digits beyond them are a number.
FIRST_YEAR, LAST_YEAR = 1800, 2199
ISO_LENGTHS: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}


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
        return last_of_month(self.first) if self.precision == "month" else date(self.first.year, 12, 31)

    @property
    def value(self) -> str:
        """YYYY-MM-DD, YYYY-MM or YYYY."""
        return self.first.isoformat()[: ISO_LENGTHS[self.precision]]

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class DateTag:
    """A date that a text names at [start, end), and the sentence that shows it.

    It lies in [first, last]; `precision` says what of that is certain: "in late March 2012" is 21 to 31
    March, and a month; "from 3 to 7 March" is these days."""

    first: date
    last: date
    precision: Precision
    kind: DateKind
    start: int
    end: int
    evidence: str
    #: What does not fit, as `code:detail`; "" = nothing. `weekday:…` gives the day's real one, `hijri:…` the
    #: Gregorian date of the Hijri one beside it, `no-such-day:…` the day that the month does not have,
    #: `published:…` what "yesterday" before the date would be.
    note: str = ""
    #: Whether a second statement beside it, the day of the week or the other calendar, agrees.
    confirmed: bool = False

    @property
    def value(self) -> PartialDate:
        """The date, or of a longer period its beginning, no preciser than it is known."""
        first = self.first
        if self.precision != "day":
            first = first.replace(day=1) if self.precision == "month" else date(first.year, 1, 1)
        return PartialDate(first, self.precision)

    @property
    def values(self) -> tuple[str, ...]:
        """YYYY, YYYY-MM or YYYY-MM-DD: one, or the first and the last of a period."""
        length = ISO_LENGTHS[self.precision]
        return tuple(dict.fromkeys(day.isoformat()[:length] for day in (self.first, self.last)))


def partial_date(year: int, month: int | None = None, day: int | None = None) -> PartialDate | None:
    """The date if there is such a day; None for 30 February and for years no paper writes about."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(first, "day" if day else "month" if month else "year")


def last_of_month(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shift_months(day: date, months: int) -> date:
    """The first of the month that lies so many months behind (or before) that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
