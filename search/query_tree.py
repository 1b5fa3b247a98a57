"""The tree of terms that every engine executes.

`search/query/compiler.py` builds it from the query; an engine only translates it. The language analysis is
done by then: a leaf holds a term of one field at one level, and an engine must not analyse it again. Scores
add up (a disjunction sums its children, as the boolean queries of Lucene and Tantivy do).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TextField = Literal["title", "body"]
#: The lead (about the first sentence of the body; levels exact and forms) and the opening (more of it; forms
#: only) are for boosters: they change the order of hits but never find any.
TermField = Literal["title", "body", "lead", "opening"]
AnalysisLevel = Literal["exact", "light", "forms"]
#: Whole-number columns. `year` is YYYY, `month` YYYYMM and `day` YYYYMMDD, each present only when the
#: article's date is at least that precise; `first_day` and `last_day` (YYYYMMDD) bound the dated period.
#: `event_…` are those of the dates that the article mentions; `event` has these as precise as they are known:
#: YYYYMMDD, a month as YYYYMM00, a year as YYYY0000. `story` is the cluster of near-duplicates.
#: `about_…` are the places that the article is about, among those that it mentions.
NumberField = Literal[
    "id", "city", "governorate", "country", "about_city", "about_governorate", "about_country", "source",
    "year", "month", "day", "first_day", "last_day",
    "event", "event_year", "event_month", "event_day", "story",
]  # fmt: skip

TEXT_FIELDS: tuple[TextField, ...] = ("title", "body")
#: The label of a correction begins with this.
CORRECTION_LABEL_PREFIX = "correction:"


@dataclass(frozen=True, slots=True)
class Term:
    """One token of one field at one level."""

    field: TermField
    level: AnalysisLevel
    value: str
    boost: float = 1.0
    #: Why this term is searched although it was not typed; "" for typed ones. Shown by "why this result".
    label: str = ""
    #: The folded letters of the typed word, where they are no leaf of their own; matches with them are exact.
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`value*`, `*value*` or `*value` over exact tokens; the score is `boost`, a constant."""

    field: TextField
    value: str
    open_start: bool = False
    open_end: bool = True
    boost: float = 1.0
    #: What else may stand before the value at the beginning of a token (an article), if that is not open.
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more tokens in a row, at the level exact or light.

    `slop` n as in Lucene: the largest minus the smallest of (position - place in the phrase) over distinct
    positions is at most n.
    """

    field: TextField
    level: AnalysisLevel
    values: tuple[str, ...]
    slop: int = 0
    boost: float = 1.0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole-number column, or one of its values, equals `value`. Never scores."""

    field: NumberField
    value: int


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`low` <= column <= `high`; None leaves an end open. Never scores."""

    field: NumberField
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """The column has no value (`Missing("year")` = undated). Never scores."""

    field: NumberField


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every child; `MustNot` children exclude. Without a positive child: every article but those."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least `at_least` of the children; nothing if there are no children."""

    children: tuple[Node, ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Boosted:
    """Matches what `child` matches; each of the `boosters` that matches too adds its score.

    Boosters only change the order of the hits: they are neither highlighted nor explained.
    """

    child: Node
    boosters: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MustNot:
    """Excludes what `child` matches; allowed only among the children of `AllOf`."""

    child: Node


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every article, for a search by filters alone."""


Node = Term | Pattern | Phrase | Number | NumberRange | Missing | AllOf | AnyOf | Boosted | MustNot | MatchAll
MATCH_NONE = AnyOf(())
