"""The function words of a sentence are optional; the page names them, and a switch makes them required."""

from __future__ import annotations

import pytest

from search.engines.contract import SearchEngine
from search.query.request import SearchLevel, SearchRequest
from search.results import ResultPage
from search.retrieval.service import run_search
from tests.search.news import NewsItem, publish

SENTENCE = "الرئيس يلتقي مع وزراء الزراعة والصناعة والتجارة"
WITH, WITHOUT = (
    "التقى الرئيس مع وزراء الزراعة والصناعة والتجارة.",
    "التقى الرئيس وزراء الزراعة والصناعة والتجارة.",
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(engine: SearchEngine) -> None:
    publish(
        engine, NewsItem("أ", WITHOUT), NewsItem("ب", WITH), NewsItem("ج", "التقى الرئيس مع وزراء الزراعة.")
    )


def titles(page: ResultPage) -> list[str]:
    return [hit.record.title for hit in page.hits if hit.strict]


def found(
    engine: SearchEngine, q: str, level: SearchLevel = "all", without: tuple[str, ...] = ()
) -> ResultPage:
    return run_search(SearchRequest(q=q, level=level, without=without), engine=engine)


def test_an_article_without_the_particle_of_a_sentence_ranks_below_one_that_has_it(
    engine: SearchEngine,
) -> None:
    page = found(engine, SENTENCE)
    assert (titles(page), page.total) == (["ب", "أ"], 2)


def test_the_page_names_the_optional_particle_with_its_count_and_a_switch(engine: SearchEngine) -> None:
    (line,) = [each for each in found(engine, SENTENCE).expansions if each.kind == "particle"]
    assert (line.shown, line.count, line.active) == ("مع", 1, True)
    page = found(engine, SENTENCE, without=(line.shown,))
    assert titles(page) == ["ب"]
    assert [each.active for each in page.expansions if each.kind == "particle"] == [False]
    assert titles(found(engine, SENTENCE, without=("*",))) == ["ب"]


def test_the_page_names_no_particle_that_changed_nothing(engine: SearchEngine) -> None:
    publish(engine, NewsItem("د", "فتح الوزير المعرض مع زملائه صباح الخميس."))
    page = found(engine, "الوزير فتح المعرض مع زملائه صباح الخميس")
    assert titles(page) == ["د"]
    assert not [each for each in page.expansions if each.kind == "particle"]


IN_WHICH_EVERY_WORD_IS_REQUIRED = (
    "وزراء مع الزراعة والصناعة والتجارة",  # five words do not count as a sentence
    "الرئيس مع مع في من الوزراء",  # too few content words
    "(الرئيس OR الملك) يلتقي مع وزراء الزراعة والصناعة",
    "الرئيس يلتقي مع وزراء الزراعة والصناعة -الدفاع",
    "الرئيس يلتقي AND مع وزراء الزراعة والصناعة",  # with AND every word is required
    "الرئيس يلتقي title:مع وزراء الزراعة والصناعة والتجارة",
)


def test_in_other_queries_every_word_is_required(engine: SearchEngine, subtests: pytest.Subtests) -> None:
    for query in IN_WHICH_EVERY_WORD_IS_REQUIRED:
        with subtests.test(query=query):
            assert "أ" not in titles(found(engine, query))


def test_a_particle_of_a_name_is_required(engine: SearchEngine) -> None:
    publish(engine, NewsItem("د", "زار الوزير مصنعا في العاشر رمضان صباح الخميس."))
    assert "د" not in titles(found(engine, "الوزير زار مصنعا العاشر من رمضان صباح الخميس"))
    assert "د" in titles(found(engine, "الوزير زار مصنعا على رمضان صباح الخميس"))


def test_at_the_exact_level_every_word_is_required(engine: SearchEngine) -> None:
    typed = WITH.rstrip(".")
    assert titles(found(engine, typed, level="exact")) == ["ب"]
    assert titles(found(engine, typed, level="light")) == ["ب", "أ"]


def test_a_negation_is_required(engine: SearchEngine) -> None:
    assert titles(found(engine, SENTENCE.replace("مع", "لا"))) == []


def test_html_entities_are_read_as_the_characters_that_they_escape(engine: SearchEngine) -> None:
    assert titles(found(engine, "&quot;التقى الرئيس مع&quot; الصناعة")) == ["ب"]
    assert titles(found(engine, "&amp;quot;التقى الرئيس مع&amp;quot; الصناعة")) == ["ب"]
