"""The folder of the embedded engine: the indexes, a pointer to the serving one, file locks.

    PATH/CURRENT             name of the serving index; replaced by one atomic rename
    PATH/WRITER              lock of the process that writes to, or replaces, the serving index
    PATH/LISTING             lock of the process that creates or removes folders
    PATH/<stamp>-<random>/   an index (Tantivy's files), with analysis.json and the ALIVE lock of its builder
    PATH/…/merge/            links to segments while they are merged (index_writer.py)

Locks are flock(2): the kernel releases them when the holding process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import struct
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tantivy

from search.engines.analyzed_text import document_analysis_version
from search.engines.contract import EngineBusy, EngineError, IndexMissing
from search.engines.embedded.schema import INDEX_FIELDS, schema

_POLL_SECONDS = 0.02
#: A file of a segment: its id, the number of the last operation in a list of deletes, the kind of file.
_SEGMENT_FILE = re.compile(r"([0-9a-f]{32})\.(?:(\d+)\.(?=del$))?(\w+)")
#: What a killed process may leave besides: files that were to be renamed, and a folder of a merge.
_LEFT_BEHIND = re.compile(r"\.tmp.*|[0-9a-f]{32}\..*|meta\.json\.new|merge")
#: Tantivy's own lock. A process that opens an index holds it while it reads meta.json and opens the files.
_OPENING_LOCK = ".tantivy-meta.lock"
_OPENING_WAIT = 5.0
#: The last bytes of each file of Tantivy.
_FOOTER_MAGIC = 1337


@contextmanager
def lock_file(path: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path`; raise EngineBusy if another holds it for longer than `wait` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with path.open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise EngineBusy(f"another process holds {path.name}") from None
                time.sleep(_POLL_SECONDS)
        yield


class IndexFolder:
    """The folder PATH and the operations on it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> str:
        """Return the name of the serving index. Raises IndexMissing."""
        try:
            return (self.path / "CURRENT").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise IndexMissing(f"no index in {self.path}: run rebuild_index") from None

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
        """Open an index of this folder. Raises IndexMissing, EngineError."""
        home = self.path / name
        if not (home / "meta.json").exists():
            raise IndexMissing(f"{home} is gone")
        if self._made_with(name).get("columns") != list(INDEX_FIELDS):
            raise IndexMissing(f"{home} is of another version of the archive: run rebuild_index")
        try:
            index = tantivy.Index.open(str(home))
            # No watcher thread, which would not survive a fork: every search reloads the index itself.
            index.config_reader(reload_policy="manual")
        except ValueError as error:
            raise EngineError(f"{home} cannot be opened: {error}") from error
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


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of an index, as meta.json names it."""

    id: str
    #: Number of documents, deleted ones included.
    documents: int
    deleted: int = 0
    #: Number of the last operation in its list of deletes; None if it has no list.
    opstamp: int | None = None

    @property
    def live(self) -> int:
        """Return the number of documents that are not deleted."""
        return self.documents - self.deleted

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> SegmentEntry:
        """Read an entry of meta.json."""
        deletes = entry["deletes"] or {"num_deleted_docs": 0, "opstamp": None}
        return cls(entry["segment_id"], entry["max_doc"], deletes["num_deleted_docs"], deletes["opstamp"])

    def as_json(self) -> dict[str, Any]:
        """Return the entry for meta.json."""
        deletes = {"num_deleted_docs": self.deleted, "opstamp": self.opstamp}
        return {
            "segment_id": self.id,
            "max_doc": self.documents,
            "deletes": None if self.opstamp is None else deletes,
        }


class SegmentFiles:
    """The files of one index: meta.json names its segments, and these their files.

    Tantivy gives Python neither a merge policy nor a merge of chosen segments; therefore meta.json is read
    and written here (docs/decisions/0025-clean-embedded-index.md). Changes require the lock of the index's
    writer, and that no writer is open.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def segments(self) -> list[SegmentEntry]:
        """Return the segments of the last commit. Raises EngineError if meta.json cannot be read."""
        return [SegmentEntry.from_json(entry) for entry in self.read_meta()["segments"]]

    def state(self) -> tuple[int, ...] | None:
        """Return what the disk says of meta.json, None without one: every commit and merge replaces it."""
        with suppress(FileNotFoundError):
            of_file = (self.home / "meta.json").stat()
            return of_file.st_ino, of_file.st_size, of_file.st_mtime_ns, of_file.st_ctime_ns
        return None

    def read_meta(self) -> dict[str, Any]:
        """Return the contents of meta.json. Raises EngineError."""
        try:
            return dict(json.loads((self.home / "meta.json").read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise EngineError(f"{self.home}/meta.json cannot be read: {error}") from error

    def write_meta(self, meta: dict[str, Any], segments: Iterable[SegmentEntry]) -> None:
        """Replace meta.json by `meta` with these segments, in one rename."""
        largest_first = sorted(segments, key=lambda segment: -segment.documents)
        fresh = self.home / "meta.json.new"
        with fresh.open("w", encoding="utf-8") as handle:
            json.dump({**meta, "segments": [segment.as_json() for segment in largest_first]}, handle)
            handle.flush()
            os.fsync(handle.fileno())
        _sync_folder(self.home)  # the files that it names come first
        fresh.replace(self.home / "meta.json")
        _sync_folder(self.home)

    def link(self, segment: SegmentEntry, folder: Path, id: str = "") -> None:
        """Link the files of a segment into another folder of this disk, there under another id if given."""
        here = _hex(segment.id)
        for path in self.home.iterdir():
            if self._is_named(path, {here: segment}):
                os.link(path, folder / path.name.replace(here, _hex(id) or here))

    def link_emptied(self, segment: SegmentEntry, folder: Path) -> SegmentEntry:
        """Link a segment into another folder under a new id, with all its documents deleted.

        Its entry says that one document is left, because Tantivy forgets a segment without any.
        """
        emptied = SegmentEntry(str(uuid.uuid4()), max(2, segment.documents), max(2, segment.documents) - 1, 1)
        self.link(replace(segment, opstamp=None), folder, emptied.id)
        alive = struct.pack("<I", emptied.documents) + bytes(8 * -(-emptied.documents // 64))
        footer = _footer(folder / f"{_hex(emptied.id)}.idx") | {"crc": zlib.crc32(alive)}
        end = json.dumps(footer).encode()
        (folder / f"{_hex(emptied.id)}.{emptied.opstamp}.del").write_bytes(
            alive + end + struct.pack("<II", len(end), _FOOTER_MAGIC)
        )
        return emptied

    def swap(self, old: Sequence[SegmentEntry], new: SegmentEntry, folder: Path) -> None:
        """Make the segment `new`, whose files are in `folder`, take the place of `old`."""
        SegmentFiles(folder).link(new, self.home)
        self.write_meta(self.read_meta(), [*(each for each in self.segments() if each not in old), new])

    def byte_sizes(self) -> tuple[int, int]:
        """Return the bytes of the files in use and of those that nothing names.

        During a write the second contains what is not committed yet.
        """
        live = dead = 0
        with suppress(FileNotFoundError):  # swapped away in the meantime
            unused = set(self._unused())
            for path in self.home.rglob("*"):
                with suppress(FileNotFoundError):  # merged away in the meantime
                    size = path.stat().st_size if path.is_file() else 0
                    if path in unused or path.parent in unused:
                        dead += size
                    else:
                        live += size
        return live, dead

    def remove_unused(self) -> None:
        """Delete the files that no segment names: of merged segments, and of a writer that was killed.

        Among these are lists of deletes without a commit, because of which the next writer that reaches the
        same number of operations could not write its own. A process that has the files open keeps them until
        its next search. Raises EngineBusy if one opens the index for longer than five seconds.
        """
        if not (self.home / "meta.json").exists() or not self._unused():
            return
        with lock_file(self.home / _OPENING_LOCK, _OPENING_WAIT):
            for path in self._unused():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def _unused(self) -> list[Path]:
        try:
            named = {_hex(segment.id): segment for segment in self.segments()}
        except EngineError:
            return []  # a damaged index is reported when it is opened
        left = (path for path in self.home.iterdir() if _LEFT_BEHIND.fullmatch(path.name))
        return [path for path in left if not self._is_named(path, named)]

    @staticmethod
    def _is_named(path: Path, named: dict[str, SegmentEntry]) -> bool:
        match = _SEGMENT_FILE.fullmatch(path.name)
        if match is None or match[1] not in named:
            return False
        opstamp = named[match[1]].opstamp
        return match[3] != "del" or (opstamp is not None and match[2] == str(opstamp))


def _footer(path: Path) -> dict[str, Any]:
    """Return what Tantivy writes at the end of each of its files: its version, and a checksum."""
    with path.open("rb") as handle:
        handle.seek(-8, os.SEEK_END)
        length, _magic = struct.unpack("<II", handle.read())
        handle.seek(-8 - length, os.SEEK_END)
        return dict(json.loads(handle.read(length)))


def _hex(segment_id: str) -> str:
    return segment_id.replace("-", "")


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
