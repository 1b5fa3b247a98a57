"""The analyzed article: its bytes give back the analysis, and any other bytes give nothing."""

from __future__ import annotations

import struct
import zlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arabic.analyzer import analyze_terms
from arabic.morphology.analyzed_words import WordType
from arabic.morphology.lemmatizer import roots
from arabic.text.tokenizer import tokenize
from search.engines import analyzed_text, packed_article
from search.engines.analyzed_article import LEVEL_BITS, AnalyzedArticle, AnalyzedTokens, WantedTerms
from search.engines.analyzed_text import analyze_article, analyze_article_text, stored_article
from search.engines.packed_article import EXACT, FORMS, ROOT, TextAnalysis, pack_article, unpack_article
from search.query_tree import AnalysisLevel

#: Words with clitics, names of several words, a month, run-together words, a ligature of four words, letters
#: of several bytes, digits, marks and direction marks.
PIECES = [
    "قصف", "بحمص", "دير الزور", "ديرالزور", "كانون الثاني", "فيمدينةحمص", "ﷺ", "ﻼ", "والكتاب", "كُتُب",
    "النازحين", "Genève", "Кремль", "٢٠١٢", "يناير2012", "،", ".", "\n", "\u200f", " " * 300, "ـ" * 300,
    "🇸🇾", "شنايدرلين",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from([*PIECES, " "]) | st.characters(exclude_categories=["Cs"])).map("".join)
ARTICLE = "قصف عنيف بدير الزور في كانون الثاني 2012، قال ﷺ الكتاب والكتب"


def tokens_of(text: str) -> AnalyzedTokens:
    return analyze_article("عنوان", text).body


def all_terms(article: AnalyzedArticle) -> WantedTerms:
    """Return every term of an article, at every level."""
    wanted = WantedTerms()
    for line in article.contents.lines:
        for level in (*LEVEL_BITS.values(), ROOT):
            wanted.add(line.decode(article.charset, "replace"), level)
    return wanted


def terms_at(tokens: AnalyzedTokens, level: AnalysisLevel) -> list[Counter[str]]:
    """Return the terms of each token at a level, as far as the article's own lines have them."""
    found: list[Counter[str]] = [Counter() for _ in range(len(tokens))]
    for term, positions in tokens.term_positions(all_terms(tokens.article), level).items():
        for at in positions:
            found[at][term] += 1
    return found


@given(TEXTS)
def test_tokens_have_the_offsets_and_the_normalized_form_of_the_tokenizer(text: str) -> None:
    tokens, expected = tokens_of(text), tokenize(text)
    assert len(tokens) == len(expected)
    for at, token in enumerate(expected):
        assert (tokens.normalized(at), tokens.span(at)) == (token.normalized, (token.start, token.end))


@given(TEXTS)
def test_tokens_have_the_terms_of_the_analyzer_in_their_context(text: str) -> None:
    tokens, expected = tokens_of(text), tokenize(text)
    starts, ends = expected.offsets()
    analyzed = analyze_terms(expected.written, gap=lambda at: text[ends[at - 1] : starts[at]])
    assert terms_at(tokens, "exact") == [Counter([token]) for token in expected.normalized]
    assert terms_at(tokens, "light") == [Counter([each.stem]) for each in analyzed.types]
    assert terms_at(tokens, "forms") == [Counter(set(field.split())) for field in analyzed.lemma_fields]


def test_a_term_of_a_name_of_several_words_covers_all_of_them() -> None:
    tokens = tokens_of("قصف دير الزور ثم الزور")
    line = tokens.article.line("§ديرالزور")
    assert line is not None
    assert [tokens.name_at(at, line) for at in range(5)] == [(0, 1), (1, 3), (1, 3), (3, 4), (4, 5)]


def test_a_word_has_the_roots_of_its_lemmas() -> None:
    article = analyze_article("", "والكتاب")
    [root] = roots("والكتاب")
    wanted = WantedTerms()
    bit = wanted.add(root, ROOT)
    assert article.find(wanted) == [(0, bit)]


def test_title_and_body_are_counted_apart() -> None:
    article = analyze_article("قصف بحمص", "ثم قصف")
    words = WantedTerms.of_level("exact", ["قصف"])
    assert article.title.term_positions(words, "exact") == {"قصف": [0]}
    assert article.body.term_positions(words, "exact") == {"قصف": [1]}
    assert (article.title.span(0), article.body.span(0)) == ((0, 3), (0, 2))


def test_terms_that_are_added_later_are_found_too() -> None:
    article = analyze_article("", "قصف بحمص")
    wanted = WantedTerms.of_level("exact", ["قصف"])
    first = wanted.add("قصف", EXACT)
    assert article.find(wanted) == [(0, first)]
    second = wanted.add("§حمص", FORMS)
    assert article.find(wanted) == [(0, first), (1, second)]
    assert article.find(WantedTerms.of_level("exact", ["حمص"])) == []


