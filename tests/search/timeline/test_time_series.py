"""Hits over time, on each engine."""

from __future__ import annotations

import pytest

from articles.metadata.date_mentions import tag_dates
from articles.models import Article
from search.engines.contract import SearchEngine
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.timeline.time_series import TimeView, build_time_view
from tests.search.news import NewsItem, index_all, publish

pytestmark = pytest.mark.django_db

NEWS = (
    NewsItem("قافلة", "أولى", "2014-01-27", "سنابل"),
    NewsItem("قافلة", "ثانية", "2014-01-27", "الضفاف"),
    NewsItem("قافلة", "ثالثة", "2014-03", "سنابل"),
    NewsItem("قافلة", "رابعة", "2014"),
    NewsItem("قافلة", "خامسة"),
    NewsItem("سوق", "أولى", "2014-01-27", "سنابل"),
    NewsItem("سوق", "ثانية", "2014-02-01", "سنابل"),
    NewsItem("سوق", "ثالثة", "2015-02-01", "سنابل"),
)


def view(engine: SearchEngine, request: SearchRequest, *others: str, **options: str) -> TimeView:
    search = prepare_search(request)
    searches = [search, *(search.with_changes(q=query) for query in others)]
    return build_time_view(searches, engine, **options)  # type: ignore[arg-type]  # choices as text


def test_hits_are_counted_by_month_with_the_gaps_beside_what_the_archive_holds(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    found = view(engine, SearchRequest(q="قافلة"), wanted="month")
    assert found.periods == ("2014-01", "2014-02", "2014-03")
    assert found.series[0].counts == (2, 0, 1)
    assert found.archive == (3, 1, 1)
    assert [round(found.share(found.series[0], at), 2) for at in range(3)] == [66.67, 0.0, 100.0]
    assert (found.series[0].total, found.series[0].undated, found.series[0].shown) == (5, 1, 3)


def test_a_day_has_only_articles_that_are_dated_to_it_and_a_year_all(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    days = view(engine, SearchRequest(q="قافلة"), wanted="day")
    assert days.periods[0] == "2014-01-27"
    assert days.series[0].counts[0] == days.series[0].shown == 2
    years = view(engine, SearchRequest(q="قافلة"), wanted="year")
    assert (years.periods, years.series[0].counts, years.archive) == (("2014",), (4,), (6,))


def test_filters_limit_hits_and_archive_and_dates_only_the_hits(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    found = view(engine, SearchRequest(q="قافلة", sources=("سنابل",), date_to="2014-02"), wanted="month")
    assert (found.periods, found.series[0].counts, found.archive) == (("2014-01",), (1,), (2,))
    excluded = view(engine, SearchRequest(q="قافلة", not_sources=("سنابل",)), wanted="month")
    assert (excluded.periods, excluded.series[0].counts, excluded.archive) == (("2014-01",), (1,), (1,))


def test_queries_are_compared_over_the_same_periods(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    found = view(engine, SearchRequest(q="قافلة"), "سوق", wanted="year")
    assert found.periods == ("2014", "2015")
    assert [series.counts for series in found.series] == [(4, 0), (2, 1)]
    assert found.archive == (6, 1)


def test_mentioned_dates_are_counted_without_those_far_from_the_others(engine: SearchEngine) -> None:
    items = [NewsItem("هدنة", f"وقعت الهدنة في {day} أيار 2012.", "2014-05-24") for day in range(1, 25)]
    publish(engine, *items, NewsItem("هدنة", "وقعت هدنة في 3 آذار 1948.", "2014-05-24"))
    for article in Article.objects.all():
        tag_dates(article)
    index_all(engine, version=2)
    found = view(engine, SearchRequest(q="هدنة"), kind="event", wanted="month")
    assert (found.periods, found.series[0].counts, found.outside) == (("2012-05",), (24,), 1)
    chosen = view(engine, SearchRequest(q="هدنة", event_to="1950"), kind="event", wanted="month")
    assert chosen.periods == ("1948-03",)


def test_nothing_found_has_no_periods(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    found = view(engine, SearchRequest(q="زنجبيل"))
    assert (found.periods, found.series[0].total) == ((), 0)
