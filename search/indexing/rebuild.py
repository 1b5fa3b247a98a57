"""Build a new index next to the serving one: fill it, replay later changes, compare, compact, swap.

Row numbers do not show which changes are later, because PostgreSQL commits them out of order. During a
rebuild no outbox row is deleted, and the rebuild replays every row that it has not replayed yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Max

from articles.batching import chunks
from articles.models import Article, Outbox
from search import index_state
from search.engines import get_engine
from search.engines.contract import Change, EngineError, IndexBuild, Put, SearchEngine, changed_article_id
from search.indexing.changes import (
    fan_out_changes,
    load_changes,
    schedule_retry,
    send_changes,
)
from search.indexing.index_documents import CHUNK, iter_documents, load_documents_after
from search.indexing.outbox_consumer import (
    SWAP_LOCK_SECONDS,
    drop_abandoned_builds,
    finish_rebuild,
    qualified_index_name,
    resolve_interrupted_rebuild,
    serving_index_name,
)
from search.indexing.verify import compare_fingerprints
from search.locks import locked
from search.vocabulary import vocabulary_updates
from search.vocabulary.vocabulary_store import index_analysis_version
from search.vocabulary.word_form_cache import word_form_cache

#: Articles read and sent at once; the engine decides when to commit.
FILL_CHUNK = 1000
_LOCK_SECONDS = 2.0
_MAX_COMPARISONS = 3

ProgressCallback = Callable[[int], None]


class RebuildFailedError(EngineError):
    """The new index did not become equal to the database; the old one still serves."""


@dataclass(frozen=True)
class RebuildResult:
    """The result of a rebuild."""

    index: str
    documents: int
    #: Articles sent again because they changed in the meantime.
    replayed: int
    seconds: float
    #: {article: reason} of what the engine refused; these wait in the outbox.
    refused: dict[int, str] = field(default_factory=dict)


def rebuild_index(
    engine: SearchEngine | None = None, *, progress: ProgressCallback = lambda documents: None
) -> RebuildResult:
    """Build, compare, compact and swap, while saves, the outbox consumer and searches continue.

    `progress` is called with the number of documents after each chunk. Raises LockHeldError while another
    rebuild runs, and EngineError and its subclasses on failure, with the old index serving and no orphan
    left.
    """
    engine = engine or get_engine()
    began = time.monotonic()
    with locked("rebuild", wait=_LOCK_SECONDS):
        drop_abandoned_builds(engine)
        # Before the first article is read: from now on no unseen row is deleted. The mark stays if this
        # process dies or cannot clean up; then the next run of the consumer does
        # (`recover_interrupted_rebuild`).
        index_state.update_index_state(building="started")
        engine.drop_orphans()
        vocabulary_updates.freeze_vocabulary()
        try:
            filling = _IndexFiller(engine.start_rebuild(index_analysis_version()), progress)
        except BaseException:
            resolve_interrupted_rebuild(engine)
            raise
        try:
            index_state.update_index_state(building=qualified_index_name(engine.name, filling.build.name))
            filling.fill()
            filling.replay()
            filling.compare()
            filling.build.compact()
            with locked("drain", wait=SWAP_LOCK_SECONDS):
                filling.replay()
                schedule_retry(filling.refused)
                filling.build.publish()
                index_state.update_index_state(serving=serving_index_name(engine.status()))
                filling.words.publish()
        except BaseException:
            filling.build.abandon()
            resolve_interrupted_rebuild(engine)
            raise
        finish_rebuild()
    return RebuildResult(
        index=filling.build.name,
        documents=filling.documents,
        replayed=filling.replayed,
        seconds=time.monotonic() - began,
        refused=filling.refused,
    )


class _IndexFiller:
    """One index being filled."""

    def __init__(self, build: IndexBuild, progress: ProgressCallback) -> None:
        self.build = build
        self.progress = progress
        self.documents = 0
        self.replayed = 0
        #: {article: reason}
        self.refused: dict[int, str] = {}
        self._seen: set[int] = set()
        self.words = vocabulary_updates.RebuildWordCounts()

    def fill(self) -> None:
        """Send every article that is visible now.

        Later changes get new outbox rows, which `replay` sends. Existing rows need no replay, because their
        changes are read here.
        """
        self._seen = set(Outbox.objects.values_list("pk", flat=True))
        version = index_state.next_version()
        last_id, end = -1, Article.objects.aggregate(end=Max("pk"))["end"] or 0
        while last_id < end and (documents := load_documents_after(last_id, FILL_CHUNK)):
            word_form_cache.load_if_worthwhile(len(documents))
            self._send([Put(document) for document in documents.values()], version)
            last_id = max(documents)
            self.documents += len(documents)
            self.progress(self.documents)
        word_form_cache.save_if_worthwhile()

    def replay(self) -> set[int]:
        """Send the articles of all outbox rows not replayed yet, waiting or sent; return their ids."""
        columns = Outbox.objects.order_by("pk").values_list("pk", "kind", "article_id", "batch_id")
        rows = [row for row in columns.iterator() if row[0] not in self._seen]
        sent = {article_id for _pk, _kind, article_id, _batch in rows if article_id is not None}
        self._send_now(sorted(sent))
        for _pk, kind, _article, batch_id in rows:
            # A row for the whole archive adds nothing: filling sends the whole archive.
            if kind == Outbox.Kind.FAN_OUT and batch_id is not None:
                sent |= self._replay_batch(batch_id)
        self._seen.update(row[0] for row in rows)
        self.replayed += len(sent)
        return sent

    def compare(self) -> None:
        """Compare the new index with the database.

        Changes made during the comparison are no fault. Other differences are sent again; raises
        RebuildFailedError if they remain.
        """
        wrong: list[int] = []
        for _attempt in range(_MAX_COMPARISONS):
            found = compare_fingerprints(self.build.fingerprints(), iter_documents())
            self.documents = found.documents
            wrong = sorted(set(found.ids()) - self.replay() - self.refused.keys())
            if not wrong:
                return
            self._send_now(wrong)
        raise RebuildFailedError(f"{len(wrong)} articles differ from the database, e.g. {wrong[:5]}")

    def _replay_batch(self, batch_id: int) -> set[int]:
        sent: set[int] = set()
        cursor = 0
        while True:
            version = index_state.next_version()
            changes = fan_out_changes(batch_id, cursor)
            if not changes:
                return sent
            self._send(changes, version)
            cursor = changed_article_id(changes[-1])
            sent.update(changed_article_id(change) for change in changes)

    def _send_now(self, ids: Sequence[int]) -> None:
        for part in chunks(ids, CHUNK):
            version = index_state.next_version()
            self._send(load_changes(part), version)

    def _send(self, changes: Sequence[Change], version: int) -> None:
        refused = send_changes(lambda part: self.build.apply(part, version), changes)
        self.words.record_changes([change for change in changes if changed_article_id(change) not in refused])
        for change in changes:
            self.refused.pop(changed_article_id(change), None)
        self.refused |= refused
