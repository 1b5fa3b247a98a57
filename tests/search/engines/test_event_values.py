"""Mentioned dates as integers, as a filter, and as a facet with exact counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.metadata.date_mentions import tag_dates
from articles.models import Article, DateMention
from search.engines.contract import IndexDocument, SearchEngine
from search.engines.event_values import MAX_DAYS, event_date_numbers, event_facet_node, event_period_node
from search.query.request import MappingParams, SearchRequest, date_bounds
from search.query_tree import MATCH_NONE
from search.retrieval.service import run_search
from tests.search.engines.suite.oracle import matches
from tests.search.news import NewsItem, index_all, publish

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(0, 800)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1])))


def number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def speaking_of(*periods: tuple[date, date, str]) -> IndexDocument:
    numbers = {each for period in periods for each in event_date_numbers(*period)}
    return IndexDocument(1, "", "", event=tuple(sorted(numbers)))


@given(st.lists(PERIODS, min_size=1, max_size=4), PERIODS)
def test_a_period_matches_exactly_the_dates_that_overlap_it(
    spoken: list[tuple[date, date]], asked: tuple[date, date]
) -> None:
    short = [(first, min(last, first + timedelta(MAX_DAYS - 1)), "day") for first, last in spoken]
    expected = any(first <= asked[1] and asked[0] <= last for first, last, _precision in short)
    assert matches(event_period_node(number(asked[0]), number(asked[1])), speaking_of(*short)) == expected
    from_then_on = any(asked[0] <= last for _first, last, _precision in short)
    assert matches(event_period_node(number(asked[0]), None), speaking_of(*short)) == from_then_on
    until_then = any(first <= asked[1] for first, _last, _precision in short)
    assert matches(event_period_node(None, number(asked[1])), speaking_of(*short)) == until_then


@given(DAYS, st.sampled_from(["month", "year"]), PERIODS)
def test_months_and_years_match_every_period_that_may_contain_them(
    day: date, precision: str, asked: tuple[date, date]
) -> None:
    first, last = date_bounds(day.isoformat()[: {"month": 7, "year": 4}[precision]])
    expected = first <= number(asked[1]) and number(asked[0]) <= last
    node = event_period_node(number(asked[0]), number(asked[1]))
    assert matches(node, speaking_of((day, day, precision))) == expected


@pytest.mark.parametrize(
    ("first", "last", "precision", "numbers"),
    [
        ("2012-03-30", "2012-04-02", "day", [20120330, 20120331, 20120401, 20120402]),
        ("2012-03-05", "2012-03-05", "month", [20120300]),
        ("2012-11-20", "2013-01-10", "month", [20121100, 20121200, 20130100]),
        ("2011-01-01", "2013-12-31", "year", [20110000, 20120000, 20130000]),
        ("2012-01-01", "2012-06-30", "day", [2012_00_00 + 100 * month for month in range(1, 7)]),
        ("2011-01-01", "2020-12-31", "day", [year * 10_000 for year in range(2011, 2021)]),
    ],
)
def test_periods_count_under_their_days_months_or_years(
    first: str, last: str, precision: str, numbers: list[int]
) -> None:
    assert list(event_date_numbers(date.fromisoformat(first), date.fromisoformat(last), precision)) == numbers


def test_an_invalid_date_finds_nothing() -> None:
    assert event_facet_node("undated") == MATCH_NONE
    assert event_facet_node("2012-01-01-01") == MATCH_NONE


@pytest.fixture
def told(db: None, engine: SearchEngine) -> list[int]:
    """Create three articles whose mentioned dates differ from their dates of publication."""
    ids = publish(
        engine,
        NewsItem("أول", day="2014-05-01", cities=["حمص"]),
        NewsItem("ثان", day="2014-06-01", cities=["حلب"]),
        NewsItem("ثالث", day="2012-02-01"),
    )
    spoken = [(0, "2012-02-08", "day"), (0, "2012-02-09", "day"), (0, "2011-01-01", "year")]
    spoken += [(1, "2012-02-01", "month"), (1, "2012-02-08", "day")]
    for start, (which, day, precision) in enumerate(spoken):
        first = date.fromisoformat(day)
        DateMention.objects.create(
            article_id=ids[which], field="body", start=start, end=start + 1,
            first_day=first, last_day=first, precision=precision,
        )  # fmt: skip
    index_all(engine, version=2)
    return ids


def ask(engine: SearchEngine, **values: list[str]) -> tuple[set[int], dict[str, int]]:
    request, complaints = SearchRequest.from_params(MappingParams(values))
    assert not complaints
    page = run_search(request, engine=engine)
    counts = {value.value: value.count for value in page.facets["event"]}
    return {hit.record.id for hit in page.hits}, counts


def test_an_article_counts_once_under_each_mentioned_date(engine: SearchEngine, told: list[int]) -> None:
    found, counts = ask(engine)
    assert found == set(told)
    assert counts == {"2012": 2, "2012-02": 2, "2012-02-08": 2, "2012-02-09": 1, "2011": 1}


def test_the_facet_ignores_its_own_filter_and_applies_the_others(
    engine: SearchEngine, told: list[int]
) -> None:
    found, counts = ask(engine, event=["2012-02-09"])
    assert found == {told[0]}
    assert counts["2012-02-08"] == 2
    found, counts = ask(engine, event=["2012"], city=["حلب"])
    assert found == {told[1]}
    assert counts == {"2012": 1, "2012-02": 1, "2012-02-08": 1}
    assert ask(engine, event=["2012"], date=["2012"])[0] == set(), "published and spoken of are two things"


@pytest.mark.parametrize(
    ("values", "which"),
    [
        ({"event": ["2011", "2012-02-08"]}, {0, 1}),
        ({"event_from": ["2012-02-09"]}, {0, 1}),
        ({"event_from": ["2012-02-10"], "event_to": ["2012-02-20"]}, {1}),
        ({"event_to": ["2011"]}, {0}),
        ({"event_from": ["2011-06"], "event_to": ["2011-07"]}, {0}),
        ({"event_from": ["2013"]}, set()),
    ],
)
def test_mentioned_dates_filter_a_search(
    engine: SearchEngine, told: list[int], values: dict[str, list[str]], which: set[int]
) -> None:
    assert ask(engine, **values)[0] == {told[each] for each in which}


#: The year of publication, and what the text says → the years that the facet counts.
FAR = [
    ("2015-07-20", "سيتضاعف الطلب بحلول 2060.", []),
    ("2015-07-20", "سيتضاعف الطلب بحلول 2025.", ["2025"]),
    ("2015-07-20", "سيتضاعف الطلب بحلول عام 2060.", ["2060"]),
    ("2015-07-20", "تنتهي الخطة في آذار 2060.", ["2060"]),
    ("2015-07-20", "ولد المشروع حتى 2060م.", ["2060"]),
    ("2015-07-20", "تمتد الخطة من 2024 حتى 2030.", ["2024", "2025"]),
    ("2015-07-20", "بيت بني عام 1850.", ["1850"]),
    ("2055", "سيتضاعف الطلب بحلول 2060.", ["2060"]),
]


@pytest.mark.parametrize(("day", "body", "years"), FAR)
def test_a_bare_number_far_from_the_article_is_no_year(
    db: None, engine: SearchEngine, day: str, body: str, years: list[str]
) -> None:
    (id,) = publish(engine, NewsItem("خبر", body, day=day))
    tag_dates(Article.objects.get(pk=id))
    index_all(engine, version=2)
    _found, counts = ask(engine)
    assert sorted(value for value in counts if len(value) == 4) == years
    assert all(ask(engine, event=[year])[0] == {id} for year in years)
    assert ask(engine, event_from=["2061"])[0] == set()


def test_an_undated_article_is_as_old_as_its_record(db: None, engine: SearchEngine) -> None:
    (id,) = publish(engine, NewsItem("خبر", "سيتضاعف الطلب بحلول 2060."))
    tag_dates(Article.objects.get(pk=id))
    index_all(engine, version=2)
    assert ask(engine)[1] == {}


def test_the_facet_shows_the_most_frequent_dates_first(engine: SearchEngine, told: list[int]) -> None:
    DateMention.objects.create(
        article_id=told[2], field="body", start=9, end=10, first_day=date(2019, 1, 1),
        last_day=date(2019, 1, 1), precision="year",
    )  # fmt: skip
    index_all(engine, version=3)
    rows = run_search(SearchRequest(), engine=engine).facets["event"]
    shown = ["2012", "2012-02", "2012-02-08", "2012-02-09", "2019", "2011"]
    assert [row.value for row in rows] == shown, "the more frequent, then the later"


def test_the_address_keeps_the_selection() -> None:
    request = SearchRequest(q="حمص", events=("2012", "2013-05-01"), event_from="2011", event_to="2014-02")
    values: dict[str, list[str]] = {}
    for pair in request.query_string().split("&"):
        name, _, value = pair.partition("=")
        values.setdefault(name, []).append(value)
    assert values["event"] == ["2012", "2013-05-01"]
    assert SearchRequest.from_params(MappingParams(values | {"q": ["حمص"]}))[0] == request


def test_invalid_dates_give_complaints_and_reversed_periods_are_swapped() -> None:
    request, complaints = SearchRequest.from_params(
        MappingParams({"event": ["undated", "2012"], "event_from": ["2013"], "event_to": ["2012-05"]})
    )
    assert [each.code for each in complaints] == ["reversed_dates", "bad_date"]
    assert (request.events, request.event_from, request.event_to) == (("2012",), "2012-05", "2013")


def test_the_dates_of_a_deleted_article_are_removed(db: None) -> None:
    article = Article.objects.create(title="خبر")
    day = date(2012, 2, 8)
    DateMention.objects.create(
        article=article, field="title", start=0, end=1, first_day=day, last_day=day, precision="day"
    )
    article.delete()
    assert not DateMention.objects.exists()
