"""The files of one index of Tantivy: meta.json names its segments, and these their files."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import uuid
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from search.engines.contract import EngineError
from search.engines.embedded.file_locks import lock_file

#: A file of a segment: its id, the number of the last operation in a list of deletes, the kind of file.
_SEGMENT_FILE = re.compile(r"([0-9a-f]{32})\.(?:(\d+)\.(?=del$))?(\w+)")
#: What a killed process may leave besides: files that were to be renamed, and a folder of a merge.
_LEFT_BEHIND = re.compile(r"\.tmp.*|[0-9a-f]{32}\..*|meta\.json\.new|merge")
#: Tantivy's own lock. A process that opens an index holds it while it reads meta.json and opens the files.
_OPENING_LOCK = ".tantivy-meta.lock"
_OPENING_WAIT = 5.0
#: The last bytes of each file of Tantivy.
_FOOTER_MAGIC = 1337


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

    def paths(self, segment: SegmentEntry, kinds: Sequence[str]) -> list[Path]:
        """Return the files of these kinds that a segment has, and its list of deletes."""
        deletes = [] if segment.opstamp is None else [f"{segment.opstamp}.del"]
        return [self.home / f"{_hex(segment.id)}.{kind}" for kind in (*kinds, *deletes)]

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
        footer = read_footer(folder / f"{_hex(emptied.id)}.idx")[0] | {"crc": zlib.crc32(alive)}
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


def read_footer(path: Path) -> tuple[dict[str, Any], int]:
    """Return what Tantivy writes at the end of each of its files, and the number of bytes before that.

    It is the version and a checksum of those bytes. Raises OSError, ValueError, struct.error.
    """
    with path.open("rb") as handle:
        end = handle.seek(-8, os.SEEK_END)
        length, magic = struct.unpack("<II", handle.read())
        if magic != _FOOTER_MAGIC or length > end:
            raise ValueError("it has no footer")
        handle.seek(end - length)
        return dict(json.loads(handle.read(length))), end - length


def _hex(segment_id: str) -> str:
    return segment_id.replace("-", "")


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
