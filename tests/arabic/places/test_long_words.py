"""A word that is longer than any name costs no more than its length."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from arabic.places.toponym_matcher import _index
from arabic.text.tokenizer import MAX_TOKEN_CHARS


@pytest.mark.parametrize("letter", ["ا", "1", "x", "و"])
def test_a_word_longer_than_any_name_is_not_cut_into_parts(letter: str) -> None:
    def calls(length: int) -> int:
        count = 0

        def counted(_frame: FrameType, _event: str, _argument: object) -> None:
            nonlocal count
            count += 1

        index = _index()
        sys.setprofile(counted)
        try:
            assert index[letter * length] == ()
        finally:
            sys.setprofile(None)
        return count

    assert calls(50_000) <= calls(MAX_TOKEN_CHARS) + 5
    assert letter * 50_000 not in _index()  # it is not kept either


def test_names_in_other_words_are_still_found() -> None:
    assert _index()["بحمص"]
