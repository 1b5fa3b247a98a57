"""Marks in the original text, and the snippets around them."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.text.normalization import NormalizedText
from arabic.text.tokenizer import TOKEN_PATTERN, normalized_terms, tokenize
from search.highlighting.highlighter import SNIPPET_LENGTH, Highlighter
from search.highlighting.snippet import MAX_NEIGHBOUR_GAP, HighlightSpan, snippet_spans
from search.highlighting.term_matcher import phrase_token_indexes
from search.query.compiler import compile_query
from search.query.parser import parse_query
from search.query.request import SearchLevel, SearchRequest
from search.query_tree import Node, Phrase, TextField
from search.results import Snippet
from search.store.memory import MemoryStore

STORE = MemoryStore([])


def tree(query: str, level: SearchLevel = "all") -> Node:
    return compile_query(parse_query(query), SearchRequest(q=query, level=level), STORE).strict


def mark(text: str, tree: Node, field: TextField) -> Snippet:
    return Highlighter(tree).highlight(text, field)


def snippet(text: str, tree: Node, field: TextField, length: int = SNIPPET_LENGTH) -> Snippet:
    return Highlighter(tree).snippet(text, field, length)


def marked(query: str, text: str, level: SearchLevel = "all") -> tuple[str, ...]:
    return mark(text, tree(query, level), "body").marked


FORMS = [
    ("حمص", "قصف بحمص وحمص، ثم لِحِمْص", ("بحمص", "وحمص", "لِحِمْص")),
    ("الكتاب", "كتاب وكتب والكتاب", ("كتاب", "وكتب", "والكتاب")),
    ("الابراهيمي", "غادر الإبراهيميّ", ("الإبراهيميّ",)),
    ("العراق", "في اﻟﻌﺮاق", ("اﻟﻌﺮاق",)),
    ("دير الزور", "ريف ديرالزور وبدير الزور", ("ديرالزور", "وبدير الزور")),
    ("كتاب -قصف", "قصف كتاب", ("كتاب",)),
    ("تظاهر*", "تظاهرات تظاهر متظاهر", ("تظاهرات", "تظاهر")),
    ("*ظاهر*", "تظاهرات متظاهر ظهر", ("تظاهرات", "متظاهر")),
    ("كتاب OR قصف", "قصف كتاب", ("قصف", "كتاب")),
    ("title:كتاب", "كتاب", ()),
    ("٢٠١٢", "يناير2012", ("2012",)),
    ("حمص", "في \u202bحِمْصُ\u202c وحم\u200fص\u200f، ﺣﻤـــﺺ", ("حِمْصُ", "وحم\u200fص", "ﺣﻤـــﺺ")),
    ("تل أبيض", "بتل أبيض وتل ابيض", ("بتل أبيض", "وتل ابيض")),
    ("لبن", "لبن ولبنان", ("لبن",)),
    ("والرقة", "في الرقة وبالرقة، ورقة", ("الرقة", "وبالرقة")),
]


@pytest.mark.parametrize(("query", "text", "forms"), FORMS)
def test_the_forms_as_written_are_marked(query: str, text: str, forms: tuple[str, ...]) -> None:
    assert marked(query, text) == forms


def test_a_level_marks_only_what_it_finds() -> None:
    text = "بحمص والكتاب كتاب"
    assert marked("حمص كتاب", text, "exact") == ("كتاب",)
    assert marked("حمص كتاب", text, "light") == ("والكتاب", "كتاب")


def test_a_phrase_is_marked_where_it_stands_and_nowhere_else() -> None:
    assert marked('"مجلس الأمن"', "مجلس الشعب، مجلس الأمن، الأمن") == ("مجلس الأمن",)


def test_a_loose_phrase_is_marked_within_its_slop() -> None:
    text = "قصف عنيف على حمص " + "ثم " * 9 + "قصف"
    assert marked('"قصف حمص"~2', text) == ("قصف", "حمص")
    assert marked('"قصف حمص"~1', text) == ()


def test_a_phrase_that_repeats_a_word_needs_it_twice() -> None:
    assert marked('"لا لا"', "لا") == ()
    assert marked('"لا لا"~3', "لا تقل لا") == ("لا", "لا")


def test_a_word_of_the_title_alone_is_not_marked_in_the_body() -> None:
    assert mark("كتاب", tree("title:كتاب"), "title").marked == ("كتاب",)


def spread(positions: tuple[int, ...], slop: int) -> bool:
    shifted = [position - place for place, position in enumerate(positions)]
    return len(set(positions)) == len(positions) and max(shifted) - min(shifted) <= slop


@given(
    st.lists(st.sampled_from("ab"), min_size=1, max_size=7),
    st.lists(st.sampled_from("ab"), min_size=2, max_size=3),
    st.integers(0, 3),
)
def test_a_phrase_occurs_where_its_definition_says(text: list[str], words: list[str], slop: int) -> None:
    """Compare with a search over every assignment of words to tokens."""
    ways: list[tuple[int, ...]] = [()]
    for word in words:
        ways = [(*way, index) for way in ways for index, token in enumerate(text) if token == word]
    hits = {index for way in ways if spread(way, slop) for index in way}
    positions = {word: [at for at, token in enumerate(text) if token == word] for word in words}
    found = phrase_token_indexes(Phrase("body", "exact", tuple(words), slop), positions)
    assert bool(found) == bool(hits)
    assert found >= hits


TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("حمصقف كتاب ًٌَُِّ\u200f\u200d. \n،🇸🇾👍🏽ﻼ")
    )
)
TREE = tree('حمص كتاب "قصف عنيف"~3 مجلس* دير الزور')


@given(TEXTS)
def test_marking_loses_nothing(text: str) -> None:
    assert "".join(segment.text for segment in mark(text, TREE, "body").segments) == text


def pieces(cut: Snippet) -> list[str]:
    """Return the parts of a snippet between its ellipses."""
    parts = [""]
    for segment in cut.segments:
        if segment.text == " … " and not segment.marked:
            parts.append("")
        else:
            parts[-1] += segment.text
    return parts


WORDS = st.lists(
    st.sampled_from(
        ["حمص", "كتاب", "وكتاب", "قصف", "عنيف", "ثم", "قال.", "شُـهَـداء", "🇸🇾🇸🇾", "e\u0301", "\n"]
    ),
    max_size=400,
).map(" ".join)


@given(WORDS, st.integers(40, 300))
def test_a_snippet_is_made_of_the_text_in_order(text: str, length: int) -> None:
    cut = snippet(text, TREE, "body", length)
    at = 0
    for part in pieces(cut):
        at = text.index(part, at)
        before = text[at - 1 : at]
        assert not before or before.isspace()
        at += len(part)
        after = text[at : at + 1]
        assert not after or after.isspace()
    assert len(cut.plain) <= length + 40


@given(TEXTS.map(lambda text: text * 20), st.integers(20, 100))
def test_a_snippet_never_separates_a_vowel_mark_from_its_letter(text: str, length: int) -> None:
    for part in pieces(snippet(text, TREE, "body", length)):
        if part and not text.startswith(part):
            assert not unicodedata.category(part[0]).startswith("M")


@given(WORDS)
def test_a_snippet_shows_a_match_where_the_text_has_one(text: str) -> None:
    assert bool(snippet(text, TREE, "body").marked) == bool(mark(text, TREE, "body").marked)


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    cut = snippet("بداية النص. " + "كلام " * 200, TREE, "body")
    assert cut.segments[0].text.startswith("بداية النص.")
    assert (cut.cut_before, cut.cut_after) == (False, True)


def test_a_snippet_brings_together_words_that_stand_far_apart() -> None:
    cut = snippet("حمص " + "كلام " * 200 + "كتاب " + "كلام " * 200, TREE, "body")
    assert cut.marked == ("حمص", "كتاب")
    assert " … " in cut.plain


def test_a_snippet_prefers_the_sentence_with_most_words_of_the_query() -> None:
    text = "حمص " * 30 + "كلام. " * 100 + "كتاب عن حمص. " + "كلام " * 100
    assert set(snippet(text, TREE, "body").marked) == {"كتاب", "حمص"}


def test_a_snippet_prefers_the_word_as_it_was_typed() -> None:
    text = "اجتمع الوزراء. " + "كلام " * 100 + "حضر وزير. " + "كلام " * 100
    assert snippet(text, tree("وزير"), "body").marked == ("وزير",)


def test_a_snippet_prefers_words_that_stand_together() -> None:
    text = "قصف " + "كلام " * 20 + "حمص. " + "كلام " * 100 + "قصف حمص. " + "كلام " * 100
    assert "قصف حمص" in snippet(text, tree("قصف حمص"), "body").plain


def test_a_snippet_prefers_two_words_in_other_forms_to_one_as_typed() -> None:
    text = "يناير. " + "كلام " * 100 + "سيرجي قال كلاما طويلا في 3 كانون الثاني. " + "كلام " * 100
    assert snippet(text, tree("يناير سيرغي"), "body").marked == ("سيرجي", "كانون", "الثاني")


def test_a_short_text_is_its_own_snippet() -> None:
    assert snippet("قصف حمص", TREE, "body").plain == "قصف حمص"
    assert snippet("", TREE, "body") == Snippet(())


@given(TEXTS)
def test_the_tokens_of_a_text_are_those_of_the_normalized_text(text: str) -> None:
    """Normalizing the whole text or each piece between white space must give the same tokens."""
    folded = NormalizedText(text)
    whole = [
        (match[0][:64], *folded.span(*match.span())) for match in re.finditer(TOKEN_PATTERN, folded.text)
    ]
    assert [(token.normalized, token.start, token.end) for token in tokenize(text)] == whole
    assert [token.normalized for token in tokenize(text)] == normalized_terms(text)


def test_one_highlighter_serves_many_texts() -> None:
    highlighter = Highlighter(tree("حمص"))
    assert [highlighter.highlight(text, "body").marked for text in ("حمص", "حلب", "بحمص")] == [
        ("حمص",),
        (),
        ("بحمص",),
    ]


MATCHES = st.lists(
    st.tuples(st.integers(1, 20), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=8
)


@given(MATCHES, st.integers(10, 60))
def test_a_snippet_shows_the_run_of_matches_that_has_most(
    matches: list[tuple[int, int, int]], length: int
) -> None:
    """Compare with every run: most words, nearest to the typed ones and to each other, most matches."""
    spans, at = [], 0
    for gap, word, weight in matches:
        spans.append(HighlightSpan(at + gap, at + gap + 3, word, weight))
        at += gap + 3
    text = "x" * (at + 100)

    def rank(start: int, end: int) -> tuple[int, int, int, int]:
        some = spans[start:end]
        words = {span.word for span in some}
        typed = sum(max(span.weight for span in some if span.word == word) for word in words)
        near = sum(
            one.word != other.word and other.start - one.end <= MAX_NEIGHBOUR_GAP
            for one, other in pairwise(some)
        )
        return len(words), typed + min(near, len(words) - 1), end - start, -start

    runs = [
        (start, end)
        for start in range(len(spans))
        for end in range(start + 1, len(spans) + 1)
        if end == start + 1 or spans[end - 1].end - spans[start].start <= length
    ]
    start, end = max(runs, key=lambda run: rank(*run))
    if len({span.word for span in spans[start:end]}) == len({span.word for span in spans}):
        (left, right), *others = snippet_spans(text, spans, length)
        assert not others
        assert left <= spans[start].start
        assert right >= spans[end - 1].end


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("قافلة إلى حمص في المساء", ("قافلة", "إلى", "حمص", "المساء")),
        ("إلى في", ("إلى", "في", "في")),
        ('قافلة "في حلب"', ("قافلة", "في", "حلب")),
        ("صحف* في", ()),
    ],
)
def test_a_function_word_that_stands_alone_is_not_marked_in_a_snippet(
    query: str, marks: tuple[str, ...]
) -> None:
    text = "وصلت قافلة إلى حمص قبل المساء، وكانت في الطريق منذ يومين. وقيل في حلب غير ذلك."
    shown = tuple(word for run in snippet(text, tree(query), "body").marked for word in run.split())
    assert shown == marks
    if query.startswith("قافلة"):  # the article's page marks every match
        assert any("في" in run.split() for run in marked(query, text))
