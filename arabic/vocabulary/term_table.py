"""Term dictionary with counts in little memory: about 24 bytes per word, where a dict takes 150.

`SortedTermTable` is one sorted text and an array of counts; `PatchedTermTable` overlays later changes.
`LetterBitmapIndex` filters the candidates of a fuzzy lookup.
"""

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

#: Letters with a bitmap, and those with another for words that contain them twice; any other letter may
#: differ without being counted.
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"
_OFTEN_TWICE = "البتدرسمنهوي"
_LONGEST = 255
_BITS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]
_NOT_EMPTY = re.compile(rb"[^\0]")
#: Translates byte n to the digit of "at least 1" or "at least 2".
_AT_LEAST = {least: b"0" * least + b"1" * (256 - least) for least in (1, 2)}


class LetterBitmapIndex:
    """Filter for fuzzy lookup over a fixed list of normalized words, addressed by their index.

    There is one bitmap for each letter (bit i: word i contains it; for frequent letters another: it contains
    it twice) and one for each length. An edit removes at most one letter of a word and adds at most one; how
    many were lost or gained is counted for all words at once, with integer operations over the bitmaps.
    Figures: docs/decisions/0006.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._size = len(words)
        #: (letter, times) → the words that contain the letter at least that often.
        self._having: dict[tuple[str, int], int] = {}
        for letter in _LETTERS:
            counts = bytes(map(str.count, words, repeat(letter)))
            for times in (1, 2) if letter in _OFTEN_TWICE else (1,):
                self._having[letter, times] = _bitmap(counts.translate(_AT_LEAST[times]))
        self._lengths = bytes(min(len(word), _LONGEST) for word in words)
        #: Filled when a length is first needed.
        self._by_length: dict[int, int] = {}

    def candidates(self, word: str, distance: int) -> list[int]:
        """Return the indexes of words that may be within `distance` edits of `word`.

        An edit inserts, deletes or replaces a letter or swaps two neighbours. All words within the distance
        are returned, and some others.
        """
        # A word longer by n has n letters inserted, which leaves distance - n edits that can lose a letter.
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
        """Return the bitmap of the words of a length."""
        if not 0 <= length < _LONGEST:
            return 0
        if length not in self._by_length:
            is_it = b"0" * length + b"1" + b"0" * (_LONGEST - length)
            self._by_length[length] = _bitmap(self._lengths.translate(is_it))
        return self._by_length[length]


def _bitmap(digits: bytes) -> int:
    """Return an integer whose bit i is digit i."""
    return int(digits[::-1] or b"0", 2)


def _union(bitmaps: Iterable[int]) -> int:
    """Return the bitwise union of bitmaps."""
    return reduce(or_, bitmaps, 0)


def _spend_edits(left: list[int], costs: Sequence[int]) -> int:
    """Return the words that can afford all costs.

    `left[n]` is the bitmap of words with n edits spent; each bitmap of `costs` marks the words that must
    spend one more.
    """
    for cost in costs:
        for spent in range(len(left) - 1, 0, -1):
            left[spent] = left[spent] & ~cost | left[spent - 1] & cost
        left[0] &= ~cost
    return _union(left)


#: Sorts after every word that begins with a prefix.
_PREFIX_END = "\U0010ffff"
#: Largest count that the array can hold.
_MAX_COUNT = 2**32 - 1

#: One lookup takes as long as iterating over this many words.
_LOOKUP_COST = 50

TermCount = tuple[str, int]


class TermTable(Protocol):
    """Words with counts; a word is a non-empty string without line breaks, a count is at least 1."""

    def __len__(self) -> int: ...

    def count(self, word: str) -> int:
        """Return the count of a word, or 0 if it is not in the table."""
        ...

    def items(self) -> Iterator[TermCount]:
        """Yield every word with its count."""
        ...

    def unknown(self, words: Collection[str]) -> set[str]:
        """Return those of `words` that are not in the table."""
        ...

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """Return (word, count) of words with a prefix, most frequent first, then by letters."""
        ...

    def fuzzy_matches(self, word: str, max_distance: int, limit: int) -> list[TermCount]:
        """Return (word, distance), nearest first, then most frequent, then by letters.

        The distance is the restricted Damerau-Levenshtein distance (optimal string alignment): each letter is
        edited at most once.
        """
        ...


class SortedTermTable:
    """Immutable table. A lookup is a bisection: some microseconds."""

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
            # Many words have the prefix, so enough of the most frequent words of all have it.
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
        """Return the index at which a word is, or would be inserted."""
        return bisect_left(range(len(self)), word, key=self._word)

    @cached_property
    def _by_count(self) -> array[int]:
        """Return the indexes of all words, most frequent first."""
        return array("I", sorted(range(len(self)), key=self._counts.__getitem__, reverse=True))

    @cached_property
    def _letters(self) -> LetterBitmapIndex:
        return LetterBitmapIndex(self._words())


class PatchedTermTable:
    """A table with other counts for some words; 0 removes a word. The underlying table is shared."""

    def __init__(self, base: SortedTermTable, patch: Mapping[str, int]) -> None:
        self._base = base
        self._patch = dict(patch)
        self._new = SortedTermTable({word: count for word, count in patch.items() if count})
        self._known = len(patch) - len(base.unknown(patch))

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
        """Return the pairs whose word the patch does not change."""
        return [pair for pair in found if pair[0] not in self._patch]
