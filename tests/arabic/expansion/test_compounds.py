"""Compounds: a query finds both the joined and the separate spelling of a word, and no other word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.expansion.compounds import compound_parts, compound_spellings
from arabic.tables.gazetteer import read_table
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms
from tests.arabic.strategies import ARABIC_WORDS


def letters(text: str) -> str:
    """Return a text without spaces, and without the hamza that a formula may lose (ماشالله)."""
    return text.replace(" ", "").replace("ء", "").replace("اا", "ا")


def joined(query: str) -> set[str]:
    return {written for _start, _end, written in compound_spellings(normalized_terms(query))}


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ("عبد الله", "عبدالله"),
        ("أبو بكر", "ابوبكر"),
        ("صلاح الدين", "صلاحالدين"),
        ("دير الزور", "ديرالزور"),
        ("فيس بوك", "فيسبوك"),
        ("الفيس بوك", "الفيسبوك"),
        ("كيلو متر", "كيلومتر"),
        ("لا يزال", "لايزال"),
        ("لا بد", "لابد"),
        ("ما زالت", "مازالت"),
    ],
)
def test_two_words_and_their_compound_find_each_other(apart: str, together: str) -> None:
    assert together in joined(apart)
    assert compound_parts(together) == tuple(normalized_terms(apart))


def test_a_name_is_joined_if_the_frequency_list_has_it_joined() -> None:
    assert "سانتياغو" in joined("سان تياغو")
    assert "بوتفليقه" in joined("الرئيس بو تفليقة")


@pytest.mark.parametrize(
    "query", ["من هم", "في لم", "ان تمي", "كان ون", "على ه", "بعد سته", "المجلس 2012", "حلب"]
)
def test_words_that_would_form_another_word_are_not_joined(query: str) -> None:
    assert joined(query) == set()


@pytest.mark.parametrize("word", ["منهم", "استقبال", "السعودية", "اليونان", "فيلم", "مدينة", "لافروف", ""])
def test_a_word_of_its_own_has_no_parts(word: str) -> None:
    assert compound_parts(normalize(word)) == ()


def test_accidentally_run_together_words_are_searched_as_a_phrase() -> None:
    assert compound_parts("المجلسالوطني") == ("المجلس", "الوطني")


def test_a_formula_is_found_in_every_spelling() -> None:
    assert {"انشاء الله", "انشاءالله"} <= joined("إن شاء الله")
    assert compound_parts("انشاءالله") == ("ان", "شاء", "الله")


@given(
    st.lists(
        st.one_of(ARABIC_WORDS.map(normalize), st.sampled_from(["لا", "عبد", "الله", "ما", "زال"])),
        max_size=6,
    )
)
def test_a_compound_has_the_letters_of_its_words(tokens: list[str]) -> None:
    for start, end, written in compound_spellings(tokens):
        assert 0 <= start < end - 1 < len(tokens)
        assert letters("".join(tokens[start:end])) == letters(written)


@given(ARABIC_WORDS.map(normalize))
def test_the_parts_have_the_letters_of_the_word(token: str) -> None:
    words = compound_parts(token)
    assert not words or letters("".join(words)) == letters(token)
    assert len(words) != 1


def test_every_row_of_the_table_is_two_words_and_unique() -> None:
    rows = [tuple(normalized_terms(row["words"])) for row in read_table("joined_words.tsv")]
    assert all(len(row) == 2 for row in rows)
    assert len(set(rows)) == len(rows)
