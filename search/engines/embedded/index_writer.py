"""Writing articles and tombstones into a Tantivy index."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence

import tantivy

from search.engines.contract import Change, EngineBusy, EngineError, Put, changed_article_id
from search.engines.embedded.schema import live_document, schema, tombstone

#: No article has this number.
NO_ARTICLE_ID = -1
WRITER_HEAP_BYTES = 64_000_000
#: A reader opens every segment: above so many even an interactive write waits for the merge.
MAX_SEGMENTS = 24
#: A batch writes in many commits; a merge after each would write every article several times. Tantivy begins
#: one when a commit makes the eighth segment, and what it did is lost if the writer does not wait for it.
MAX_SEGMENTS_IN_BATCH = 6
#: Of glibc; None elsewhere.
_malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


def open_writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """Tantivy allows one writer at a time. Raises EngineBusy, EngineError.

    Tantivy gives a writer's first operation the number of the last commit. Where the writer merges before it
    commits, a segment that had deletes in that commit counts as up to date with that number, so that the
    first delete is lost, and the article's old state stands beside its new one: it must delete nothing."""
    try:
        writer = index.writer(WRITER_HEAP_BYTES, 1)
        writer.delete_documents_by_term("id", NO_ARTICLE_ID)
        return writer
    except ValueError as error:
        if "LockBusy" in str(error) or "Lockfile" in str(error):
            raise EngineBusy("another process is writing to the index") from error
        raise EngineError(str(error)) from error


def stored_versions(searcher: tantivy.Searcher, ids: Sequence[int]) -> dict[int, int]:
    """The version the index holds of each of these ids, tombstones included."""
    query = tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema(), "id", list(ids)), 0.0)
    hits = searcher.search(query, max(1, len(ids)), count=False).hits
    addresses = [address for _, address in hits]
    columns = (searcher.fast_field_values(name, addresses) for name in ("id", "version"))
    return dict(zip(*columns, strict=True))


def write_changes(
    writer: tantivy.IndexWriter, changes: Sequence[Change], version: int, held: Callable[[int], int]
) -> list[int]:
    """Put and remove, but nothing older than `held(id)`; returns the ids written. Does not commit."""
    last = {changed_article_id(change): change for change in changes}
    written = []
    for id, change in last.items():
        if held(id) > version:
            continue
        # Made first: if it cannot be, nothing of the article is touched.
        document = (
            live_document(change.document, version) if isinstance(change, Put) else tombstone(id, version)
        )
        writer.delete_documents_by_term("id", id)
        writer.add_document(document)
        written.append(id)
    return written


def trim_heap() -> None:
    """What a writer that is gone had held, to the system. The C library would keep it, for each of the
    writer's threads apart: a fifth of a process that imports thousands of articles. Takes milliseconds."""
    if _malloc_trim:
        _malloc_trim(0)
