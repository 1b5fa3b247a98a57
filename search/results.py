"""The contents of a page of results, as templates, the API and the command line use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from arabic.expansion.expander import OFFERED_KINDS, ExpansionKind

DateGranularity = Literal["year", "month", "day", "undated", ""]
SuggestionKind = Literal["spelling", "keyboard", "transliteration", "split", "joined"]
RelaxationKind = Literal[
    "level", "place", "source", "date", "event", "exclusion", "filters", "unquoted", "words"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of original text, marked or not. Templates escape `text` and wrap marked ones in <mark>."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """The part of an article around its best matches; the flags say if text precedes or follows it."""

    segments: tuple[Segment, ...]
    cut_before: bool = False
    cut_after: bool = False

    @property
    def plain(self) -> str:
        """The text without marks, with « … » where it was cut."""
        text = "".join(segment.text for segment in self.segments)
        return f"{'… ' if self.cut_before else ''}{text}{' …' if self.cut_after else ''}"

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked pieces, as written."""
        return tuple(segment.text for segment in self.segments if segment.marked)


@dataclass(frozen=True, slots=True)
class Record:
    """An article as the result list shows it, read from the store."""

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
    #: (facet value, label) of the cities in the article, most mentioned first.
    cities: tuple[tuple[str, str], ...] = ()
    #: Those of them that the article is about.
    about: tuple[tuple[str, str], ...] = ()
    place_ids: tuple[int, ...] = ()
    url: str = ""
    title_derived: bool = False
    #: Mean OCR confidence in percent if OCR read the text.
    ocr_confidence: int | None = None
    low_confidence_words: str = ""  #: as in `IndexDocument`

    @property
    def date_value(self) -> str:
        """YYYY, YYYY-MM or YYYY-MM-DD, as precise as the date is known; "" when undated."""
        return self.date.isoformat()[: {"year": 4, "month": 7}.get(self.precision, 10)] if self.date else ""


@dataclass(frozen=True, slots=True)
class TermChange:
    """How a close hit differs from a word or phrase of the query.

    It lacks the word, has another one in its place (`became`, as written in the article), or has the words of
    a phrase apart.
    """

    kind: Literal["left_out", "corrected", "apart"]
    typed: str
    became: str = ""


@dataclass(frozen=True, slots=True)
class WordShare:
    """The number of words of the query that a close hit has, of those that were asked.

    Function words count only if there are no others.
    """

    found: int
    asked: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An article in the list. `strict`: every word matches; the others are close hits.

    A close hit has a snippet only if all of them were asked for.
    """

    record: Record
    title: Snippet
    snippet: Snippet
    score: float
    strict: bool
    #: Its date is less precise than the requested period, so it may lie outside.
    approximate: bool = False
    #: For a close hit: how it differs from the query.
    changes: tuple[TermChange, ...] = ()
    words: WordShare | None = None
    #: If near-duplicates are collapsed: the other versions that readers may see, oldest first, without their
    #: texts.
    also: tuple[Record, ...] = ()

    @property
    def other_sources(self) -> int:
        """The number of other sources that published a version."""
        return len({other.source_id for other in self.also} - {None, self.record.source_id})


@dataclass(slots=True)  # a search makes more than a thousand, and frozen ones take three times as long
class FacetValue:
    """A row of a facet. `value` is what the URL and the command line take."""

    value: str
    label: str
    count: int
    selected: bool = False
    #: Facets of dates only: "year", "month", "day" or "undated".
    level: DateGranularity = ""
    #: Facet values of the surrounding regions: for a governorate its country, for a city its country and
    #: governorate ("" = unknown).
    within: tuple[str, ...] = ()
    #: Places only: the number of articles, among the counted ones, that are about the place.
    about: int | None = None
    #: Places only, once any is chosen: the number of articles by which the value would lengthen the result,
    #: or that it would leave if all chosen values are required; None if it is chosen or inside a chosen one.
    adds: int | None = None
    leaves: int | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """A part of the request that was not understood and left out.

    `code` names the message (search/web/viewmodels/complaints.py), `detail` is the part of the request.
    """

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that may have been meant.

    `text` is shown, `query` is run and finds `count` articles under the same filters; `kind` says what was
    changed.
    """

    text: str
    query: str
    kind: SuggestionKind
    count: int
    #: [start, end) of the changed words in `text`.
    changed: tuple[tuple[int, int], ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """`text` with the changed words marked."""
        runs: list[Segment] = []
        at = 0
        for start, end in self.changed:
            runs += [Segment(self.text[at:start]), Segment(self.text[start:end], marked=True)]
            at = end
        return tuple(run for run in (*runs, Segment(self.text[at:])) if run.text)


@dataclass(frozen=True, slots=True)
class UsedExpansion:
    """An expansion of a part of the query that `count` articles have under the filters.

    A request with `shown` in `without` switches it off; `active` is then False. If it is only offered, a
    request with `shown` in `included` switches it on, and `count` is the number of hits that it adds. So it
    is of the likely words of scans ("misread"), which stand for the whole query: `typed` is "".
    """

    kind: ExpansionKind
    typed: str
    shown: str
    active: bool
    count: int

    @property
    def is_offered(self) -> bool:
        """True if it is searched only when the reader asks for it."""
        return self.kind in OFFERED_KINDS


@dataclass(frozen=True, slots=True)
class PartDiagnosis:
    """A part of a query that found nothing.

    `count`: articles that have the part, under the same filters. `dropped_count`: articles that
    `dropped_query`, the query without the part, finds; 0 and "" if it cannot be left out. `alternatives`:
    queries with other words in place of this part only.
    """

    word: str
    count: int
    dropped_count: int = 0
    alternatives: tuple[Suggestion, ...] = ()
    dropped_query: str = ""


@dataclass(frozen=True, slots=True)
class QueryRelaxation:
    """A relaxed search that finds something where the query found nothing.

    At the level "all", without the filters of one facet or of all, with phrases and titles as single words,
    or with the most words that occur together. `query` is the one to run.
    """

    kind: RelaxationKind
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class DateCounts:
    """Articles by year (YYYY), month (YYYYMM) and day (YYYYMMDD), as far as each is dated so precisely."""

    year: Mapping[int, int] = field(default_factory=dict)
    month: Mapping[int, int] = field(default_factory=dict)
    day: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of results: strict hits, then close ones. `total` and facets count strict hits only."""

    hits: tuple[Hit, ...]
    total: int
    #: The number of close hits, also of those that are not shown; 0 on a page that shows none.
    close_total: int
    page: int
    pages: int
    size: int
    took_ms: float
    #: True if close hits were not searched although there may be some.
    may_have_close: bool = False
    #: If near-duplicates are collapsed: the number of clusters among the strict hits; else None.
    stories: int | None = None
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    #: The hits by date, without the filter by date: they draw the time strip.
    dates: DateCounts = field(default_factory=DateCounts)
    complaints: tuple[Complaint, ...] = ()
    #: Expansions of the words as typed, as far as they occur; also those that the reader switched off.
    expansions: tuple[UsedExpansion, ...] = ()
    #: Queries that may have been meant, best first; on the first page only.
    suggestions: tuple[Suggestion, ...] = ()
    #: If the query found nothing: its parts in the order typed, and relaxed searches that find something.
    missing: tuple[PartDiagnosis, ...] = ()
    ways_out: tuple[QueryRelaxation, ...] = ()
