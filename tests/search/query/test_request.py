"""A search request as the address of a page, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.query.request import (
    MAX_FILTER_VALUES,
    WEB_MAX_PAGE_SIZE,
    SearchRequest,
    date_bounds,
    normalize_date,
    query_strings,
)
from search.results import Complaint
from search.web.viewmodels.complaints import complaint_message


def read(address: str) -> tuple[SearchRequest, tuple[Complaint, ...]]:
    return SearchRequest.from_params(QueryDict(address))


def test_every_parameter_of_the_address_is_read() -> None:
    request, complaints = read(
        "q=حمص&city=حلب&city=حمص&source=سانا&date=2012-05&date=undated&from=2011&to=2014-3"
        "&level=light&without=سيرغي&without=*&sort=oldest&page=3&size=50"
    )
    assert complaints == ()
    assert request == SearchRequest(
        q="حمص",
        cities=("حلب", "حمص"),
        sources=("سانا",),
        dates=("2012-05", "undated"),
        date_from="2011",
        date_to="2014-03",
        level="light",
        without=("سيرغي", "*"),
        sort="oldest",
        page=3,
        size=50,
    )


BAD = [
    ("from=2014-02-30", "bad_date", "2014-02-30"),
    ("to=9999-13", "bad_date", "9999-13"),
    ("from=0000", "bad_date", "0000"),
    ("date=then", "bad_date", "then"),
    ("sort=best", "bad_sort", "best"),
    ("level=root", "bad_level", "root"),
    ("page=-1", "bad_page", "-1"),
    ("page=1000000000", "bad_page", "1000000000"),
    ("page=two", "bad_page", "two"),
    ("size=0", "bad_size", "0"),
]


@pytest.mark.parametrize(("address", "code", "detail"), BAD)
def test_a_bad_value_is_left_out_with_a_complaint(address: str, code: str, detail: str) -> None:
    request, complaints = read(f"q=حمص&{address}")
    assert complaints == (Complaint(code, detail),)
    assert complaint_message(complaints[0])
    assert replace(request, size=20) == SearchRequest(q="حمص")


def test_a_page_size_above_the_limit_becomes_the_limit() -> None:
    assert read("size=5000")[0].size == WEB_MAX_PAGE_SIZE


def test_a_reversed_period_is_swapped() -> None:
    request, complaints = read("from=2014&to=2012-05")
    assert (request.date_from, request.date_to) == ("2012-05", "2014")
    assert [complaint.code for complaint in complaints] == ["reversed_dates"]


def test_a_list_of_cities_above_the_limit_is_cut() -> None:
    request, complaints = read("&".join(f"city=c{number}" for number in range(MAX_FILTER_VALUES + 5)))
    assert len(request.cities) == MAX_FILTER_VALUES
    assert complaints == (Complaint("too_many_filters", "city"),)


def test_an_address_without_filters_leaves_defaults_out() -> None:
    assert SearchRequest(q="a b").query_string() == "q=a+b"
    assert SearchRequest().query_string() == ""


def test_another_filter_goes_back_to_the_first_page() -> None:
    request = SearchRequest(q="a", page=4)
    assert request.query_string() == "q=a&page=4"
    assert request.query_string(page=5) == "q=a&page=5"
    assert request.query_string(sources=("x",)) == "q=a&source=x"


def test_without_words_the_newest_come_first() -> None:
    assert SearchRequest().effective_sort == "newest"
    assert SearchRequest(sort="oldest").effective_sort == "oldest"
    assert SearchRequest(q="حمص").effective_sort == "relevance"


DATES = [
    ("2012", "2012"),
    ("2012-5", "2012-05"),
    ("٢٠١٢-٠٥-٢٤", "2012-05-24"),
    ("2012-02-30", None),
    ("12", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), DATES)
def test_dates_are_years_months_or_days(text: str, value: str | None) -> None:
    assert normalize_date(text) == value


def test_a_period_has_a_first_and_a_last_day() -> None:
    assert date_bounds("2012") == (20120101, 20121231)
    assert date_bounds("2012-02") == (20120201, 20120229)
    assert date_bounds("2012-02-03") == (20120203, 20120203)


NAMES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9), max_size=3)
NAMES = NAMES.map(lambda names: tuple(dict.fromkeys(name.strip() for name in names if name.strip())))


@given(
    st.builds(
        SearchRequest,
        q=st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(str.strip),
        countries=NAMES,
        cities=NAMES,
        place_all=st.booleans(),
        about=st.booleans(),
        sources=NAMES,
        dates=st.sampled_from([(), ("2012",), ("2012-05", "undated")]),
        date_from=st.sampled_from(["", "2012", "2012-05-24"]),
        level=st.sampled_from(["exact", "light", "all"]),
        sort=st.sampled_from(["relevance", "newest", "oldest"]),
        page=st.integers(1, 500),
        size=st.integers(1, WEB_MAX_PAGE_SIZE),
    )
)
def test_an_address_holds_the_whole_search(request: SearchRequest) -> None:
    assert read(request.query_string()) == (in_effect(request), ())


def in_effect(request: SearchRequest) -> SearchRequest:
    """Return the request without switches of places that change nothing."""
    chosen = len(request.countries) + len(request.governorates) + len(request.cities)
    return replace(request, place_all=request.place_all and chosen > 1, about=request.about and chosen > 0)


@given(
    st.dictionaries(
        st.sampled_from(["q", "city", "place_all", "about", "date", "from", "to", "sort", "page", "size"]),
        st.one_of(st.text(), st.sampled_from(["1", "0", "true"])),
    )
)
def test_any_address_is_a_search(params: dict[str, str]) -> None:
    asked = QueryDict(mutable=True)
    asked.update(params)
    request, complaints = SearchRequest.from_params(asked)
    assert read(request.query_string())[0] == in_effect(request)
    assert all(complaint_message(complaint) for complaint in complaints)


@given(
    st.text(max_size=20),
    st.lists(st.text(min_size=1, max_size=9), max_size=3),
    st.lists(st.text(min_size=1, max_size=9), max_size=3),
)
def test_query_strings_that_differ_in_one_field_are_those_of_whole_requests(
    query: str, dates: list[str], events: list[str]
) -> None:
    request = SearchRequest(q=query, dates=tuple(dates), cities=("حمص",), sort="newest", page=3)
    for field in ("dates", "events", "sources", "cities"):
        assert query_strings(request, field)(events) == request.query_string(**{field: tuple(events)})
