"""Text → tokens. A token is a run of letters or a run of digits of the folded text; all else parts tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from arabic.letters import fold, fold_with_offsets

#: Longer tokens keep their first characters only (as Elasticsearch's `truncate` filter does).
MAX_TOKEN_CHARS = 64
#: For folded text, where every digit is an ASCII one. Letters beyond the BMP (ancient scripts, mathematical
#: alphabets) part words: the engines count in UTF-16 and would cut them in half.
TOKEN_PATTERN = "[^\\W\\d_\U00010000-\U0010ffff]+|[0-9]+"  # noqa: S105  a pattern, no password
#: The same for Java's regular expressions (Elasticsearch's `pattern` tokenizer with group 0).
JAVA_TOKEN_PATTERN = r"[\p{L}&&[\x{0}-\x{FFFF}]]+|[0-9]+"  # noqa: S105  a pattern, no password
_TOKEN = re.compile(TOKEN_PATTERN)
#: No rule of folding reaches across white space, so that what stands between can be cut by itself.
_CHUNK = re.compile(r"\S+")
_CACHED_CHARS = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    exact: str  #: folded, at most MAX_TOKEN_CHARS characters
    start: int  #: offset of its first character in the original text
    end: int  #: offset behind its last character (and the marks on it) in the original text
    position: int  #: 0, 1, 2, ...


def tokenize(text: str) -> list[Token]:
    """The tokens of `text` in order, with offsets (in characters) into `text` as given."""
    tokens: list[Token] = []
    for chunk in _CHUNK.finditer(text):
        written = chunk[0]
        found = _cut(written) if len(written) > _CACHED_CHARS else _cut_word(written)
        at = chunk.start()
        for exact, start, end in found:
            tokens.append(Token(exact, at + start, at + end, len(tokens)))
    return tokens


def _cut(text: str) -> tuple[tuple[str, int, int], ...]:
    """(exact, start, end) of the tokens of `text`."""
    folded = fold_with_offsets(text)
    return tuple(
        (match[0][:MAX_TOKEN_CHARS], *folded.span(match.start(), match.end()))
        for match in _TOKEN.finditer(folded.text)
    )


#: The words of news come back; folding with offsets is what marking a page of results spends its time on.
_cut_word = lru_cache(100_000)(_cut)


def exact_terms(text: str) -> list[str]:
    """`[token.exact for token in tokenize(text)]`, several times as fast."""
    return [word[:MAX_TOKEN_CHARS] for word in _TOKEN.findall(fold(text))]
