"""Rewrites the text of a query: replaces words, leaves clauses out, keeps operators, quotes and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from arabic.text.tokenizer import Token, tokenize
from search.query.lexer import OPERATORS, QueryToken
from search.query.nodes import And, NamedFilter, Not, Or, ParsedQuery, QueryNode, QuotedPhrase, Wildcard, Word
from search.query.parser import parse_query
from search.query.query_operators import reader_operators


@dataclass(frozen=True, slots=True)
class EditableSpan:
    """A run of letters without spaces at [start, end) of the text, in which words may be replaced.

    Excluded words and words with a star are never replaced.
    """

    start: int
    end: int
    #: With offsets into the text.
    tokens: tuple[Token, ...]
    #: A plain word, in a quoted phrase, or in the name of a city or source.
    kind: Literal["word", "quoted", "name"]
    #: True if a field name precedes it, so that two words in its place need brackets.
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class ClauseSpan:
    """A required part of the query at [start, end), with its operators and field."""

    start: int
    end: int
    excluded: bool = False
    #: Its tokens if it is a plain word.
    word: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """New words in place of the text at [start, end)."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class EditableQuery:
    """A view of a query that parses without complaints: which parts of its text may change."""

    parsed: ParsedQuery

    @cached_property
    def text(self) -> str:
        """The text without white space around it."""
        return self.parsed.text.strip()

    @cached_property
    def tokens(self) -> tuple[QueryToken, ...]:
        """The tokens, with offsets into `text`."""
        shift = len(self.parsed.text) - len(self.parsed.text.lstrip())
        if not shift:
            return self.parsed.tokens
        return tuple(
            replace(token, start=token.start - shift, end=token.end - shift) for token in self.parsed.tokens
        )

    @cached_property
    def spans(self) -> tuple[EditableSpan, ...]:
        """The runs of letters in which words may be replaced."""
        return tuple(_editable_spans(self.text, self.tokens))

    @cached_property
    def clauses(self) -> tuple[ClauseSpan, ...]:
        """The clauses of the top level; none if it has an OR. A single clause cannot be left out."""
        return tuple(_clause_spans(self.tokens))

    def replace_words(
        self,
        changes: Sequence[Replacement],
        parse: Callable[[str], ParsedQuery] = parse_query,
    ) -> tuple[str, tuple[tuple[int, int], ...]] | None:
        """Return the query with other words, and [start, end) of each change in it.

        None if a new word would be read as an operator, or if the new query would parse with complaints.
        """
        text, at, places = "", 0, []
        for change in sorted(changes, key=lambda each: each.start):
            if not self._possible(change):
                return None
            text += self.text[at : change.start]
            before, after = self._around(change)
            words = " ".join(change.words)
            places.append((len(text) + len(before), len(text) + len(before) + len(words)))
            text += before + words + after
            at = change.end
        text += self.text[at:]
        return None if parse(text).complaints else (text, tuple(places))

    def _possible(self, change: Replacement) -> bool:
        """Return True if no new word is an operator, and several words do not replace a part of one word."""
        span = self._span(change)
        part = span.kind != "quoted" and any(
            token.end <= change.start or token.start >= change.end for token in span.tokens
        )
        return not any(word in OPERATORS for word in change.words) and not (part and len(change.words) > 1)

    def _around(self, change: Replacement) -> tuple[str, str]:
        """Return the quotes or brackets that several words need in place of one."""
        span = self._span(change)
        if len(change.words) == 1 or not span.scoped:
            return "", ""
        return ('"', '"') if span.kind == "name" else ("(", ")")

    def _span(self, change: Replacement) -> EditableSpan:
        return next(span for span in self.spans if span.start <= change.start < span.end)

    def without_clauses(self, clauses: Sequence[ClauseSpan]) -> str:
        """Return the query without some of its clauses and an AND next to each."""
        gone = {(clause.start, clause.end) for clause in clauses}
        for start, end in sorted(gone):
            joints = [
                *[each for each in self.tokens if each.end <= start][-1:],
                *[each for each in self.tokens if each.start >= end][:1],
            ]
            ands = [(each.start, each.end) for each in joints if each.kind == "and"]
            gone.update([each for each in ands if each not in gone][:1])
        text, at = "", 0
        for start, end in sorted(gone):
            text += self.text[at:start] + " "
            at = max(at, end)
        return " ".join((text + self.text[at:]).split())

    def unquoted_text(self, parse: Callable[[str], ParsedQuery] = parse_query) -> str:
        """Return the query with its phrases as single words, and without `title:`.

        The query itself if it has neither, or if the new one would parse with complaints.
        """
        text, at = "", 0
        before: QueryToken | None = None
        for token in self.tokens:
            named = before is not None and before.name in ("city", "source")
            if token.name == "title" or (token.kind == "quoted" and not named):
                tied = before is not None and before.kind in ("field", "not")
                words = f"({token.text})" if tied else f" {token.text} "
                text += self.text[at : token.start] + (words if token.kind == "quoted" else "")
                at = token.end
            before = token
        text = " ".join((text + self.text[at:]).split())
        return self.text if parse(text).complaints else text


