"""Words that join others, and the ones beside them that carry the meaning."""

from __future__ import annotations

import pytest
from hypothesis import given

from arabic.morphology.function_words import is_function_word
from tests.arabic.strategies import ARABIC_WORDS

JOINING = "في على إلى الى مع عن بين ضد لهم بها عنه إليهم معها أن الذي هذه منذ"
OTHERS = "لا لم لن ليس غير دون بلا قبل بعد علي لبنان منى بحث عين فيحمص من-الى"


@pytest.mark.parametrize("word", JOINING.split())
def test_what_joins_others_is_one(word: str) -> None:
    assert is_function_word(word)


@pytest.mark.parametrize("word", OTHERS.split())
def test_negations_times_names_and_words_are_none(word: str) -> None:
    assert not is_function_word(word)


@given(ARABIC_WORDS)
def test_a_word_with_an_article_is_none(word: str) -> None:
    assert not is_function_word(f"الب{word}")
