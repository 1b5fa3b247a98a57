"""Text → tokens. A token is a run of letters or a run of digits of the folded text; all else parts tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from arabic.letters import fold, fold_with_offsets

#: Longer tokens keep their first characters only (as Elasticsearch's `truncate` filter does).
MAX_TOKEN_CHARS = 64
#: For folded text, where every digit is an ASCII one. Letters beyond the BMP (ancient scripts, mathematical
#: alphabets) part words: the engines count in UTF-16 and would cut them in half.
TOKEN_PATTERN = "[^\\W\\d_\U00010000-\U0010ffff]+|[0-9]+"  # noqa: S105  a pattern, no password
#: The same for Java's regular expressions (Elasticsearch's `pattern` tokenizer with group 0).
JAVA_TOKEN_PATTERN = r"[\p{L}&&[\x{0}-\x{FFFF}]]+|[0-9]+"  # noqa: S105  a pattern, no password
_TOKEN = re.compile(TOKEN_PATTERN)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    exact: str  #: folded, at most MAX_TOKEN_CHARS characters
    start: int  #: offset of its first character in the original text
    end: int  #: offset behind its last character (and the marks on it) in the original text
    position: int  #: 0, 1, 2, ...


def tokenize(text: str) -> list[Token]:
    """The tokens of `text` in order, with offsets (in characters) into `text` as given."""
    folded = fold_with_offsets(text)
    return [
        Token(match[0][:MAX_TOKEN_CHARS], *folded.span(match.start(), match.end()), position)
        for position, match in enumerate(_TOKEN.finditer(folded.text))
    ]


def exact_terms(text: str) -> list[str]:
    """`[token.exact for token in tokenize(text)]`, several times as fast."""
    return [word[:MAX_TOKEN_CHARS] for word in _TOKEN.findall(fold(text))]
