"""What makes a strict hit, and that each one shows why: a form is marked for every word of the query."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.contract import SearchEngine
from search.evaluation.metrics import temporary_index
from search.highlighting.explanation import Explainer
from search.highlighting.highlighter import Highlighter
from search.highlighting.term_matcher import MatchableText
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.results import Record
from search.retrieval.service import run_search
from search.store.memory import MemoryStore

SAMPLES = Path(__file__).resolve().parents[3] / "articles" / "samples"
STORE = MemoryStore([])
WORDS_OF_A_QUERY = 2
MODULE_ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


def read_samples() -> list[Record]:
    """Return every third of the sample articles: the test asks for each pair of words of their titles."""
    rows = [
        json.loads(line)
        for path in sorted(SAMPLES.rglob("*.jsonl"))
        for line in path.read_text(encoding="utf-8-sig").splitlines()
    ]
    return [
        Record(number, row.get("title", ""), row.get("body", ""))
        for number, row in enumerate(rows[::3], start=1)
    ]


@pytest.fixture(scope="module", params=MODULE_ENGINES)
def samples(request: pytest.FixtureRequest, engine_maker) -> Iterator[tuple[SearchEngine, MemoryStore]]:
    """Index the sample articles in each engine."""
    with temporary_index(engine_maker(request.param), read_samples()) as found:
        yield found


def test_every_strict_hit_has_a_marked_form_for_each_word_of_the_query(samples) -> None:
    engine, store = samples
    hits = 0
    for record in read_samples():
        words = record.title.split()
        for at in range(len(words) - 1):
            request = SearchRequest(q=" ".join(words[at : at + WORDS_OF_A_QUERY]), size=50)
            clauses = prepare_search(request, store).compiled.clauses
            marks = [Highlighter(clause.strict) for clause in clauses]
            for hit in run_search(request, engine=engine, store=store).hits:
                if not hit.strict:
                    continue
                hits += 1
                title, body = map(MatchableText.analyze, (hit.record.title, hit.record.body))
                for clause, mark in zip(clauses, marks, strict=True):
                    assert mark.spans(title, "title") or mark.spans(body, "body"), (request.q, clause.text)
    assert hits > len(read_samples())


def is_strict(query: str, text: str) -> bool:
    """Return True if a text is a strict hit of a query."""
    clauses = prepare_search(SearchRequest(q=query), STORE).compiled.clauses
    title, body = MatchableText.analyze(""), MatchableText.analyze(text)
    return all(match.strict for match in Explainer(clauses).explain(title, body))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("كانون", "كانوا هناك"),
        ("ولاية", "ولا أحد"),
        ("سلمان", "سلم الملف"),
        ("بلدة", "خارج البلد"),
        ("يقدم", "كرة القدم"),
        ("الميزان", "ميزات جديدة"),
        ("عيدية", "أول أيام العيد"),
        ("باوسون", "قبيلة أوس"),
        ("لمن", "من هناك"),
        ("اجتماع", "الوضع الاجتماعي"),
        ("حايك", "قال الحايكي"),
    ],
)
def test_another_word_is_no_strict_hit(query: str, text: str) -> None:
    assert not is_strict(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("كتاب", "الكتب الجديدة"),
        ("يونايتد", "فوز ليونايتد"),
        ("بلدة", "في بلدتهم"),
        ("النووي", "المفاعل النووى"),
        ("اعلان", "وإعلانات"),
        ("إعلان", "اعلان"),
        ("قصف", "يقصفون المدينة"),
        ("رحيل", "بعد رحيلهما"),
        ("امرأة", "نساء"),
    ],
)
def test_a_form_of_the_word_is_a_strict_hit(query: str, text: str) -> None:
    assert is_strict(query, text)


@given(st.text("اأإآهةيىبتكلمنوف\u064b", min_size=1, max_size=9))
def test_a_word_is_a_strict_hit_of_itself(word: str) -> None:
    if prepare_search(SearchRequest(q=word), STORE).compiled.clauses:
        assert is_strict(word, word)


CAREFUL = "الوزارة والبلدية والمدرسة أكدت "


@pytest.mark.parametrize(
    ("query", "same", "other"),
    [
        ("إمام", "صلى الإمام", "وقف أمام الباب"),
        ("إعداد", "بدأ اعداد الخطة", "زادت أعداد القتلى"),
        ("بلدة", "وصل إلى البلدة", CAREFUL + "أنه عاد إلى بلده"),
        ("طريقة", "وجد طريقه جديده", CAREFUL + "أنه في طريقه"),
        ("إسم", "اسم القرية", ""),
        ("أنتخابات", "الانتخابات", ""),
        ("الإقتصاد", "الاقتصاد", ""),
    ],
)
def test_folded_letters_are_no_evidence_where_the_written_ones_tell(
    query: str, same: str, other: str
) -> None:
    assert is_strict(query, same)
    assert not other or not is_strict(query, other)


def test_letters_as_typed_are_marked_as_nearest_though_they_are_no_leaf() -> None:
    tree = prepare_search(SearchRequest(q="دولة"), STORE).compiled.strict
    spans = Highlighter(tree).spans("دول تعلن دولة", "body")
    assert [(span.start, span.weight) for span in spans] == [(0, 2), (9, 3)]
