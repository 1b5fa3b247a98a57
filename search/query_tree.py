"""The tree of terms that every engine executes, and nothing else.

`analysis` makes it from what the reader typed; an engine only translates it. All the Arabic has happened
by then: a leaf holds a ready term of one field at one level, and an engine must not analyse it again.
Scores add up (a disjunction sums its children, as Lucene's and Tantivy's boolean queries do).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TextField = Literal["title", "body"]
#: The lead (the first sentence or so of the body; exact and forms) and the opening (more of it; forms only)
#: rank, and find nothing by themselves.
TermField = Literal["title", "body", "lead", "opening"]
AnalysisLevel = Literal["exact", "light", "forms"]
#: Whole-number columns. `year` is YYYY, `month` YYYYMM and `day` YYYYMMDD, each present only when the
#: article's date is at least that precise; `first_day` and `last_day` (YYYYMMDD) bound the dated period.
#: `event_…` are those of the dates that it speaks of; `event` has them as they are known: YYYYMMDD, a month
#: as YYYYMM00, a year as YYYY0000.
NumberField = Literal[
    "id", "city", "governorate", "country", "source", "year", "month", "day", "first_day", "last_day",
    "event", "event_year", "event_month", "event_day", "story",
]  # fmt: skip

TEXT_FIELDS: tuple[TextField, ...] = ("title", "body")
#: How the label of a leaf begins that stands for a correction of what was typed.
CORRECTION_LABEL_PREFIX = "correction:"


@dataclass(frozen=True, slots=True)
class Term:
    """One token of one field at one level."""

    field: TermField
    level: AnalysisLevel
    value: str
    boost: float = 1.0
    #: Why this term is here when the reader did not type it ("" = typed); shown by "why this result".
    label: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`value*`, `*value*` or `*value` over exact tokens; scores a constant `boost`."""

    field: TextField
    value: str
    open_start: bool = False
    open_end: bool = True
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens in a row; with `slop` n, as in Lucene: the largest minus the smallest of (position - place in
    the phrase) over distinct positions is at most n. `level` is exact or light; two tokens or more."""

    field: TextField
    level: AnalysisLevel
    values: tuple[str, ...]
    slop: int = 0
    boost: float = 1.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole-number column (one of the values of a multi-valued one) equals `value`. Never scores."""

    field: NumberField
    value: int


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`low` <= column <= `high`, None = open. Never scores."""

    field: NumberField
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """The column has no value (`Missing("year")` = undated). Never scores."""

    field: NumberField


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every child; `Not` children exclude. Without a positive child it means: all but those."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least `at_least` of the children. No child: matches nothing."""

    children: tuple[Node, ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Boosted:
    """Matches what `child` matches; each of the `boosters` that matches too adds its score. Boosters may
    mark nothing and explain nothing: they only order what is found."""

    child: Node
    boosters: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MustNot:
    """Stands only among the children of `AllOf`."""

    child: Node


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every article; a search that has only filters."""


Node = Term | Pattern | Phrase | Number | NumberRange | Missing | AllOf | AnyOf | Boosted | MustNot | MatchAll
MATCH_NONE = AnyOf(())
