"""The index follows the archive. The only writers to an engine are behind this module:

drain     what waits in the outbox → the serving index        (search/writing/draining.py)
rebuild   a new index beside the serving one, then a swap     (search/writing/rebuild.py)
check     database against index, mend                        (search/writing/checking.py)
status    what serves, what waits
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles import triggers
from articles.models import Article, Outbox
from search import versions
from search.engines import get_engine
from search.engines.base import EngineError, IndexMissing, SearchEngine
from search.locks import is_held
from search.words import vocabulary
from search.words.splitting import index_version
from search.writing.background import drainer, send_now
from search.writing.checking import Checked, check
from search.writing.draining import Drained, drain, notice_restored_backup, serving_name, tidy
from search.writing.rebuild import Rebuilt, rebuild

__all__ = [
    "Checked",
    "Drained",
    "Rebuilt",
    "Status",
    "check",
    "clear_up",
    "drain",
    "needs_rebuild",
    "rebuild",
    "status",
]

_SHOWN_REFUSALS = 20


@dataclass(frozen=True)
class Status:
    """What `index_status` reports."""

    engine: str
    #: Name of the serving index; "" when none is there or it cannot be asked (`problem` says which).
    index: str
    problem: str
    documents: int
    size_bytes: int
    #: Articles that a reader may see, by the database.
    visible_articles: int
    #: Outbox rows not sent yet, and the age of the oldest in seconds.
    waiting: int
    oldest_waiting_seconds: float
    #: {article: reason} of what the engine refused, at most twenty.
    refused: dict[int, str]
    #: Of the index, and what a new one would have: tables and code, then the words that it is split by.
    analysis_version: str
    code_analysis_version: str
    #: Tables of the code are newer than those of the index, or the index is not the one this archive filled.
    rebuild_needed: bool
    rebuilding: bool
    missing_triggers: list[str]
    #: Words for suggestions and corrections, when they were last counted as a whole ("" = never), and how
    #: many were learned since.
    vocabulary_words: int
    vocabulary_date: str
    vocabulary_learned: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def status(engine: SearchEngine | None = None) -> Status:
    """Never raises for an engine that is down: that is an answer."""
    engine = engine or get_engine()
    index, documents, size, version, problem, needed = "", 0, 0, "", "", True
    try:
        serving = engine.status()
        index, documents, size = serving.index, serving.documents, serving.size_bytes
        version, needed = serving.analysis_version, needs_rebuild(engine)
    except IndexMissing as error:
        problem = str(error)
    except EngineError as error:
        problem, needed = f"{type(error).__name__}: {error}", False
    waiting = Outbox.objects.filter(done_at__isnull=True)
    oldest: datetime | None = waiting.order_by("written_at").values_list("written_at", flat=True).first()
    words = vocabulary.describe()
    refused = waiting.filter(attempts__gt=0).order_by("pk").values_list("article_id", "last_error")
    return Status(
        engine=engine.name,
        index=index,
        problem=problem,
        documents=documents,
        size_bytes=size,
        visible_articles=Article.objects.visible().count(),
        waiting=waiting.count(),
        oldest_waiting_seconds=(timezone.now() - oldest).total_seconds() if oldest else 0.0,
        refused={pk: reason for pk, reason in refused[:_SHOWN_REFUSALS] if pk is not None},
        analysis_version=version,
        code_analysis_version=index_version(),
        rebuild_needed=needed,
        rebuilding=is_held("rebuild"),
        missing_triggers=triggers.missing(),
        vocabulary_words=words.words,
        vocabulary_date=words.made_at.isoformat(timespec="seconds") if words.made_at else "",
        vocabulary_learned=words.learned,
    )


def clear_up(engine: SearchEngine | None = None) -> None:
    """Settle what a killed rebuild left, so that `needs_rebuild` tells of the index that serves. Raises
    EngineUnavailable."""
    tidy(engine or get_engine())


def needs_rebuild(engine: SearchEngine | None = None) -> bool:
    """Whether no index is there, it has older tables than this code, or another archive filled it (an
    engine that was away, a restored backup). Raises EngineUnavailable."""
    engine = engine or get_engine()
    try:
        serving = engine.status()
    except IndexMissing:
        return True
    if notice_restored_backup(engine):
        return True
    ours = versions.state().serving == serving_name(serving)
    return not ours or serving.analysis_version != index_version()


def follow_outbox(*, wait: float | None, batches: bool, **_: Any) -> bool | None:
    """Receiver of `outbox_written`: whether what was committed can be found now. Never raises: the rows are
    safe, and a save must not fail because an engine did."""
    if not settings.INDEX_ON_COMMIT:
        return None
    if wait is not None:
        return send_now(wait, batches=batches)
    drainer.stop()  # two threads of one process would only take turns
    try:
        drain()
    except EngineError:
        return False
    return not Outbox.objects.filter(done_at__isnull=True).exists()
