"""What the JSON API takes and gives, as types that its description is made of."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema

from arabic.expansion.expander import ExpansionKind
from search.highlighting.explanation import MatchKind
from search.query.request import MAX_PAGE_NUMBER, WEB_MAX_PAGE_SIZE


class FacetRow(Schema):
    """A value of a facet; `value` is what a request takes. `within`: of a governorate its country, of a city
    its country and governorate, "" where one is not known."""

    value: str
    label: str
    count: int
    selected: bool
    within: list[str] = Field(default_factory=list)


class ChangeOut(Schema):
    """What a close hit did to a word of the query: it lacks it, has another in its place, or has the words
    of a phrase apart."""

    kind: Literal["left_out", "corrected", "apart"]
    typed: str
    became: str


class HitOut(Schema):
    """An article of the list. `date` is YYYY, YYYY-MM, YYYY-MM-DD or "undated"."""

    id: int
    external_id: str
    file: str
    title: str
    date: str
    source: str
    cities: list[str]
    url: str
    snippet: str
    marks: list[str]
    score: float
    strict: bool
    approximate: bool
    changes: list[ChangeOut]
    also: list[AlsoOut]


class AlsoOut(Schema):
    """Another version of a hit's report."""

    id: int
    title: str
    source: str
    date: str


class SuggestionOut(Schema):
    """The query with other words, and how many articles it finds. `kind` says what was changed: spelling,
    keyboard (layout), transliteration, split or joined."""

    text: str
    query: str
    kind: str
    count: int


class MissingOut(Schema):
    """A part of a query that found nothing; `count` articles have it, the query without it finds
    `dropped_count`."""

    word: str
    count: int
    dropped_count: int
    dropped_query: str
    alternatives: list[SuggestionOut]


class WayOutOut(Schema):
    """What finds something where the query found nothing: `kind` level (all forms of the words), country,
    governorate, city, source, date, event or filters (without those), unquoted or words (another query)."""

    kind: str
    query: str
    count: int


class ExpansionOut(Schema):
    """What else was searched for a part of the query; `without` takes `shown`."""

    kind: ExpansionKind
    typed: str
    shown: str
    active: bool
    count: int


class ComplaintOut(Schema):
    """What was dropped from the question, and why."""

    code: str
    detail: str
    message: str


class PageOut(Schema):
    """A page of results; `total` and `facets` count strict hits."""

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
    """A date that an article speaks of, at [start, end) of its title or body: YYYY, YYYY-MM or YYYY-MM-DD, of
    a period its beginning, with the first and the last day of it. `note` says what does not fit."""

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
    """A city that an article mentions at [start, end) of its title or body, and the sentence; or that its
    file (`field` "metadata") or a librarian ("desk") gives. `country` is a code: SY."""

    city: str
    governorate: str
    country: str
    field: str
    start: int | None
    end: int | None
    evidence: str


class ArticleOut(Schema):
    """An article whole. `derived` are fields that its file left open and that were read from its text, which
    nobody has confirmed yet."""

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
    cities: list[str]
    places: list[PlaceOut]
    dates: list[DateOut]


class FoundFormOut(Schema):
    """A form as it stands in the article and how often: `how` it answers the word, of an expansion its
    `kind`, and the dictionary's word or the expansion that it was found `through`."""

    text: str
    how: MatchKind
    kind: str
    through: str
    title: int
    body: int


class WordMatchOut(Schema):
    """A word of the query; `strict` = the article has it as the search demands; none found = it lacks it."""

    typed: str
    strict: bool
    found: list[FoundFormOut]


class WhyOut(Schema):
    """Why an article is found; `strict` = it has every word."""

    id: int
    strict: bool
    words: list[WordMatchOut]


class Problem(Schema):
    """What went wrong, in words."""

    detail: str


class SearchParams(Schema):
    """The parameters of /search/; a list may repeat."""

    q: str = ""
    country: list[str] = Field(
        default_factory=list, description="of the cities that articles mention; by any name, or SY"
    )
    governorate: list[str] = Field(default_factory=list)
    city: list[str] = Field(default_factory=list)
    source: list[str] = Field(default_factory=list)
    date: list[str] = Field(default_factory=list, description="YYYY, YYYY-MM, YYYY-MM-DD or undated")
    date_from: str = Field("", alias="from", description="YYYY, YYYY-MM or YYYY-MM-DD")
    date_to: str = Field("", alias="to", description="YYYY, YYYY-MM or YYYY-MM-DD")
    event: list[str] = Field(
        default_factory=list, description="dates that articles speak of: YYYY, YYYY-MM or YYYY-MM-DD"
    )
    event_from: str = Field("", description="YYYY, YYYY-MM or YYYY-MM-DD")
    event_to: str = Field("", description="YYYY, YYYY-MM or YYYY-MM-DD")
    level: Literal["exact", "light", "all"] = Field(
        "all", description="how deep words are searched: as written, close forms too, all forms too"
    )
    without: list[str] = Field(
        default_factory=list, description='expansions (as shown) not to search for; "*" = none of them'
    )
    sort: Literal["relevance", "newest", "oldest"] = "relevance"
    group: Literal["", "story", "none"] = Field(
        "", description='"story": each story once, by its best article'
    )
    page: int = Field(1, ge=1, le=MAX_PAGE_NUMBER)
    size: int = Field(20, ge=1, le=WEB_MAX_PAGE_SIZE)
