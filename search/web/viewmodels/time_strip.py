"""The strip of bars above a list: how many of its articles are of each day, week, month or year.

Behind the bars runs a line of the whole archive. The unit is chosen so that at most MAX_BARS bars show. A
chosen period that is long enough for finer bars fills the strip; otherwise its bars are inked.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from django.utils.translation import get_language, gettext_lazy

from search.query.request import UNDATED, SearchRequest, date_bounds
from search.results import DateCounts
from search.web.viewmodels.labels import date_label
from search.web.viewmodels.result_list import list_urls, search_url, toggle_date

Unit = Literal["day", "week", "month", "quarter", "year", "decade"]

WIDTH, HEIGHT = 720, 72
#: Below so many periods a line between their middles shows nothing.
LINE_PERIODS = 6
MAX_BARS = 60
#: A coarser unit is taken only if it leaves at least so many bars; weeks and quarters serve the rest.
MIN_BARS = 12
#: Years at either end that have no more than this share of the articles, with so many empty years before the
#: others, are left out: one wrong date would squeeze all bars into a corner.
OUTLIER_SHARE, OUTLIER_GAP = 0.01, 5
_DAY = timedelta(days=1)


class StripPeriod(NamedTuple):
    """The days of one bar, first and last; `value` is its facet value, "" for weeks, quarters and decades."""

    first: date
    last: date
    value: str = ""

    def label(self, language: str | None) -> str:
        """Return the period in the words of `language`."""
        if self.value:
            return date_label(self.value, language)
        if self.last.year - self.first.year > 1:
            return f"{self.first.year}–{self.last.year}"
        days = (date_label(day.isoformat(), language) for day in (self.first, self.last))
        return " – ".join(days)


@dataclass(slots=True)  # frozen ones take three times as long
class StripBar:
    """A bar in units of the viewBox WIDTH x HEIGHT; `slot` is where its clickable column starts."""

    label: str
    count: int
    url: str
    selected: bool
    slot: float
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class TimeStrip:
    """The bars in reading direction, each `bar_width` wide.

    `line` is the path of the whole archive behind them, or "". `first` and `last` are the ends of the axis in
    order of time, `most` the greatest count and `peak` its period. `whole` leads back to the whole period
    where a part fills the strip.
    """

    unit: Unit
    bars: tuple[StripBar, ...]
    slot: float
    bar_width: float
    first: str
    last: str
    most: int
    peak: str
    line: str = ""
    whole: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def build_strip(
    request: SearchRequest, counts: DateCounts, archive: DateCounts | None, *, right_to_left: bool
) -> TimeStrip | None:
    """Return the strip, or None if there are fewer than two periods to compare.

    `counts` are those of the hits without the filter by date, `archive` those of the whole archive; None
    draws no line.
    """
    span = _dated_span(counts)
    if span is None:
        return None
    chosen = _chosen_span(request)
    finest = _finest_unit(counts)
    unit, whole = _unit(span, finest), ""
    if chosen and (part := _overlap(chosen, span)) and _finer(_unit(part, finest), unit):
        span, unit = part, _unit(part, finest)
        whole = search_url(request, dates=(), date_from="", date_to="")
    periods = list(_periods(unit, span))
    if len(periods) < 2:
        return None
    numbers = [_count(counts, unit, period) for period in periods]
    most = max(numbers)
    if not most:
        return None
    peak = periods[numbers.index(most)]
    slot = WIDTH / len(periods)
    gap = min(3.0, slot / 4)
    with_dates = list_urls(replace(request, date_from="", date_to=""), "dates")
    bars, language = [], get_language()
    for index, (period, number) in enumerate(zip(periods, numbers, strict=True)):
        if not number:
            continue
        place = len(periods) - 1 - index if right_to_left else index
        height = max(2.0, (HEIGHT - 2) * number / most)
        bars.append(
            StripBar(
                label=period.label(language),
                count=number,
                url=with_dates(toggle_date(request.dates, period.value))
                if period.value
                else _range_url(request, period),
                selected=_is_chosen(request, period),
                slot=round(place * slot, 1),
                x=round(place * slot + gap / 2, 1),
                y=round(HEIGHT - height, 1),
                height=round(height, 1),
            )
        )
    line = ""
    if archive and len(periods) >= LINE_PERIODS:
        line = _line([_count(archive, unit, period) for period in periods], right_to_left)
    first, last, best = (each.label(language) for each in (periods[0], periods[-1], peak))
    widths = round(slot, 1), round(slot - gap, 1)
    return TimeStrip(unit, tuple(bars), *widths, first, last, most, best, line, whole)


_UNIT_LABELS = {
    "day": gettext_lazy("articles of each day"),
    "week": gettext_lazy("articles of each week"),
    "month": gettext_lazy("articles of each month"),
    "quarter": gettext_lazy("articles of each quarter"),
    "year": gettext_lazy("articles of each year"),
    "decade": gettext_lazy("articles of each decade"),
}


def unit_label(unit: Unit) -> str:
    """Return what one bar is."""
    return str(_UNIT_LABELS[unit])


def _dated_span(counts: DateCounts) -> tuple[date, date] | None:
    """Return the first and last day to show, as precisely as the articles are dated."""
    years = _central_years(counts.year)
    if not years:
        return None
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    months = [month for month in counts.month if years[0] <= month // 100 <= years[-1]]
    if months and sum(counts.month.values()) == sum(counts.year.values()):
        low, high = min(months), max(months)
        first = date(low // 100, low % 100, 1)
        last = date(high // 100, high % 100, monthrange(high // 100, high % 100)[1])
    days = [day for day in counts.day if years[0] <= day // 10_000 <= years[-1]]
    if days and sum(counts.day.values()) == sum(counts.year.values()):
        first, last = _date(min(days)), _date(max(days))
    return first, last


def _central_years(counted: Mapping[int, int]) -> list[int]:
    """Return the years in ascending order, without outliers at either end."""
    years = sorted(year for year, count in counted.items() if count and 1 <= year <= 9999)
    allowed = OUTLIER_SHARE * sum(counted[year] for year in years)
    for at, step in ((0, 1), (-1, -1)):
        dropped = 0
        while len(years) > 1 and abs(years[at + step] - years[at]) > OUTLIER_GAP:
            dropped += counted[years[at]]
            if dropped > allowed:
                break
            years.pop(at)
    return years


def _chosen_span(request: SearchRequest) -> tuple[date, date] | None:
    """Return the first and last chosen day; of a chosen day its month, so that its neighbours show."""
    dates = [value for value in request.dates if value != UNDATED]
    bounds = [date_bounds(value[:7]) for value in dates]
    if request.date_from and request.date_to:
        bounds.append((date_bounds(request.date_from)[0], date_bounds(request.date_to)[1]))
    if not bounds:
        return None
    return _date(min(low for low, _ in bounds)), _date(max(high for _, high in bounds))


def _overlap(part: tuple[date, date], span: tuple[date, date]) -> tuple[date, date] | None:
    first, last = max(part[0], span[0]), min(part[1], span[1])
    return (first, last) if first < last else None


_UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year", "decade")


def _finer(unit: Unit, other: Unit) -> bool:
    return _UNITS.index(unit) < _UNITS.index(other)


def _finest_unit(counts: DateCounts) -> Unit:
    """Return the finest unit that at least half of the articles are dated by."""
    dated = sum(counts.year.values())
    if 2 * sum(counts.day.values()) >= dated:
        return "day"
    return "month" if 2 * sum(counts.month.values()) >= dated else "year"


def _unit(span: tuple[date, date], finest: Unit) -> Unit:
    """Return the unit that gives at most MAX_BARS bars, and MIN_BARS where a finer one allows it."""
    unit = _unit_of_length(span)
    return finest if _finer(unit, finest) else unit


def _unit_of_length(span: tuple[date, date]) -> Unit:
    days = (span[1] - span[0]).days + 1
    months = (span[1].year - span[0].year) * 12 + span[1].month - span[0].month + 1
    years = span[1].year - span[0].year + 1
    if days <= MAX_BARS + 2:  # two whole months
        return "day"
    if months < MIN_BARS and days <= 7 * MAX_BARS:
        return "week"
    if months <= MAX_BARS:
        return "month"
    if years <= MAX_BARS // 4:
        return "quarter"
    return "year" if years <= MAX_BARS else "decade"


def _periods(unit: Unit, span: tuple[date, date]) -> Iterator[StripPeriod]:
    """Yield the periods from the first to the last day of a span."""
    first, last = span
    at = (
        {
            "day": first,
            "week": first - (first.weekday() + 2) % 7 * _DAY,  # weeks begin on Saturday
            "month": first.replace(day=1),
            "quarter": date(first.year, (first.month - 1) // 3 * 3 + 1, 1),
            "year": date(first.year, 1, 1),
            "decade": date(max(1, first.year // 10 * 10), 1, 1),
        }[unit]
        if first > date.min + 7 * _DAY
        else first
    )
    while at <= last:
        end, value = _end(unit, at)
        yield StripPeriod(at, end, value)
        if end >= date.max - _DAY:
            return
        at = end + _DAY


def _end(unit: Unit, first: date) -> tuple[date, str]:
    """Return the last day of the period that begins on `first`, and its facet value."""
    match unit:
        case "day":
            return first, first.isoformat()
        case "week":
            return min(date.max - _DAY, first + 6 * _DAY), ""
        case "month":
            return first.replace(day=monthrange(first.year, first.month)[1]), first.isoformat()[:7]
        case "quarter":
            month = first.month + 2
            return date(first.year, month, monthrange(first.year, month)[1]), ""
        case "year":
            return date(first.year, 12, 31), f"{first.year:04}"
        case "decade":
            return date(min(9999, first.year // 10 * 10 + 9), 12, 31), ""


def _count(counts: DateCounts, unit: Unit, period: StripPeriod) -> int:
    """Return the articles of a period that are dated at least as precisely as it asks."""
    match unit:
        case "day":
            return counts.day.get(_number(period.first), 0)
        case "week":
            days = (period.first + number * _DAY for number in range((period.last - period.first).days + 1))
            return sum(counts.day.get(_number(day), 0) for day in days)
        case "month" | "quarter":
            months = range(period.first.month, period.last.month + 1)
            return sum(counts.month.get(period.first.year * 100 + month, 0) for month in months)
        case "year" | "decade":
            return sum(counts.year.get(year, 0) for year in range(period.first.year, period.last.year + 1))


def _range_url(request: SearchRequest, period: StripPeriod) -> str:
    first, last = period.first.isoformat(), period.last.isoformat()
    if (request.date_from, request.date_to) == (first, last):
        first = last = ""
    return search_url(request, dates=(), date_from=first, date_to=last)


def _is_chosen(request: SearchRequest, period: StripPeriod) -> bool:
    """Return True if the period has a chosen day."""
    first, last = _number(period.first), _number(period.last)
    for value in request.dates:
        if value != UNDATED:
            low, high = date_bounds(value)
            if low <= last and first <= high:
                return True
    if not (request.date_from or request.date_to):
        return False
    low = date_bounds(request.date_from)[0] if request.date_from else 0
    high = date_bounds(request.date_to)[1] if request.date_to else 99_991_231
    return low <= last and first <= high


def _line(numbers: Sequence[int], right_to_left: bool) -> str:
    """Return the path of a line through the middle of each period, as high as its share of the greatest."""
    most = max(numbers)
    if not most:
        return ""
    slot = WIDTH / len(numbers)
    at: Callable[[int], float] = (
        (lambda index: WIDTH - (index + 0.5) * slot)
        if right_to_left
        else (lambda index: (index + 0.5) * slot)
    )
    points = [
        f"{at(index):.0f},{HEIGHT - (HEIGHT - 2) * number / most:.0f}" for index, number in enumerate(numbers)
    ]
    return "M" + "L".join(points)


def _date(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
