"""An engine as one reader may use it: without the articles of some sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from types import MappingProxyType

from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import (
    Change,
    EngineRequest,
    EngineResult,
    EngineStatus,
    FilterName,
    IndexBuild,
    SearchEngine,
    SearchView,
)
from search.query_tree import AllOf, MustNot, Node, Number

Filters = Mapping[FilterName, Node]


@dataclass(frozen=True)
class RestrictedView(SearchView):
    """Answers questions about an index as if it held no article of the sources `hidden`."""

    whole: SearchView
    hidden: frozenset[int]

    def search(self, request: EngineRequest) -> EngineResult:
        """Return one page of hits, with counts of visible articles alone."""
        return self.whole.search(replace(request, filters=without_sources(request.filters, self.hidden)))

    def counts(self, nodes: Sequence[Node], filters: Filters = MappingProxyType({})) -> tuple[int, ...]:
        """Return how many visible articles match each node."""
        return self.whole.counts(nodes, without_sources(filters, self.hidden))

    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        """Return what is stored of these articles, which the caller knows to be visible."""
        return self.whole.analyzed_articles(ids)


@dataclass(frozen=True)
class RestrictedEngine(SearchEngine):
    """An engine whose searches leave out the sources `hidden`; everything else is the engine's own.

    Two are equal for the same engine and sources: what is kept for a reader may serve others of these rights.
    """

    whole: SearchEngine
    hidden: frozenset[int]

    @property
    def name(self) -> str:  # type: ignore[override]  # the contract has an attribute; nobody assigns it
        """The name of the engine."""
        return self.whole.name

    def search(self, request: EngineRequest) -> EngineResult:
        """See `RestrictedView`."""
        return RestrictedView(self.whole, self.hidden).search(request)

    def counts(self, nodes: Sequence[Node], filters: Filters = MappingProxyType({})) -> tuple[int, ...]:
        """See `RestrictedView`."""
        return RestrictedView(self.whole, self.hidden).counts(nodes, filters)

    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        """See `RestrictedView`."""
        return self.whole.analyzed_articles(ids)

    def view(self) -> SearchView:
        """Return the serving index as of now, restricted."""
        return RestrictedView(self.whole.view(), self.hidden)

    def scan(self, request: EngineRequest) -> Iterator[int]:
        """Yield the ids of all visible hits."""
        return self.whole.scan(replace(request, filters=without_sources(request.filters, self.hidden)))

    def ping(self) -> None:
        """Raise EngineUnavailable unless the engine can answer."""
        self.whole.ping()

    def ensure_index(self) -> None:
        """Create an empty serving index if there is none."""
        self.whole.ensure_index()

    def status(self) -> EngineStatus:
        """Return the state of the whole index."""
        return self.whole.status()

    def analysis_version(self) -> str:
        """Return the version that the index was built with."""
        return self.whole.analysis_version()

    def newest_version(self) -> int:
        """Return the highest version written."""
        return self.whole.newest_version()

    def apply(self, changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        """Write changes: what a reader may not see is written as well."""
        self.whole.apply(changes, version, interactive=interactive)

    def expunge_deletes(self) -> None:
        """Rewrite the files that hold removed documents."""
        self.whole.expunge_deletes()

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Yield the fingerprints of the whole index."""
        return self.whole.fingerprints()

    def start_rebuild(self, analysis_version: str | None = None) -> IndexBuild:
        """Create a new empty index."""
        return self.whole.start_rebuild(analysis_version)

    def file_faults(self) -> list[str]:
        """Return what is wrong with the files of the whole index."""
        return self.whole.file_faults()

    def is_suspected(self) -> bool:
        """Return whether the whole index is suspected of damage."""
        return self.whole.is_suspected()

    def drop_orphans(self) -> list[str]:
        """Drop indexes left by a killed rebuild."""
        return self.whole.drop_orphans()

    def temporary_index(self) -> AbstractContextManager[SearchEngine]:
        """Create a throw-away index, which holds nothing hidden."""
        return self.whole.temporary_index()


def without_sources(filters: Filters, hidden: frozenset[int]) -> dict[FilterName, Node]:
    """Return the filters of a request, and with them an exclusion of these sources."""
    excluded = AllOf(tuple(MustNot(Number("source", source)) for source in sorted(hidden)))
    asked = filters.get("exclusion")
    return {**filters, "exclusion": AllOf((asked, excluded)) if asked is not None else excluded}
