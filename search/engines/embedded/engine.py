"""The embedded engine: Tantivy inside this process, its index next to the database, without a server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tantivy

from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import (
    Change,
    EngineBusy,
    EngineError,
    EngineRequest,
    EngineResult,
    EngineStatus,
    EngineUnavailable,
    FilterName,
    IndexBuild,
    IndexDamaged,
    IndexMissing,
    SearchEngine,
    changed_article_id,
)
from search.engines.embedded.index_damage import DamageMarks, WatchedView, disk_unusable, file_faults
from search.engines.embedded.index_folder import IndexFolder
from search.engines.embedded.index_view import IndexView
from search.engines.embedded.index_writer import (
    expunge_deletes,
    merge_small_segments,
    open_writer,
    opened_writer,
    stored_versions,
    trim_heap,
    write_changes,
)
from search.engines.embedded.segment_files import SegmentFiles
from search.query_tree import Node

#: How long a swap or the first index waits for a writer, in seconds (a chunk of writes takes about one).
SWAP_WAIT = 30.0


class EmbeddedEngine(SearchEngine):
    """Indexes in a folder, opened lazily in each process, so that the engine survives a fork."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path)
        self._marks = DamageMarks(path)
        #: Stale after a fork or a swap.
        self._opened: _OpenedIndex | None = None

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
        files = self._files(name)
        documents = WatchedView(name, view, self._marks).count()
        live_bytes, dead_bytes = files.byte_sizes()
        return EngineStatus(
            engine=self.name,
            index=name,
            documents=documents,
            live_bytes=live_bytes,
            dead_bytes=dead_bytes,
            deleted_documents=sum(segment.deleted for segment in files.segments()),
            analysis_version=self._folder.analysis_version(name),
        )

    def analysis_version(self) -> str:
        return self._folder.analysis_version(self._folder.current())

    def newest_version(self) -> int:
        return self.view().newest_version()

    def apply(self, changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        """Write changes as the contract says; every write is visible everywhere on return."""
        if not changes:
            return
        with self._folder.writer_lock():
            name = self._folder.current()
            with self._marks.watch(name):
                self._write(name, changes, version, interactive=interactive)

    def expunge_deletes(self) -> None:
        with self._folder.writer_lock(SWAP_WAIT):
            name = self._folder.current()
            files = self._files(name)
            with self._marks.watch(name):
                expunge_deletes(files)
            files.remove_unused()

    def is_suspected(self) -> bool:
        try:
            return self._marks.is_suspected(self._folder.current())
        except IndexMissing:
            return False

    def file_faults(self) -> list[str]:
        """Return what is wrong with the files; from then on searches raise IndexDamaged until a rebuild."""
        name = self._folder.current()
        faults = file_faults(self._files(name))
        if not faults:
            self._marks.clear()
            try:
                self.status()
            except IndexDamaged as error:
                faults = [str(error)]
        if self._folder.current() != name:
            return []  # a rebuild has replaced it meanwhile
        if faults:
            self._marks.damage(name)
        return faults

    def view(self) -> WatchedView:
        return WatchedView(*self._view(), self._marks)

    def search(self, request: EngineRequest) -> EngineResult:
        return self.view().search(request)

    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FilterName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        return self.view().counts(nodes, filters)

    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        return self.view().analyzed_articles(ids)

    def scan(self, request: EngineRequest) -> Iterator[int]:
        return self.view().iter_ids(request)

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        return iter(self.view().fingerprints())

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

    def _write(self, name: str, changes: Sequence[Change], version: int, *, interactive: bool) -> None:
        files = self._files(name)
        files.remove_unused()
        index = self._open(name)
        index.reload()
        held = stored_versions(index.searcher(), [changed_article_id(change) for change in changes])
        try:
            with opened_writer(index) as writer:
                write_changes(writer, changes, version, lambda id: held.get(id, -1))
                writer.commit()
            merge_small_segments(files)
        finally:
            if not interactive:
                trim_heap()
            with suppress(EngineBusy):  # the changes are written; the next write removes the files
                files.remove_unused()

    def _files(self, name: str) -> SegmentFiles:
        return SegmentFiles(self._folder.home(name))

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
        """Return a searcher of the newest state, which is read again only if it has changed."""
        if self._marks.is_damaged(name):
            raise IndexDamaged(f"the files of the index {name} are damaged")
        opened = self._opened
        if opened is None or (opened.process, opened.name) != (os.getpid(), name):
            opened = self._opened = _OpenedIndex(os.getpid(), name, self._open(name))
        state = self._files(name).state()
        if state is None or state != opened.state:
            try:
                opened.index.reload()
            except ValueError as error:
                raise self._damaged(name, error) from error
            opened.state = state
        return opened.index.searcher()

    def _open(self, name: str) -> tantivy.Index:
        try:
            return self._folder.open(name)
        except ValueError as error:
            raise self._damaged(name, error) from error

    def _damaged(self, name: str, error: Exception) -> EngineUnavailable:
        if unusable := disk_unusable(error):
            return unusable
        self._marks.suspect(name)
        return IndexDamaged(f"the index {name} cannot be opened: {error}")


@dataclass
class _OpenedIndex:
    process: int
    name: str
    index: tantivy.Index
    #: Of its files when they were last read, see `SegmentFiles.state`.
    state: tuple[int, ...] | None = None


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

    def compact(self) -> None:
        self._commit()

    def publish(self) -> None:
        self._commit()
        with self._folder.writer_lock(SWAP_WAIT):
            self._folder.switch_to(self.name)
            DamageMarks(self._folder.path).clear()
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
            SegmentFiles(self._folder.home(self.name)).remove_unused()
