"""The parameters and responses of the JSON API, as types from which its description is generated."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema

from arabic.expansion.expander import ExpansionKind
from search.highlighting.explanation import MatchKind


class FacetRow(Schema):
    """A value of a facet; `value` is what a request takes.

    `within` is the country of a governorate, or the country and governorate of a city; "" where one is not
    known. Of the articles that a place counts, `about` are about it. Once a place is chosen, a place has
    `adds`, the articles that the result would gain by it; with `place_all`, `leaves`, those that would stay.
    """

    value: str
    label: str
    count: int
    selected: bool
    within: list[str] = Field(default_factory=list)
    about: int | None = None
    adds: int | None = None
    leaves: int | None = None


class ChangeOut(Schema):
    """A change that a close hit makes to a word of the query.

    The hit lacks the word, has another in its place, or has the words of a phrase apart.
    """

    kind: Literal["left_out", "corrected", "apart"]
    typed: str
    became: str


class WordsOut(Schema):
    """The number of words of the query that a close hit has, of those that were asked.

    Function words count only if there are no others.
    """

    found: int
    asked: int


class HitOut(Schema):
    """A hit. `date` is YYYY, YYYY-MM, YYYY-MM-DD or "undated".

    `cities` are all places that the article mentions, `about` those that it is about. Close hits (not
    `strict`) have `changes` and `words`; snippet and marks are empty unless all of them are asked for.
    """

    id: int
    external_id: str
    file: str
    title: str
    date: str
    source: str
    cities: list[str]
    about: list[str]
    url: str
    snippet: str
    marks: list[str]
    score: float
    ocr_confidence: int | None = None
    strict: bool
    approximate: bool
    changes: list[ChangeOut]
    words: WordsOut | None = None
    also: list[AlsoOut]


class AlsoOut(Schema):
    """Another version of a hit's report."""

    id: int
    title: str
    source: str
    date: str


class SuggestionOut(Schema):
    """The query with other words, and the number of articles it finds.

    `kind` is what was changed: spelling, keyboard (layout), transliteration, split or joined.
    """

    text: str
    query: str
    kind: str
    count: int


class MissingOut(Schema):
    """A part of a query that found nothing.

    `count` articles have the part; the query without it finds `dropped_count`.
    """

    word: str
    count: int
    dropped_count: int
    dropped_query: str
    alternatives: list[SuggestionOut]


class WayOutOut(Schema):
    """A search that finds something where the query found nothing.

    `kind` is level (all forms of the words), place, source, date, event or filters (without these), unquoted
    or words (another query).
    """

    kind: str
    query: str
    count: int


class ExpansionOut(Schema):
    """A term that is or may be searched for a part of the query; the parameter `switch` takes `shown`.

    With `with` it is only offered, and `count` is the number of articles that it adds. So it is of "misread",
    the likely words of scans, which stand for the whole query: `typed` is "".
    """

    kind: ExpansionKind
    typed: str
    shown: str
    active: bool
    count: int
    switch: Literal["with", "without"]


class ComplaintOut(Schema):
    """A part of the request that was dropped, and the reason."""

    code: str
    detail: str
    message: str


class PageOut(Schema):
    """A page of results; `total` and `facets` count strict hits.

    `close_total` counts the close hits, also those not shown; it is 0 on a page that shows none.
    """

    total: int
    close_total: int
    stories: int | None
    page: int
    pages: int
    size: int
    took_ms: float
    hits: list[HitOut]
    facets: dict[str, list[FacetRow]]
    suggestions: list[SuggestionOut]
    missing: list[MissingOut]
    ways_out: list[WayOutOut]
    expansions: list[ExpansionOut]
    complaints: list[ComplaintOut]


class DateOut(Schema):
    """A date mentioned at [start, end) of the title or body, with its first and last day.

    The value is YYYY, YYYY-MM or YYYY-MM-DD, for a period its beginning. `note` says what is inconsistent.
    """

    date: str
    first_day: str
    last_day: str
    kind: str
    field: str
    start: int
    end: int
    evidence: str
    note: str


class PlaceOut(Schema):
    """A city that the article mentions at [start, end) of its title or body, with the sentence.

    Or a city given by the file (`field` "metadata") or by a librarian ("desk"). `country` is a code: SY.
    """

    city: str
    governorate: str
    country: str
    field: str
    start: int | None
    end: int | None
    evidence: str


class ArticleOut(Schema):
    """A whole article.

    `cities` are all places that it mentions, `about` those that it is about. `derived` lists fields that the
    file left open and that were inferred from the text without confirmation so far.
    """

    id: int
    external_id: str
    title: str
    title_derived: bool
    body: str
    date: str
    source: str
    byline: str
    dateline: str
    derived: list[str]
    url: str
    file: str
    sha256: str
    ocr_confidence: int | None
    cities: list[str]
    about: list[str]
    places: list[PlaceOut]
    dates: list[DateOut]


class RowOut(Schema):
    """An article of a list, as exports have it; `permalink` is its page here, `url` its own address."""

    id: int
    title: str
    date: str
    date_precision: str
    source: str
    byline: str
    about: list[str]
    places: list[str]
    permalink: str
    url: str
    file: str
    external_id: str
    sha256: str
    story: int | None
    derived: list[str]


class ListOut(Schema):
    """A part of all strict hits, by ascending number. `next` is the next cursor, null at the end."""

    hits: list[RowOut]
    next: int | None
    complaints: list[ComplaintOut]


class FoundFormOut(Schema):
    """A form in the article and the number of its occurrences.

    `how` says how it matches the word ("misread": a machine may have misread the word of a scan), `kind` the
    kind of an expansion, and `through` the dictionary's word or the expansion that led to it.
    """

    text: str
    how: MatchKind
    kind: str
    through: str
    title: int
    body: int


class WordMatchOut(Schema):
    """A word of the query. `strict`: the article has it as the search demands; without forms it lacks it."""

    typed: str
    strict: bool
    found: list[FoundFormOut]


class WhyOut(Schema):
    """The reasons why an article is found; `strict` = it has every word."""

    id: int
    strict: bool
    words: list[WordMatchOut]


class Problem(Schema):
    """An error message."""

    detail: str
