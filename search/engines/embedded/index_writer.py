"""Writes articles and tombstones to a Tantivy index."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence

import tantivy

from search.engines.contract import Change, EngineBusy, EngineError, Put, changed_article_id
from search.engines.embedded.schema import live_document, schema, tombstone

#: No article has this id.
NO_ARTICLE_ID = -1
WRITER_HEAP_BYTES = 64_000_000
#: A search opens every segment: above this many even an interactive write waits for the merge.
MAX_SEGMENTS = 24
#: A batch writes in many commits; a merge after each would write every article several times. Tantivy begins
#: a merge when a commit makes the eighth segment, and discards it if the writer does not wait for it.
MAX_SEGMENTS_IN_BATCH = 6
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
