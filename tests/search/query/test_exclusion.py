"""What a request excludes: names, sources and dates, on each engine."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs

import pytest

from articles.models import Place
from search.engines.contract import SearchEngine
from search.engines.region_values import governorate_number
from search.query.compiler import prepare_search
from search.query.filters import resolve_filters
from search.query.request import MappingParams, SearchRequest
from search.query_tree import AllOf, Missing, MustNot, Node, Number
from search.results import Complaint, ResultPage
from search.retrieval.service import run_search
from tests.search.news import NewsItem, publish
from tests.search.query.test_place_filter import HOMS, SYRIA, Names


def excluded(**values: tuple[str, ...]) -> Node | None:
    return resolve_filters(SearchRequest(**values), Names()).nodes.get("exclusion")  # type: ignore[arg-type]  # lists only


@pytest.mark.parametrize(
    ("value", "node"),
    [
        ("سوريا", Number("country", SYRIA)),
        ("حمص", Number("city", 1)),
        ("city:حمص", Number("city", 1)),
        ("governorate:حمص", Number("governorate", HOMS)),
    ],
)
def test_a_name_is_a_country_or_else_a_city_unless_its_kind_is_given(value: str, node: Node) -> None:
    assert excluded(not_places=(value,)) == AllOf((MustNot(node),))


def test_dates_are_those_of_the_facet() -> None:
    node = excluded(not_dates=("2014-01", "undated"))
    assert node == AllOf((MustNot(Number("month", 201401)), MustNot(Missing("year"))))


def test_unknown_names_exclude_nothing_and_are_said() -> None:
    resolved = resolve_filters(SearchRequest(not_places=("أطلنطس",), not_sources=("لا أحد",)), Names())
    assert resolved.nodes == {}
    assert resolved.complaints == (
        Complaint("not_unknown_place", "أطلنطس"),
        Complaint("not_unknown_source", "لا أحد"),
    )
    request, complaints = SearchRequest.from_params(MappingParams({"not_date": ["أمس", "2014"]}))
    assert request.not_dates == ("2014",)
    assert [each.code for each in complaints] == ["bad_date"]


def test_the_address_holds_the_exclusion() -> None:
    request = SearchRequest(not_places=("governorate:حمص",), not_sources=("أ",), not_dates=("2014",), page=2)
    read, _ = SearchRequest.from_params(MappingParams(_values(request.query_string(page=2))))
    assert read == request


def _values(query: str) -> dict[str, list[str]]:
    return parse_qs(query)


@pytest.fixture
def news(db: None, engine: SearchEngine) -> SearchEngine:
    """Publish five articles about convoys."""
    for name, governorate in (("حمص", "حمص"), ("تدمر", "حمص"), ("حلب", "حلب")):
        Place.objects.create(key=f"t-{name}", slug=name, name=name, country="SY", governorate=governorate)
    assert governorate_number("SY", "حمص")
    publish(
        engine,
        NewsItem("أولى", "قافلة", source="أ", cities=["حمص"], day="2014-01-27"),
        NewsItem("ثانية", "قافلة", source="ب", cities=["تدمر"], day="2014-02-01"),
        NewsItem("ثالثة", "قافلة", source="ب", cities=["حمص", "حلب"], day="2013-02-01"),
        NewsItem("رابعة", "قافلة", source="أ", cities=["حلب"]),
        NewsItem("خامسة", "قافلة", source="أ"),
    )
    return engine


def found(engine: SearchEngine, **values: Iterable[str]) -> tuple[set[str], ResultPage]:
    request = SearchRequest(q="قافلة", **{name: tuple(given) for name, given in values.items()})  # type: ignore[arg-type]  # lists only
    page = run_search(prepare_search(request).with_canonical_names(), engine=engine)
    assert page.total == len(page.hits)
    return {hit.record.title for hit in page.hits}, page


#: What is excluded → the titles that are left.
LEFT: list[tuple[dict[str, list[str]], set[str]]] = [
    ({"not_places": ["حمص"]}, {"ثانية", "رابعة", "خامسة"}),
    ({"not_places": ["governorate:حمص"]}, {"رابعة", "خامسة"}),
    ({"not_places": ["سوريا"]}, {"خامسة"}),
    ({"not_sources": ["ب"]}, {"أولى", "رابعة", "خامسة"}),
    ({"not_dates": ["2014"]}, {"ثالثة", "رابعة", "خامسة"}),
    ({"not_dates": ["2014-01", "undated"]}, {"ثانية", "ثالثة"}),
    ({"cities": ["حلب"], "not_places": ["حمص"]}, {"رابعة"}),
    ({"not_places": ["حلب"], "not_sources": ["أ"], "not_dates": ["2013"]}, {"ثانية"}),
]


def test_no_hit_has_what_is_excluded(news: SearchEngine, subtests: pytest.Subtests) -> None:
    for values, left in LEFT:
        with subtests.test(excluded=values):
            assert found(news, **values)[0] == left


def test_every_facet_counts_without_what_is_excluded(news: SearchEngine) -> None:
    _titles, page = found(news, not_places=["حمص"])
    assert {row.value: row.count for row in page.facets["city"]} == {"تدمر": 1, "حلب": 1}
    assert {row.value: row.count for row in page.facets["source"]} == {"أ": 2, "ب": 1}


def test_the_way_out_takes_the_exclusion_away(news: SearchEngine) -> None:
    request = SearchRequest(q="قافلة", not_sources=("أ", "ب"))
    page = run_search(request, engine=news)
    assert [(way.kind, way.count) for way in page.ways_out if way.kind == "exclusion"] == [("exclusion", 5)]
