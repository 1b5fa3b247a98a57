"""Which of many words can be near a given one: a filter by letters, without looking at any word.

A bitmap a letter (bit i: word i has it; another for the frequent letters: it has it twice) and one a length.
An edit takes away at most one letter of the word and brings at most one; how many were lost or gained is
counted for all words at once, with whole-number operations over the bitmaps. Figures: docs/decisions/0006.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import repeat
from operator import or_

#: Letters that are worth a bitmap, and another for words that have them twice; any other may differ without
#: being counted.
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"
_OFTEN_TWICE = "البتدرسمنهوي"
_LONGEST = 255
_BITS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]
_NOT_EMPTY = re.compile(rb"[^\0]")
#: Byte n as the digit of "at least 1", "at least 2".
_AT_LEAST = {least: b"0" * least + b"1" * (256 - least) for least in (1, 2)}


class LetterIndex:
    """Over a fixed list of folded words, known by their places in it."""

    def __init__(self, words: Sequence[str]) -> None:
        self._size = len(words)
        #: (letter, times) -> the words that have the letter at least so often.
        self._having: dict[tuple[str, int], int] = {}
        for letter in _LETTERS:
            counts = bytes(map(str.count, words, repeat(letter)))
            for times in (1, 2) if letter in _OFTEN_TWICE else (1,):
                self._having[letter, times] = _bitmap(counts.translate(_AT_LEAST[times]))
        self._lengths = bytes(min(len(word), _LONGEST) for word in words)
        #: Made when a length is first asked for.
        self._by_length: dict[int, int] = {}

    def candidates(self, word: str, distance: int) -> list[int]:
        """Places of the words that may be within `distance` edits (insert, delete, replace, swap two
        neighbours) of `word`: all that are, and some that are not."""
        # A word longer by n has n letters inserted, which leaves distance - n edits to lose one by.
        losing = [self._of_length(len(word) + spent) for spent in range(distance + 1)]
        losing[0] = _union(self._of_length(len(word) - spent) for spent in range(distance + 1))
        had = [key for key in self._having if word.count(key[0]) >= key[1]]
        left = _spend(losing, [~self._having[key] for key in had])
        gaining = [left & self._of_length(len(word) - spent) for spent in range(distance + 1)]
        gaining[0] = left & _union(self._of_length(len(word) + spent) for spent in range(distance + 1))
        left = _spend(gaining, [having for key, having in self._having.items() if key not in had])
        packed = left.to_bytes(self._size // 8 + 1, "little")
        return [
            8 * at + bit
            for found in _NOT_EMPTY.finditer(packed)
            for at in (found.start(),)
            for bit in _BITS[packed[at]]
        ]

    def _of_length(self, length: int) -> int:
        if not 0 <= length < _LONGEST:
            return 0
        if length not in self._by_length:
            is_it = b"0" * length + b"1" + b"0" * (_LONGEST - length)
            self._by_length[length] = _bitmap(self._lengths.translate(is_it))
        return self._by_length[length]


def _bitmap(digits: bytes) -> int:
    """Bit i is digit i."""
    return int(digits[::-1] or b"0", 2)


def _union(bitmaps: Iterable[int]) -> int:
    return reduce(or_, bitmaps, 0)


def _spend(left: list[int], costs: Sequence[int]) -> int:
    """`left[n]` are the words with n edits spent; each bitmap of `costs` names those that must spend one
    more. Returns the words that can still pay."""
    for cost in costs:
        for spent in range(len(left) - 1, 0, -1):
            left[spent] = left[spent] & ~cost | left[spent - 1] & cost
        left[0] &= ~cost
    return _union(left)
