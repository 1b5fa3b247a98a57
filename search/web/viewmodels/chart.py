"""Articles per month (per year over long spans) as bars, rendered on the server from the date facet."""

from __future__ import annotations

from dataclasses import dataclass

from search.query.request import SearchRequest
from search.results import FacetValue, ResultPage
from search.web.viewmodels.labels import date_label
from search.web.viewmodels.result_list import list_urls, toggle_date

WIDTH, HEIGHT = 720, 64
#: Above this many months the chart shows years: the bars would be too thin to see or to tap.
MAX_MONTH_BARS = 72
#: The smallest full scale, so that single articles appear as low bars even where no month has more.
MIN_COUNT_AT_FULL_HEIGHT = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One period, in units of the viewBox WIDTH x HEIGHT; `slot_x` is where its clickable column starts."""

    label: str
    count: int
    url: str
    selected: bool
    slot_x: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars in reading direction, and the labels at the two ends of the axis (in order of time)."""

    bars: tuple[Bar, ...]
    slot: float
    first: str
    last: str
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def build_chart(request: SearchRequest, result: ResultPage, *, right_to_left: bool) -> Chart | None:
    """Return the chart, or None if there are fewer than two periods to compare."""
    dates = result.facets.get("date", ())
    counted = {value.value: value for value in dates if value.level == "month"}
    periods = _months_between(sorted(counted))
    if len(periods) > MAX_MONTH_BARS:
        counted = {value.value: value for value in dates if value.level == "year"}
        years = sorted(int(year) for year in counted)
        periods = [f"{year:04}" for year in range(years[0], years[-1] + 1)] if years else []
        if (
            len(periods) > 4 * MAX_MONTH_BARS
        ):  # an absurd date stretches the axis: show only months with articles
            periods = sorted(counted)
    if len(periods) < 2:
        return None
    return _drawn(request, periods, counted, right_to_left=right_to_left)


def _months_between(months: list[str]) -> list[str]:
    """Return `YYYY-MM` for every month from the first to the last, or only `months` if the span is absurd."""
    if not months:
        return []
    (first_year, first_month), (last_year, last_month) = (
        (int(value[:4]), int(value[5:])) for value in (months[0], months[-1])
    )
    low, high = first_year * 12 + first_month - 1, last_year * 12 + last_month - 1
    if high - low > MAX_MONTH_BARS:
        return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(low, low + MAX_MONTH_BARS + 1)]
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(low, high + 1)]


def _drawn(
    request: SearchRequest, periods: list[str], counted: dict[str, FacetValue], *, right_to_left: bool
) -> Chart:
    slot = WIDTH / len(periods)
    gap = min(2.0, slot / 4)
    most = max(MIN_COUNT_AT_FULL_HEIGHT, *(value.count for value in counted.values()))
    url = list_urls(request, "dates")
    bars = []
    for index, period in enumerate(periods):
        value = counted.get(period)
        if value is None or not value.count:
            continue
        place = len(periods) - 1 - index if right_to_left else index
        height = max(2.0, (HEIGHT - 4) * value.count / most)
        bars.append(
            Bar(
                label=date_label(period),
                count=value.count,
                url=url(toggle_date(request.dates, period)),
                selected=value.selected,
                slot_x=round(place * slot, 2),
                x=round(place * slot + gap / 2, 2),
                y=round(HEIGHT - height, 2),
                width=round(min(slot - gap, 48), 2),
                height=round(height, 2),
            )
        )
    return Chart(tuple(bars), round(slot, 2), date_label(periods[0]), date_label(periods[-1]), most)