def test_a_changed_text_is_noticed_in_title_and_body() -> None:
    article = analyze_article("قصف", "حمص")
    assert article.is_of("قصف", "حمص")
    assert not article.is_of("قصفح", "مص")
    assert not article.is_of("قصف", "حمص ")


def test_half_a_character_stops_nothing() -> None:
    assert analyze_article("قصف \ud800", "حمص \udfff").is_of("قصف \ud800", "حمص \udfff")


def test_types_with_the_same_forms_are_packed_as_one() -> None:
    def packed(*types: WordType) -> bytes:
        body = TextAnalysis([each.normalized for each in types], types, range(3), range(1, 4), ())
        return pack_article(TextAnalysis([], [], [], [], ()), body, bytes(8), "1")

    one, other = WordType("على", "على", "على"), WordType("على", "على", "علي")
    again = [WordType(each.normalized, each.stem, each.lemma_field) for each in (one, other)]
    assert packed(one, other, one) == packed(one, other, again[0])
    assert packed(one, other, other) == packed(one, other, again[1])
    assert packed(one, other, other) != packed(one, other, one)


@pytest.mark.parametrize("types", [200, 5_000, 60_000])
def test_types_are_numbered_in_as_many_bytes_as_they_need(types: int) -> None:
    words = [f"w{at}" for at in range(types)]
    starts, ends = range(types), range(1, types + 1)
    of_words = [WordType(word, "stem", "lemma") for word in words]
    body = TextAnalysis(words, of_words, starts, ends, ())
    packed = pack_article(TextAnalysis([], [], [], [], ()), body, bytes(8), "1")
    contents = unpack_article(packed)
    assert contents
    tokens = AnalyzedArticle(contents).body
    assert [tokens.normalized(at) for at in range(types)] == words
    last, lemma = (
        WantedTerms.of_level(level, [term]) for level, term in (("exact", words[-1]), ("forms", "lemma"))
    )
    assert tokens.term_positions(last, "exact") == {words[-1]: [types - 1]}
    assert tokens.term_positions(lemma, "forms") == {"lemma": list(range(types))}


def test_an_analysis_by_other_tables_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = analyze_article_text("قصف", ARTICLE).packed
    assert stored_article(packed)
    monkeypatch.setattr(analyzed_text, "document_analysis_version", lambda: "other")
    assert stored_article(packed) is None


def test_another_format_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = analyze_article_text("قصف", ARTICLE).packed
    monkeypatch.setattr(packed_article, "FORMAT_VERSION", packed_article.FORMAT_VERSION + 1)
    assert unpack_article(packed) is None


def use_everything(article: AnalyzedArticle) -> None:
    """Call everything that a search calls."""
    wanted = all_terms(article)
    for tokens in (article.title, article.body):
        found = tokens.find(wanted)
        tokens.spans([at for at, _ in found])
        for at, _ in found:
            tokens.span(at)
            tokens.normalized(at)
        for line in range(len(article.contents.lines)):
            for entry in article.entries(line):
                for at in tokens.positions(entry):
                    tokens.name_at(at, line)


PACKED = [
    analyze_article_text(title, body).packed for title, body in (("", ""), ("قصف", ARTICLE), ("Кремль", "ﷺ"))
]


@given(st.binary(max_size=200))
def test_any_bytes_give_nothing(data: bytes) -> None:
    assert unpack_article(data) is None


@given(st.sampled_from(PACKED), st.data())
def test_cut_bytes_give_nothing(packed: bytes, data: st.DataObject) -> None:
    assert unpack_article(packed[: data.draw(st.integers(0, len(packed) - 1))]) is None


@given(st.sampled_from(PACKED), st.data())
def test_bytes_with_a_flipped_bit_give_nothing(packed: bytes, data: st.DataObject) -> None:
    changed = bytearray(packed)
    changed[data.draw(st.integers(0, len(packed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert unpack_article(bytes(changed)) is None


@settings(max_examples=500)
@given(st.sampled_from(PACKED), st.data())
def test_changed_bytes_with_a_right_checksum_never_raise(packed: bytes, data: st.DataObject) -> None:
    """Nobody writes them, but no input may stop a search."""
    changed = bytearray(packed)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(5, min(len(packed) - 1, 200)))] = data.draw(st.integers(0, 255))
    struct.pack_into("<I", changed, 1, zlib.crc32(changed[5:]))
    contents = unpack_article(bytes(changed))
    if contents:
        use_everything(AnalyzedArticle(contents))
