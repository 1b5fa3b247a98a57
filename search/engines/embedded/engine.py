"""The embedded engine: Tantivy inside this process, its index next to the database, without a server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tantivy

from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import (
    Change,
    EngineError,
    EngineRequest,
    EngineResult,
    EngineStatus,
    EngineUnavailable,
    FacetName,
    IndexBuild,
    IndexMissing,
    SearchEngine,
    changed_article_id,
)
from search.engines.embedded.index_folder import IndexFolder
from search.engines.embedded.index_view import IndexView
from search.engines.embedded.index_writer import (
    MAX_SEGMENTS,
    MAX_SEGMENTS_IN_BATCH,
    open_writer,
    stored_versions,
    trim_heap,
    write_changes,
)
from search.query_tree import Node

#: How long a swap or the first index waits for a writer, in seconds (a chunk of writes takes about one).
SWAP_WAIT = 30.0


class EmbeddedEngine(SearchEngine):
    """Indexes in a folder, opened lazily in each process, so that the engine survives a fork."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path)
        #: (process, index name, index): stale after a fork or a swap.
        self._opened: tuple[int, str, tantivy.Index] | None = None

    @classmethod
    def from_settings(cls, options: Mapping[str, Any]) -> EmbeddedEngine:
        """Build an engine from an entry of SEARCH_ENGINES."""
        return cls(Path(options["PATH"]))

    def ping(self) -> None:
        """Raise EngineUnavailable if the folder cannot be read; there is no server that could be down."""
        if self._folder.path.exists() and not os.access(self._folder.path, os.R_OK | os.X_OK):
            raise EngineUnavailable(f"{self._folder.path} cannot be read")

    def ensure_index(self) -> None:
        with self._folder.writer_lock(SWAP_WAIT):
            try:
                self._folder.current()
            except IndexMissing:
                with self._folder.create() as name:
                    self._folder.switch_to(name)

    def status(self) -> EngineStatus:
        name, view = self._view()
        return EngineStatus(
            engine=self.name,
            index=name,
            documents=view.count(),
            size_bytes=self._folder.size(name),
            analysis_version=self._folder.analysis_version(name),
        )

    def newest_version(self) -> int:
        return self._view()[1].newest_version()

    def apply(self, changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        """Write changes as the contract says; every write is visible everywhere on return."""
        if not changes:
            return
        with self._folder.writer_lock():
            name = self._folder.current()
            self._folder.remove_uncommitted_deletes(name)
            index = self._folder.open(name)
            index.reload()
            searcher = index.searcher()
            held = stored_versions(searcher, [changed_article_id(change) for change in changes])
            writer = open_writer(index)
            try:
                write_changes(writer, changes, version, lambda id: held.get(id, -1))
                writer.commit()
                if searcher.num_segments > (MAX_SEGMENTS if interactive else MAX_SEGMENTS_IN_BATCH):
                    writer.wait_merging_threads()
            finally:
                del writer  # a propagating exception would otherwise keep Tantivy's lock
                if not interactive:
                    trim_heap()

    def search(self, request: EngineRequest) -> EngineResult:
        return self._view()[1].search(request)

    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FacetName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        return self._view()[1].counts(nodes, filters)

    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        return self._view()[1].analyzed_articles(ids)

    def scan(self, request: EngineRequest) -> Iterator[int]:
        return iter(self._view()[1].ordered_ids(request))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        return iter(self._view()[1].fingerprints())

    def start_rebuild(self, analysis_version: str | None = None) -> EmbeddedBuild:
        return EmbeddedBuild(self._folder, analysis_version)

    def drop_orphans(self) -> list[str]:
        return self._folder.drop_orphans()

    @contextmanager
    def temporary_index(self) -> Iterator[EmbeddedEngine]:
        """Yield an engine in a sub-folder that counts as an orphan once this process is gone."""
        with self._folder.reserve_folder(f"throwaway-{secrets.token_hex(4)}") as home:
            try:
                engine = EmbeddedEngine(home)
                engine.ensure_index()
                yield engine
            finally:
                self._folder.drop(home.name)

    def _view(self) -> tuple[str, IndexView]:
        """Return the name of the serving index and a view of its newest state."""
        name = self._folder.current()
        while True:
            try:
                return name, IndexView(self._searcher(name))
            except EngineError:
                # Swapped and dropped since the pointer was read? Then the pointer names another index by now.
                failed, name = name, self._folder.current()
                if name == failed:
                    raise

    def _searcher(self, name: str) -> tantivy.Searcher:
        opened = self._opened
        if opened is None or opened[:2] != (os.getpid(), name):
            opened = self._opened = (os.getpid(), name, self._folder.open(name))
        try:
            opened[2].reload()
        except ValueError as error:
            raise EngineError(f"{name} cannot be read: {error}") from error
        return opened[2].searcher()


class EmbeddedBuild(IndexBuild):
    """An index being filled by this process, with one writer from the first document to the swap."""

    def __init__(self, folder: IndexFolder, analysis_version: str | None) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.name = self._stack.enter_context(folder.create(analysis_version))
        self._index = folder.open(self.name)
        self._writer: tantivy.IndexWriter | None = None
        #: Versions written by this build; the index began empty, so it need not be asked.
        self._versions: dict[int, int] = {}

    def apply(self, changes: Sequence[Change], version: int) -> None:
        if self._writer is None:
            self._writer = open_writer(self._index)
        written = write_changes(self._writer, changes, version, lambda id: self._versions.get(id, -1))
        self._versions.update(dict.fromkeys(written, version))

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        self._commit()
        self._index.reload()
        return iter(IndexView(self._index.searcher()).fingerprints())

    def publish(self) -> None:
        self._commit()
        with self._folder.writer_lock(SWAP_WAIT):
            self._folder.switch_to(self.name)
        self._stack.close()

    def abandon(self) -> None:
        self._writer = None
        if not self._serves():
            self._folder.drop(self.name)
        self._stack.close()

    def _serves(self) -> bool:
        try:
            return self._folder.current() == self.name
        except IndexMissing:
            return False

    def _commit(self) -> None:
        """Commit and release the writer; the next `apply` opens another."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None
