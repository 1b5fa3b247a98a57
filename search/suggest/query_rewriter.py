"""The text of a query with a word changed or left out; its operators, quotes and fields stay as typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from arabic.text.tokenizer import Token, tokenize
from search.query.lexer import OPERATORS, QueryToken, clean_query, tokenize_query
from search.query.nodes import And, NamedFilter, Not, Or, QueryNode, QuotedPhrase, Wildcard, Word
from search.query.parser import parse_query


@dataclass(frozen=True, slots=True)
class EditableSpan:
    """A run of letters without spaces at [start, end) of the text, in which words may be changed. Excluded
    words and those with a star are none: who writes them knows what stands there."""

    start: int
    end: int
    #: With offsets into the text.
    tokens: tuple[Token, ...]
    #: By itself, in a quoted phrase, or in the name of a city or source.
    kind: Literal["word", "quoted", "name"]
    #: A field stands right before it, so that two words in its place need brackets.
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class ClauseSpan:
    """A part of the query that must hold beside others, at [start, end) with its operators and field."""

    start: int
    end: int
    excluded: bool = False
    #: Folded, where it is but a word.
    word: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """`words` instead of what stands at [start, end)."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditableQuery:
    """A query that parses without complaints, and what may be changed in it."""

    text: str
    spots: tuple[EditableSpan, ...]
    #: At the top level; none when an OR stands there, and a single one cannot be left out.
    clauses: tuple[ClauseSpan, ...]
    lexemes: tuple[QueryToken, ...]

    def changed(self, changes: Sequence[Replacement]) -> tuple[str, tuple[tuple[int, int], ...]] | None:
        """The query with other words, and where they stand in it. None where the new words would be read as
        an operator, or the query would not be understood in whole."""
        text, at, spans = "", 0, []
        for change in sorted(changes, key=lambda each: each.start):
            if not self._possible(change):
                return None
            text += self.text[at : change.start]
            before, after = self._around(change)
            words = " ".join(change.words)
            spans.append((len(text) + len(before), len(text) + len(before) + len(words)))
            text += before + words + after
            at = change.end
        text += self.text[at:]
        return None if parse_query(text).complaints else (text, tuple(spans))

    def _possible(self, change: Replacement) -> bool:
        """No new word is an operator, and several do not stand for a part of what is written in one."""
        spot = self._spot(change)
        part = spot.kind != "quoted" and any(
            token.end <= change.start or token.start >= change.end for token in spot.tokens
        )
        return not any(word in OPERATORS for word in change.words) and not (part and len(change.words) > 1)

    def _around(self, change: Replacement) -> tuple[str, str]:
        """What several words need around them where one stood."""
        spot = self._spot(change)
        if len(change.words) == 1 or not spot.scoped:
            return "", ""
        return ('"', '"') if spot.kind == "name" else ("(", ")")

    def _spot(self, change: Replacement) -> EditableSpan:
        return next(spot for spot in self.spots if spot.start <= change.start < spot.end)

    def without(self, clauses: Sequence[ClauseSpan]) -> str:
        """The query without some of its clauses and an AND beside each."""
        gone = {(clause.start, clause.end) for clause in clauses}
        for start, end in sorted(gone):
            joints = [
                *[each for each in self.lexemes if each.end <= start][-1:],
                *[each for each in self.lexemes if each.start >= end][:1],
            ]
            ands = [(each.start, each.end) for each in joints if each.kind == "and"]
            gone.update([each for each in ands if each not in gone][:1])
        text, at = "", 0
        for start, end in sorted(gone):
            text += self.text[at:start] + " "
            at = max(at, end)
        return " ".join((text + self.text[at:]).split())

    def unquoted(self) -> str:
        """The query with its phrases as single words, and its titles as text of any field; the query itself
        where it has none, or where that would not be understood in whole."""
        text, at = "", 0
        before: QueryToken | None = None
        for lexeme in self.lexemes:
            named = before is not None and before.name in ("city", "source")
            if lexeme.name == "title" or (lexeme.kind == "quoted" and not named):
                tied = before is not None and before.kind in ("field", "not")
                words = f"({lexeme.text})" if tied else f" {lexeme.text} "
                text += self.text[at : lexeme.start] + (words if lexeme.kind == "quoted" else "")
                at = lexeme.end
            before = lexeme
        text = " ".join((text + self.text[at:]).split())
        return self.text if parse_query(text).complaints else text


