"""The tokenizer: word boundaries, and offsets that point at the word as written."""

import re
from itertools import pairwise

import pytest
from hypothesis import given

from arabic.text.normalization import NormalizedText, normalize, normalize_written, written_text
from arabic.text.tokenizer import (
    MAX_TOKEN_CHARS,
    normalized_term,
    normalized_terms,
    parallel_terms,
    tokenize,
    written_terms,
)
from tests.arabic.strategies import SCRAPED_TEXTS
from tests.growth import LARGEST_RATIO, growth


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("حمص_الآن", ["حمص", "الان"]),
        ("يناير2012", ["يناير", "2012"]),
        ("ا.ف.ب", ["ا", "ف", "ب"]),
        ("قُتِل ٣ أشخاص، بحمص؟", ["قتل", "3", "اشخاص", "بحمص"]),
        ("دير\u00a0الزور", ["دير", "الزور"]),
        ("دير\u200fالزور", ["ديرالزور"]),
        ("بان كي-مون", ["بان", "كي", "مون"]),
        ("ﷺ", ["صلي", "الله", "عليه", "وسلم"]),
        ("", []),
        ("؟!«»…", []),
        ("𝐀𝐁 حلب", ["حلب"]),
        ("9ⅷ8", ["9", "viii", "8"]),
    ],
)
def test_text_is_tokenized(text: str, words: list[str]) -> None:
    assert normalized_terms(text) == words


@given(SCRAPED_TEXTS)
def test_the_fast_path_gives_the_same_tokens(text: str) -> None:
    assert normalized_terms(text) == [token.normalized for token in tokenize(text)]


@given(SCRAPED_TEXTS)
def test_offsets_point_at_the_word_as_written(text: str) -> None:
    tokens = tokenize(text)
    assert [token.position for token in tokens] == list(range(len(tokens)))
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.normalized in normalize(text[token.start : token.end])
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(tokens))


@given(SCRAPED_TEXTS)
def test_a_text_has_the_tokens_of_its_parts_between_spaces(text: str) -> None:
    found = [(each.written, text[each.start : each.end]) for each in tokenize(text)]
    parts = [(each.written, part[each.start : each.end]) for part in text.split() for each in tokenize(part)]
    assert found == parts


@given(SCRAPED_TEXTS)
def test_spans_of_all_tokens_are_those_of_each(text: str) -> None:
    normalized = NormalizedText(text)
    slices = [word.span() for word in re.finditer(r"\w+", normalized.text)]
    starts, ends = normalized.spans([start for start, _ in slices], [end for _, end in slices])
    assert list(zip(starts, ends, strict=True)) == [normalized.span(*each) for each in slices]


@given(SCRAPED_TEXTS)
def test_tokens_are_normalized_and_bounded(text: str) -> None:
    for word in normalized_terms(text + "ا" * 100):
        assert normalize(word) == word
        assert len(word) <= MAX_TOKEN_CHARS


def test_a_long_run_of_ya_takes_linear_time() -> None:
    """Check that the pattern for a ya before hamza does not backtrack over the run."""
    assert growth(lambda size: normalized_terms("ي" * size), size=20_000) < LARGEST_RATIO


def test_a_long_run_of_ya_before_hamza_takes_linear_time() -> None:
    assert growth(lambda size: normalized_terms(("ي" * 9 + "ء") * size + "ي" * size), 20_000) < LARGEST_RATIO


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("إلى بلدةٍ ومستشفى", ["إلى", "بلدة", "ومستشفى"]),
        ("كتابًا هُنَا وقضاةً", ["كتابا\u064b", "هنا", "وقضاة\u064b"]),
        ("قرأ مسؤول شيء", ["قرأ", "مسءول", "شء"]),
        ("ا\u0654حمد 1\u064b2 \u064b حلب", ["أحمد", "12", "حلب"]),
        ("ﺔ ﻰ ﺁ", ["ة", "ى", "آ"]),
    ],
)
def test_written_terms_keep_the_letters_that_tell_words_apart(text: str, words: list[str]) -> None:
    assert written_terms(text) == words


@given(SCRAPED_TEXTS)
def test_written_terms_are_parallel_to_normalized_ones(text: str) -> None:
    terms, written = parallel_terms(text)
    assert terms == normalized_terms(text)
    assert list(map(normalized_term, written)) == terms
    tokens = tokenize(text)
    assert tokens.written == written == [token.written for token in tokens]


@given(SCRAPED_TEXTS)
def test_written_text_normalizes_to_the_same(text: str) -> None:
    assert normalize_written(written_text(text)) == normalize(written_text(text)) == normalize(text)
    assert written_text(written_text(text)) == written_text(text)


def test_written_terms_take_linear_time() -> None:
    for row in ("ي" * 9 + "ء", "ا\u064b", "\u064b", "1\u064b"):
        assert growth(lambda size, row=row: written_terms(row * size), 40_000) < LARGEST_RATIO, row