#: A search by filters alone.
EMPTY_QUERY = EditableQuery(ParsedQuery(None))


def make_editable(parsed: ParsedQuery) -> EditableQuery | None:
    """Return a parsed query in editable form, without what the parser complained about.

    None if nothing is left, or if the rest cannot be written with the same meaning.
    """
    if parsed.root is None:
        return None
    if not parsed.complaints:
        return EditableQuery(parsed)
    again = parse_query(format_query(parsed.root))
    return None if again.complaints or again.root != parsed.root else EditableQuery(again)


def format_query(node: QueryNode, inside: bool = False) -> str:
    """Return a query text that parses to this tree; `inside` another one, several words get brackets.

    The operators are those of the page's language.
    """
    operators = reader_operators()
    match node:
        case Word(text, field):
            return _field_prefix(field) + text
        case Wildcard(text, open_start, open_end, field):
            return f"{_field_prefix(field)}{'*' * open_start}{text}{'*' * open_end}"
        case QuotedPhrase(text, slop, field):
            return f'{_field_prefix(field)}"{text}"' + (f"~{slop}" if slop else "")
        case NamedFilter(kind, name):
            return f'{getattr(operators, kind)}"{name}"'
        case Not(child):
            return f"-{format_query(child, inside=True)}"
        case And(children):
            text = " ".join(format_query(child, inside=True) for child in children)
        case Or(children):
            parts = [format_query(child, inside=not isinstance(child, And)) for child in children]
            text = f" {operators.either} ".join(parts)
    return f"({text})" if inside else text


def _field_prefix(field: str | None) -> str:
    return getattr(reader_operators(), field) if field else ""


def _editable_spans(text: str, tokens: Sequence[QueryToken]) -> Iterator[EditableSpan]:
    excluded = [False]  # one entry for each open bracket
    negated = False
    field = ""
    for token in tokens:
        match token.kind:
            case "not":
                negated = True
                continue
            case "field":
                field = token.name
                continue
            case "(":
                excluded.append(excluded[-1] or negated)
            case ")":
                excluded.pop()
            case "word" | "quoted" if not (negated or excluded[-1] or "*" in token.text):
                yield from _token_spans(text, token, field)
        negated, field = False, ""


def _token_spans(text: str, token: QueryToken, field: str) -> Iterator[EditableSpan]:
    """Yield a span for each run of letters in a word or a phrase."""
    runs = token.text.split() if token.kind == "quoted" else [text[token.start : token.end]]
    at = token.start
    for run in runs:
        start = text.index(run, at)
        at = start + len(run)
        terms = tuple(
            Token(each.normalized, each.written, start + each.start, start + each.end, each.position)
            for each in tokenize(run)
        )
        if field in ("city", "source"):
            yield EditableSpan(start, at, terms, "name", scoped=token.kind == "word")
        else:
            kind: Literal["quoted", "word"] = "quoted" if token.kind == "quoted" else "word"
            yield EditableSpan(start, at, terms, kind, scoped=bool(field) and kind == "word")


def _clause_spans(tokens: Sequence[QueryToken]) -> list[ClauseSpan]:
    clauses: list[ClauseSpan] = []
    start: int | None = None
    excluded = False
    depth = 0
    for token in tokens:
        if depth == 0 and token.kind == "or":
            return []
        if start is None:
            start = token.start
        excluded = excluded or (depth == 0 and token.kind == "not")
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        if depth == 0 and token.kind == "and":
            start = None
        elif depth == 0 and token.kind in ("word", "quoted", ")"):
            bare = token.kind == "word" and token.start == start and "*" not in token.text
            words = tuple(term.normalized for term in tokenize(token.text)) if bare else ()
            clauses.append(ClauseSpan(start, token.end, excluded, words))
            start, excluded = None, False
    return clauses
