"""Run-together words in texts and queries, on both engines: matched by their parts, shown as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.analyzer import lemma_terms_in_context
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER
from arabic.text.normalization import normalize
from articles.models import Article
from search.engines.contract import SearchEngine
from search.evaluation.metrics import temporary_index
from search.highlighting.highlighter import Highlighter
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import rebuild_index
from search.query.request import SearchRequest
from search.query_tree import AnyOf, Term
from search.results import Record
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from search.vocabulary.vocabulary_store import archive_splitter

TEXTS = {
    "glued": "قُتل خمسةٌ في دمشققال ناشطون أمس",
    "council": "بيان المجلسالوطني السوري",
    "preposition": "قصف عنيف فيحمص القديمة",
    "servant": "تصريح عبدالله غل",
    "apart": "تصريح عبد الله غل",
    "others": "تصريح عبد العزيز رحمه الله، ونور من الدين",
    "behind": "تصريح لعبد الله ولنور الدين",
    "place": "معارك في ديرالزور",
    "whole": "وصلت المستشفيات ومنهم جرحى",
    "facebook": "صفحته على فيسبوك",
    "vocalised": "الثُّوّارُفيحِمصَ",
}
Find = Callable[..., set[str]]
MODULE_ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=MODULE_ENGINES)
def news(request: pytest.FixtureRequest, engine_maker) -> Iterator[tuple[SearchEngine, MemoryStore]]:
    """Index TEXTS in each engine."""
    records = [
        Record(id=number, title="", body=text, external_id=name)
        for number, (name, text) in enumerate(TEXTS.items(), start=1)
    ]
    with temporary_index(engine_maker(request.param), records) as found:
        yield found


@pytest.fixture
def find(news) -> Find:
    """Return the names of the strict hits."""
    engine, store = news

    def ask(query: str, **more: str) -> set[str]:
        page = run_search(SearchRequest(q=query, size=50, **more), engine=engine, store=store)
        return {hit.record.external_id for hit in page.hits if hit.strict}

    return ask


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("دمشق", "glued"),
        ("قالت", "glued"),
        ("المجلس الوطني", "council"),
        ("مجلس وطني", "council"),
        ("حمص القديمة", "preposition"),
        ("عبد الله غل", "servant"),
        ("عبدالله غل", "apart"),
        ("دير الزور", "place"),
        ("فيس بوك", "facebook"),
        ("الثوار حمص", "vocalised"),
    ],
)
def test_the_parts_match_the_run_together_word_and_the_other_way_round(
    find: Find, query: str, name: str
) -> None:
    assert name in find(query)


def test_a_whole_word_is_not_found_by_its_letters(find: Find) -> None:
    assert find("من هم") == set()
    assert "whole" not in find("فيات")


def test_a_word_run_together_in_the_query_is_found_in_a_row(find: Find) -> None:
    assert find("تصريح عبدالله") == {"servant", "apart", "behind"}


@pytest.mark.parametrize(
    "query", ["عبدالله", "لعبدالله", "عبد الله", "تصريح لعبد الله", "نورالدين", "نور الدين"]
)
def test_the_two_words_of_a_persons_name_stand_in_a_row(find: Find, query: str) -> None:
    found = find(query)
    assert "others" not in found
    assert "behind" in found


def test_the_words_of_a_persons_name_may_be_asked_for_anywhere(find: Find) -> None:
    assert "others" in find("عبد الله", included=("عبد الله",))
    assert "others" in find("عبد AND الله")


def test_the_exact_level_matches_the_letters_as_written_only(find: Find) -> None:
    assert find("دمشق", level="exact") == set()
    assert find("دمشققال", level="exact") == {"glued"}


def test_the_reader_sees_the_original_with_the_whole_run_marked(news) -> None:
    engine, store = news
    page = run_search(SearchRequest(q="الثوار حمص"), engine=engine, store=store)
    hit = page.hits[0]
    assert [segment.text for segment in hit.snippet.segments] == [TEXTS["vocalised"]]
    assert hit.snippet.marked == (TEXTS["vocalised"],)


@pytest.mark.django_db
def test_a_frequent_word_of_the_archive_is_not_split_from_the_next_rebuild_on(engine: SearchEngine) -> None:
    for number in range(5):
        Article.objects.create(title=f"صحيفة إيرانالناس {number}", state="published")
    drain_outbox(engine)
    assert run_search(SearchRequest(q="الناس"), engine=engine).total == 5
    rebuild_index(engine)
    assert archive_splitter().parts("ايرانالناس") == ()
    assert run_search(SearchRequest(q="الناس"), engine=engine).total == 0
    assert run_search(SearchRequest(q="إيرانالناس"), engine=engine).total == 5


WRITTEN = st.lists(
    st.sampled_from(["دِمَشق", "المجلسُ", "الوطنيّ", "قـــال", "الرئيسُ", "مدينةٍ", "حمص", "في", "الثُّوّار", "ﻻ"]),
    min_size=1,
    max_size=4,
).map("".join)


@given(WRITTEN, WRITTEN)
def test_a_part_marks_the_run_it_stands_in_from_its_first_letter_to_its_last(first: str, second: str) -> None:
    text = f"«{first}»، ثم {second}."
    for run in (first, second):
        for part in SHIPPED_DECOMPOUNDER.parts(normalize(run)):
            tree = AnyOf(tuple(Term("body", "forms", form) for form in lemma_terms_in_context([part])[0]))
            assert run in Highlighter(tree).highlight(text, "body").marked