#: A search by filters alone.
EMPTY_QUERY = EditableQuery("", (), (), ())


def parse_editable(text: str) -> EditableQuery | None:
    """The query as one that can be changed; what it complains about is left out first. None where nothing is
    left, or where the rest cannot be written so that it means the same."""
    parsed = parse_query(text)
    if parsed.root is None:
        return None
    text = clean_query(text).strip()
    if parsed.complaints:
        text = format_query(parsed.root)
        again = parse_query(text)
        if again.complaints or again.root != parsed.root:
            return None
    lexemes = tuple(tokenize_query(text, []))
    return EditableQuery(
        text, tuple(_editable_spans(text, lexemes)), tuple(_clause_spans(text, lexemes)), lexemes
    )


def format_query(node: QueryNode, inside: bool = False) -> str:
    """A query that is read as this tree; `inside` another one, where several words need brackets."""
    match node:
        case Word(text, field):
            return _field_prefix(field) + text
        case Wildcard(text, open_start, open_end, field):
            return f"{_field_prefix(field)}{'*' * open_start}{text}{'*' * open_end}"
        case QuotedPhrase(text, slop, field):
            return f'{_field_prefix(field)}"{text}"' + (f"~{slop}" if slop else "")
        case NamedFilter(kind, name):
            return f'{kind}:"{name}"'
        case Not(child):
            return f"-{format_query(child, inside=True)}"
        case And(children):
            text = " ".join(format_query(child, inside=True) for child in children)
        case Or(children):
            text = " OR ".join(format_query(child, inside=not isinstance(child, And)) for child in children)
    return f"({text})" if inside else text


def _field_prefix(field: str | None) -> str:
    return f"{field}:" if field else ""


def _editable_spans(text: str, lexemes: Sequence[QueryToken]) -> Iterator[EditableSpan]:
    excluded = [False]  # one for each open bracket
    negated = False
    field = ""
    for lexeme in lexemes:
        match lexeme.kind:
            case "not":
                negated = True
                continue
            case "field":
                field = lexeme.name
                continue
            case "(":
                excluded.append(excluded[-1] or negated)
            case ")":
                excluded.pop()
            case "word" | "quoted" if not (negated or excluded[-1] or "*" in lexeme.text):
                yield from _token_spans(text, lexeme, field)
        negated, field = False, ""


def _token_spans(text: str, lexeme: QueryToken, field: str) -> Iterator[EditableSpan]:
    """A spot for each run of letters that a word or a phrase has."""
    runs = lexeme.text.split() if lexeme.kind == "quoted" else [text[lexeme.start : lexeme.end]]
    at = lexeme.start
    for run in runs:
        start = text.index(run, at)
        at = start + len(run)
        tokens = tuple(
            Token(each.normalized, start + each.start, start + each.end, each.position)
            for each in tokenize(run)
        )
        if field in ("city", "source"):
            yield EditableSpan(start, at, tokens, "name", scoped=lexeme.kind == "word")
        else:
            kind: Literal["quoted", "word"] = "quoted" if lexeme.kind == "quoted" else "word"
            yield EditableSpan(start, at, tokens, kind, scoped=bool(field) and kind == "word")


def _clause_spans(text: str, lexemes: Sequence[QueryToken]) -> list[ClauseSpan]:
    clauses: list[ClauseSpan] = []
    start: int | None = None
    excluded = False
    depth = 0
    for lexeme in lexemes:
        if depth == 0 and lexeme.kind == "or":
            return []
        if start is None:
            start = lexeme.start
        excluded = excluded or (depth == 0 and lexeme.kind == "not")
        depth += {"(": 1, ")": -1}.get(lexeme.kind, 0)
        if depth == 0 and lexeme.kind == "and":
            start = None
        elif depth == 0 and lexeme.kind in ("word", "quoted", ")"):
            bare = lexeme.kind == "word" and lexeme.start == start and "*" not in lexeme.text
            words = tuple(token.normalized for token in tokenize(lexeme.text)) if bare else ()
            clauses.append(ClauseSpan(start, lexeme.end, excluded, words))
            start, excluded = None, False
    return clauses
