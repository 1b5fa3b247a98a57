"""Suggestions for a search with few hits: other words, parts without hits, relaxed searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.contract import SearchEngine
from search.evaluation.metrics import temporary_index
from search.query.compiler import prepare_search
from search.query.parser import parse_query
from search.query.request import SearchRequest
from search.results import Record, ResultPage
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from search.suggest.did_you_mean import (
    MAX_HITS_FOR_SUGGESTIONS,
    MIN_GAIN_FACTOR,
    SearchSuggestions,
    build_suggestions,
)

#: Body and source of each article.
ARCHIVE = [
    *[(f"اجتماع المجلس الوطني في القاهرة، الجلسة {number}.", "سانا") for number in range(1, 13)],
    ("وصلت قافلة إلى حمص القديمة أمس.", "سانا"),
    ("هدنة في حمص القديمة.", "رويترز"),
    ("قافلة مساعدات إلى دير الزور.", "رويترز"),
    ("قال لافروف إن الهدنة قائمة.", "رويترز"),
    ("مظاهرات في دمشق، وقال نشطاء إنها كبيرة.", "سانا"),
    ("كتب مراسل المجلص الوطني بخطأ في الطباعة.", "سانا"),
    ("أصدر المجلس العسكري قرارًا.", "سانا"),
    ("قال عبدالرحمن الشهابي إن الجسر فتح.", "سانا"),
    ("كتب عبد الكريم الخوري مقالا.", "سانا"),
]
Ask = Callable[..., ResultPage]


def vocabulary(records: list[Record]) -> Vocabulary:
    """Return the words of all records."""
    counts: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    for record in records:
        counts.update(set(normalized_terms(record.body)))
        spellings |= {"".join(normalized_terms(word)): word.strip(".،") for word in record.body.split()}
    return Vocabulary(counts, articles=len(records), spellings=spellings)


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]
)
def news(request: pytest.FixtureRequest, engine_maker) -> Iterator[tuple[SearchEngine, MemoryStore]]:
    """Index ARCHIVE in each engine."""
    sources = {"سانا": 1, "رويترز": 2}
    records = [
        Record(id=number, title="", body=body, source=source, source_id=sources[source])
        for number, (body, source) in enumerate(ARCHIVE, start=1)
    ]
    with temporary_index(engine_maker(request.param), records) as (index, _store):
        yield index, MemoryStore(records, vocabulary(records))


@pytest.fixture
def ask(news) -> Ask:
    """Return a function that searches ARCHIVE."""
    engine, store = news
    return lambda q, **more: run_search(SearchRequest(q=q, **more), engine=engine, store=store)


def suggested(page: ResultPage) -> list[str]:
    return [each.query for each in page.suggestions]


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("المجلس الوطبي", "المجلس الوطني", "spelling"),
        ("plw القديمة", "حمص القديمة", "keyboard"),
        ('"plw hgr]dlm"', '"حمص القديمة"', "keyboard"),
        ("Lavrov", "لافروف", "transliteration"),
        ("title:al-Qahira OR القديمة", "title:القاهرة OR القديمة", "transliteration"),
        ("دمشقوقال نشطاء", "دمشق وقال نشطاء", "split"),
        ("القا هرة", "القاهرة", "joined"),
        ('"عبد الرحمن الشهابي"', '"عبدالرحمن الشهابي"', "joined"),
        ('"عبدالكريم الخوري"', '"عبد الكريم الخوري"', "split"),
    ],
)
def test_the_words_that_were_meant_are_offered(ask: Ask, news, typed: str, meant: str, kind: str) -> None:
    engine, store = news
    request = SearchRequest(q=typed)
    first = build_suggestions(prepare_search(request, store), 0, engine).suggestions[0]
    assert (first.query, first.kind) == (meant, kind)
    assert first.count == ask(meant).total > 0, "the count is what the click shows"


def test_the_changed_word_is_marked_in_what_is_shown(ask: Ask) -> None:
    [first, *_] = ask("title:هدنة OR المجلس الوطبي").suggestions or ask("المجلس الوطبي").suggestions
    assert [run.text for run in first.segments if run.marked] == ["الوطني"]
    assert "".join(run.text for run in first.segments) == first.text == first.query


def test_operators_quotes_and_filters_are_kept(ask: Ask) -> None:
    assert suggested(ask('"المجلس الوطبي" -هدنة'))[0] == '"المجلس الوطني" -هدنة'
    assert ask("المجلس الوطبي", sources=("رويترز",)).suggestions == (), "nothing there under the filter"


def test_a_word_that_is_fine_gets_no_suggestion(ask: Ask) -> None:
    assert ask("المجلس الوطني").suggestions == ()
    assert ask("مستشفى القاهرة").suggestions == (), "not found, and rightly spelt"


def test_a_rare_misspelling_of_the_archive_is_recognised(ask: Ask) -> None:
    page = ask("المجلص")
    assert page.total == 1
    assert suggested(page)[0] == "المجلس"
    assert all(each.count >= MIN_GAIN_FACTOR * page.total for each in page.suggestions)


def test_a_misspelling_that_the_analyzer_understands_is_not_corrected_again(engine_maker) -> None:
    bodies = ["مظاهرة في اللاذقية.", *[f"اتخذت اللجنة {number} الخطوة اللازمة." for number in range(12)]]
    records = [Record(id=number, title="", body=body) for number, body in enumerate(bodies, start=1)]
    with temporary_index(engine_maker("embedded"), records) as (index, _store):
        store = MemoryStore(records, vocabulary(records))
        page = run_search(SearchRequest(q="اللازقية"), engine=index, store=store)
        assert (page.total, suggested(page)) == (1, [])
        off = run_search(SearchRequest(q="اللازقية", without=("*",)), engine=index, store=store)
        assert (off.total, suggested(off)[0]) == (0, "اللاذقية")


def test_an_unknown_word_is_corrected_although_the_query_finds_enough(ask: Ask, news) -> None:
    engine, store = news
    request = SearchRequest(q="لافروف OR هدنة OR الوطبي")
    total = ask(request.q).total
    assert 0 < total < MIN_GAIN_FACTOR
    found = {
        strict_hits: build_suggestions(prepare_search(request, store), strict_hits, engine).suggestions
        for strict_hits in (2, MAX_HITS_FOR_SUGGESTIONS + 1)
    }
    assert [each.query for each in found[2]] == ["لافروف OR هدنة OR الوطني"]
    assert found[MAX_HITS_FOR_SUGGESTIONS + 1] == (), "it must find far more than the query does"


def test_the_page_names_the_word_that_no_article_has_and_the_hits_without_it(ask: Ask) -> None:
    page = ask("قافلة زنجبيل حمص")
    by_word = {each.word: each for each in page.missing}
    assert list(by_word) == ["قافلة", "زنجبيل", "حمص"], "in the order typed"
    assert by_word["زنجبيل"].count == 0
    assert by_word["زنجبيل"].dropped_query == "قافلة حمص"
    assert by_word["زنجبيل"].dropped_count == ask("قافلة حمص").total == 1
    assert by_word["حمص"].count == 2
    assert by_word["حمص"].dropped_count == 0


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("زنجبيل و حمص", ["زنجبيل", "حمص"]),
        ("زنجبيل ب", ["زنجبيل", "ب"]),
        ("زنجبيل ب -حمص", ["زنجبيل", "ب", "-حمص"]),
        ("زنجبيل AND و حمص", ["زنجبيل", "و", "حمص"]),
        ("زنجبيل ف ب حمص", ["زنجبيل", "ف", "ب", "حمص"]),
    ],
)
def test_a_lone_letter_is_no_part_where_the_search_leaves_it_out(
    ask: Ask, query: str, parts: list[str]
) -> None:
    assert [each.word for each in ask(query).missing] == parts


def test_a_query_that_the_search_cuts_is_diagnosed_in_whole(ask: Ask, settings: LazySettings) -> None:
    settings.QUERY_MAX_CHARACTERS = 8
    page = ask("زرافة المجلس الوطبي")
    assert [complaint.code for complaint in page.complaints] == ["too_long"]
    assert [part.word for part in page.missing] == ["زرافة", "المجلس", "الوطبي"]


def test_a_name_of_two_words_is_one_part(ask: Ask) -> None:
    assert [each.word for each in ask("دير الزور زنجبيل").missing] == ["دير الزور", "زنجبيل"]


def test_an_exclusion_can_be_the_reason_for_no_hits(ask: Ask) -> None:
    by_word = {each.word: each for each in ask("حمص -القديمة").missing}
    assert by_word["-القديمة"].dropped_count == 2
    assert by_word["حمص"].dropped_query == "", "an exclusion alone is no search"


def test_with_an_or_each_word_is_counted_and_none_is_left_out(ask: Ask) -> None:
    missing = ask("زنجبيل OR بابونج").missing
    assert [(each.word, each.count, each.dropped_query) for each in missing] == [
        ("زنجبيل", 0, ""),
        ("بابونج", 0, ""),
    ]


def test_if_no_single_word_is_the_reason_the_largest_matching_subset_is_offered(ask: Ask) -> None:
    page = ask("زنجبيل بابونج قافلة حمص")
    assert [(way.kind, way.query, way.count) for way in page.ways_out] == [("words", "قافلة حمص", 1)]


def test_corrected_words_may_occur_and_yet_not_together(ask: Ask) -> None:
    page = ask("المجلس الوطبي قافلة زنجبيل")
    assert [(way.kind, way.query) for way in page.ways_out] == [("words", "المجلس الوطني")]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"q": "لافروف", "sources": ("سانا",)}, "source"),
        ({"q": "لافروف", "dates": ("2012",)}, "date"),
        ({"q": "مظاهرة", "level": "exact"}, "level"),
        ({"q": '"القديمة حمص"'}, "unquoted"),
        ({"q": "title:لافروف"}, "unquoted"),
    ],
)
def test_each_filter_is_named_with_the_hits_without_it(ask: Ask, asked: dict, kind: str) -> None:
    page = ask(**asked)
    assert page.total == 0
    assert {way.kind: way.count > 0 for way in page.ways_out}.get(kind), page.ways_out


def test_filters_without_words_are_relaxed_one_by_one_and_all_together(ask: Ask) -> None:
    page = ask("", sources=("سانا",), dates=("2012",))
    assert {way.kind: way.count for way in page.ways_out}["filters"] == len(ARCHIVE)


def test_there_are_no_suggestions_after_the_first_page_or_for_many_hits(ask: Ask) -> None:
    assert ask("المجلس").missing == ()
    page = ask("زنجبيل", page=2)
    assert (page.suggestions, page.missing, page.ways_out) == ((), (), ())


def test_the_engine_is_not_asked_if_every_word_is_fine_and_something_was_found(
    ask: Ask, news, monkeypatch
) -> None:
    engine, store = news
    asked: list[int] = []
    counts = engine.counts
    monkeypatch.setattr(
        engine, "counts", lambda nodes, *rest: asked.append(len(nodes)) or counts(nodes, *rest)
    )
    request = SearchRequest(q="قافلة")
    build_suggestions(prepare_search(request, store), 2, engine)
    assert asked == []
    request = SearchRequest(q="قافلة زنجبيل حمص")
    build_suggestions(prepare_search(request, store), 0, engine)
    assert len(asked) == 1, "one round trip"


def test_a_word_that_is_only_in_the_vocabulary_is_never_shown(news) -> None:
    """After the withdrawal of its article, the stem still matches others, but the exact word matches none."""
    engine, _store = news
    stale = MemoryStore([], Vocabulary({"القاهريه": 40, "بالمجلسيين": 40}))
    for typed in ("القاهربه", "بالمجلسببن"):
        request = SearchRequest(q=typed)
        found = build_suggestions(prepare_search(request, stale), 0, engine)
        assert "القاهريه" not in str(found)
        assert "بالمجلسيين" not in str(found)


WORDS = ["حمص", "الوطبي", "المجلص", "plw", "hgr]dlm", "Lavrov", "دمشقوقال", "القا", "هرة", "زنجبيل"]
SIGNS = ["AND", "OR", "NOT", "-", "(", ")", '"', "«", "»", "title:", "city:", "*", "~2", ""]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.one_of(st.sampled_from([*WORDS, *SIGNS]), st.text(max_size=6)), max_size=8), st.booleans())
def test_any_query_gets_suggestions_and_each_parses_without_complaints(
    news, pieces: list[str], filtered: bool
) -> None:
    engine, store = news
    request = SearchRequest(q=" ".join(pieces), sources=("سانا",) if filtered else ())
    found = build_suggestions(prepare_search(request, store), 0, engine)
    for query in _queries(found):
        assert parse_query(query).complaints == (), query
        again = SearchRequest(q=query, sources=request.sources)
        assert run_search(again, engine=engine, store=store).total > 0, query


def _queries(found: SearchSuggestions) -> Iterator[str]:
    """Return every query that the page offers."""
    yield from (each.query for each in found.suggestions)
    for part in found.missing:
        yield from (each.query for each in part.alternatives)
        if part.dropped_count:
            yield part.dropped_query
    yield from (each.query for each in found.ways_out if each.kind in ("unquoted", "words"))
