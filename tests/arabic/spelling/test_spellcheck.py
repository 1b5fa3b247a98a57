"""Spelling correction: suggestions for a word that occurs in no article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.spelling import edit_costs
from arabic.spelling.spellcheck import CLITIC_COST, MAX_COST, Correction, corrections
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY, Vocabulary
from tests.arabic.strategies import ARABIC_WORDS

NEWS = Vocabulary(
    {
        **{"المستشفي": 90, "مستشفي": 40, "الحكومه": 300, "مسءول": 80, "مسءوله": 9, "انفجار": 60},
        **{"المظاهرات": 70, "الضابط": 30, "رءيس": 200, "حماس": 50, "حماه": 60, "قتل": 99, "قبل": 99},
        **{"السوريه": 500, "السعوديه": 400, "الجيش": 300, "الجبش": 1, "بوتين": 30, "لافروف": 20},
    },
    articles=1000,
)
LETTERS = "ابتحسصضظعقكلمنهويء"


def words(typed: str, vocabulary: Vocabulary = NEWS) -> list[str]:
    return [each.word for each in corrections(typed, vocabulary)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("المضاهرات", "المظاهرات"),  # sounds alike
        ("الظابط", "الضابط"),
        ("مسوول", "مسءول"),  # the seat of the hamza
        ("المستشفا", "المستشفي"),  # ى heard as ا
        ("الحكزمه", "الحكومه"),  # adjacent key
        ("الحكووومه", "الحكومه"),  # doubled twice
        ("انفحار", "انفجار"),  # a dot
        ("السعويده", "السعوديه"),  # swapped
        ("الحكمه", "الحكومه"),  # dropped
        ("انفجاار", "انفجار"),
        ("لافرف", "لافروف"),
    ],
)
def test_a_spelling_error_is_corrected(typed: str, meant: str) -> None:
    assert words(typed)[:1] == [meant]


def test_short_words_are_corrected_only_where_letters_sound_alike() -> None:
    assert words("قثل") == []
    assert "حماس" not in words("حماه")
    assert "حماه" not in words("حماس")
    assert words("رييس") == ["رءيس"]
    assert words("حمام") == []
    assert words("حماه", Vocabulary({"الحماس": 5})) == []


def test_a_word_is_never_its_own_correction() -> None:
    assert "المستشفي" not in words("المستشفي")


def test_one_error_is_corrected_in_six_letters_and_two_in_longer_words() -> None:
    assert words("انفجر") == ["انفجار"]
    assert words("انحجر") == []
    assert words("المضهرات") == ["المظاهرات"]


def test_clitics_are_kept_and_the_rest_is_corrected() -> None:
    found = corrections("وبوتبن", NEWS)
    assert [(each.word, each.articles) for each in found] == [("وبوتين", 30)]
    assert words("بالمستشفا")[:1] == ["بالمستشفي"]
    assert words("للحكزمه", Vocabulary({"حكومه": 3})) == ["للحكومه"]


def test_a_word_known_only_with_the_article_is_found_without_it() -> None:
    assert words("حكومت", Vocabulary({"الحكومه": 3})) == ["حكومه"]


def test_each_vocabulary_has_its_own_corrections() -> None:
    assert words("الحكزمه", Vocabulary({"الحكومه": 3})) == ["الحكومه"]
    assert words("الحكزمه", Vocabulary({"الحكمه": 3})) == ["الحكمه"]


def test_a_new_clitic_before_a_known_word_is_not_an_error() -> None:
    assert words("وانفجار") == ["انفجار"]


def test_a_frequent_word_precedes_an_equally_near_rare_one() -> None:
    known = Vocabulary({"الكتاب": 200, "الكباب": 3})
    assert words("الكطاب", known)[0] == "الكتاب"
    assert words("الجيث", NEWS)[0] == "الجيش"


def test_latin_letters_are_the_other_layout_or_a_name() -> None:
    assert corrections("plw", NEWS)[0] == Correction("حمص", 0.3, "keyboard")
    first = corrections("lavrov", NEWS)[0]
    assert (first.word, first.kind, first.articles) == ("لافروف", "transliteration", 20)
    assert words("facebok", Vocabulary({"facebook": 4}))[0] == "facebook"


def test_an_empty_archive_corrects_no_arabic_word() -> None:
    assert corrections("المضاهرات", EMPTY_VOCABULARY) == []


def test_rarer_errors_cost_more() -> None:
    errors = [
        *("مسوول مسءول", "الظابط الضابط", "السعويده السعوديه"),  # hamza, sound, swapped letters
        *("انفججار انفجار", "انفجر انفجار", "الحكنمه الحكومه"),  # doubled letter, vowel omitted, adjacent key
        *("المدرشه المدرسه", "الثورق الثوره"),  # dots, any other letter
    ]
    costs = [edit_costs.edit_cost(*pair.split()) for pair in errors]
    assert costs[:5] == sorted(costs[:5])
    assert 0 < costs[0] < costs[-1] < edit_costs.edit_cost("الثورق", "الثواب") <= 2
    assert max(costs[:7]) < costs[7]


@given(ARABIC_WORDS, ARABIC_WORDS)
def test_the_edit_cost_is_zero_only_for_equal_words_and_bounded(one: str, other: str) -> None:
    assert (edit_costs.edit_cost(one, other) == 0.0) == (one == other)
    assert edit_costs.edit_cost(one, other) <= len(one) + len(other) + 0.5


@given(st.text(LETTERS, min_size=1, max_size=9), st.sampled_from(sorted(dict(NEWS.words()))))
def test_corrections_are_words_of_the_archive_within_their_distance(typed: str, known: str) -> None:
    for each in corrections(typed, NEWS, 3) + corrections(known[1:] + typed[:1], NEWS, 3):
        assert each.word != typed
        assert 0 <= each.cost <= MAX_COST + CLITIC_COST
        assert any(each.word.endswith(word) or word.endswith(each.word) for word, _ in NEWS.words())


@pytest.mark.parametrize("typed", ["", "a", "7", "الـ", "ء", "x" * 64, "م" * 64, "\u200f"])
def test_any_text_is_accepted(typed: str) -> None:
    assert isinstance(corrections(typed, NEWS), list)
