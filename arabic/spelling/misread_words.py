"""The words that OCR may have misread: those that look alike without their dots.

OCR of Arabic takes dots for others, a comma for a hamza, one word for two. The table of letters
follows what Tesseract 5 made of rendered pages (tools/research/ocr_renders.py).
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from operator import eq

from arabic.vocabulary.frequencies import frequent_words, is_frequent_word, probability

#: Letters of one shape inside a word; ئ may be normalized to ء. At the end some have a shape of their own.
_SHAPES = str.maketrans("تثنيىئءهجخذزشضظغقؤ", "ببببببببححدرسصطعفو")
_OWN_SHAPE_AT_END = "هء"
#: Shorter ones look like too many others.
_MIN_LETTERS = 3
#: Two short words make a third by chance.
_MIN_WHOLE = 6
_HAMZA = "ء"
#: Precedes the terms that a misread word has of its likely words, so that a search tells them apart.
MISREAD_MARKER = "?"


def likely_word(token: str) -> str:
    """Return the most frequent word that a token may be a misreading of; "" if there is none.

    `token` is normalized, and in no dictionary: قبل is nearly always قبل, and only by chance قتل.
    """
    found = {word for form in _readings(token) for word in _words_by_shape().get(_shape(form), ())}
    found.discard(token)
    # Frequencies are rough; of equal ones that with the most letters as they were read.
    return max(sorted(found), key=lambda word: (probability(word), sum(map(eq, word, token))), default="")


def is_cut(first: str, second: str) -> bool:
    """Return whether two tokens in a row may be one word that was cut."""
    both = first + second  # both were read without confidence
    return len(both) >= _MIN_WHOLE and is_frequent_word(both)


def _readings(token: str) -> tuple[str, ...]:
    """Return the token, and what it is if its last letter is a comma."""
    forms = (token, token[:-1]) if token.endswith(_HAMZA) else (token,)
    return tuple(form for form in forms if len(form) >= _MIN_LETTERS)


def _shape(word: str) -> str:
    last = word[-1]
    return word[:-1].translate(_SHAPES) + (last if last in _OWN_SHAPE_AT_END else last.translate(_SHAPES))


@cache
def _words_by_shape() -> dict[str, tuple[str, ...]]:
    """Group the frequent words by shape; made once in a process that indexes texts read by OCR."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word in frequent_words():
        if len(word) >= _MIN_LETTERS:
            groups[_shape(word)].append(word)
    return {shape: tuple(words) for shape, words in groups.items()}
