"""Changes sent to an index: the state of articles just before they are sent, and the result."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Outbox
from search.engines.contract import (
    Change,
    EngineBusy,
    EngineError,
    EngineUnavailable,
    IndexMissing,
    Put,
    Remove,
    changed_article_id,
)
from search.engines.engine_errors import IndexOfOtherRelease
from search.indexing.index_documents import CHUNK, load_documents

logger = logging.getLogger(__name__)

#: Id, title, body, low-confidence words.
ArticleText = tuple[int, str, str, str]

#: A refused article is retried after 2, 4, 8 … seconds, at most this many.
LONGEST_RETRY_SECONDS = 600
#: If this many are refused and none is accepted, no single article is at fault.
MIN_ALL_REFUSED = 8
_ERROR_CHARACTERS = 500
#: Texts that are read ahead in one piece.
_READ_AT_ONCE = 25
#: Characters of the texts of a chunk that is read ahead, as 600 articles of 7,000 have. Two such chunks are
#: held, and their analyses are several times as large. A single longer text is a chunk of its own.
MAX_CHUNK_CHARACTERS = 4_000_000


class FanOutTexts(NamedTuple):
    """The texts of a chunk of a batch."""

    texts: list[ArticleText]
    #: Articles to ask `fan_out_changes` for, which then returns those of this chunk.
    size: int
    #: The last article of the chunk, visible or not; the cursor of the next one.
    last_id: int
    #: True if no article follows.
    is_last: bool


def due_filter() -> Q:
    """Return a filter for outbox rows that wait and may be sent now.

    An attempt further ahead than any is scheduled was scheduled before the clock was set back.
    """
    now = timezone.now()
    latest = now + timedelta(seconds=LONGEST_RETRY_SECONDS)
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=now) | Q(retry_at__gt=latest)
    return Q(done_at__isnull=True) & due


def load_changes(article_ids: Collection[int]) -> list[Change]:
    """Return a Put for each visible article and a Remove for each other one."""
    documents = load_documents(article_ids)
    return [Put(documents[pk]) if pk in documents else Remove(pk) for pk in sorted(article_ids)]


def fan_out_changes(batch_id: int | None, cursor: int, limit: int = CHUNK) -> list[Change]:
    """Return the next changes of a batch, or of the whole archive (None), after article `cursor`.

    Returns [] at the end. Hidden articles are removed as well, because they may have been withdrawn without a
    trigger.
    """
    return load_changes(_fan_out_ids(batch_id, cursor, limit))


def fan_out_texts(batch_id: int | None, cursor: int, limit: int) -> FanOutTexts:
    """Return the texts of the articles that `fan_out_changes` will put, as they are now.

    These are at most `limit` articles, and of long texts so few that they stay within MAX_CHUNK_CHARACTERS.
    """
    ids = _fan_out_ids(batch_id, cursor, limit)
    articles = Article.objects.visible().filter(pk__in=ids).order_by("pk")
    texts: list[ArticleText] = []
    characters = 0
    # Read piece by piece, so that the texts behind the limit are not held either.
    for read in articles.values_list("pk", "title", "body", "low_confidence_words").iterator(_READ_AT_ONCE):
        characters += len(read[1]) + len(read[2])
        if texts and characters > MAX_CHUNK_CHARACTERS:
            size = bisect_left(ids, read[0])
            return FanOutTexts(texts, size, ids[size - 1], is_last=False)
        texts.append(read)
    return FanOutTexts(texts, limit, ids[-1] if ids else cursor, is_last=len(ids) < limit)


def _fan_out_ids(batch_id: int | None, cursor: int, limit: int) -> list[int]:
    articles = Article.objects.filter(pk__gt=cursor).order_by("pk")
    if batch_id is not None:
        articles = articles.filter(batch_id=batch_id)
    return list(articles.values_list("pk", flat=True)[:limit])


def send_changes(apply: Callable[[Sequence[Change]], None], changes: Sequence[Change]) -> dict[int, str]:
    """Apply changes and return {article: reason} for those that the engine refused; all others are applied.

    Raises EngineUnavailable, EngineBusy, IndexMissing. Raises EngineError if the engine refuses many articles
    and accepts none: then the engine is at fault, not the articles, and nothing counts as sent.
    """
    if not changes:
        return {}
    try:
        apply(changes)
    except (EngineUnavailable, EngineBusy, IndexMissing, IndexOfOtherRelease):
        raise
    except Exception as error:  # whatever error a document causes, the others are sent
        reason = f"{type(error).__name__}: {error}"[:_ERROR_CHARACTERS]
    else:
        return {}
    # Outside of `except`, because a traceback would keep the engine's objects alive, and with them its locks.
    if len(changes) == 1:
        logger.error("article %d cannot be indexed: %s", changed_article_id(changes[0]), reason)
        return {changed_article_id(changes[0]): reason}
    half = len(changes) // 2
    refused = send_changes(apply, changes[:half]) | send_changes(apply, changes[half:])
    if len(refused) == len(changes) >= MIN_ALL_REFUSED:
        raise EngineError(f"the engine refuses every article: {reason}")
    return refused


def schedule_retry(refused: dict[int, str], rows: Sequence[Outbox] = ()) -> set[int]:
    """Schedule another attempt for refused articles: in the newest outbox row of each, or in a new one.

    Returns the keys of these rows, which are no longer interactive.
    """
    kept: set[int] = set()
    newest = {row.article_id: row for row in sorted(rows, key=lambda row: row.pk)}
    for article_id, reason in refused.items():
        row = newest.get(article_id) or Outbox(article_id=article_id, interactive=False, attempts=0)
        row.attempts += 1
        row.last_error = reason
        row.retry_at = timezone.now() + timedelta(seconds=min(2**row.attempts, LONGEST_RETRY_SECONDS))
        row.interactive = False
        row.save()
        kept.add(row.pk)
    return kept
