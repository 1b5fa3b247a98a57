"""The end of a query that is still being typed: which words stand before the cursor, and what may follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from arabic.text.tokenizer import Token, tokenize
from search.query.lexer import OPENING_QUOTES, QueryToken, clean_query, tokenize_query
from search.query.nodes import And, NamedFilter, QuotedPhrase, Wildcard, Word
from search.query.parser import parse_query
from search.results import Complaint

#: Longer texts were pasted, not typed.
MAX_PARTIAL_QUERY_CHARACTERS = 200
#: Stars, nearness and weights: who writes these completes nothing.
_OPERATOR_SIGNS = frozenset("*~^")

FieldScope = Literal["", "title", "city", "source"]


@dataclass(frozen=True, slots=True)
class PartialQuery:
    """A query cut where completing begins. `tokens` are the words in a row before the cursor, with offsets
    into `text`; the last of them is unfinished, unless `after_space`."""

    text: str
    tokens: tuple[Token, ...]
    after_space: bool = False
    #: What the words are scoped to by `title:`, `city:` or `source:` right before them.
    scope: FieldScope = ""
    #: The sign that closes the quotation they stand in; "" outside of one.
    closing: str = ""
    negated: bool = False

    def prefix(self, words: int) -> str:
        """The last so many tokens, folded, as the beginning of a name or phrase."""
        chosen = self.tokens[len(self.tokens) - words :]
        return " ".join(token.normalized for token in chosen) + " " * (self.after_space and bool(chosen))

    def before(self, words: int) -> str:
        """The text up to the last so many tokens."""
        return self.text[: self.tokens[-words].start] if words else self.text

    def rest(self, words: int) -> str | None:
        """What stays as a query when the last so many tokens become a filter; None where that would change
        what is meant: inside quotes, behind a field name, a NOT or an OR, in brackets."""
        if self.scope or self.closing or self.negated:
            return None
        rest = self.before(words).strip()
        parsed = parse_query(rest)
        whole = parsed.root is None or isinstance(
            parsed.root, Word | Wildcard | QuotedPhrase | NamedFilter | And
        )
        return rest if whole and not parsed.complaints else None


def parse_partial_query(text: str) -> PartialQuery | None:
    """What can be completed at the end of `text`; None if nothing can."""
    if len(text) > MAX_PARTIAL_QUERY_CHARACTERS:
        return None
    text = clean_query(text.replace("\0", " ")).lstrip()
    complaints: list[Complaint] = []
    lexemes = tokenize_query(text, complaints)
    opened = _open_quote(text, lexemes, complaints)
    if opened is not None:
        return _parse_open_quote(text, opened, lexemes)
    return _parse_words(text, lexemes) if lexemes else None


def _open_quote(text: str, lexemes: list[QueryToken], complaints: list[Complaint]) -> int | None:
    """Where the quotation begins that the text ends in."""
    if all(complaint.code != "unclosed_quote" for complaint in complaints):
        return None
    closed = max((lexeme.end for lexeme in lexemes if lexeme.kind == "quoted"), default=0)
    at = max(text.rfind(sign) for sign in OPENING_QUOTES)
    return at if at >= closed else None


def _parse_open_quote(text: str, opened: int, lexemes: list[QueryToken]) -> PartialQuery | None:
    inside = _tokens_of(text, opened + 1)
    if not inside and text[opened + 1 :].strip():
        return None
    before = [lexeme for lexeme in lexemes if lexeme.end <= opened]
    glued = before and before[-1].end == opened
    return PartialQuery(
        text,
        inside,
        after_space=text[-1:].isspace() or not inside,
        scope=_scope(before[-1]) if glued else "",
        closing={"«": "»", "“": "”", "„": "“"}.get(text[opened], text[opened]),
        negated=bool(glued) and before[-1].kind == "not",
    )


def _parse_words(text: str, lexemes: list[QueryToken]) -> PartialQuery | None:
    last = lexemes[-1]
    if text[-1].isspace():
        tokens = _tokens_of(text, _row_start(lexemes, len(lexemes)))
        return PartialQuery(text, tokens, after_space=True) if tokens else None
    if last.end != len(text):
        return None
    if last.kind == "field":
        return PartialQuery(text, (), after_space=True, scope=_scope(last))
    if last.kind not in ("word", "or") or _OPERATOR_SIGNS & set(text[last.start :]):
        return None
    before = lexemes[-2] if len(lexemes) > 1 and last.glued else None
    marked = before is not None and before.kind in ("field", "not")
    start = last.start if marked or last.kind == "or" else _row_start(lexemes, len(lexemes))
    tokens = _tokens_of(text, start)
    if not tokens or tokens[-1].end != len(text):
        return None
    scope = _scope(before) if marked and before is not None else ""
    negated = before is not None and before.kind == "not"
    return PartialQuery(text, tokens, scope=scope, negated=negated)


def is_inside_or(head: str) -> bool:
    """Whether what follows `head` is another possibility beside it and no further condition: behind an OR
    whose brackets, if any, are still open."""
    either = [False]
    for lexeme in tokenize_query(head, []):
        if lexeme.kind == "(":
            either.append(False)
        elif lexeme.kind == ")" and len(either) > 1:
            either.pop()
        elif lexeme.kind == "or":
            either[-1] = True
    return any(either)


def is_expensive(head: str) -> bool:
    """Whether a query has wildcards or words near each other, for which engines read a lot."""
    return any(lexeme.slop or "*" in lexeme.text for lexeme in tokenize_query(head, []))


def _row_start(lexemes: list[QueryToken], end: int) -> int:
    """Where the row of plain words begins that ends before lexeme `end`; behind all text if there is none."""
    first = end
    while first and lexemes[first - 1].kind == "word" and "*" not in lexemes[first - 1].text:
        before = lexemes[first - 2] if first > 1 and lexemes[first - 1].glued else None
        if before is not None and before.kind != "(":
            break
        first -= 1
    return lexemes[first].start if first < end else lexemes[-1].end


def _scope(lexeme: QueryToken) -> FieldScope:
    scopes: dict[str, FieldScope] = {"title": "title", "city": "city", "source": "source"}
    return scopes.get(lexeme.name, "") if lexeme.kind == "field" else ""


def _tokens_of(text: str, start: int) -> tuple[Token, ...]:
    """The tokens of `text` from `start` on, with offsets into all of it."""
    return tuple(
        Token(token.normalized, token.start + start, token.end + start, token.position)
        for token in tokenize(text[start:])
    )
