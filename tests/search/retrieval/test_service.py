"""The list of hits for page, API and commands: strict hits, then close ones, with facets and complaints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, MergedPlace, Place
from search.engines.contract import EngineRequest, EngineResult, FacetName, SearchEngine
from search.query.compiler import prepare_search
from search.query.filters import resolve_filters
from search.query.request import SearchRequest
from search.query_tree import Node
from search.results import Complaint, ResultPage
from search.retrieval.collapse import DEEP_OFFSET
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from tests.search.news import NewsItem, index_all, place, publish

pytestmark = pytest.mark.django_db

ARCHIVE = (
    NewsItem("قصف على حمص", "سقطت قذائف بحمص.", "2012-05-24", "سانا", ["حمص"]),
    NewsItem("هدنة في حلب", "اتفاق بعد قصف طويل.", "2012-05", "سانا", ["حلب", "حمص"]),
    NewsItem("مؤتمر جنيف", "حضرت وفود كثيرة.", "2014", "رويترز", ["جنيف"]),
    NewsItem("بيان", "قصف في حلب وحمص معا.", "", "رويترز", ["حلب"]),
)


@pytest.fixture
def ids(engine: SearchEngine) -> list[int]:
    """Publish ARCHIVE and return the ids of its articles."""
    return publish(engine, *ARCHIVE)


@pytest.fixture
def ask(engine: SearchEngine) -> Callable[..., ResultPage]:
    """Return a function that searches the engine under test."""
    return lambda **asked: run_search(SearchRequest(**asked), engine=engine)


def found(page: ResultPage) -> list[int]:
    return [hit.record.id for hit in page.hits]


def counts(page: ResultPage, facet: str) -> dict[str, int]:
    return {row.value: row.count for row in page.facets[facet]}


def test_a_city_is_found_behind_clitics_and_its_forms_are_marked(ask, ids) -> None:
    page = ask(q="حمص")
    assert sorted(found(page)) == [ids[0], ids[3]]
    by_id = {hit.record.id: hit for hit in page.hits}
    assert by_id[ids[0]].title.marked == ("حمص",)
    assert by_id[ids[0]].snippet.marked == ("بحمص",)
    assert by_id[ids[3]].snippet.marked == ("وحمص",)


def test_a_word_of_the_title_and_one_of_the_body_make_a_strict_hit(ask, ids) -> None:
    page = ask(q="هدنة قصف")
    assert page.total == 1
    assert found(page)[0] == ids[1]
    assert page.hits[0].strict


def test_only_the_facets_that_the_caller_shows_are_counted(engine: SearchEngine, ids) -> None:
    page = run_search(SearchRequest(q="قصف"), engine=engine, facets=("source",), with_advice=False)
    assert counts(page, "source") == {"سانا": 2, "رويترز": 1}
    assert {name: counts(page, name) for name in ("city", "date", "event")} == {
        "city": {}, "date": {}, "event": {}
    }  # fmt: skip


def test_close_results_follow_the_strict_ones(ask, ids) -> None:
    page = ask(q="قصف حلب هدنة")
    assert [(hit.record.id, hit.strict) for hit in page.hits] == [(ids[1], True), (ids[3], False)]
    assert (page.total, page.close_total, page.pages) == (1, 1, 1)


def test_excluded_words_are_excluded_from_close_results_too(ask, ids) -> None:
    assert found(ask(q="قصف حلب هدنة -بيان")) == [ids[1]]


def test_a_page_past_the_end_is_empty_with_a_complaint(ask, ids) -> None:
    page = ask(q="قصف", page=9)
    assert page.hits == ()
    assert page.total == 3
    assert Complaint("past_the_end", "9") in page.complaints


@pytest.mark.parametrize("page_number", [DEEP_OFFSET, 1_000_000])
def test_a_page_far_past_the_end_costs_only_a_count(ask, ids, page_number: int) -> None:
    page = ask(q="قصف", page=page_number)
    assert (page.hits, page.total, counts(page, "source")) == ((), 3, {"سانا": 2, "رويترز": 1})


def test_without_words_the_archive_is_browsed_newest_first(ask, ids) -> None:
    assert found(ask()) == [ids[2], ids[0], ids[1], ids[3]]
    assert found(ask(sort="oldest")) == [ids[1], ids[0], ids[2], ids[3]]


def test_a_query_without_a_word_finds_nothing_with_a_complaint(ask, ids) -> None:
    page = ask(q="؟!")
    assert (page.hits, page.total) == ((), 0)
    assert [complaint.code for complaint in page.complaints] == ["no_words"]


def test_a_date_sort_orders_the_strict_hits(ask, ids) -> None:
    assert found(ask(q="قصف", sort="newest")) == [ids[0], ids[1], ids[3]]
    assert found(ask(q="قصف", sort="oldest")) == [ids[1], ids[0], ids[3]]


FILTERS = [
    ({"cities": ("حمص",)}, [0, 1]),
    ({"cities": ("حمص", "جنيف")}, [0, 1, 2]),
    ({"cities": ("حمص",), "sources": ("رويترز",)}, []),
    ({"dates": ("2012",)}, [0, 1]),
    ({"dates": ("2012-05-24", "undated")}, [0, 3]),
    ({"date_from": "2012-05-20", "date_to": "2012-05-31"}, [0, 1]),
    ({"date_from": "2013"}, [2]),
    ({"date_to": "2012-05-20"}, [1]),
    ({"dates": ("2012",), "date_from": "2012-06"}, []),
]


def test_filters_are_or_within_and_and_between(ask, ids, subtests: pytest.Subtests) -> None:
    for asked, expected in FILTERS:
        with subtests.test(asked=asked):
            assert sorted(found(ask(**asked))) == [ids[index] for index in expected]


def test_a_facet_counts_as_if_it_were_not_chosen_from(ask, ids) -> None:
    page = ask(q="قصف", cities=("حمص",))
    assert counts(page, "city") == {"حمص": 2, "حلب": 2}
    assert counts(page, "source") == {"سانا": 2}
    assert [row.value for row in page.facets["city"] if row.selected] == ["حمص"]


def test_a_chosen_value_without_results_stays_listed(ask, ids) -> None:
    page = ask(q="قصف", cities=("جنيف",), sources=("رويترز",), dates=("1999-01",))
    assert counts(page, "city")["جنيف"] == 0
    assert counts(page, "date")["1999-01"] == 0
    assert page.total == 0


def test_an_unknown_city_finds_nothing_and_can_be_deselected(ask, ids) -> None:
    page = ask(cities=("أطلنطس",))
    assert page.total == 0
    assert Complaint("unknown_city", "أطلنطس") in page.complaints
    assert ("أطلنطس", 0, True) in [(row.value, row.count, row.selected) for row in page.facets["city"]]


def test_dates_are_listed_year_by_year_with_their_months_and_undated_last(ask, ids) -> None:
    page = ask()
    assert [(row.value, row.count, row.level) for row in page.facets["date"]] == [
        ("2014", 1, "year"),
        ("2012", 2, "year"),
        ("2012-05", 2, "month"),
        ("2012-05-24", 1, "day"),
        ("undated", 1, "undated"),
    ]


def test_days_are_listed_for_a_chosen_month_only(ask, engine, ids) -> None:
    publish(engine, NewsItem("آخر", day="2012-06-01"))
    assert "2012-05-24" not in counts(ask(), "date")
    assert counts(ask(dates=("2012-05",)), "date")["2012-05-24"] == 1
    assert "2012-06-01" not in counts(ask(dates=("2012-05",)), "date")
    assert counts(ask(date_from="2012-06-01", date_to="2012-06-30"), "date")["2012-06-01"] == 1


def test_every_count_is_what_the_database_counts(ask, ids) -> None:
    shown = Article.objects.visible()
    page = ask(q="قصف OR مؤتمر")
    assert page.total == shown.count()
    assert counts(page, "city") == Counter(slug for (slug,) in shown.values_list("places__slug"))
    assert counts(page, "source") == Counter(name for (name,) in shown.values_list("source__name"))


def test_a_less_precise_date_than_the_range_is_marked_approximate(ask, ids) -> None:
    page = ask(date_from="2012-05-20", date_to="2012-05-31")
    assert {hit.record.id: hit.approximate for hit in page.hits} == {ids[0]: False, ids[1]: True}
    assert not any(hit.approximate for hit in ask(date_from="2012", date_to="2012-05-31").hits)


def test_an_article_that_left_the_database_is_not_shown_although_the_index_has_it(ask, ids) -> None:
    Article.objects.filter(pk=ids[0]).update(state="withdrawn")
    assert found(ask(q="حمص")) == [ids[3]]


def test_a_city_is_chosen_by_any_of_its_names(ask, ids, subtests: pytest.Subtests) -> None:
    homs = place("حمص")
    homs.aliases = ["العدية", "Emesa"]
    homs.save()
    for name in ("حمص", "حِمص", "العديّة", "Emesa"):
        with subtests.test(name=name):
            page = ask(cities=(name,))
            assert sorted(found(page)) == [ids[0], ids[1]]
            assert [row.value for row in page.facets["city"] if row.selected] == ["حمص"]
            assert sorted(found(ask(q=f'city:"{name}"'))) == [ids[0], ids[1]]


def test_an_alias_in_an_address_becomes_the_name_of_the_facet_row(ids) -> None:
    homs = place("حمص")
    homs.aliases = ["Emesa"]
    homs.save()
    asked = SearchRequest(q="قصف", cities=("Emesa", "أطلنطس", "حمص"), sources=("سَانا",))
    prepared = prepare_search(asked).with_canonical_names()
    assert prepared.request == SearchRequest(q="قصف", cities=("حمص", "أطلنطس"), sources=("سانا",))


def test_filters_under_canonical_names_are_those_that_these_names_resolve_to(ids) -> None:
    Place.objects.filter(slug="حمص").update(country="SY", governorate="حمص", aliases=["Emesa"])
    Place.objects.filter(slug="حماة").update(country="SY", governorate="حماة")
    asked = SearchRequest(
        countries=("SY", "أطلانطس"),
        governorates=("محافظة حمص", "حماة", "لا شيء"),
        cities=("Emesa", "أطلنطس", "حمص"),
        sources=("سَانا", "لا أحد"),
    )
    prepared = prepare_search(asked).with_canonical_names()
    again = resolve_filters(prepared.request, prepared.store)
    assert prepared.filters.nodes == again.nodes
    assert prepared.filters.complaints == again.complaints


def test_a_city_is_chosen_by_a_name_of_the_gazetteer(ask, engine) -> None:
    kobani = place("عين العرب", key="sy-kobani")
    MergedPlace.objects.create(key=gazetteer_key("كوباني"), place=kobani)
    (article,) = publish(engine, NewsItem("خبر", cities=["عين العرب"]))
    assert found(ask(cities=("كوباني",))) == [article]


def gazetteer_key(name: str) -> str:
    from arabic.tables.gazetteer import gazetteer  # noqa: PLC0415  this test alone looks into the table

    return gazetteer().lookup(name)[0].key


def test_source_names_match_in_other_spellings(ask, ids) -> None:
    assert sorted(found(ask(sources=("سَانا",)))) == ids[:2]


def test_bad_syntax_searches_the_remaining_words(ask, ids) -> None:
    page = ask(q="حمص AND (")
    assert sorted(found(page)) == [ids[0], ids[3]]
    assert {complaint.code for complaint in page.complaints} == {"unmatched_bracket", "dangling_operator"}


def test_any_query_gets_an_answer(ask, ids, subtests: pytest.Subtests) -> None:
    for query in ("كلمة " * 2_000, "*" * 500, '"' * 501, "(" * 999, "-" * 50, "<script>"):
        with subtests.test(query=query[:10]):
            assert ask(q=query).total == 0


def test_a_page_costs_a_fixed_number_of_database_queries(
    engine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(
        engine,
        *(NewsItem(f"قصف {n}", day="2012", source=f"s{n}", cities=["حمص", f"c{n}"]) for n in range(12)),
    )
    run_search(SearchRequest(q="قصف"), engine=engine)  # reads the names
    # Whether names or words have changed; articles, and the places that they mention.
    with django_assert_num_queries(3):
        assert len(run_search(SearchRequest(q="قصف"), engine=engine).hits) == 12


class Counting:
    """An engine that records each request and forwards it."""

    def __init__(self, engine: SearchEngine) -> None:
        self.engine = engine
        self.asked: list[EngineRequest] = []

    def view(self) -> Counting:
        return self

    def search(self, request: EngineRequest) -> EngineResult:
        self.asked.append(request)
        return self.engine.search(request)

    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FacetName, Node] | None = None
    ) -> tuple[int, ...]:
        return self.engine.counts(nodes, filters or {})


def test_the_engine_is_asked_twice_only_where_the_strict_results_end(engine, ids) -> None:
    for size, calls in ((1, 1), (20, 2)):
        counting = Counting(engine)
        run_search(SearchRequest(q="قصف حلب", size=size), engine=counting)  # type: ignore[arg-type]  # it counts and passes on
        assert len(counting.asked) == calls


def test_the_tree_of_a_query_marks_an_article(ids) -> None:
    first, third = SearchRequest(q="حمص"), SearchRequest(q="حمص", page=3)
    other = prepare_search(third, MemoryStore([]))
    assert prepare_search(first).compiled.strict == other.compiled.strict


def test_a_new_name_of_a_city_needs_no_new_index(ask, engine, ids) -> None:
    homs = place("حمص")
    homs.slug = homs.name = "مدينة حمص"
    homs.save()
    assert "مدينة حمص" in counts(ask(), "city")
    index_all(engine, version=2)
    assert "مدينة حمص" in counts(ask(), "city")


def test_names_that_are_no_slug_are_looked_up_in_a_list_that_is_read_once(engine, ids) -> None:
    names = tuple(f"لا مدينة {number}" for number in range(20))
    query = " ".join(f"city:غير{number}" for number in range(20))
    with CaptureQueriesContext(connection) as asked:
        run_search(SearchRequest(q=query, cities=names, sources=names), engine=engine)
    assert sum('"aliases"' in each["sql"] for each in asked.captured_queries) == 1
    assert sum('FROM "articles_mergedsource"' in each["sql"] for each in asked.captured_queries) == 1
