"""Damage to the files of an embedded index: how it is found, and how processes tell each other of it.

    PATH/DAMAGED     name of an index whose files are known to be wrong: it is not searched any more
    PATH/SUSPECTED   name of an index in which a search failed; a writer verifies its files

Tantivy ends each of its files with a checksum, but compares it only when asked, and Python cannot ask.
"""

from __future__ import annotations

import json
import re
import struct
import tempfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tantivy

from articles.storage_faults import storage_fault
from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import (
    EngineError,
    EngineRequest,
    EngineResult,
    EngineUnavailable,
    FilterName,
    IndexDamaged,
    SearchView,
)
from search.engines.embedded.index_view import IndexView
from search.engines.embedded.schema import schema
from search.engines.embedded.segment_files import SegmentEntry, SegmentFiles, read_footer
from search.query_tree import Node

#: The files of every segment.
_KINDS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_READ_BYTES = 1 << 20
#: In the messages of errors that Tantivy raises as ValueError, as it does for faulty queries.
_DAMAGE = re.compile(r"corrupt|io ?error|FileDoesNotExist|failed to open|UnexpectedEof", re.IGNORECASE)


def file_faults(files: SegmentFiles) -> list[str]:
    """Return what is wrong with the files of an index, one sentence each; reads all of them.

    Other processes may write meanwhile: a file that is no longer used is not wrong.
    """
    try:
        faults = _meta_faults(files.read_meta())
        segments = files.segments()
    except (EngineError, KeyError, TypeError, AttributeError) as error:
        return [f"meta.json cannot be read: {error}"]
    for segment in segments:
        for path in files.paths(segment, _KINDS):
            if (reason := _fault(path, segment)) and segment in _segments_now(files):
                faults.append(f"{path.name}: {reason}")
    return faults


def _segments_now(files: SegmentFiles) -> list[SegmentEntry]:
    with suppress(EngineError):
        return files.segments()
    return []


def _meta_faults(meta: dict[str, Any]) -> list[str]:
    return [] if meta.get("schema") == _schema_in_meta() else ["meta.json describes other fields"]


@cache
def _schema_in_meta() -> Any:
    """Return the schema as Tantivy writes it to meta.json."""
    with tempfile.TemporaryDirectory(prefix="newsarchive-schema-") as folder:
        tantivy.Index(schema(), path=folder, reuse=False)
        return json.loads((Path(folder) / "meta.json").read_text(encoding="utf-8"))["schema"]


def _fault(path: Path, segment: SegmentEntry) -> str:
    """Return why a file of a segment is not as it was written; "" if it is."""
    try:
        footer, body_bytes = read_footer(path)
        checksum = _checksum(path, body_bytes)
        deleted = _deleted(path, body_bytes) if path.suffix == ".del" else segment.deleted
    except FileNotFoundError:
        return "it is gone"
    except (OSError, ValueError, struct.error) as error:
        return f"it cannot be read ({error})"
    if checksum != footer.get("crc"):
        return "its checksum is wrong"
    return "" if deleted == segment.deleted else "it does not delete as many documents as meta.json says"


def _checksum(path: Path, size: int) -> int:
    checksum = 0
    with path.open("rb") as handle:
        while size > 0 and (part := handle.read(min(size, _READ_BYTES))):
            checksum = zlib.crc32(part, checksum)
            size -= len(part)
    return checksum


def _deleted(path: Path, size: int) -> int:
    """Return how many documents a list of deletes deletes: its bits are those that live."""
    data = path.read_bytes()[:size]
    (documents,) = struct.unpack_from("<I", data)
    return int(documents) - int.from_bytes(data[4:], "little").bit_count()


def disk_unusable(error: Exception) -> EngineUnavailable | None:
    """Return the error for a disk that cannot be written or is full; None if another thing is wrong."""
    said = {"read_only": "the folder of the index cannot be written", "full": "the disk is full"}
    fault = storage_fault(error)
    return EngineUnavailable(f"{said[fault]}: {error}") if fault in said else None


class DamageMarks:
    """The marks in the folder of the engine. A mark that names another index than the serving one is old."""

    def __init__(self, path: Path) -> None:
        self._damaged, self._suspected = path / "DAMAGED", path / "SUSPECTED"

    def is_damaged(self, name: str) -> bool:
        """Return True if the files of this index are known to be wrong."""
        return self._names(self._damaged, name)

    def is_suspected(self, name: str) -> bool:
        """Return True if a search in this index failed, so that its files should be verified."""
        return self._names(self._suspected, name)

    def damage(self, name: str) -> None:
        """Mark an index as damaged."""
        self._write(self._damaged, name)

    def suspect(self, name: str) -> None:
        """Mark an index for verification."""
        self._write(self._suspected, name)

    def clear(self) -> None:
        """Remove the marks."""
        for mark in (self._damaged, self._suspected):
            with suppress(OSError):
                mark.unlink(missing_ok=True)

    @staticmethod
    def _names(mark: Path, name: str) -> bool:
        try:
            return mark.read_text(encoding="utf-8", errors="replace") == name
        except OSError:
            return False

    @staticmethod
    def _write(mark: Path, name: str) -> None:
        with suppress(OSError):  # a folder that cannot be written: whoever called raises its own error
            mark.write_text(name, encoding="utf-8")

    @contextmanager
    def watch(self, name: str) -> Iterator[None]:
        """Raise IndexDamaged for errors that only damaged files cause, and have the files verified."""
        try:
            yield
        except EngineError:
            raise
        except BaseException as error:
            if isinstance(error, ValueError | OSError) and (unusable := disk_unusable(error)):
                raise unusable from None
            # A panic of Rust is a BaseException, which would end a thread of the web server.
            panic = type(error).__name__ == "PanicException"
            if not panic and not (isinstance(error, ValueError | OSError) and _DAMAGE.search(str(error))):
                raise
            self.suspect(name)
            reason = str(error).partition("\n")[0]
        else:
            return
        # Outside of `except`, because a traceback would keep the engine's objects alive.
        raise IndexDamaged(f"the index {name} cannot be read: {reason}")


class WatchedView(SearchView):
    """A view of an index whose errors are recognized as damage."""

    def __init__(self, name: str, view: IndexView, marks: DamageMarks) -> None:
        self._view = view
        self._name, self._marks = name, marks

    def _watch(self) -> AbstractContextManager[None]:
        return self._marks.watch(self._name)

    def search(self, request: EngineRequest) -> EngineResult:
        with self._watch():
            return self._view.search(request)

    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FilterName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        with self._watch():
            return self._view.counts(nodes, filters)

    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        with self._watch():
            return self._view.analyzed_articles(ids)

    def iter_ids(self, request: EngineRequest) -> Iterator[int]:
        """Yield the ids of all hits, see `IndexView.iter_ids`."""
        with self._watch():
            yield from self._view.iter_ids(request)

    def count(self) -> int:
        """Return the number of live documents."""
        with self._watch():
            return self._view.count()

    def newest_version(self) -> int:
        """Return the highest version of a document or tombstone."""
        with self._watch():
            return self._view.newest_version()

    def fingerprints(self) -> list[tuple[int, str]]:
        """Return (id, fingerprint) of every live document by ascending id."""
        with self._watch():
            return self._view.fingerprints()
