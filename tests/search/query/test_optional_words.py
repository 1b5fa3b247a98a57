"""An article may lack the particles of a sentence; the page says so, and a switch takes it back."""

from __future__ import annotations

import pytest

from search.engines.contract import SearchEngine
from search.query.request import SearchLevel, SearchRequest
from search.results import ResultPage
from search.retrieval.service import run_search
from tests.search.news import Told, publish

SENTENCE = "الرئيس يلتقي مع وزراء الزراعة والصناعة والتجارة"
WITH, WITHOUT = (
    "التقى الرئيس مع وزراء الزراعة والصناعة والتجارة.",
    "التقى الرئيس وزراء الزراعة والصناعة والتجارة.",
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(engine: SearchEngine) -> None:
    publish(engine, Told("أ", WITHOUT), Told("ب", WITH), Told("ج", "التقى الرئيس مع وزراء الزراعة."))


def titles(page: ResultPage) -> list[str]:
    return [hit.record.title for hit in page.hits if hit.strict]


def found(
    engine: SearchEngine, q: str, level: SearchLevel = "all", without: tuple[str, ...] = ()
) -> ResultPage:
    return run_search(SearchRequest(q=q, level=level, without=without), engine=engine)


def test_a_sentence_is_found_without_its_particle_behind_the_article_that_has_it(
    engine: SearchEngine,
) -> None:
    page = found(engine, SENTENCE)
    assert (titles(page), page.total) == (["ب", "أ"], 2)


def test_the_line_names_the_particle_with_what_came_through_it_and_its_switch(engine: SearchEngine) -> None:
    (line,) = [each for each in found(engine, SENTENCE).expansions if each.kind == "particle"]
    assert (line.shown, line.count, line.active) == ("مع", 1, True)
    page = found(engine, SENTENCE, without=(line.shown,))
    assert titles(page) == ["ب"]
    assert [each.active for each in page.expansions if each.kind == "particle"] == [False]
    assert titles(found(engine, SENTENCE, without=("*",))) == ["ب"]


def test_nothing_is_said_where_nothing_came_through_it(engine: SearchEngine) -> None:
    publish(engine, Told("د", "فتح الوزير المعرض مع زملائه صباح الخميس."))
    page = found(engine, "الوزير فتح المعرض مع زملائه صباح الخميس")
    assert titles(page) == ["د"]
    assert not [each for each in page.expansions if each.kind == "particle"]


@pytest.mark.parametrize(
    "query",
    [
        "وزراء مع الزراعة والصناعة والتجارة",  # five words: each was meant
        "الرئيس مع مع في من الوزراء",  # hardly anything else
        "(الرئيس OR الملك) يلتقي مع وزراء الزراعة والصناعة",
        "الرئيس يلتقي مع وزراء الزراعة والصناعة -الدفاع",
        "الرئيس يلتقي AND مع وزراء الزراعة والصناعة",  # who spells AND out means it
        "الرئيس يلتقي title:مع وزراء الزراعة والصناعة والتجارة",
    ],
)
def test_elsewhere_every_word_is_demanded(engine: SearchEngine, query: str) -> None:
    assert "أ" not in titles(found(engine, query))


def test_a_particle_of_a_name_is_demanded(engine: SearchEngine) -> None:
    publish(engine, Told("د", "زار الوزير مصنعا في العاشر رمضان صباح الخميس."))
    assert "د" not in titles(found(engine, "الوزير زار مصنعا العاشر من رمضان صباح الخميس"))
    assert "د" in titles(found(engine, "الوزير زار مصنعا على رمضان صباح الخميس"))


def test_words_exactly_as_typed_are_all_demanded(engine: SearchEngine) -> None:
    typed = WITH.rstrip(".")
    assert titles(found(engine, typed, level="exact")) == ["ب"]
    assert titles(found(engine, typed, level="light")) == ["ب", "أ"]


def test_a_negation_is_demanded(engine: SearchEngine) -> None:
    assert titles(found(engine, SENTENCE.replace("مع", "لا"))) == []


def test_signs_that_a_page_s_source_escapes_are_signs(engine: SearchEngine) -> None:
    assert titles(found(engine, "&quot;التقى الرئيس مع&quot; الصناعة")) == ["ب"]
    assert titles(found(engine, "&amp;quot;التقى الرئيس مع&amp;quot; الصناعة")) == ["ب"]
