"""Words typed on the wrong keyboard layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.spelling.keyboard import arabic_key_map, fix_keyboard_layout
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY

KEYS = arabic_key_map()
#: Text that a key types (لا and its variants have one key) → the key.
TYPED = {letters: key for key, letters in reversed(KEYS.items())}
FREQUENT = [
    *("حمص", "دمشق", "القاهرة", "المدينة", "الحكومة", "مظاهرات", "الأمم", "أخبار", "الاتحاد", "لإسرائيل"),
    *("الجيش", "الرئيس", "الثورة", "لأنه", "مستشفى", "مسؤول", "رئيس", "ذلك", "طائرات", "الآن", "إعلان"),
]


def keys_of(arabic: str) -> str:
    """Return the keys of the Arabic layout that type a text."""
    keys, at = "", 0
    while at < len(arabic):
        size = 2 if arabic[at : at + 2] in TYPED else 1
        keys += TYPED.get(arabic[at : at + size], arabic[at])
        at += size
    return keys


def letters_of(latin: str) -> str:
    return "".join(KEYS[key] for key in latin)


@pytest.mark.parametrize("word", FREQUENT)
def test_an_arabic_word_typed_on_the_latin_layout_is_recovered(word: str) -> None:
    assert fix_keyboard_layout(keys_of(word)) == word


def test_examples_follow_the_keyboard_layout() -> None:
    assert fix_keyboard_layout("plw") == fix_keyboard_layout("PLW") == "حمص"
    assert fix_keyboard_layout("hgHll hgljp]m") == "الأمم المتحدة"
    assert fix_keyboard_layout("Yugdk") is None  # not a word
    assert fix_keyboard_layout("hgNk") == "الآن"
    assert fix_keyboard_layout("Ysghldm") == "إسلامية"


def test_closing_punctuation_is_a_letter_only_if_that_makes_a_word() -> None:
    assert fix_keyboard_layout("plw,") == "حمص"
    assert (
        fix_keyboard_layout("hg]dkm.") == fix_keyboard_layout("hgl]dkm")
        or fix_keyboard_layout("hgl]dkm.") == "المدينة"
    )
    assert fix_keyboard_layout("hgk.hu") == "النزاع"


@pytest.mark.parametrize("name", ["homs", "syria", "baghdad", "beirut", "damascus"])
def test_a_latin_name_typed_on_the_arabic_layout_is_recovered(name: str) -> None:
    assert fix_keyboard_layout(letters_of(name)) == name


@pytest.mark.parametrize(
    "text",
    [
        *("Homs", "said", "water", "good morning", "Reuters", "Obama visits Cairo", "the", "bbc"),
        *("حمص", "المظاهرات في حمص", "المضاهرات", "اللازقية", "زيلينسكي", "غوانتنامو", "قثل"),
        *("", " ", "2012", "plw حمص", "؟", "lol", "qwx", "\u200f"),
    ],
)
def test_text_is_unchanged_unless_the_other_layout_makes_more_sense(text: str) -> None:
    assert fix_keyboard_layout(text) is None


@given(st.lists(st.sampled_from(FREQUENT), min_size=1, max_size=5).map(" ".join))
def test_a_text_typed_on_the_wrong_layout_is_recovered(text: str) -> None:
    read = fix_keyboard_layout(keys_of(text))
    assert read is not None
    assert normalized_terms(read) == normalized_terms(text)


@given(st.text(max_size=30))
def test_any_text_gives_another_text_or_none(text: str) -> None:
    read = fix_keyboard_layout(text)
    assert read is None or (read != text and read.strip())


def test_recovery_needs_no_vocabulary() -> None:
    assert len(EMPTY_VOCABULARY) == 0
    assert fix_keyboard_layout(keys_of("مظاهرات")) == "مظاهرات"
