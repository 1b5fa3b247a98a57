"""Countries and governorates as numbers, and the names of them that a filter takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.region_values import (
    GovernorateIndex,
    countries_named,
    country_code,
    country_number,
    governorate_country,
    governorate_number,
)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2), st.text(min_size=1, max_size=30))
def test_numbers_contain_the_country_and_ignore_spelling(code: str, name: str) -> None:
    number = country_number(code)
    assert number is not None
    assert country_code(number) == code
    governorate = governorate_number(code, name)
    if governorate is not None:
        assert governorate_country(governorate) == number
        assert governorate < 2**53, "whole in JSON"
        assert governorate == governorate_number(code.lower(), f" {name}\u200f ")


def test_names_without_a_number() -> None:
    assert [country_number(code) for code in ("", "S", "SYR", "س1", "1A")] == [None] * 5
    assert governorate_number("SY", " ،") is None


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("سوريا", ["SY"]),
        ("سورية", ["SY"]),
        ("sy", ["SY"]),
        ("الاردن", ["JO"]),
        ("لا بلد", None),
        ("حمص", None),
    ],
)
def test_a_country_by_any_name_or_code(name: str, codes: list[str] | None) -> None:
    found = countries_named(name)
    assert (None if found is None else [country_code(number) for number in found]) == codes


def test_governorates_of_the_same_name_in_two_countries_are_distinguished() -> None:
    known = GovernorateIndex.of([("LB", "الشمال"), ("JO", "الشمال"), ("SY", "ديرالزور")])
    north = {governorate_number(code, "الشمال") for code in ("LB", "JO")}
    assert set(known.named("الشمال") or ()) >= north  # the gazetteer may know one of a third country
    assert known.named("الشمال (لبنان)") == (governorate_number("LB", "الشمال"),)
    assert len(known.named("محافظة دير الزور") or ()) == 1
    assert known.named("لا محافظة كهذه") is None


# -- filters and facets
