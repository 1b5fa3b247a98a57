"""What the reader typed, as a tree of small values; `query.parse` makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from search.query_tree import TextField
from search.results import Complaint


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """A word as typed; it may hold several tokens (كي-مون). `field` None = title or body."""

    text: str
    field: TextField | None = None

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
    """Words in a row exactly as spelt; `slop` as in `terms.Phrase`."""

    text: str
    slop: int = 0
    field: TextField | None = None

    def __repr__(self) -> str:
        return f'{_field_prefix(self.field)}"{self.text}"' + (f"~{self.slop}" if self.slop else "")


@dataclass(frozen=True, slots=True, repr=False)
class NamedFilter:
    """Articles that mention a city, or that a source published, by any name it goes by."""

    kind: Literal["city", "source"]
    name: str

    def __repr__(self) -> str:
        return f"{self.kind}:{self.name!r}"


@dataclass(frozen=True, slots=True, repr=False)
class And:
    """Every child; `Not` children exclude. Two children or more."""

    children: tuple[QueryNode, ...]
    #: Whether the reader wrote AND between two of them: who spells it out means it. The tree is the same.
    spelt: bool = field(default=False, compare=False)

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
    """What the child does not match."""

    child: QueryNode

    def __repr__(self) -> str:
        return f"NOT {self.child!r}"


QueryNode = Word | Wildcard | QuotedPhrase | NamedFilter | And | Or | Not


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`root` is None when no word is left to search."""

    root: QueryNode | None
    complaints: tuple[Complaint, ...] = ()


def _field_prefix(field: TextField | None) -> str:
    return f"{field}:" if field else ""
