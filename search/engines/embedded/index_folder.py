"""The folder of the embedded engine: the indexes, a pointer to the serving one, locks and marks.

PATH/CURRENT             name of the serving index; replaced by one atomic rename
PATH/WRITER              lock of the process that writes to, or replaces, the serving index
PATH/LISTING             lock of the process that creates or removes folders
PATH/DAMAGED, SUSPECTED  marks of damage (index_damage.py)
PATH/<stamp>-<random>/   an index (Tantivy's files), with analysis.json and the ALIVE lock of its builder
PATH/…/merge/            links to segments while they are merged (index_writer.py)
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tantivy

from search.engines.analyzed_text import document_analysis_version
from search.engines.contract import EngineBusy, IndexMissing
from search.engines.embedded.file_locks import lock_file
from search.engines.embedded.schema import INDEX_FIELDS, schema
from search.engines.engine_errors import IndexOfOtherRelease

_INDEX_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


class IndexFolder:
    """The folder PATH and the operations on it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> str:
        """Return the name of the serving index. Raises IndexMissing."""
        name = self._named()
        while not _INDEX_NAME.fullmatch(name) or not self.home(name).is_dir():
            before, name = name, self._named()
            if name == before:  # else a swap has dropped the index between the two looks
                raise IndexMissing(f"no index in {self.path}: run rebuild_index")
        return name

    def _named(self) -> str:
        try:
            return (self.path / "CURRENT").read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return ""

    def writer_lock(self, wait: float = 0.0) -> AbstractContextManager[None]:
        """Return the lock that every change of the serving index needs."""
        return lock_file(self.path / "WRITER", wait)

    @contextmanager
    def reserve_folder(self, name: str) -> Iterator[Path]:
        """Create a sub-folder that does not count as an orphan while this process holds it."""
        home = self.path / name
        with ExitStack() as stack:
            with self._listing_lock():
                home.mkdir(parents=True)
                stack.enter_context(lock_file(home / "ALIVE"))
            yield home

    @contextmanager
    def create(self, version: str | None = None) -> Iterator[str]:
        """Create a new empty index, reserved as in `reserve_folder`, and yield its name.

        `version` is the analysis version (see `SearchEngine.start_rebuild`).
        """
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        with self.reserve_folder(name) as home:
            made_with = {
                "analysis_version": version or document_analysis_version(),
                "columns": list(INDEX_FIELDS),
            }
            (home / "analysis.json").write_text(json.dumps(made_with))
            tantivy.Index(schema(), path=str(home), reuse=False)
            yield name

    def open(self, name: str) -> tantivy.Index:
        """Open an index of this folder. Raises IndexMissing, and ValueError if its files are damaged."""
        home = self.path / name
        if not home.is_dir():
            raise IndexMissing(f"{home} is gone")
        if self._made_with(name).get("columns") != list(INDEX_FIELDS):
            raise IndexOfOtherRelease(f"{home} is of another version of the archive: run rebuild_index")
        index = tantivy.Index.open(str(home))
        # No watcher thread, which would not survive a fork: every search reloads the index itself.
        index.config_reader(reload_policy="manual")
        return index

    def home(self, name: str) -> Path:
        """Return the folder of an index."""
        return self.path / name

    def analysis_version(self, name: str) -> str:
        """Return the analysis version that the index was built with."""
        return str(self._made_with(name).get("analysis_version", ""))

    def _made_with(self, name: str) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            return dict(json.loads((self.path / name / "analysis.json").read_text()))
        return {}

    def switch_to(self, name: str) -> None:
        """Make `name` the serving index and drop its predecessor; requires `writer_lock()`."""
        before = None
        with suppress(IndexMissing):
            before = self.current()
        fresh = self.path / f"CURRENT.{os.getpid()}"
        with fresh.open("w", encoding="ascii") as handle:
            handle.write(name)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self.path / "CURRENT")
        if before and before != name:
            self.drop(before)

    def drop(self, name: str) -> None:
        """Delete an index. A process that still reads it keeps its mapped files until its next reload."""
        shutil.rmtree(self.path / name, ignore_errors=True)

    def drop_orphans(self) -> list[str]:
        """Delete indexes that neither serve nor are held by a living process; return their names."""
        if not self.path.exists():
            return []
        with self._listing_lock():
            serving = ""
            with suppress(IndexMissing):
                serving = self.current()
            homes = [home for home in self.path.iterdir() if home.is_dir() and home.name != serving]
            orphans = sorted(home.name for home in homes if not _is_locked(home))
            for name in orphans:
                self.drop(name)
        return orphans

    def _listing_lock(self) -> AbstractContextManager[None]:
        """Return the lock that keeps a folder from being taken for an orphan before its creator holds it."""
        return lock_file(self.path / "LISTING", wait=10.0)


def _is_locked(home: Path) -> bool:
    try:
        with lock_file(home / "ALIVE"):
            return False
    except EngineBusy:
        return True
