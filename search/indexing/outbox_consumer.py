"""The outbox consumer: sends waiting changes to the engine under a lock, in chunks of about a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from itertools import islice

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from articles.ingest.process_pool import worker_processes
from articles.models import Outbox
from search import index_state
from search.engines import get_engine
from search.engines.analyzed_text import document_analysis_version
from search.engines.contract import (
    Change,
    EngineStatus,
    IndexDamaged,
    IndexMissing,
    Remove,
    SearchEngine,
    changed_article_id,
)
from search.engines.engine_errors import IndexOfOtherRelease
from search.indexing.changes import (
    due_filter,
    fan_out_changes,
    load_changes,
    schedule_retry,
    send_changes,
)
from search.indexing.drain_result import SHARED_CHUNK, DrainResult
from search.indexing.prefetch import Prefetcher
from search.locks import LockHeldError, is_held, locked
from search.vocabulary import vocabulary_updates
from search.vocabulary.vocabulary_store import read_ahead
from search.vocabulary.word_counts import PartCount
from search.vocabulary.word_form_cache import MIN_ARTICLES_TO_LOAD, word_form_cache

#: Rows read per article; a change of an article writes a dozen.
_MOST_ROWS = 20_000
#: Longer than most chunks, since a process that gives up waiting loses its turn.
_LOCK_SECONDS = 5.0
#: How long the end of a rebuild waits for the lock; a chunk takes about a second.
SWAP_LOCK_SECONDS = 60.0
#: For this long after a kill the engine may still carry out requests of the killed process, such as creating
#: an index. Elasticsearch keeps a request waiting for 30 seconds, then refuses it.
LATE_REQUEST_WINDOW = timedelta(minutes=5)
#: Cursor of a batch's row whose articles a waiting row of the whole archive will send.
_COVERED_CURSOR = -1


def drain_outbox(
    engine: SearchEngine | None = None,
    *,
    stop: Callable[[], bool] = lambda: False,
    leave_fan_outs: bool = False,
) -> DrainResult:
    """Send pending changes until none is due or `stop()` returns True; take turns with other processes.

    With `leave_fan_outs` batches that another process sends with its worker processes are left to that one,
    which has analyzed the next articles already.

    Raises EngineUnavailable, EngineBusy; IndexMissing if the index was lost, IndexOfOtherRelease if another
    release made it. Changes that were not sent stay in the outbox.
    """
    engine = engine or get_engine()
    done = DrainResult(leave_fan_outs=leave_fan_outs)
    recover_interrupted_rebuild(engine)
    if _due_rows(done).exists():
        detect_restored_backup(engine)
    with worker_processes.keep_alive(), ExitStack() as stack:
        if executor := worker_processes.current_executor():
            with suppress(LockHeldError):
                stack.enter_context(locked("fan-out"))
            done.prefetcher = Prefetcher(executor)
            stack.callback(done.prefetcher.close)
        _drain(engine, done, stop)
    return done


def without_left_batches(rows: QuerySet[Outbox]) -> QuerySet[Outbox]:
    """Return the rows without batches, if a process with worker processes sends these."""
    return rows.filter(kind=Outbox.Kind.ARTICLE) if is_held("fan-out") else rows


def _due_rows(done: DrainResult) -> QuerySet[Outbox]:
    due = Outbox.objects.filter(due_filter())
    # With worker processes of its own this process leaves nothing, as the lock may be its own.
    return without_left_batches(due) if done.leave_fan_outs and not done.prefetcher else due


def _drain(engine: SearchEngine, done: DrainResult, stop: Callable[[], bool]) -> None:
    if _due_rows(done).exists():
        # Before the lock: a process that saves for the first time must not keep those waiting that are ready.
        read_ahead()
    while not stop() and _due_rows(done).exists():
        if done.prefetcher:
            done.prefetcher.analyze_next(done.prefetched_chunk)
        with suppress(LockHeldError), locked("drain", wait=_LOCK_SECONDS):
            # Who waited for the turn often finds that others have sent all, and asks the engine nothing.
            if _due_rows(done).exists():
                _send_chunk(engine, done)


def detect_restored_backup(engine: SearchEngine) -> bool:
    """Return True if the serving index is ahead of the database, so that it must be rebuilt.

    Must be called before the first write, which would hide that. Raises EngineUnavailable.
    """
    try:
        return index_state.mark_restored_backup(engine.newest_version())
    except (IndexMissing, IndexOfOtherRelease, IndexDamaged):
        return False


def recover_interrupted_rebuild(engine: SearchEngine) -> None:
    """Clean up after a killed rebuild, if there was one."""
    known = index_state.get_index_state()
    if not (known.building or known.orphans_until) or is_held("rebuild"):
        return
    try:
        with locked("rebuild"):
            drop_abandoned_builds(engine)
    except LockHeldError:
        return  # another rebuild has begun


def drop_abandoned_builds(engine: SearchEngine) -> None:
    """Drop the partial index of a killed rebuild and finish or undo its work; requires the rebuild lock.

    An index may appear late, so every run checks until the first one after LATE_REQUEST_WINDOW.
    """
    known = index_state.get_index_state()
    now = timezone.now()
    if known.building:
        index_state.update_index_state(orphans_until=now + LATE_REQUEST_WINDOW)
        engine.drop_orphans()  # from now on the killed process cannot publish anything
        resolve_interrupted_rebuild(engine)
    elif known.orphans_until:
        engine.drop_orphans()
        if not now < known.orphans_until <= now + LATE_REQUEST_WINDOW:  # over, or the clock was set back
            index_state.update_index_state(orphans_until=None)


def resolve_interrupted_rebuild(engine: SearchEngine) -> None:
    """Finish or undo a rebuild that ended without clearing its mark; requires the rebuild lock.

    If its index serves, rows that were sent during its publication, possibly to the former index, are sent
    again. Otherwise documents are split as before.
    """
    with locked("drain", wait=SWAP_LOCK_SECONDS):
        building = index_state.get_index_state().building
        try:
            serving = engine.status()
        except (IndexMissing, IndexOfOtherRelease, IndexDamaged):
            finish_rebuild()
            return
        if building == serving_index_name(serving):
            index_state.update_index_state(serving=building)
            Outbox.objects.filter(done_at__isnull=False).update(done_at=None, cursor=0)
        else:
            vocabulary_updates.unfreeze_if_version(serving.analysis_version)
        finish_rebuild()


def finish_rebuild() -> None:
    """Delete the sent rows that were kept for the rebuild."""
    index_state.update_index_state(building="")
    Outbox.objects.filter(done_at__isnull=False).delete()


def _send_chunk(engine: SearchEngine, done: DrainResult) -> None:
    try:
        _refuse_other_release(engine)
        # A version taken after the rows were read is above that of every run that could not see them.
        if rows := _next_articles(done):
            _send_articles(engine, rows, done)
        elif fan_out := _next_fan_out(done):
            _send_fan_out(engine, fan_out, done)
    except IndexMissing:
        if index_state.get_index_state().serving:
            raise  # filling an empty one, searches would count a part of the archive: see index_repair.py
        _create_first_index(engine)


def _refuse_other_release(engine: SearchEngine) -> None:
    """Raise IndexOfOtherRelease unless this code analyzes texts as the serving index holds them.

    While two releases run side by side, the one that made the index goes on writing. Requires the drain lock,
    under which a rebuild swaps indexes.
    """
    theirs = engine.analysis_version().partition("-")[0]  # the words that split words are of the database
    if not theirs:
        raise IndexMissing("the index that serves was not made by an archive: run rebuild_index")
    if theirs != document_analysis_version():
        raise IndexOfOtherRelease(
            f"the index was made with other tables ({theirs}) than this release has: changes wait until that"
            " release sends them, or until rebuild_index of this one has run"
        )


def _next_articles(done: DrainResult) -> list[Outbox]:
    """Return all rows of some articles, interactive ones first.

    Among these the newest come first, so that a save is not delayed by a long queue. Without interactive
    rows, as many articles are taken as of a batch.
    """
    waiting = Outbox.objects.filter(due_filter(), kind=Outbox.Kind.ARTICLE)
    ids = set(
        waiting.filter(interactive=True)
        .order_by("-pk")
        .values_list("article_id", flat=True)[: done.chunk_size]
    )
    if not ids:
        others = waiting.order_by("-pk").values_list("article_id", flat=True)
        ids = set(islice(dict.fromkeys(others[:_MOST_ROWS]), done.fan_out_chunk))
    return list(waiting.filter(article_id__in=ids)) if ids else []


def _next_fan_out(done: DrainResult) -> Outbox | None:
    """Return the next fan-out row; the whole archive comes first because it may cover others."""
    waiting = _due_rows(done).filter(kind=Outbox.Kind.FAN_OUT)
    return waiting.order_by(F("batch_id").asc(nulls_first=True), "pk").first()


def _send_articles(engine: SearchEngine, rows: Sequence[Outbox], done: DrainResult) -> None:
    interactive = any(row.interactive for row in rows)
    began, version = time.monotonic(), done.begin_chunk(interactive=interactive)
    changes = load_changes({row.article_id for row in rows if row.article_id is not None})
    refused = _apply(engine, changes, version, done, interactive=interactive)
    kept = schedule_retry(refused, rows)
    _mark_rows_done([row.pk for row in rows if row.pk not in kept])
    done.adapt_chunk_size(len(changes), time.monotonic() - began)


def _send_fan_out(engine: SearchEngine, row: Outbox, done: DrainResult) -> None:
    began, version = time.monotonic(), done.begin_chunk(interactive=False)
    prefetcher, size = done.prefetcher, done.fan_out_chunk
    if prefetcher and not (size := prefetcher.submitted_size(row.batch_id, row.cursor)):
        engine.newest_version()  # raises IndexMissing before anything is analyzed
        size = SHARED_CHUNK  # the first chunk is analyzed under the lock, by all processes
    changes, counted = fan_out_changes(row.batch_id, row.cursor, size), None
    # The first chunk beside worker processes is small, but many follow, which this process analyzes as well.
    word_form_cache.load_if_worthwhile(MIN_ARTICLES_TO_LOAD if prefetcher else len(changes))
    last = len(changes) < size
    if prefetcher and changes:
        next_size = 0 if last else done.prefetched_chunk
        changes, counted = prefetcher.attach_analyses(changes, row.batch_id, next_size)
    # Making the last chunk visible at once makes those before it visible too.
    schedule_retry(_apply(engine, changes, version, done, interactive=last, counted=counted))
    if not prefetcher:
        done.adapt_chunk_size(len(changes), time.monotonic() - began)
    if last:
        covered = Outbox.objects.filter(
            kind=Outbox.Kind.FAN_OUT, cursor=_COVERED_CURSOR, done_at__isnull=True
        )
        whole = [] if row.batch_id else list(covered.values_list("pk", flat=True))
        _mark_rows_done([row.pk, *whole])
        word_form_cache.save_if_worthwhile()
    else:
        Outbox.objects.filter(pk=row.pk).update(cursor=changed_article_id(changes[-1]))
        word_form_cache.save_if_worthwhile(more_follow=True)


def _apply(
    engine: SearchEngine,
    changes: Sequence[Change],
    version: int,
    done: DrainResult,
    *,
    interactive: bool,
    counted: Sequence[PartCount] | None = None,
) -> dict[int, str]:
    # Hidden articles leave the index at once, so that their words can be seen to be gone as well.
    at_once = interactive or any(isinstance(change, Remove) for change in changes)
    refused = send_changes(lambda part: engine.apply(part, version, interactive=at_once), changes)
    done.sent += len(changes) - len(refused)
    done.refused |= refused
    taken = [change for change in changes if changed_article_id(change) not in refused]
    vocabulary_updates.update_vocabulary(taken, engine, None if refused else counted)
    return refused


def _mark_rows_done(row_ids: Sequence[int]) -> None:
    """Mark rows as sent to the serving index; a running rebuild still needs to see them.

    A rebuild that begins between the check and the deletion reads the articles afterwards, and so includes
    these changes.
    """
    if index_state.get_index_state().building:
        Outbox.objects.filter(pk__in=row_ids).update(done_at=timezone.now())
    else:
        Outbox.objects.filter(Q(pk__in=row_ids) | Q(done_at__isnull=False)).delete()


def _create_first_index(engine: SearchEngine) -> None:
    """Create an index where there never was one, and send the whole archive."""
    everything = Outbox.objects.filter(done_at__isnull=True, kind=Outbox.Kind.FAN_OUT, batch_id__isnull=True)
    if not everything.update(cursor=0):
        Outbox.objects.create(kind=Outbox.Kind.FAN_OUT, interactive=False)
    # Waiting batches are part of the archive: otherwise a first import would be sent twice. Their rows stay
    # until then for processes that wait for them.
    batches = Outbox.objects.filter(done_at__isnull=True, kind=Outbox.Kind.FAN_OUT, batch_id__isnull=False)
    batches.update(cursor=_COVERED_CURSOR)
    index_state.update_index_state(
        orphans_until=timezone.now() + LATE_REQUEST_WINDOW
    )  # in case this process is killed now
    engine.ensure_index()
    index_state.update_index_state(serving=serving_index_name(engine.status()))


def serving_index_name(status: EngineStatus) -> str:
    """Return the name of the serving index in IndexState."""
    return qualified_index_name(status.engine, status.index)


def qualified_index_name(engine: str, index: str) -> str:
    """Return the name of an index in IndexState."""
    return f"{engine}:{index}"
