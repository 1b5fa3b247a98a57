"""The contract of a search engine; tests/search/engines/test_engine_contract.py tests every engine.

Only `search.indexing.indexer` writes to an engine; only `search.retrieval.service` searches one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from search.engines.engine_errors import (
    EngineBusy,
    EngineError,
    EngineUnavailable,
    IndexDamaged,
    IndexMissing,
)
from search.query_tree import Node, NumberField

if TYPE_CHECKING:
    from search.engines.analyzed_article import AnalyzedArticle
    from search.engines.analyzed_text import AnalyzedText

__all__ = ["EngineBusy", "EngineError", "EngineUnavailable", "IndexDamaged", "IndexMissing"]

SortOrder = Literal["relevance", "newest", "oldest", "number"]
FacetName = Literal["place", "source", "date", "event"]
#: What hits can be filtered by: the facets, and an exclusion, which no facet's counts ignore.
FilterName = Literal["place", "source", "date", "event", "exclusion"]
FACETS: tuple[FacetName, ...] = ("place", "source", "date", "event")
#: The columns of the places that an article mentions, and of those that it is about.
PLACE_COLUMNS: tuple[NumberField, ...] = (
    "country", "governorate", "city", "about_country", "about_governorate", "about_city",
)  # fmt: skip
#: The number fields that a facet counts.
FACET_COLUMNS: Mapping[FacetName, tuple[str, ...]] = {
    "place": PLACE_COLUMNS, "source": ("source",), "date": ("year", "month", "day"),
    "event": ("event_year", "event_month", "event_day"),
}  # fmt: skip
#: Bump when `IndexDocument` changes: indexes filled before must be rebuilt.
DOCUMENT_VERSION = 4


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A published article as an engine stores it. Dates are integers (YYYYMMDD); None means undated."""

    id: int
    title: str
    body: str
    source: int | None = None
    places: tuple[int, ...] = ()
    #: Of the places, without repetitions (search/engines/region_values.py).
    governorates: tuple[int, ...] = ()
    countries: tuple[int, ...] = ()
    #: The places that the article is about, among those it mentions, and their regions.
    about: tuple[int, ...] = ()
    about_governorates: tuple[int, ...] = ()
    about_countries: tuple[int, ...] = ()
    first_day: int | None = None
    last_day: int | None = None
    #: How precisely the article is dated: "day", "month" or "year"; "" when undated.
    precision: str = ""
    #: Dates mentioned in the text, distinct and ascending: YYYYMMDD, a month as YYYYMM00, a year as YYYY0000.
    event: tuple[int, ...] = ()
    #: The cluster of near-duplicates that the article belongs to; None if it has no other version.
    story: int | None = None
    low_confidence_words: str = ""  #: of a text that OCR read: normalized, joined by spaces
    #: Hash of all fields above; `check_index` compares it with the database.
    fingerprint: str = ""
    #: Splits run-together words of the texts; the archive's own decompounder knows its words as of the last
    #: rebuild.
    splitter: Decompounder = field(default=SHIPPED_DECOMPOUNDER, repr=False, compare=False)
    #: The analyzed texts, if they were prepared before (search/indexing/prefetch.py).
    analyzed_text: AnalyzedText | None = field(default=None, repr=False, compare=False)

    @property
    def year(self) -> int | None:
        """Return YYYY, or None when undated."""
        return self.first_day // 10_000 if self.first_day and self.precision else None

    @property
    def month(self) -> int | None:
        """Return YYYYMM if dated to the month or better, else None."""
        return self.first_day // 100 if self.first_day and self.precision in ("month", "day") else None

    @property
    def day(self) -> int | None:
        """Return YYYYMMDD if dated to the day, else None."""
        return self.first_day if self.first_day and self.precision == "day" else None

    @property
    def event_year(self) -> tuple[int, ...]:
        """Return the distinct years (YYYY) of the mentioned dates."""
        return tuple(dict.fromkeys(number // 10_000 for number in self.event))

    @property
    def event_month(self) -> tuple[int, ...]:
        """Return the distinct months (YYYYMM) of the mentioned dates known to the month or better."""
        months = (number // 100 for number in self.event)
        return tuple(dict.fromkeys(month for month in months if month % 100))

    @property
    def event_day(self) -> tuple[int, ...]:
        """Return the mentioned dates (YYYYMMDD) that are known to the day."""
        return tuple(number for number in self.event if number % 100)


@dataclass(frozen=True, slots=True)
class Put:
    """Index this article, replacing any earlier state of it."""

    document: IndexDocument


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove this article from all results (it was deleted, withdrawn, made a draft or erased)."""

    id: int


Change = Put | Remove


def changed_article_id(change: Change) -> int:
    """Return the id of the article that a change is about."""
    return change.document.id if isinstance(change, Put) else change.id


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """A search. Hits satisfy all `filters`, of which there is at most one node per facet.

    The counts of a facet ignore that facet's own filter. `exclude` removes hits and never scores.
    Countries, governorates and cities are one facet, so they are one filter.
    """

    query: Node
    exclude: Node | None = None
    filters: Mapping[FilterName, Node] = field(default_factory=dict)
    sort: SortOrder = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[FacetName, ...] = ()
    #: Whether to count the clusters of near-duplicates among the hits.
    stories: bool = False
    #: Whether the hits come with their analyzed articles.
    analyzed: bool = False
    #: Trees whose published articles are counted under all `filters`, whatever the query.
    counts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Exact counts of all values of the requested facets.

    Keys: country and governorate numbers (search/engines/region_values.py), place ids, source ids, YYYY,
    YYYYMM, YYYYMMDD.
    """

    country: Mapping[int, int] = field(default_factory=dict)
    governorate: Mapping[int, int] = field(default_factory=dict)
    city: Mapping[int, int] = field(default_factory=dict)
    about_country: Mapping[int, int] = field(default_factory=dict)
    about_governorate: Mapping[int, int] = field(default_factory=dict)
    about_city: Mapping[int, int] = field(default_factory=dict)
    source: Mapping[int, int] = field(default_factory=dict)
    year: Mapping[int, int] = field(default_factory=dict)
    month: Mapping[int, int] = field(default_factory=dict)
    day: Mapping[int, int] = field(default_factory=dict)
    event_year: Mapping[int, int] = field(default_factory=dict)
    event_month: Mapping[int, int] = field(default_factory=dict)
    event_day: Mapping[int, int] = field(default_factory=dict)
    undated: int = 0
    #: Counts of PLACE_COLUMNS among the hits themselves, if places are counted and filtered; else {}. The
    #: difference from the counts above is what a place would add to the hits.
    place_hits: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineHit:
    """An article's id, relevance score (0.0 when sorted by date) and cluster (None if it has none)."""

    id: int
    score: float
    story: int | None = None
    #: See `SearchView.analyzed_articles`; None unless requested.
    analyzed: AnalyzedArticle | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One page of hits, the exact total, and the requested counts.

    Order: relevance = score descending, then id ascending; newest = first_day descending, then id ascending,
    undated last; oldest = first_day ascending, then id ascending, undated last; number = id ascending.
    """

    hits: tuple[EngineHit, ...]
    total: int
    facets: FacetCounts = field(default_factory=FacetCounts)
    #: Number of clusters among the hits, an article without other versions being one; None if not requested.
    stories: int | None = None
    #: A number for each tree in `EngineRequest.counts`.
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The state of an engine, for `index_status` and `/readyz`."""

    engine: str
    index: str
    documents: int
    #: Bytes on disk that searches use, and those of files that nothing uses any more.
    live_bytes: int
    dead_bytes: int
    #: Documents that are deleted or replaced, but not yet rewritten away.
    deleted_documents: int
    analysis_version: str


class IndexBuild(ABC):
    """A new index next to the serving one, invisible to searches until `publish`."""

    name: str

    @abstractmethod
    def apply(self, changes: Sequence[Change], version: int) -> None:
        """Write changes; of two writes to one id the higher version wins, in whichever order they arrive."""

    @abstractmethod
    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Yield (id, fingerprint) of every live document by ascending id, earlier writes included."""

    @abstractmethod
    def compact(self) -> None:
        """Bring the filled index into the form in which it serves, which may take minutes."""

    @abstractmethod
    def publish(self) -> None:
        """Make this index the serving one from the next request on, and drop its predecessor."""

    @abstractmethod
    def abandon(self) -> None:
        """Drop this index unless it serves: a swap that reported a failure may have been done."""


class SearchView(ABC):
    """What a search asks of an index. Each question raises EngineUnavailable, IndexMissing."""

    @abstractmethod
    def search(self, request: EngineRequest) -> EngineResult:
        """Return one page of hits. Raises EngineUnavailable, IndexMissing."""

    @abstractmethod
    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FilterName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        """Return how many published articles match each node and all `filters`; one round trip."""

    @abstractmethod
    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        """Return what the serving index stores of the texts of these articles (analyzed_article.py).

        Articles are left out that are not published, or were analyzed by other tables or code. The text may
        have changed since: compare with `AnalyzedArticle.is_of`. Raises EngineUnavailable, IndexMissing.
        """


class SearchEngine(SearchView):
    """One index of articles. Cheap to create; it is opened lazily in each process, so it survives a fork."""

    #: Short name for reports: "embedded" or "elasticsearch".
    name: str

    @abstractmethod
    def ping(self) -> None:
        """Raise EngineUnavailable unless the engine can answer."""

    @abstractmethod
    def ensure_index(self) -> None:
        """Create an empty serving index if there is none."""

    @abstractmethod
    def status(self) -> EngineStatus:
        """Return the state of the serving index. Raises IndexMissing, EngineUnavailable."""

    def analysis_version(self) -> str:
        """Return the version that the serving index was built with; cheap. Raises as `status`."""
        return self.status().analysis_version

    @abstractmethod
    def newest_version(self) -> int:
        """Return the highest version written to the serving index, 0 if it is empty; cheap."""

    @abstractmethod
    def apply(self, changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        """Write changes to the serving index.

        A write older than what the index holds for an id is ignored, and a Remove leaves a tombstone, so that
        a late older Put cannot bring an article back. When the call returns, the write and all before it are
        visible to the next search of every process if `interactive`, otherwise within 5 s. May be repeated
        after EngineUnavailable and EngineBusy.
        """

    @abstractmethod
    def expunge_deletes(self) -> None:
        """Rewrite files until no word of removed documents is left. Raises EngineUnavailable, EngineBusy."""

    def view(self) -> SearchView:
        """Return the serving index for the questions of one search: as of now, if the engine can hold it."""
        return self

    @abstractmethod
    def scan(self, request: EngineRequest) -> Iterator[int]:
        """Yield the ids of all hits in the request's order, over one frozen view of the index (for exports).

        Offset, limit and facets of the request are ignored. Raises EngineUnavailable, IndexMissing.
        """

    @abstractmethod
    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Yield (id, fingerprint) of every live document of the serving index by ascending id."""

    @abstractmethod
    def start_rebuild(self, analysis_version: str | None = None) -> IndexBuild:
        """Create a new empty index; `analysis_version` overrides that of the tables of this code."""

    def file_faults(self) -> list[str]:
        """Return the faults of the serving index's files; an index with any is not searched from then on."""
        return []

    def is_suspected(self) -> bool:
        """Return True if a search failed as if files were damaged, and they were not verified since."""
        return False

    @abstractmethod
    def drop_orphans(self) -> list[str]:
        """Drop indexes left by a killed rebuild or test, never the serving one; return their names."""

    @abstractmethod
    def temporary_index(self) -> AbstractContextManager[SearchEngine]:
        """Create a throw-away index of the same kind, separate from the archive's, and drop it at the end."""
