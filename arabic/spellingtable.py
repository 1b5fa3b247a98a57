"""How folded words and phrases are written, in little memory: two texts side by side instead of a dict."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate


class SpellingTable:
    """Folded -> written, neither with a line break. Immutable; a look-up is a bisection."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        folded = sorted(spellings)
        written = [spellings[each] for each in folded]
        self._folded, self._written = "\n".join(folded), "\n".join(written)
        self._starts = [array("Q", _starts(words)) for words in (folded, written)]

    def __len__(self) -> int:
        return len(self._starts[0]) - 1

    def get(self, folded: str) -> str:
        """How it is written; "" if it is not there."""
        at = bisect_left(range(len(self)), folded, key=lambda place: self._cut(0, place))
        return self._cut(1, at) if at < len(self) and self._cut(0, at) == folded else ""

    def items(self) -> Iterator[tuple[str, str]]:
        """Every (folded, written)."""
        return ((self._cut(0, at), self._cut(1, at)) for at in range(len(self)))

    def _cut(self, side: int, at: int) -> str:
        text = self._written if side else self._folded
        return text[self._starts[side][at] : self._starts[side][at + 1] - 1]


def _starts(words: list[str]) -> Iterator[int]:
    return accumulate((len(word) + 1 for word in words), initial=0)
