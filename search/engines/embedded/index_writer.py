"""Writes articles and tombstones to a Tantivy index, and merges its segments."""

from __future__ import annotations

import ctypes
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import tantivy

from search.engines.contract import Change, EngineBusy, EngineError, Put, changed_article_id
from search.engines.embedded.schema import live_document, schema, tombstone
from search.engines.embedded.segment_files import SegmentEntry, SegmentFiles

logger = logging.getLogger(__name__)

#: No article has this id.
NO_ARTICLE_ID = -1
WRITER_HEAP_BYTES = 64_000_000
#: A search opens every segment: with more small ones than this, some are merged after a write.
MAX_SMALL_SEGMENTS = 6
_LEFT_BY_MERGE, _MUCH_LARGER = 4, 4
#: Tantivy merges this many segments of about one size by itself, and takes every one of up to
#: `_SMALL_SEGMENT` documents for such. It does not begin as long as these are fewer.
_TANTIVY_MERGES = 8
_SMALL_SEGMENT = 16_000
#: A function of glibc; None elsewhere.
_malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


def open_writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """Open the index's only writer. Raises EngineBusy, EngineError.

    Tantivy gives a writer's first operation the number of the last commit. Where the writer merges before it
    commits, a segment that had deletes in that commit counts as up to date with that number, so that the
    first delete is lost and the article's old state stays next to its new one. The first operation must
    therefore delete nothing.
    """
    try:
        writer = index.writer(WRITER_HEAP_BYTES, 1)
        writer.delete_documents_by_term("id", NO_ARTICLE_ID)
        return writer
    except ValueError as error:
        if "LockBusy" in str(error) or "Lockfile" in str(error):
            raise EngineBusy("another process is writing to the index") from error
        raise EngineError(str(error)) from error


@contextmanager
def opened_writer(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    """Open the index's only writer, and close it after the merges that Tantivy has begun.

    A writer that is dropped instead leaves the files of an unfinished merge behind. What was not committed is
    discarded. Raises EngineBusy, EngineError.
    """
    writer = open_writer(index)
    try:
        yield writer
    finally:
        # Also releases Tantivy's lock, which a propagating exception would keep with the variable.
        writer.wait_merging_threads()


def stored_versions(searcher: tantivy.Searcher, ids: Sequence[int]) -> dict[int, int]:
    """Return the version that the index holds for each of these ids, tombstones included."""
    query = tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema(), "id", list(ids)), 0.0)
    hits = searcher.search(query, max(1, len(ids)), count=False).hits
    addresses = [address for _, address in hits]
    columns = (searcher.fast_field_values(name, addresses) for name in ("id", "version"))
    return dict(zip(*columns, strict=True))


def write_changes(
    writer: tantivy.IndexWriter, changes: Sequence[Change], version: int, held: Callable[[int], int]
) -> list[int]:
    """Put and remove, except what is older than `held(id)`, without a commit; return the ids written."""
    last = {changed_article_id(change): change for change in changes}
    written = []
    for id, change in last.items():
        if held(id) > version:
            continue
        # Built first: if that fails, nothing of the article is touched.
        document = (
            live_document(change.document, version) if isinstance(change, Put) else tombstone(id, version)
        )
        writer.delete_documents_by_term("id", id)
        writer.add_document(document)
        written.append(id)
    return written


def trim_heap() -> None:
    """Return the memory of a closed writer to the system, in milliseconds.

    The C library would keep it, separately for each of the writer's threads: a fifth of a process that
    imports thousands of articles.
    """
    if _malloc_trim:
        _malloc_trim(0)


def segments_to_merge(segments: Sequence[SegmentEntry]) -> list[SegmentEntry]:
    """Return the smallest segments if there are many small ones, else [].

    These are as many as are together larger than the next one, so that each article is rewritten only a few
    times while an index grows. A few more are taken if they are not much larger, so that the next writes need
    no merge. A save in a large index thus rewrites only articles that were saved shortly before.
    """
    small = [each for each in segments if each.live <= _SMALL_SEGMENT]
    small.sort(key=lambda segment: segment.live)
    if len(small) <= MAX_SMALL_SEGMENTS:
        return []
    count, taken = 2, small[0].live + small[1].live
    while count < len(small):
        many_left = len(small) - count >= _LEFT_BY_MERGE
        if small[count].live > taken * (_MUCH_LARGER if many_left else 1):
            break
        taken += small[count].live
        count += 1
    return small[:count]


def merge_small_segments(files: SegmentFiles) -> None:
    """Merge the smallest segments if there are many; requires the writer lock.

    A merge that fails is logged: what was written before it stays written, and the index works without it.
    """
    if chosen := segments_to_merge(files.segments()):
        try:
            _merge(files, chosen)
        except (EngineError, ValueError, OSError):
            logger.exception("small segments of %s stay as they are", files.home)


def expunge_deletes(files: SegmentFiles) -> None:
    """Rewrite every segment that holds deleted documents; requires the writer lock."""
    holding = [each for each in files.segments() if each.deleted]
    small = [each for each in holding if each.live <= _SMALL_SEGMENT]
    for segments in [small, *([each] for each in holding if each not in small)]:
        if segments:
            _merge(files, segments)


def _merge(files: SegmentFiles, segments: Sequence[SegmentEntry]) -> None:
    """Replace segments by one without deleted documents; requires the writer lock. Raises EngineError.

    Tantivy's policy decides which segments are merged, and Python cannot set another. In a folder of their
    own these have companions without documents, so that they are as many as the policy wants; and entries
    that call them small, so that it takes them all. The searches of other processes are not disturbed:
    meta.json changes once, when the merged segment is complete.
    """
    folder = files.home / "merge"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    entries = []
    for segment in segments:
        files.link(segment, folder)
        entries.append(replace(segment, deleted=segment.documents - 1) if segment.deleted else segment)
    smallest = min(files.segments(), key=lambda each: each.documents)
    companions = range(_TANTIVY_MERGES - len(segments))
    entries += [files.link_emptied(smallest, folder) for _ in companions]
    apart = SegmentFiles(folder)
    apart.write_meta(files.read_meta(), entries)
    # Not `open_writer`, whose first operation would count the documents of the companions anew.
    writer = tantivy.Index.open(str(folder)).writer(WRITER_HEAP_BYTES, 1)
    writer.commit()
    writer.wait_merging_threads()
    merged = apart.segments()
    if len(merged) != 1 or merged[0] != SegmentEntry(merged[0].id, sum(each.live for each in segments)):
        raise EngineError(f"{files.home}: {segments} were merged to {merged}")
    files.swap(segments, merged[0], folder)
    shutil.rmtree(folder, ignore_errors=True)
