"""Tokenizer: a token is a run of letters or a run of digits of the normalized text.

Everything else separates tokens. Used for indexing, queries, highlighting and the lookup of names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import overload

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

from arabic.text.normalization import normalize, normalize_written, normalized_and_written, written_text

#: Longer tokens are truncated, as by Elasticsearch's `truncate` filter.
MAX_TOKEN_CHARS = 64
#: Pattern for normalized text, where all digits are ASCII. Letters beyond the BMP (ancient scripts,
#: mathematical alphabets) separate words: the engines count in UTF-16 and would split such a letter.
TOKEN_PATTERN = "[^\\W\\d_\U00010000-\U0010ffff]+|[0-9]+"  # noqa: S105  a pattern, no password
#: The same pattern for Java's regular expressions (Elasticsearch's `pattern` tokenizer with group 0).
JAVA_TOKEN_PATTERN = r"[\p{L}&&[\x{0}-\x{FFFF}]]+|[0-9]+"  # noqa: S105  a pattern, no password
_TOKEN = re.compile(TOKEN_PATTERN)
_TANWEEN = araby.FATHATAN
_LETTERS = TOKEN_PATTERN.partition("|")[0]
#: The same for `written_text`, whose tanween is no letter.
_WRITTEN_TOKEN = re.compile(f"{_LETTERS}(?:{_TANWEEN}+(?:{_LETTERS})?)*|[0-9]+")
#: Its group makes splitting keep the words: gap, word, gap, word, ..., gap.
_SPLIT = re.compile(f"({TOKEN_PATTERN})")
#: No normalization rule reaches across white space, so chunks between spaces can be tokenized separately.
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    normalized: str  #: at most MAX_TOKEN_CHARS characters
    written: str  #: the same with the letters as written that normalization folds; see `written_terms`
    start: int  #: offset of its first character in the original text
    end: int  #: offset after its last character (and its diacritics) in the original text
    position: int  #: 0, 1, 2, ...


class Tokens(Sequence[Token]):
    """The tokens of a text in order, with lazily computed offsets.

    Callers mostly compare only `normalized`; a `Token` is made when one is accessed.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._normalized, written = normalized_and_written(text)
        words = _SPLIT.split(self._normalized.text)  # gap, word, gap, word, ..., gap
        bounds = list(accumulate(map(len, words)))
        self._starts, self._ends = bounds[:-1:2], bounds[1::2]
        #: The normalized form of each token.
        self.normalized = _bounded(words[1::2])
        #: The written form of each token.
        self.written = self._written(written)

    def __len__(self) -> int:
        return len(self.normalized)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        normalized = self.normalized[index]  # raises IndexError if there is no such token
        position = index + len(self) if index < 0 else index
        starts, ends = self.offsets()
        return Token(normalized, self.written[position], starts[position], ends[position], position)

    def offsets(self) -> tuple[list[int], list[int]]:
        """Return the starts and the ends of the tokens in the text. Not to be changed."""
        return self._offsets

    @cached_property
    def _offsets(self) -> tuple[list[int], list[int]]:
        return self._normalized.spans(self._starts, self._ends)

    def _written(self, written: str) -> list[str]:
        """Return the written terms; `written`: `written_text` of the text."""
        plain = written.replace(_TANWEEN, "")
        if len(plain) != len(self._normalized.text):
            # A chunk at a time, as one word whose written form is no term must not affect the others.
            return [each for chunk in _CHUNK.findall(self._text) for each in written_terms(chunk)]
        # Letter for letter the normalized text, but for the tanween.
        words = list(map(plain.__getitem__, map(slice, self._starts, self._ends)))
        if max(map(len, self.normalized), default=0) == MAX_TOKEN_CHARS:
            words = _bounded(words)
        at = written.find(_TANWEEN)
        removed = 0
        while at >= 0:
            word = bisect_left(self._ends, at - removed)
            if not words[word].endswith(_TANWEEN):
                words[word] += _TANWEEN
            removed += 1
            at = written.find(_TANWEEN, at + 1)
        return words


def tokenize(text: str) -> Tokens:
    """Return the tokens of `text` in order, with offsets (in characters) into `text` as given."""
    return Tokens(text)


def normalized_terms(text: str) -> list[str]:
    """Return `[token.normalized for token in tokenize(text)]`, several times faster."""
    return split_normalized(normalize(text))


def split_normalized(normalized: str) -> list[str]:
    """Return the normalized terms of a text that is already normalized."""
    return _bounded(_TOKEN.findall(normalized))


def written_terms(text: str) -> list[str]:
    """Return `[token.written for token in tokenize(text)]`, several times faster."""
    return parallel_terms(text)[1]


def parallel_terms(text: str) -> tuple[list[str], list[str]]:
    """Return the normalized and the written terms of a text, in parallel.

    A written term has the letters that normalization folds: hamza of an alif, final ya, ta marbuta; a tanween
    stands at its end. A normalized term is a possible written one, of a writer who leaves all these out.
    """
    written = written_text(text)
    terms = split_normalized(normalize_written(written))
    return terms, _written_beside(terms, written)


@lru_cache(100_000)
def normalized_term(written: str) -> str:
    """Return the normalized term of a written one."""
    return normalize_written(written)


def _written_beside(terms: list[str], written: str) -> list[str]:
    """Return the written terms of a written text, one for each of its normalized terms.

    If there are more or fewer, the normalized terms are returned.
    """
    if _TANWEEN not in written:
        found = _TOKEN.findall(written)
        return _bounded(found) if len(found) == len(terms) else terms
    found = _WRITTEN_TOKEN.findall(written)
    if len(found) != len(terms):
        return terms
    return [
        word.replace(_TANWEEN, "")[:MAX_TOKEN_CHARS] + _TANWEEN
        if _TANWEEN in word
        else word[:MAX_TOKEN_CHARS]
        for word in found
    ]


def _bounded(words: list[str]) -> list[str]:
    """Return the words, long ones truncated."""
    if max(map(len, words), default=0) <= MAX_TOKEN_CHARS:
        return words
    return [word[:MAX_TOKEN_CHARS] for word in words]
