"""What a page of results holds: all that a template, the API or the command line sees of a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from arabic.expansion.expander import ExpansionKind

DateGranularity = Literal["year", "month", "day", "undated", ""]
SuggestionKind = Literal["spelling", "keyboard", "transliteration", "split", "joined"]
RelaxationKind = Literal[
    "level", "country", "governorate", "city", "source", "date", "event", "filters", "unquoted", "words"
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of original text, marked or not. Templates escape `text` and wrap marked runs in <mark>."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """Part of an article around its best matches; the flags say that text was cut off before or after."""

    segments: tuple[Segment, ...]
    cut_before: bool = False
    cut_after: bool = False

    @property
    def plain(self) -> str:
        """The text with « … » for cuts and without marks."""
        text = "".join(segment.text for segment in self.segments)
        return f"{'… ' if self.cut_before else ''}{text}{' …' if self.cut_after else ''}"

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked runs as they stand in the text."""
        return tuple(segment.text for segment in self.segments if segment.marked)


@dataclass(frozen=True, slots=True)
class Record:
    """An article as the result list shows it, read from the store (database or a throw-away file)."""

    id: int
    title: str
    body: str
    external_id: str = ""
    file: str = ""
    source: str = ""
    source_id: int | None = None
    #: First day of the dated period and "day" | "month" | "year" | "".
    date: date | None = None
    precision: str = ""
    #: (facet value, label) of the cities it mentions, most mentioned first.
    cities: tuple[tuple[str, str], ...] = ()
    place_ids: tuple[int, ...] = ()
    url: str = ""
    title_derived: bool = False

    @property
    def date_value(self) -> str:
        """YYYY, YYYY-MM or YYYY-MM-DD, as precise as the date is known; "" when undated."""
        return self.date.isoformat()[: {"year": 4, "month": 7}.get(self.precision, 10)] if self.date else ""


@dataclass(frozen=True, slots=True)
class TermChange:
    """What a close hit did to a word of the query: it lacks it, has another in its place (`became`, as it
    stands in the article), or has the words of a phrase apart."""

    kind: Literal["left_out", "corrected", "apart"]
    typed: str
    became: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article in the list. `strict` = every word matches; else it stands under "close results"."""

    record: Record
    title: Snippet
    snippet: Snippet
    score: float
    strict: bool
    #: Its date is less precise than the range asked for: it may or may not lie in it.
    approximate: bool = False
    #: Of a close hit: in what it differs from the query.
    changes: tuple[TermChange, ...] = ()
    #: In a list of stories: the other versions that readers may see, oldest first, without their texts.
    also: tuple[Record, ...] = ()

    @property
    def other_sources(self) -> int:
        """In how many other sources the report was published."""
        return len({other.source_id for other in self.also} - {None, self.record.source_id})


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A row of a facet. `value` is what the URL and the command line take."""

    value: str
    label: str
    count: int
    selected: bool = False
    #: Facets of dates only: "year", "month", "day" or "undated".
    level: DateGranularity = ""
    #: Of a governorate its country, of a city its country and governorate ("" = unknown): values of their
    #: facets.
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something in the query was not understood and dropped. `code` names the sentence the reader gets
    (search/web/viewmodels/complaints.py), `detail` is the part of the query that is meant."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The query with words that may have been meant: what to show, the query to run, and how many articles it
    finds under the same filters. `kind` says what was changed."""

    text: str
    query: str
    kind: SuggestionKind
    count: int
    #: [start, end) of the changed words in `text`.
    changed: tuple[tuple[int, int], ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """`text`, the changed words marked."""
        runs: list[Segment] = []
        at = 0
        for start, end in self.changed:
            runs += [Segment(self.text[at:start]), Segment(self.text[start:end], marked=True)]
            at = end
        return tuple(run for run in (*runs, Segment(self.text[at:])) if run.text)


@dataclass(frozen=True, slots=True)
class UsedExpansion:
    """Something else that is searched for a part of the query, and that `count` articles have (under the
    filters in force). `shown` is what a request's `without` takes; `active` is False where it was."""

    kind: ExpansionKind
    typed: str
    shown: str
    active: bool
    count: int


@dataclass(frozen=True, slots=True)
class PartDiagnosis:
    """A part of a query that found nothing. `count`: articles that have it, under the same filters;
    `dropped_count`: articles that `dropped_query`, the query without it, finds; 0 and "" where it cannot be
    left out. `alternatives`: queries with other words in its place alone."""

    word: str
    count: int
    dropped_count: int = 0
    alternatives: tuple[Suggestion, ...] = ()
    dropped_query: str = ""


@dataclass(frozen=True, slots=True)
class QueryRelaxation:
    """What finds something where the query found nothing: with all forms of the words, without the filters of
    one facet or without any, with its phrases and titles as single words, with the most words that go
    together. `query` is the one to run."""

    kind: RelaxationKind
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The answer to a search. The list is strict hits, then close ones; `total` and facets count strict."""

    hits: tuple[Hit, ...]
    total: int
    #: How many close hits follow the strict ones, in all.
    close_total: int
    page: int
    pages: int
    size: int
    took_ms: float
    #: In a list of stories: how many the strict hits are; None = the list shows every article.
    stories: int | None = None
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()
    #: What was searched besides the words as typed, as far as it occurs; also what the reader switched off.
    expansions: tuple[UsedExpansion, ...] = ()
    #: Queries that may have been meant, best first; on the first page only.
    suggestions: tuple[Suggestion, ...] = ()
    #: Where the query found nothing: its parts in the order typed, and what finds something.
    missing: tuple[PartDiagnosis, ...] = ()
    ways_out: tuple[QueryRelaxation, ...] = ()
