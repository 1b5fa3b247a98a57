"""The strip of bars: its unit, what its bars count and link to, its direction, the line behind it."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.request import MappingParams, SearchRequest, date_bounds
from search.results import DateCounts
from search.web.viewmodels.time_strip import LINE_PERIODS, MAX_BARS, WIDTH, TimeStrip, build_strip


def counts_of(days: dict[date, int]) -> DateCounts:
    """Return the counts of articles that are all dated to the day."""
    year: dict[int, int] = {}
    month: dict[int, int] = {}
    day: dict[int, int] = {}
    for when, count in days.items():
        number = when.year * 10_000 + when.month * 100 + when.day
        day[number] = day.get(number, 0) + count
        month[number // 100] = month.get(number // 100, 0) + count
        year[number // 10_000] = year.get(number // 10_000, 0) + count
    return DateCounts(year=year, month=month, day=day)


def drawn(days: dict[date, int], *, right_to_left: bool = False, **values: object) -> TimeStrip | None:
    request = SearchRequest(**values)  # type: ignore[arg-type]  # fields of a request
    return build_strip(request, counts_of(days), None, right_to_left=right_to_left)


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        (2, "day"),
        (62, "day"),
        (200, "week"),
        (600, "month"),
        (3000, "quarter"),
        (15_000, "year"),
        (30_000, "decade"),
    ],
)
def test_the_unit_follows_the_span(days: int, unit: str) -> None:
    first = date(1931, 2, 3)
    strip = drawn({first + timedelta(days=number): 1 for number in range(0, days, max(1, days // 50))})
    assert strip
    assert strip.unit == unit
    assert len(strip.bars) <= MAX_BARS + 2


@given(
    st.dictionaries(
        st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.integers(1, 50), min_size=1, max_size=30
    )
)
def test_every_bar_counts_what_its_link_finds(days: dict[date, int]) -> None:
    strip = drawn(days)
    for bar in strip.bars if strip else ():
        asked, complaints = SearchRequest.from_params(MappingParams(parse_qs(urlsplit(bar.url).query)))
        assert not complaints
        low, high = (
            date_bounds(asked.dates[0])
            if asked.dates
            else (date_bounds(asked.date_from)[0], date_bounds(asked.date_to)[1])
        )
        numbers = {when.year * 10_000 + when.month * 100 + when.day: count for when, count in days.items()}
        assert bar.count == sum(count for number, count in numbers.items() if low <= number <= high)
        assert bar.x >= 0
        assert bar.x + strip.bar_width <= WIDTH + 0.2


def test_time_runs_with_the_direction_of_the_page() -> None:
    days = {date(2014, 1, 1): 1, date(2014, 1, 9): 2}
    left, right = drawn(days), drawn(days, right_to_left=True)
    assert left
    assert right
    assert left.bars[0].x < left.bars[1].x
    assert right.bars[0].x > right.bars[1].x
    assert (left.first, left.last) == (right.first, right.last)


def test_a_chosen_month_fills_the_strip_with_its_days() -> None:
    days = {date(2012, 1, 1) + timedelta(days=9 * number): 1 for number in range(120)}
    whole, month = drawn(days), drawn(days, dates=("2013-05",))
    assert whole
    assert month
    assert (whole.unit, whole.whole, month.unit) == ("month", "", "day")
    assert month.whole == "/search/", "a link leads back to the whole period"
    chosen = drawn(days, dates=("2013",))
    assert chosen
    assert all(bar.selected == bar.label.endswith("2013") for bar in chosen.bars), "a year is inked"


def test_one_wrong_date_does_not_squeeze_the_bars() -> None:
    days = {date(2014, 1, 1) + timedelta(days=number): 10 for number in range(40)}
    strip = drawn({**days, date(1900, 1, 1): 1, date(2099, 1, 1): 1})
    assert strip
    assert strip.unit in ("day", "week", "month")


@pytest.mark.parametrize("days", [{}, {date(2014, 1, 1): 3}])
def test_fewer_than_two_periods_are_not_drawn(days: dict[date, int]) -> None:
    assert drawn(days) is None


def test_articles_dated_to_the_year_make_bars_of_years() -> None:
    strip = build_strip(SearchRequest(), DateCounts(year={2012: 3, 2014: 5}), None, right_to_left=False)
    assert strip
    assert [(bar.label, bar.count) for bar in strip.bars] == [("2012", 3), ("2014", 5)]


@pytest.mark.parametrize(("days", "points"), [(LINE_PERIODS - 1, 0), (LINE_PERIODS, LINE_PERIODS)])
def test_the_line_of_the_archive_is_drawn_behind_enough_periods(days: int, points: int) -> None:
    counts = counts_of({date(2014, 1, 1): 1, date(2014, 1, days): 1})
    archive = counts_of({date(2014, 1, 1): 10, date(2014, 1, 2): 20})
    strip = build_strip(SearchRequest(q="حمص"), counts, archive, right_to_left=False)
    assert strip
    assert strip.line.count("L") + strip.line.count("M") == points
