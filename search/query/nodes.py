"""The tree of a parsed query; `search/query/parser.py` makes it, `search/query/compiler.py` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

from arabic.text.tokenizer import normalized_terms
from search.query.lexer import QueryToken
from search.query_tree import TextField
from search.results import Complaint

#: Conjunctions and prepositions that some writers set apart from the next word: حمص و حلب.
LONE_LETTERS = frozenset("وفبلك")


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """A word as typed; it may hold several tokens (كي-مون). `field` None = title or body."""

    text: str
    field: TextField | None = None
    #: True if the reader wrote AND before it: it continues no name of several words.
    is_apart: bool = dataclass_field(default=False, compare=False)

    def __repr__(self) -> str:
        return f"{_field_prefix(self.field)}{self.text}"


@dataclass(frozen=True, slots=True, repr=False)
class Wildcard:
    """A word with a star at its start, its end, or both. `text` is without the stars."""

    text: str
    open_start: bool
    open_end: bool
    field: TextField | None = None

    def __repr__(self) -> str:
        stars = "*" if self.open_start else "", "*" if self.open_end else ""
        return f"{_field_prefix(self.field)}{stars[0]}{self.text}{stars[1]}"


@dataclass(frozen=True, slots=True, repr=False)
class QuotedPhrase:
    """Words in a row, exactly as spelt; `slop` as in `query_tree.Phrase`."""

    text: str
    slop: int = 0
    field: TextField | None = None

    def __repr__(self) -> str:
        return f'{_field_prefix(self.field)}"{self.text}"' + (f"~{self.slop}" if self.slop else "")


@dataclass(frozen=True, slots=True, repr=False)
class NamedFilter:
    """Articles that mention a city, or that a source published, by any name or alias of it."""

    kind: Literal["city", "source"]
    name: str

    def __repr__(self) -> str:
        return f"{self.kind}:{self.name!r}"


@dataclass(frozen=True, slots=True, repr=False)
class And:
    """Every child; `Not` children exclude. Two children or more."""

    children: tuple[QueryNode, ...]
    #: True if the reader wrote AND between two of the children. It changes no match by itself; the words of
    #: such a query all stay required (`compiler.optional_function_words`).
    is_explicit: bool = dataclass_field(default=False, compare=False)

    def __repr__(self) -> str:
        return f"({' AND '.join(map(repr, self.children))})"


@dataclass(frozen=True, slots=True, repr=False)
class Or:
    """Any of two or more children."""

    children: tuple[QueryNode, ...]

    def __repr__(self) -> str:
        return f"({' OR '.join(map(repr, self.children))})"


@dataclass(frozen=True, slots=True, repr=False)
class Not:
    """Everything that the child does not match."""

    child: QueryNode

    def __repr__(self) -> str:
        return f"NOT {self.child!r}"


QueryNode = Word | Wildcard | QuotedPhrase | NamedFilter | And | Or | Not


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The text of a query, its tokens and its tree. Every part left out has a complaint."""

    #: None if there are no words to search.
    root: QueryNode | None
    complaints: tuple[Complaint, ...] = ()
    #: The cleaned text in which the offsets of the tokens count.
    text: str = ""
    #: All of them, also those that complaints name.
    tokens: tuple[QueryToken, ...] = ()


def without_lone_letters(children: Sequence[QueryNode]) -> Sequence[QueryNode]:
    """Return the children of an AND without the words of one letter that belong to the next word.

    Most texts attach them, so that an article need not have them. A letter next to another one is one of an
    abbreviation (ا ف ب), one at the end belongs to the word before it (فيتامين ب), and one next to an AND is
    required.
    """
    letters = [isinstance(each, Word) and len("".join(normalized_terms(each.text))) == 1 for each in children]
    kept = [
        each
        for at, each in enumerate(children)
        if not (letters[at] and isinstance(each, Word) and is_lone_letter(each.text) and not each.is_apart)
        or any(letters[max(at - 1, 0) : at] + letters[at + 1 : at + 2])
        or not any(map(_continues, children[at + 1 : at + 2]))
    ]
    return kept or children


def _continues(node: QueryNode) -> bool:
    """Return True if a letter before this part of a query may belong to its first word."""
    return not (isinstance(node, Not | NamedFilter) or (isinstance(node, Word) and node.is_apart))


def is_lone_letter(text: str) -> bool:
    """Return True if the text is nothing but a conjunction or preposition of one letter."""
    return "".join(normalized_terms(text)) in LONE_LETTERS


def wildcard_text(node: Wildcard) -> str:
    """Return a wildcard as typed."""
    return f"{'*' if node.open_start else ''}{node.text}{'*' if node.open_end else ''}"


def node_text(node: QueryNode) -> str:
    """Return the words of a part of the query, for display."""
    match node:
        case Word(text) | QuotedPhrase(text):
            return text
        case Wildcard():
            return wildcard_text(node)
        case And(children):
            return " ".join(filter(None, map(node_text, children)))
        case Or(children):
            return " | ".join(filter(None, map(node_text, children)))
        case _:
            return ""


def _field_prefix(field: TextField | None) -> str:
    return f"{field}:" if field else ""
