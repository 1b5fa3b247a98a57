"""Words typed on the other keyboard layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.spelling.keyboard import arabic_key_map, fix_keyboard_layout
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY

KEYS = arabic_key_map()
#: Letter (لا and its kin are one key) -> key.
TYPED = {letters: key for key, letters in reversed(KEYS.items())}
FREQUENT = [
    *("حمص", "دمشق", "القاهرة", "المدينة", "الحكومة", "مظاهرات", "الأمم", "أخبار", "الاتحاد", "لإسرائيل"),
    *("الجيش", "الرئيس", "الثورة", "لأنه", "مستشفى", "مسؤول", "رئيس", "ذلك", "طائرات", "الآن", "إعلان"),
]


def keys_of(arabic: str) -> str:
    """The keys of the Arabic layout that type it."""
    keys, at = "", 0
    while at < len(arabic):
        size = 2 if arabic[at : at + 2] in TYPED else 1
        keys += TYPED.get(arabic[at : at + size], arabic[at])
        at += size
    return keys


def letters_of(latin: str) -> str:
    return "".join(KEYS[key] for key in latin)


@pytest.mark.parametrize("word", FREQUENT)
def test_an_arabic_word_typed_on_the_latin_layout_is_read(word: str) -> None:
    assert fix_keyboard_layout(keys_of(word)) == word


def test_the_keys_of_the_examples_are_those_of_the_layout() -> None:
    assert fix_keyboard_layout("plw") == fix_keyboard_layout("PLW") == "حمص"
    assert fix_keyboard_layout("hgHll hgljp]m") == "الأمم المتحدة"
    assert fix_keyboard_layout("Yugdk") is None  # no word
    assert fix_keyboard_layout("hgNk") == "الآن"
    assert fix_keyboard_layout("Ysghldm") == "إسلامية"


def test_a_closing_mark_is_a_letter_only_where_that_makes_a_word() -> None:
    assert fix_keyboard_layout("plw,") == "حمص"
    assert (
        fix_keyboard_layout("hg]dkm.") == fix_keyboard_layout("hgl]dkm")
        or fix_keyboard_layout("hgl]dkm.") == "المدينة"
    )
    assert fix_keyboard_layout("hgk.hu") == "النزاع"


@pytest.mark.parametrize("name", ["homs", "syria", "baghdad", "beirut", "damascus"])
def test_a_latin_name_typed_on_the_arabic_layout_is_read(name: str) -> None:
    assert fix_keyboard_layout(letters_of(name)) == name


@pytest.mark.parametrize(
    "text",
    [
        *("Homs", "said", "water", "good morning", "Reuters", "Obama visits Cairo", "the", "bbc"),
        *("حمص", "المظاهرات في حمص", "المضاهرات", "اللازقية", "زيلينسكي", "غوانتنامو", "قثل"),
        *("", " ", "2012", "plw حمص", "؟", "lol", "qwx", "\u200f"),
    ],
)
def test_what_reads_well_or_reads_as_badly_stays(text: str) -> None:
    assert fix_keyboard_layout(text) is None


@given(st.lists(st.sampled_from(FREQUENT), min_size=1, max_size=5).map(" ".join))
def test_the_way_there_and_back(text: str) -> None:
    read = fix_keyboard_layout(keys_of(text))
    assert read is not None
    assert normalized_terms(read) == normalized_terms(text)


@given(st.text(max_size=30))
def test_any_text_gives_a_text_of_the_other_script_or_nothing(text: str) -> None:
    read = fix_keyboard_layout(text)
    assert read is None or (read != text and read.strip())


def test_there_is_nothing_to_find_in_an_empty_archive_but_it_is_read_all_the_same() -> None:
    assert len(EMPTY_VOCABULARY) == 0
    assert fix_keyboard_layout(keys_of("مظاهرات")) == "مظاهرات"
