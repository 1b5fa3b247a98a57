"""Keep the index equal to the archive. Only the modules called from here write to an engine.

drain     send the pending changes to the serving index       (search/indexing/outbox_consumer.py)
rebuild   fill a new index, then swap it in                   (search/indexing/rebuild.py)
check     compare the index with the database and repair      (search/indexing/verify.py)
status    describe the serving index and the pending changes
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.history.erasure import PurgeFailedError
from articles.models import Article, Outbox
from articles.outbox import triggers
from search import index_state
from search.engines import get_engine
from search.engines.contract import EngineError, EngineStatus, IndexDamaged, IndexMissing, SearchEngine
from search.engines.engine_errors import IndexOfOtherRelease
from search.indexing.background import drain_and_wait, drain_thread
from search.indexing.index_repair import drain_and_repair
from search.indexing.outbox_consumer import (
    detect_restored_backup,
    drain_outbox,
    recover_interrupted_rebuild,
    serving_index_name,
)
from search.locks import LockHeldError, is_held, locked
from search.vocabulary import vocabulary_store
from search.vocabulary.vocabulary_store import index_analysis_version
from search.vocabulary.vocabulary_updates import phrase_node, unmatched_names, word_node
from search.vocabulary.word_counts import extract_phrases, extract_words

logger = logging.getLogger(__name__)

# Erasure on the side of the search: a withdrawn article leaves the index and its files, and the words and
# phrases that it alone contained leave every part of the vocabulary.

#: How long an erasure waits for a rebuild to end, in seconds.
_REBUILD_WAIT = 5.0


def purge_index_of_texts(*, texts: Sequence[tuple[str, str]], **_: Any) -> None:
    """Receive `pre_erase`. Raises PurgeFailedError if the engine is down or the consumer does not finish.

    The same while a rebuild runs, because its index may have been filled before the article was withdrawn.
    """
    words = sorted(extract_words(*(text for pair in texts for text in pair)))
    phrases = sorted(set().union(*(extract_phrases(title) for title, _body in texts)))
    engine = get_engine()
    try:
        drain_outbox(engine)
        with locked("rebuild", wait=_REBUILD_WAIT):
            engine.drop_orphans()
            gone = unmatched_names([word_node(word) for word in words], words, engine)
            gone_phrases = unmatched_names([phrase_node(phrase) for phrase in phrases], phrases, engine)
            vocabulary_store.erase_words(gone, gone_phrases)
            engine.expunge_deletes()
    except (EngineError, LockHeldError) as error:
        raise PurgeFailedError(str(error)) from error


_SHOWN_REFUSALS = 20


@dataclass(frozen=True)
class IndexStatus:
    """The figures that `index_status` reports."""

    engine: str
    #: Name of the serving index; "" if there is none or it cannot be asked (`problem` says which).
    index: str
    problem: str
    documents: int
    #: All bytes of the index on disk, of these what searches use and what nothing uses any more.
    size_bytes: int
    live_bytes: int
    dead_bytes: int
    #: Documents that are deleted or replaced, but not yet rewritten away.
    deleted_documents: int
    #: Visible articles in the database.
    visible_articles: int
    #: Outbox rows not sent yet, and the age of the oldest in seconds.
    waiting: int
    oldest_waiting_seconds: float
    #: {article: reason} of what the engine refused, at most twenty.
    refused: dict[int, str]
    #: Version of the index, and that of a new one: tables and code, then the words by which it is split.
    analysis_version: str
    code_analysis_version: str
    #: True if the tables of the code are newer than those of the index, or this archive did not fill the
    #: index.
    rebuild_needed: bool
    rebuilding: bool
    missing_triggers: list[str]
    #: Words for suggestions and corrections, the date of their last complete count ("" = never), and the
    #: number learned since.
    vocabulary_words: int
    vocabulary_date: str
    vocabulary_learned: int

    def as_dict(self) -> dict[str, Any]:
        """Return the status for JSON."""
        return asdict(self)


def get_index_status(engine: SearchEngine | None = None) -> IndexStatus:
    """Return the status. An engine that is down raises nothing: it is reported in `problem`."""
    engine = engine or get_engine()
    serving, problem, needed = EngineStatus(engine.name, "", 0, 0, 0, 0, ""), "", True
    try:
        serving = engine.status()
        needed = is_rebuild_needed(engine)
    except (IndexMissing, IndexOfOtherRelease, IndexDamaged) as error:
        problem = str(error)
    except EngineError as error:
        problem, needed = f"{type(error).__name__}: {error}", False
    waiting = Outbox.objects.filter(done_at__isnull=True)
    oldest: datetime | None = waiting.order_by("written_at").values_list("written_at", flat=True).first()
    words = vocabulary_store.vocabulary_stats()
    refused = waiting.filter(attempts__gt=0).order_by("pk").values_list("article_id", "last_error")
    return IndexStatus(
        engine=engine.name,
        index=serving.index,
        problem=problem,
        documents=serving.documents,
        size_bytes=serving.live_bytes + serving.dead_bytes,
        live_bytes=serving.live_bytes,
        dead_bytes=serving.dead_bytes,
        deleted_documents=serving.deleted_documents,
        visible_articles=Article.objects.visible().count(),
        waiting=waiting.count(),
        oldest_waiting_seconds=max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0,
        refused={pk: reason for pk, reason in refused[:_SHOWN_REFUSALS] if pk is not None},
        analysis_version=serving.analysis_version,
        code_analysis_version=index_analysis_version(),
        rebuild_needed=needed,
        rebuilding=is_held("rebuild"),
        missing_triggers=triggers.missing_triggers(),
        vocabulary_words=words.words,
        vocabulary_date=words.made_at.isoformat(timespec="seconds") if words.made_at else "",
        vocabulary_learned=words.learned,
    )


def clear_up(engine: SearchEngine | None = None) -> None:
    """Clean up after a killed rebuild, so that `is_rebuild_needed` refers to the serving index.

    Raises EngineUnavailable.
    """
    recover_interrupted_rebuild(engine or get_engine())


def is_rebuild_needed(engine: SearchEngine | None = None) -> bool:
    """Return True if there is no index, it is damaged, has older tables, or this archive did not fill it.

    The last is the case after the engine was down, or a backup was restored. Raises EngineUnavailable.
    """
    engine = engine or get_engine()
    try:
        serving = engine.status()
    except (IndexMissing, IndexOfOtherRelease, IndexDamaged):
        return True
    if detect_restored_backup(engine):
        return True
    ours = index_state.get_index_state().serving == serving_index_name(serving)
    return not ours or serving.analysis_version != index_analysis_version()


def on_outbox_written(*, wait: float | None, batches: bool, **_: Any) -> bool | None:
    """Receive `outbox_written`; return True if the committed changes can be found now.

    Never raises: the rows are safe, and a save must not fail because of an engine.
    """
    if not settings.INDEX_ON_COMMIT:
        return None
    if wait is not None:
        return drain_and_wait(wait, batches=batches)
    drain_thread.stop()  # two threads of one process would only take turns
    try:
        drain_and_repair()
    except (EngineError, LockHeldError) as error:
        logger.warning("changes wait in the outbox: %s", error)
        return False
    return not Outbox.objects.filter(done_at__isnull=True).exists()
