"""The contract of a search engine. `tests/search/engines/test_engine_contract.py` holds every engine to it.

Only `search.indexing.indexer` writes to an engine; only `search.retrieval.service` asks it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from search.query_tree import Node

if TYPE_CHECKING:
    from search.engines.analyzed_text import AnalyzedText

SortOrder = Literal["relevance", "newest", "oldest"]
FacetName = Literal["country", "governorate", "city", "source", "date", "event"]
FACETS: tuple[FacetName, ...] = ("country", "governorate", "city", "source", "date", "event")
#: The number fields that a facet counts.
FACET_COLUMNS: Mapping[FacetName, tuple[str, ...]] = {
    "country": ("country",),
    "governorate": ("governorate",),
    "city": ("city",),
    "source": ("source",),
    "date": ("year", "month", "day"),
    "event": ("event_year", "event_month", "event_day"),
}
#: Counts the changes of `IndexDocument`: an index that was filled before one must be rebuilt.
DOCUMENT_VERSION = 2


class EngineError(Exception):
    """The engine refused or failed; nothing is known to be written."""


class EngineUnavailable(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """The engine cannot be reached now; the same call may succeed later."""


class IndexMissing(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """No index is there yet: `rebuild_index` makes one."""


class EngineBusy(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """Another process is writing; the same call may succeed later."""


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What an engine knows of a published article. Dates are whole numbers (YYYYMMDD); None = undated."""

    id: int
    title: str
    body: str
    source: int | None = None
    places: tuple[int, ...] = ()
    #: Of the places, each once (search/engines/region_values.py).
    governorates: tuple[int, ...] = ()
    countries: tuple[int, ...] = ()
    first_day: int | None = None
    last_day: int | None = None
    #: "day", "month" or "year": how precisely the article is dated; "" when undated.
    precision: str = ""
    #: The dates that it speaks of, distinct, ascending: YYYYMMDD, a month as YYYYMM00, a year as YYYY0000.
    event: tuple[int, ...] = ()
    #: The story it is in, with other versions of the same report; None = it is alone.
    story: int | None = None
    #: Hash over all of the above; `check_index` compares it with the database.
    fingerprint: str = ""
    #: What cuts run-together words of the texts; an archive's own knows its words as of the last rebuild.
    splitter: Decompounder = field(default=SHIPPED_DECOMPOUNDER, repr=False, compare=False)
    #: Its texts as engines index them, if they were analysed before (search/indexing/prefetch.py).
    analyzed_text: AnalyzedText | None = field(default=None, repr=False, compare=False)

    @property
    def year(self) -> int | None:
        """YYYY, or None when undated."""
        return self.first_day // 10_000 if self.first_day and self.precision else None

    @property
    def month(self) -> int | None:
        """YYYYMM when dated to the month or better."""
        return self.first_day // 100 if self.first_day and self.precision in ("month", "day") else None

    @property
    def day(self) -> int | None:
        """YYYYMMDD when dated to the day."""
        return self.first_day if self.first_day and self.precision == "day" else None

    @property
    def event_year(self) -> tuple[int, ...]:
        """YYYY of each date it speaks of; a value once."""
        return tuple(dict.fromkeys(number // 10_000 for number in self.event))

    @property
    def event_month(self) -> tuple[int, ...]:
        """YYYYMM of each that is known to the month or better."""
        months = (number // 100 for number in self.event)
        return tuple(dict.fromkeys(month for month in months if month % 100))

    @property
    def event_day(self) -> tuple[int, ...]:
        """YYYYMMDD of each that is known to the day."""
        return tuple(number for number in self.event if number % 100)


@dataclass(frozen=True, slots=True)
class Put:
    """Write this article, whole."""

    document: IndexDocument


@dataclass(frozen=True, slots=True)
class Remove:
    """No reader may find this article any more (deleted, withdrawn, draft or erased)."""

    id: int


Change = Put | Remove


def changed_article_id(change: Change) -> int:
    """Return the id of the article that a change is about."""
    return change.document.id if isinstance(change, Put) else change.id


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """A question. `filters` holds at most one node per facet: hits satisfy all; the counts of a facet
    ignore that facet's own node. `exclude` takes hits away and never scores."""

    query: Node
    exclude: Node | None = None
    filters: Mapping[FacetName, Node] = field(default_factory=dict)
    sort: SortOrder = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[FacetName, ...] = ()
    #: Whether to count the stories among the hits.
    stories: bool = False


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """True counts, no bucket cut off. Keys: numbers of search/engines/region_values.py, place ids, source
    ids, YYYY,
    YYYYMM, YYYYMMDD."""

    country: Mapping[int, int] = field(default_factory=dict)
    governorate: Mapping[int, int] = field(default_factory=dict)
    city: Mapping[int, int] = field(default_factory=dict)
    source: Mapping[int, int] = field(default_factory=dict)
    year: Mapping[int, int] = field(default_factory=dict)
    month: Mapping[int, int] = field(default_factory=dict)
    day: Mapping[int, int] = field(default_factory=dict)
    event_year: Mapping[int, int] = field(default_factory=dict)
    event_month: Mapping[int, int] = field(default_factory=dict)
    event_day: Mapping[int, int] = field(default_factory=dict)
    undated: int = 0


@dataclass(frozen=True, slots=True)
class EngineHit:
    """An article's id, its relevance (0.0 under a date sort) and its story (None = it is alone)."""

    id: int
    score: float
    story: int | None = None


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One page of hits, the true total, and the counts that were asked for.

    Order: relevance = score down, then id up; newest = first_day down, then id up, undated last;
    oldest = first_day up, then id up, undated last.
    """

    hits: tuple[EngineHit, ...]
    total: int
    facets: FacetCounts = field(default_factory=FacetCounts)
    #: How many stories the hits are, one that is alone counting as one; None when it was not asked.
    stories: int | None = None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """For `index_status` and `/readyz`."""

    engine: str
    index: str
    documents: int
    size_bytes: int
    analysis_version: str


class IndexBuild(ABC):
    """A new index beside the serving one. Invisible until `publish`."""

    name: str

    @abstractmethod
    def apply(self, changes: Sequence[Change], version: int) -> None:
        """Write; of two writes to one id the higher version wins, in whichever order they come."""

    @abstractmethod
    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """(id, fingerprint) of every live document, ids ascending. Makes earlier writes visible first."""

    @abstractmethod
    def publish(self) -> None:
        """Swap: from the next request on this index serves; the one before is dropped."""

    @abstractmethod
    def abandon(self) -> None:
        """Drop this index, unless it serves: a swap that failed may have been done all the same."""


class SearchEngine(ABC):
    """One index of articles. Cheap to make; opens lazily per process, so it survives a fork."""

    #: Short name for reports: "embedded" or "elasticsearch".
    name: str

    @abstractmethod
    def ping(self) -> None:
        """Raise EngineUnavailable unless the engine can answer."""

    @abstractmethod
    def ensure_index(self) -> None:
        """Make an empty serving index if none is there."""

    @abstractmethod
    def status(self) -> EngineStatus:
        """What serves now. Raises IndexMissing, EngineUnavailable."""

    @abstractmethod
    def newest_version(self) -> int:
        """The highest version written to the serving index; 0 if it is empty. Cheap: every drain asks.
        Raises IndexMissing, EngineUnavailable."""

    @abstractmethod
    def apply(self, changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        """Write to the serving index. A write older than what the index holds for an id is dropped in
        silence, a Remove leaves a tombstone so that a late older Put cannot bring an article back.
        Visible, with all writes before it, to every process's next search when the call returns, if
        `interactive`; else within 5 s.
        Raises EngineUnavailable, EngineBusy; then the same call may be repeated."""

    @abstractmethod
    def search(self, request: EngineRequest) -> EngineResult:
        """Answer. Raises EngineUnavailable, IndexMissing."""

    @abstractmethod
    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FacetName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        """For each node the number of published articles that match it and all `filters`; one round trip,
        one state of the index. Raises EngineUnavailable, IndexMissing."""

    @abstractmethod
    def scan(self, request: EngineRequest) -> Iterator[int]:
        """Ids of all hits in the request's order, without limit, over one frozen view of the index."""

    @abstractmethod
    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """(id, fingerprint) of every live document of the serving index, ids ascending."""

    @abstractmethod
    def start_rebuild(self, analysis_version: str | None = None) -> IndexBuild:
        """A new empty index with the tables of this code; `analysis_version` is theirs unless the caller
        knows what else its documents depend on."""

    @abstractmethod
    def drop_orphans(self) -> list[str]:
        """Drop indexes that a killed rebuild or test left; returns their names. Never the serving one."""

    @abstractmethod
    def temporary_index(self) -> AbstractContextManager[SearchEngine]:
        """A throw-away index of the same kind that leaves the archive alone; dropped at the end."""
