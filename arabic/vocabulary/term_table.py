"""Counted words in little memory: about 24 bytes a word, where a dict takes 150.

`WordTable` is one sorted text with the counts beside it; `PatchedTable` is one with later news on top."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from heapq import nsmallest
from itertools import accumulate, repeat
from operator import or_
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Which of many words can be near a given one: a filter by letters, without looking at any word.
#
# A bitmap a letter (bit i: word i has it; another for the frequent letters: it has it twice) and one a
# length.
# An edit takes away at most one letter of the word and brings at most one; how many were lost or gained is
# counted for all words at once, with whole-number operations over the bitmaps. Figures: docs/decisions/0006.


#: Letters that are worth a bitmap, and another for words that have them twice; any other may differ without
#: being counted.
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"
_OFTEN_TWICE = "البتدرسمنهوي"
_LONGEST = 255
_BITS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]
_NOT_EMPTY = re.compile(rb"[^\0]")
#: Byte n as the digit of "at least 1", "at least 2".
_AT_LEAST = {least: b"0" * least + b"1" * (256 - least) for least in (1, 2)}


class LetterBitmapIndex:
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
        left = _spend_edits(losing, [~self._having[key] for key in had])
        gaining = [left & self._of_length(len(word) - spent) for spent in range(distance + 1)]
        gaining[0] = left & _union(self._of_length(len(word) + spent) for spent in range(distance + 1))
        left = _spend_edits(gaining, [having for key, having in self._having.items() if key not in had])
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


def _spend_edits(left: list[int], costs: Sequence[int]) -> int:
    """`left[n]` are the words with n edits spent; each bitmap of `costs` names those that must spend one
    more. Returns the words that can still pay."""
    for cost in costs:
        for spent in range(len(left) - 1, 0, -1):
            left[spent] = left[spent] & ~cost | left[spent - 1] & cost
        left[0] &= ~cost
    return _union(left)


#: Behind every word that begins with a prefix.
_PREFIX_END = "\U0010ffff"
#: What counts fit in; an archive of more articles than that is not met.
_MAX_COUNT = 2**32 - 1

#: A look-up costs as much as walking over so many words.
_LOOKUP_COST = 50

TermCount = tuple[str, int]


class TermTable(Protocol):
    """Words with counts; a word is a non-empty string without line breaks, a count is 1 or more."""

    def __len__(self) -> int: ...

    def count(self, word: str) -> int:
        """0 if it is not there."""
        ...

    def items(self) -> Iterator[TermCount]:
        """Every word with its count."""
        ...

    def unknown(self, words: Collection[str]) -> set[str]:
        """Those of `words` that are not there."""
        ...

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """(word, count), most frequent first, then by letters."""
        ...

    def fuzzy_matches(self, word: str, max_distance: int, limit: int) -> list[TermCount]:
        """(word, distance), nearest first, then most frequent, then by letters. The distance is the
        restricted Damerau-Levenshtein one (optimal string alignment): each letter is edited once at most."""
        ...


class SortedTermTable:
    """Immutable. A look-up is a bisection: some microseconds."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        words = sorted(counts)
        self._text = "\n".join(words)
        self._starts = array("Q", accumulate((len(word) + 1 for word in words), initial=0))
        self._counts = array("I", (min(counts[word], _MAX_COUNT) for word in words))

    def __len__(self) -> int:
        return len(self._counts)

    def count(self, word: str) -> int:
        at = self._place(word)
        return self._counts[at] if at < len(self) and self._word(at) == word else 0

    def items(self) -> Iterator[TermCount]:
        return zip(self._words(), self._counts, strict=True)

    def unknown(self, words: Collection[str]) -> set[str]:
        if _LOOKUP_COST * len(words) < len(self):
            return {word for word in words if not self.count(word)}
        return set(words).difference(self._words())

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        first, end = self._place(prefix), self._place(prefix + _PREFIX_END)
        if limit * len(self) < (end - first) ** 2:
            # Many begin so: among the most frequent words of all, enough do.
            frequent = (at for at in self._by_count if first <= at < end)
            best = [at for at, _ in zip(frequent, range(limit), strict=False)]
        else:
            best = nsmallest(limit, range(first, end), key=lambda at: -self._counts[at])
        return [(self._word(at), self._counts[at]) for at in best]

    def fuzzy_matches(self, word: str, max_distance: int, limit: int) -> list[TermCount]:
        places = self._letters.candidates(word, max_distance)
        text, starts = self._text, self._starts
        words = [text[starts[at] : starts[at + 1] - 1] for at in places]
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=max_distance, limit=None)
        ordered = sorted((distance, -self._counts[places[at]], other) for other, distance, at in found)
        return [(other, int(distance)) for distance, _, other in ordered[:limit]]

    def _words(self) -> list[str]:
        return self._text.split("\n") if len(self) else []

    def _word(self, at: int) -> str:
        return self._text[self._starts[at] : self._starts[at + 1] - 1]

    def _place(self, word: str) -> int:
        return bisect_left(range(len(self)), word, key=self._word)

    @cached_property
    def _by_count(self) -> array[int]:
        """Places, most frequent first."""
        return array("I", sorted(range(len(self)), key=self._counts.__getitem__, reverse=True))

    @cached_property
    def _letters(self) -> LetterBitmapIndex:
        return LetterBitmapIndex(self._words())


class PatchedTermTable:
    """A table with other counts for some words; 0 takes a word away. The table beneath is shared."""

    def __init__(self, base: SortedTermTable, patch: Mapping[str, int]) -> None:
        self._base = base
        self._patch = dict(patch)
        self._new = SortedTermTable({word: count for word, count in patch.items() if count})
        self._known = sum(1 for word in patch if base.count(word))

    def __len__(self) -> int:
        return len(self._base) + len(self._new) - self._known

    def count(self, word: str) -> int:
        patched = self._patch.get(word)
        return self._base.count(word) if patched is None else patched

    def items(self) -> Iterator[TermCount]:
        yield from ((word, count) for word, count in self._base.items() if word not in self._patch)
        yield from self._new.items()

    def unknown(self, words: Collection[str]) -> set[str]:
        return {word for word in self._base.unknown(words) if not self._patch.get(word)} | {
            word for word in words if self._patch.get(word) == 0
        }

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        found = self._unpatched(self._base.starting_with(prefix, limit + self._known))
        found += self._new.starting_with(prefix, limit)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def fuzzy_matches(self, word: str, max_distance: int, limit: int) -> list[TermCount]:
        found = self._unpatched(self._base.fuzzy_matches(word, max_distance, limit + self._known))
        found += self._new.fuzzy_matches(word, max_distance, limit)
        return sorted(found, key=lambda pair: (pair[1], -self.count(pair[0]), pair[0]))[:limit]

    def _unpatched(self, found: list[TermCount]) -> list[TermCount]:
        return [pair for pair in found if pair[0] not in self._patch]
