"""Function words, and similar words that carry the meaning."""

from __future__ import annotations

import pytest
from hypothesis import given

from arabic.morphology.affixes import is_function_word
from tests.arabic.strategies import ARABIC_WORDS

JOINING = "في على إلى الى مع عن بين ضد لهم بها عنه إليهم معها أن الذي هذه منذ"
OTHERS = "لا لم لن ليس غير دون بلا قبل بعد علي لبنان منى بحث عين فيحمص من-الى"


@pytest.mark.parametrize("word", JOINING.split())
def test_prepositions_and_clause_openers_are_function_words(word: str) -> None:
    assert is_function_word(word)


@pytest.mark.parametrize("word", OTHERS.split())
def test_negations_times_names_and_nouns_are_not_function_words(word: str) -> None:
    assert not is_function_word(word)


@given(ARABIC_WORDS)
def test_a_word_with_an_article_is_not_a_function_word(word: str) -> None:
    assert not is_function_word(f"الب{word}")
