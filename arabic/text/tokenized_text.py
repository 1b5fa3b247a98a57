"""A text that is normalized and split into words once, for all code that uses it.

The place tagger, the date tagger, the hash and the near-duplicate sketch of one article share it
(articles/text/document.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property, lru_cache
from itertools import accumulate

from arabic.text.normalization import NormalizedText
from arabic.text.tokenizer import TOKEN_PATTERN

#: Its group makes splitting keep the words: gap, word, gap, word, ..., gap.
_WORD = re.compile(f"({TOKEN_PATTERN})")
#: Characters that control direction and line breaking; at the end of a word they are not part of it. (Joiners
#: are: they shape the word's last letter.)
_CONTROLS = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


class TokenizedText(NormalizedText):
    """A normalized text as words and the gaps between them, computed on first use."""

    def __reduce__(self) -> tuple[Callable[[str, str, str], TokenizedText], tuple[str, str, str]]:
        """Send the normalized text to another process, but not its words: splitting again costs no more."""
        return _restore, (self._original, self._pieces, self.text)

    @property
    def original(self) -> str:
        """The text as given."""
        return self._original

    @cached_property
    def parts(self) -> list[str]:
        """Gap, word, gap, word, ..., gap of the normalized text. Not to be changed."""
        return _WORD.split(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words and numbers of the normalized text. Not to be changed."""
        return self.parts[1::2]

    def word_span(self, at: int) -> tuple[int, int]:
        """Return the offsets of a word in the normalized text."""
        return self._ends[2 * at], self._ends[2 * at + 1]

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Return original[start:end] as a text of its own, reusing the words that were already split.

        `start` must be 0 or follow white space. The text after the last white space is normalized
        again, because `end` may be inside a word.
        """
        original = self._original[start:end]
        tail = "" if original[-1:].isspace() else "".join(original.rsplit(maxsplit=1)[-1:])
        return Excerpt(self, start, start + len(original) - len(tail), original)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self.parts)))

    def _normalized_index(self, start: int) -> int:
        """Return the index in the normalized text of the first character from original[start] on."""
        return bisect_left(range(len(self.text)), start, key=self.origin) if start else 0


class Excerpt(TokenizedText):
    """Part of a text: the words [first_word, last_word) of the whole text, and its own last words.

    No rule of normalization reaches across white space, so the words of the whole are the same here.
    """

    def __init__(self, whole: TokenizedText, start: int, tail_start: int, original: str) -> None:
        self._original = original
        self._whole, self._start, self._tail_start = whole, start, tail_start
        self._tail = TokenizedText(original[tail_start - start :])
        self._from, self._to = whole._normalized_index(start), whole._normalized_index(tail_start)
        self.text = whole.text[self._from : self._to] + self._tail.text
        self.first_word = bisect_left(whole._ends, self._from) // 2
        self.last_word = bisect_left(whole._ends, self._to) // 2

    def origin(self, at: int) -> int:
        """Return the index in the excerpt's original of a normalized character, or of the end."""
        length = self._to - self._from
        if at < length:
            return self._whole.origin(self._from + at) - self._start
        return self._tail_start - self._start + self._tail.origin(at - length)

    @cached_property
    def parts(self) -> list[str]:
        """As in the whole text."""
        ends, first, last = self._whole._ends, self.first_word, self.last_word
        if first == last:
            return _WORD.split(self.text)
        words = self._whole.parts[2 * first + 1 : 2 * last]
        before = self._whole.text[self._from : ends[2 * first]]
        behind = self._whole.text[ends[2 * last - 1] : self._to]
        return [before, *words, behind + self._tail.parts[0], *self._tail.parts[1:]]


def _restore(original: str, pieces: str, text: str) -> TokenizedText:
    made = TokenizedText.__new__(TokenizedText)
    made._original, made._pieces, made.text = original, pieces, text
    return made


@lru_cache(maxsize=2)  # places and dates are read from the same title and text, one after the other
def tokenize_text(text: str) -> TokenizedText:
    """Return a text split into words."""
    return TokenizedText(text)


def tokenized(text: str | TokenizedText) -> TokenizedText:
    """Return the text unchanged if it is tokenized already; tokenize a plain string."""
    return tokenize_text(text) if isinstance(text, str) else text


def trimmed_end(text: str, start: int, end: int) -> int:
    """Return the end of the word text[start:end] without trailing direction marks."""
    return start + len(text[start:end].rstrip(_CONTROLS))
