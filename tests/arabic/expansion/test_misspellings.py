"""Misspelled place names: recognized only if a token can mean nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.expansion.misspellings import (
    MISSPELLING_MARKER,
    intended_name_term,
    misspelling_term,
    term_of_misspellings,
)
from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import name_term, protected_names
from arabic.tables.gazetteer import name_key
from tests.arabic.strategies import ARABIC_WORDS

MISSPELT = [
    ("اللازقية", "اللاذقية"),
    ("الاذقية", "اللاذقية"),
    ("باللازقية", "اللاذقية"),
    ("القاميشلي", "القامشلي"),
    ("طرتوس", "طرطوس"),
    ("بيروط", "بيروت"),
    ("نيويرك", "نيويورك"),
    ("اسطنبل", "إسطنبول"),
    ("السويدا", "السويداء"),  # also one letter from السويد
    ("اسطمبول", "إسطنبول"),
]


@pytest.mark.parametrize(("written", "name"), MISSPELT)
def test_a_token_one_error_away_from_one_name_gets_its_marker_term(written: str, name: str) -> None:
    term = name_term(name_key(name))
    assert term
    assert misspelling_term(name_key(written)) == MISSPELLING_MARKER + term
    assert intended_name_term(name_key(written)) == term
    assert term_of_misspellings(term) == MISSPELLING_MARKER + term


NOT = ["اللاذقية", "حماس", "حمصي", "ورقة", "مدينة", "برشلوني", "الرقم", "ادلبي", "طرابلس", "سوري", "البابا"]


@pytest.mark.parametrize("written", NOT)
def test_names_words_and_short_tokens_are_not_misspellings(written: str) -> None:
    assert misspelling_term(name_key(written)) is None


def test_a_short_name_has_no_misspellings() -> None:
    assert term_of_misspellings("§حمص") is None


_NAMES = st.sampled_from(sorted(name for name in protected_names() if len(name) > 4 and name.isalpha()))


@given(_NAMES, st.integers(min_value=0, max_value=30), st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويء"))
def test_a_damaged_name_is_corrected_only_if_it_is_neither_word_nor_name(
    name: str, at: int, letter: str
) -> None:
    head, tail = name[: at % len(name)], name[at % len(name) :]
    for damaged in (head + tail[1:], head + letter + tail[1:], head + letter + tail):
        if intended_name_term(damaged):
            assert not is_word(damaged)
            assert not name_term(damaged)
            assert intended_name_term(damaged) in protected_names().values()


@given(ARABIC_WORDS)
def test_words_and_names_have_no_misspelling_term(word: str) -> None:
    token = name_key(word)
    assert misspelling_term(token) is None or not (is_word(token) or name_term(token))
