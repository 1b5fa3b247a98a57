"""Words in context, on each engine: which occurrences there are, their sentences, and their orders."""

from __future__ import annotations

from collections import Counter

import pytest

from articles.models import Article
from search.concordance import context_lines
from search.concordance.context_lines import LineOrder, build_concordance, read_lines
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.engines.contract import SearchEngine
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from tests.search.news import NewsItem, publish

pytestmark = pytest.mark.django_db

NEWS = (
    NewsItem(
        "قافلة إلى حمص", "وصلت قافلة أولى. قال شهود إن بحمص القديمة أفرانا. ولا ماء.", "2014-01-27", "سنابل"
    ),
    NewsItem("سوق", "زار وفد حمص وحلب معا.", "2014-02-03", "الضفاف"),
    NewsItem("طقس", "يهطل مطر في دمشق.", "2014-02-04", "الضفاف"),
)


def lines_of(
    engine: SearchEngine, query: str, order: LineOrder = "date", budget: int | None = None
) -> list[tuple[str, str, str]]:
    search = prepare_search(SearchRequest(q=query))
    finder = OccurrenceFinder(search.compiled)
    found = build_concordance(HitSample(search, engine, budget), finder, order, search.store)
    lines = read_lines(found.places, finder, engine, search.store)
    return [(line.before, line.word, line.after) for line in lines]


def test_each_occurrence_stands_in_its_sentence_the_newest_article_first(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    assert lines_of(engine, "حمص") == [
        ("زار وفد ", "حمص", " وحلب معا."),
        ("قافلة إلى ", "حمص", ""),
        ("قال شهود إن ", "بحمص", " القديمة أفرانا."),
    ]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("after", ["بحمص", "حمص", "حمص"]),  # القديمة, وحلب, nothing
        ("before", ["حمص", "بحمص", "حمص"]),  # إلى, إن, وفد
        ("source", ["حمص", "حمص", "بحمص"]),  # الضفاف, سنابل
    ],
)
def test_lines_are_ordered_by_context_or_source(
    engine: SearchEngine, order: LineOrder, words: list[str]
) -> None:
    publish(engine, *NEWS)
    found = lines_of(engine, "حمص", order)
    assert [word for _, word, _ in found] == words
    if order == "after":
        assert [after for *_, after in found] == [" القديمة أفرانا.", " وحلب معا.", ""]
    if order == "before":
        assert [before for before, *_ in found] == ["قافلة إلى ", "قال شهود إن ", "زار وفد "]


def test_neighbouring_words_of_the_query_are_one_occurrence(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    assert ("قال شهود إن ", "بحمص القديمة", " أفرانا.") in lines_of(engine, "القديمة حمص")


def test_function_words_count_only_where_nothing_else_is_searched(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    assert [word for _, word, _ in lines_of(engine, "في دمشق")] == ["دمشق"]
    assert [word for _, word, _ in lines_of(engine, "في")] == ["في"]


def test_phrases_and_beginnings_of_words_have_lines_and_excluded_words_none(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    assert [word for _, word, _ in lines_of(engine, '"وفد حمص"')] == ["وفد حمص"]
    assert [word for _, word, _ in lines_of(engine, "افران*")] == ["أفرانا"]
    assert [word for _, word, _ in lines_of(engine, "حمص -قافلة")] == ["حمص"]


def test_a_budget_reads_the_newest_articles_and_says_how_many(engine: SearchEngine) -> None:
    publish(engine, *NEWS)
    search = prepare_search(SearchRequest(q="حمص"))
    finder = OccurrenceFinder(search.compiled)
    sample = HitSample(search, engine, budget=3)
    found = build_concordance(sample, finder, "date", search.store)
    assert (len(found.places), found.read, found.total) == (1, 1, 2)
    assert not sample.is_complete
    every = build_concordance(HitSample(search, engine, None), finder, "date", search.store)
    assert (len(every.places), every.read, every.total) == (3, 2, 2)


def test_an_article_that_was_hidden_since_has_no_lines(engine: SearchEngine) -> None:
    ids = publish(engine, *NEWS)
    search = prepare_search(SearchRequest(q="حمص"))
    finder = OccurrenceFinder(search.compiled)
    found = build_concordance(HitSample(search, engine, None), finder, "date", search.store)
    Article.objects.filter(pk=ids[0]).update(state=Article.State.WITHDRAWN)
    shown = [line.record.id for line in read_lines(found.places, finder, engine, search.store)]
    assert shown == [ids[1]]
    again = build_concordance(HitSample(search, engine, None), finder, "date", search.store)
    assert {place.article for place in again.places} == {ids[1]}


def test_a_text_that_changed_since_it_was_indexed_is_read_anew(engine: SearchEngine) -> None:
    ids = publish(engine, *NEWS)
    Article.objects.filter(pk=ids[1]).update(body="نص آخر تماما عن مدينة حمص وأهلها.")
    assert lines_of(engine, "حمص")[0] == ("نص آخر تماما عن مدينة ", "حمص", " وأهلها.")


def test_an_article_is_read_once_for_all_its_lines(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines by the words after them alternate between the articles."""
    monkeypatch.setattr(context_lines, "TEXTS_AT_ONCE", 1)
    words = ("أب", "تل", "جد", "در", "رز", "سد")
    bodies = ["، ".join(f"حمص {word}" for word in words[start::2]) for start in (0, 1)]
    publish(engine, *(NewsItem("خبر", body, "2014-01-27", "سنابل") for body in bodies))
    read: list[int] = []
    fetch = engine.analyzed_articles
    monkeypatch.setattr(engine, "analyzed_articles", lambda ids: read.extend(ids) or fetch(ids))
    found = [after.strip(" .،").split("،")[0] for _, _, after in lines_of(engine, "حمص", "after")]
    assert found == list(words)
    # Once for the order, which only a server is asked by this method, and once for the lines.
    assert max(Counter(read).values()) <= (2 if engine.name == "elasticsearch" else 1)
