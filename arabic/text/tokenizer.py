"""Tokenizer: a token is a run of letters or a run of digits of the normalized text.

Everything else separates tokens. Used for indexing, queries, highlighting and the lookup of names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple, overload

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

from arabic.text.normalization import normalize, normalize_with_offsets, normalize_written, written_text

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
#: No normalization rule reaches across white space, so chunks between spaces can be tokenized separately.
_CHUNK = re.compile(r"\S+")
#: Longer chunks are not cached.
_CACHED_CHARS = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    normalized: str  #: at most MAX_TOKEN_CHARS characters
    written: str  #: the same with the letters as written that normalization folds; see `written_terms`
    start: int  #: offset of its first character in the original text
    end: int  #: offset after its last character (and its diacritics) in the original text
    position: int  #: 0, 1, 2, ...


class _Chunk(NamedTuple):
    """The tokens between two spaces, and the (start, end) of each in the chunk."""

    normalized: Sequence[str]
    written: Sequence[str]
    spans: Sequence[tuple[int, int]]


class Tokens(Sequence[Token]):
    """The tokens of a text in order, with lazily computed offsets.

    Callers mostly compare only `normalized`; a `Token` is made when one is accessed.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._chunks = [
            _tokenize_chunk(chunk) if len(chunk) > _CACHED_CHARS else _cached_tokenize_chunk(chunk)
            for chunk in _CHUNK.findall(text)
        ]
        #: The normalized form of each token.
        self.normalized = [normalized for chunk in self._chunks for normalized in chunk.normalized]
        #: The written form of each token.
        self.written = [written for chunk in self._chunks for written in chunk.written]

    def __len__(self) -> int:
        return len(self.normalized)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        normalized = self.normalized[position]  # raises IndexError if there is no such token
        chunk = bisect_right(self._behind, position)
        start, end = self._chunks[chunk].spans[
            position - self._behind[chunk]
        ]  # negative: counted from the chunk's end
        at = self._starts[chunk]
        return Token(normalized, self.written[position], at + start, at + end, position)

    def offsets(self) -> tuple[list[int], list[int]]:
        """Return the starts and the ends of the tokens in the text."""
        chunks = list(zip(self._starts, self._chunks, strict=True))
        return (
            [at + start for at, chunk in chunks for start, _ in chunk.spans],
            [at + end for at, chunk in chunks for _, end in chunk.spans],
        )

    @cached_property
    def _starts(self) -> list[int]:
        """Return the offset of each chunk in the text."""
        return [chunk.start() for chunk in _CHUNK.finditer(self._text)]

    @cached_property
    def _behind(self) -> list[int]:
        """Return the cumulative number of tokens at the end of each chunk."""
        return list(accumulate(len(chunk.normalized) for chunk in self._chunks))


def tokenize(text: str) -> Tokens:
    """Return the tokens of `text` in order, with offsets (in characters) into `text` as given."""
    return Tokens(text)


def _tokenize_chunk(text: str) -> _Chunk:
    """Return the tokens of `text`."""
    normalized = normalize_with_offsets(text)
    found = list(_TOKEN.finditer(normalized.text))
    terms = tuple(match[0][:MAX_TOKEN_CHARS] for match in found)
    spans = tuple(normalized.span(match.start(), match.end()) for match in found)
    return _Chunk(terms, _written_beside(terms, written_text(text)), spans)


#: The same words recur in news, and highlighting a page of results spends most of its time on normalization
#: with offsets.
_cached_tokenize_chunk = lru_cache(100_000)(_tokenize_chunk)


def normalized_terms(text: str) -> list[str]:
    """Return `[token.normalized for token in tokenize(text)]`, several times faster."""
    return split_normalized(normalize(text))


def split_normalized(normalized: str) -> list[str]:
    """Return the normalized terms of a text that is already normalized."""
    return [word[:MAX_TOKEN_CHARS] for word in _TOKEN.findall(normalized)]


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
    return terms, list(_written_beside(terms, written))


@lru_cache(100_000)
def normalized_term(written: str) -> str:
    """Return the normalized term of a written one."""
    return normalize_written(written)


def _written_beside(terms: Sequence[str], written: str) -> Sequence[str]:
    """Return the written terms of a written text, one for each of its normalized terms."""
    found = _WRITTEN_TOKEN.findall(written)
    if len(found) != len(terms):
        return terms
    if _TANWEEN in written:
        return [
            word.replace(_TANWEEN, "")[:MAX_TOKEN_CHARS] + _TANWEEN
            if _TANWEEN in word
            else word[:MAX_TOKEN_CHARS]
            for word in found
        ]
    return [word[:MAX_TOKEN_CHARS] for word in found]
