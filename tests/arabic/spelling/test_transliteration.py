"""Transliteration of names in Latin letters into Arabic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.spelling.latin_names import arabic_name
from arabic.spelling.transliteration import transliterations
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY, Vocabulary


def normalized(latin: str, vocabulary: Vocabulary = EMPTY_VOCABULARY) -> list[str]:
    return [" ".join(normalized_terms(name)) for name in transliterations(latin, vocabulary)]


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        *(("Lavrov", "لافروف"), ("Obama", "اوباما"), ("Putin", "بوتين"), ("Clinton", "كلينتون")),
        *(("Erdogan", "اردوغان"), ("Guantanamo", "غوانتانامو"), ("Rouhani", "روحاني"), ("Zidane", "زيدان")),
        *(("Mubarak", "مبارك"), ("Mohammed", "محمد"), ("Youssef", "يوسف"), ("Nasrallah", "نصرالله")),
        *(("al-Assad", "الاسد"), ("Bashar al-Assad", "بشار الاسد"), ("Saddam Hussein", "صدام حسين")),
    ],
)
def test_the_rules_alone_spell_a_name_as_arab_newspapers_do(latin: str, arabic: str) -> None:
    assert arabic in normalized(latin)[:2]


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        *(("Homs", "حمص"), ("Deir ez-Zor", "دير الزور"), ("deir ezzor", "دير الزور"), ("Egypt", "مصر")),
        *(
            ("Chechnya", "الشيشان"),
            ("Hezbollah", "حزب الله"),
            ("Tchétchénie", "الشيشان"),
            ("Africa", "أفريقيا"),
        ),
    ],
)
def test_a_name_that_no_rule_reaches_comes_from_the_table(latin: str, arabic: str) -> None:
    assert transliterations(latin, EMPTY_VOCABULARY)[0] == arabic_name(latin) == arabic


def test_the_spelling_of_the_archive_comes_first_in_its_written_form() -> None:
    assert normalized("Gorbachev", Vocabulary({"جورباتشوف": 3}))[0] == "جورباتشوف"
    assert normalized("Gorbachev", Vocabulary({"غورباتشيف": 3}))[0] == "غورباتشيف"
    written = Vocabulary({"اوباما": 9}, spellings={"اوباما": "أوباما"})
    assert transliterations("Obama", written)[0] == "أوباما"


def test_a_frequent_spelling_precedes_a_rare_one() -> None:
    assert normalized("Google", Vocabulary({"غوغل": 90, "جوجل": 2}))[0] == "غوغل"
    assert normalized("Google", Vocabulary({"غوغل": 2, "جوجل": 90}))[0] == "جوجل"


def test_the_archive_may_have_the_name_with_the_article_only() -> None:
    assert normalized("Zarqawi", Vocabulary({"الزرقاوي": 5}))[0] == "الزرقاوي"


@pytest.mark.parametrize("text", ["", "2012", "حمص", "x" * 99, "one two three four five", "'", "-"])
def test_a_text_that_is_not_a_latin_name_has_no_spelling(text: str) -> None:
    assert [each for each in transliterations(text, EMPTY_VOCABULARY) if each] == []


@given(st.text("abcdefghijklmnopqrstuvwxyz'- ", max_size=24), st.integers(1, 6))
def test_spellings_are_arabic_distinct_and_within_the_limit(latin: str, limit: int) -> None:
    found = transliterations(latin, EMPTY_VOCABULARY, limit)
    assert len(found) == len({" ".join(normalized_terms(name)) for name in found}) <= limit
    assert not any("a" <= letter <= "z" for name in found for letter in name)
