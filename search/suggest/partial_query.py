"""Reads the end of a query while it is typed: which words precede the cursor, and what may follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from arabic.text.tokenizer import Token, tokenize
from search.query.lexer import OPENING_QUOTES, QueryToken, clean_query, tokenize_query
from search.query.nodes import And, NamedFilter, QuotedPhrase, Wildcard, Word
from search.query.parser import parse_query
from search.results import Complaint

#: Longer texts were pasted and are not completed.
MAX_PARTIAL_QUERY_CHARACTERS = 200
#: A word with a star, slop or boost is not completed.
_OPERATOR_SIGNS = frozenset("*~^")

FieldScope = Literal["", "title", "city", "source"]


@dataclass(frozen=True, slots=True)
class PartialQuery:
    """A query up to the cursor.

    `tokens` are the words in a row before the cursor, with offsets into `text`; the last one is unfinished,
    unless `after_space`.
    """

    text: str
    tokens: tuple[Token, ...]
    after_space: bool = False
    #: The field name right before the words: `title:`, `city:` or `source:`.
    scope: FieldScope = ""
    #: The sign that closes the quotation around the words; "" outside of one.
    closing: str = ""
    negated: bool = False

    def prefix(self, words: int) -> str:
        """Return the last `words` tokens, folded, as the beginning of a name or phrase."""
        chosen = self.tokens[len(self.tokens) - words :]
        return " ".join(token.normalized for token in chosen) + " " * (self.after_space and bool(chosen))

    def before(self, words: int) -> str:
        """Return the text before the last `words` tokens."""
        return self.text[: self.tokens[-words].start] if words else self.text

    def query_without(self, words: int) -> str | None:
        """Return the query that remains if the last `words` tokens become a filter.

        None if that would change its meaning: inside quotes or brackets, after a field name, a NOT or an OR.
        """
        if self.scope or self.closing or self.negated:
            return None
        rest = self.before(words).strip()
        parsed = parse_query(rest)
        whole = parsed.root is None or isinstance(
            parsed.root, Word | Wildcard | QuotedPhrase | NamedFilter | And
        )
        return rest if whole and not parsed.complaints else None


def parse_partial_query(text: str) -> PartialQuery | None:
    """Return what can be completed at the end of `text`; None if nothing can."""
    if len(text) > MAX_PARTIAL_QUERY_CHARACTERS:
        return None
    text = clean_query(text.replace("\0", " ")).lstrip()
    complaints: list[Complaint] = []
    tokens = tokenize_query(text, complaints)
    opened = _open_quote(text, tokens, complaints)
    if opened is not None:
        return _parse_open_quote(text, opened, tokens)
    return _parse_words(text, tokens) if tokens else None


def _open_quote(text: str, tokens: list[QueryToken], complaints: list[Complaint]) -> int | None:
    """Return the start of the quotation that is still open at the end of the text."""
    if all(complaint.code != "unclosed_quote" for complaint in complaints):
        return None
    closed = max((token.end for token in tokens if token.kind == "quoted"), default=0)
    at = max(text.rfind(sign) for sign in OPENING_QUOTES)
    return at if at >= closed else None


def _parse_open_quote(text: str, opened: int, tokens: list[QueryToken]) -> PartialQuery | None:
    inside = _tokens_of(text, opened + 1)
    if not inside and text[opened + 1 :].strip():
        return None
    before = [token for token in tokens if token.end <= opened]
    is_adjacent = before and before[-1].end == opened
    return PartialQuery(
        text,
        inside,
        after_space=text[-1:].isspace() or not inside,
        scope=_scope(before[-1]) if is_adjacent else "",
        closing={"«": "»", "“": "”", "„": "“"}.get(text[opened], text[opened]),
        negated=bool(is_adjacent) and before[-1].kind == "not",
    )


def _parse_words(text: str, tokens: list[QueryToken]) -> PartialQuery | None:
    last = tokens[-1]
    if text[-1].isspace():
        words = _tokens_of(text, _row_start(tokens, len(tokens)))
        return PartialQuery(text, words, after_space=True) if words else None
    if last.end != len(text):
        return None
    if last.kind == "field":
        return PartialQuery(text, (), after_space=True, scope=_scope(last))
    if last.kind not in ("word", "or") or _OPERATOR_SIGNS & set(text[last.start :]):
        return None
    before = tokens[-2] if len(tokens) > 1 and last.is_adjacent else None
    marked = before is not None and before.kind in ("field", "not")
    start = last.start if marked or last.kind == "or" else _row_start(tokens, len(tokens))
    words = _tokens_of(text, start)
    if not words or words[-1].end != len(text):
        return None
    scope = _scope(before) if marked and before is not None else ""
    negated = before is not None and before.kind == "not"
    return PartialQuery(text, words, scope=scope, negated=negated)


def is_inside_or(tokens: Sequence[QueryToken]) -> bool:
    """Return True if what follows the tokens is an alternative to them, not a further condition.

    That is so after an OR whose brackets, if any, are still open. Needs all tokens, also brackets without a
    partner.
    """
    either = [False]
    for token in tokens:
        if token.kind == "(":
            either.append(False)
        elif token.kind == ")" and len(either) > 1:
            either.pop()
        elif token.kind == "or":
            either[-1] = True
    return any(either)


def is_expensive(tokens: Sequence[QueryToken]) -> bool:
    """Return True if the query has wildcards or phrases with slop, which are slow to search."""
    return any(token.slop or "*" in token.text for token in tokens)


def _row_start(tokens: list[QueryToken], end: int) -> int:
    """Return the start of the row of plain words that ends before token `end`.

    The end of the text if there is no such word.
    """
    first = end
    while first and tokens[first - 1].kind == "word" and "*" not in tokens[first - 1].text:
        before = tokens[first - 2] if first > 1 and tokens[first - 1].is_adjacent else None
        if before is not None and before.kind != "(":
            break
        first -= 1
    return tokens[first].start if first < end else tokens[-1].end


def _scope(token: QueryToken) -> FieldScope:
    scopes: dict[str, FieldScope] = {"title": "title", "city": "city", "source": "source"}
    return scopes.get(token.name, "") if token.kind == "field" else ""


def _tokens_of(text: str, start: int) -> tuple[Token, ...]:
    """Return the tokens of `text` from `start` on, with offsets into the whole text."""
    return tuple(
        Token(token.normalized, token.written, token.start + start, token.end + start, token.position)
        for token in tokenize(text[start:])
    )
