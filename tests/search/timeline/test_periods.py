"""Periods as numbers and values, and how finely a chart is divided."""

from __future__ import annotations

import pytest

from search.timeline.periods import (
    Granularity,
    choose_granularity,
    count_periods,
    period_value,
    periods_between,
)


@pytest.mark.parametrize(
    ("number", "value"), [(2014, "2014"), (201401, "2014-01"), (20140127, "2014-01-27"), (999, "0999")]
)
def test_numbers_have_the_values_of_the_filters(number: int, value: str) -> None:
    assert period_value(number) == value


@pytest.mark.parametrize(
    ("granularity", "periods"),
    [
        ("day", [20131230, 20131231, 20140101, 20140102]),
        ("month", [201312, 201401]),
        ("year", [2013, 2014]),
    ],
)
def test_no_period_is_left_out(granularity: Granularity, periods: list[int]) -> None:
    assert periods_between(20131230, 20140102, granularity) == periods
    assert count_periods(20131230, 20140102, granularity) == len(periods)


@pytest.mark.parametrize(
    ("first", "last", "wanted", "chosen"),
    [
        (20140101, 20140131, None, "day"),
        (20140101, 20141231, None, "month"),
        (20000101, 20141231, None, "year"),
        (20140101, 20141231, "day", "day"),
        (20000101, 20141231, "day", "month"),
        (10000101, 20141231, "month", "year"),
        (20140101, 20140131, "year", "year"),
    ],
)
def test_the_division_is_the_wanted_or_the_finest_that_can_be_seen(
    first: int, last: int, wanted: Granularity | None, chosen: Granularity
) -> None:
    assert choose_granularity(first, last, wanted) == chosen
