"""Erasure required by law: all data of an article is deleted, and a record that it existed remains.

docs/decisions/0016-erasure-and-evidence.md lists what is erased where, and explains the order.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from articles.history.revisions import change_state
from articles.metadata.column_mappings import mappings_quoting
from articles.models import (
    Article,
    CleaningRule,
    ErasedRecord,
    Erasure,
    ImportBatch,
    ImportRow,
    Outbox,
    TextCut,
    Upload,
)
from articles.text.fingerprints import content_mark, is_inside_upload, sha256_of

logger = logging.getLogger(__name__)

#: Replaces an erased name or sentence.
ERASED_TEXT = "—"
FINISHED_STATES = (*ImportBatch.SHOWN, ImportBatch.State.CANCELLED)

#: Sent with `texts` (pairs of title and body) after the article is withdrawn and before it is erased.
#: Receivers remove what they derived from these texts, or raise PurgeFailedError if they cannot do so now.
pre_erase = Signal()


class PurgeFailedError(Exception):
    """Data derived from a text cannot be removed now, e.g. because the search engine is down."""


class ImportUnfinishedError(Exception):
    """The text is also part of unfinished imports; `batches` are their ids."""

    def __init__(self, batches: Sequence[int]) -> None:
        super().__init__(f"imports not finished: {', '.join(map(str, batches))}")
        self.batches = list(batches)


def erase_article(article: Article, *, ground: str, reason: str, by: AbstractBaseUser | None) -> Erasure:
    """Withdraw an article, remove it from index and vocabulary, and erase it.

    Index and vocabulary need the text to remove what they derived from it, so the article is withdrawn
    first. If the removal fails, the article stays withdrawn and its erasure waits in the register for
    `complete_waiting_erasures`; the call can be repeated, too.

    Raises ImportUnfinishedError (nothing was changed) or PurgeFailedError (the article is withdrawn).
    """
    if batches := unfinished_imports(article):
        raise ImportUnfinishedError(batches)
    change_state([article.pk], Article.State.WITHDRAWN, by=by, reason=reason)
    told: dict[str, Any] = {"sha256": article.sha256, "ground": ground, "reason": reason[:300]}
    if by:
        told |= {"made_by": by, "made_by_name": by.get_username()}
    try:
        pre_erase.send(sender=None, texts=list(iter_text_versions(article)))
    except PurgeFailedError:
        Erasure.objects.update_or_create(article_number=article.pk, defaults=told)
        raise
    with transaction.atomic():
        erasure, _made = Erasure.objects.update_or_create(
            article_number=article.pk, defaults=told | {"made_at": timezone.now()}
        )
        # Its imports first, as `articles/history/held_updates.py` does, so that neither waits for the other.
        imports = ImportBatch.objects.filter(pk__in=ImportRow.objects.filter(article=article).values("batch"))
        list(imports.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        locked = Article.objects.select_for_update().filter(pk=article.pk).first()
        if locked is None:
            return erasure  # another process has completed it in the meantime
        article = locked  # a text accepted since it was read has other bytes, whose mark is kept, too
        ErasedRecord.objects.bulk_create(
            ErasedRecord(erasure=erasure, known_by=mark) for mark in sorted(record_marks(article))
        )
        _clear_imports(article)
        _reassign_duplicates(article)
        _clear_logs(article.pk)
        _clear_rules(article)
        for mapping in mappings_quoting(article):
            mapping.delete()
        article.delete()
    _clear_file()
    return erasure


def waiting_erasures() -> QuerySet[Erasure]:
    """Return the erasures whose article still exists, withdrawn: its words could not be removed yet."""
    articles = Article.objects.filter(pk=OuterRef("article_number"))
    return Erasure.objects.filter(Exists(articles), lifted_at__isnull=True)


def complete_waiting_erasures() -> int:
    """Repeat the erasures that wait, until the index refuses again; return how many are done."""
    done = 0
    for erasure in waiting_erasures().select_related("made_by").order_by("pk"):
        article = Article.objects.filter(pk=erasure.article_number).first()
        if article is None:
            continue
        try:
            erase_article(article, ground=erasure.ground, reason=erasure.reason, by=erasure.made_by)
        except ImportUnfinishedError as problem:
            logger.warning("the erasure of article %d waits: %s", erasure.article_number, problem)
        except PurgeFailedError as problem:
            logger.warning("the erasure of article %d waits: %s", erasure.article_number, problem)
            break
        else:
            done += 1
    return done


def lift_erasure(erasure: Erasure, *, reason: str, by: AbstractBaseUser) -> None:
    """Allow the record to be imported again. The erasure stays on record, and its URL still answers 410."""
    erasure.lifted_at = timezone.now()
    erasure.lifted_by_name, erasure.lifted_reason = by.get_username(), reason[:300]
    erasure.save(update_fields=["lifted_at", "lifted_by_name", "lifted_reason"])


def erased_records(known_by: Iterable[str]) -> dict[str, int]:
    """Return mark → article id for those of these record keys and "sha:…" marks that are erased."""
    found = ErasedRecord.objects.filter(known_by__in=set(known_by), erasure__lifted_at__isnull=True)
    return dict(found.values_list("known_by", "erasure__article_number"))


def all_erased_records() -> dict[str, int]:
    """Return mark → article id for all erasures in force; there are few."""
    found = ErasedRecord.objects.filter(erasure__lifted_at__isnull=True)
    return dict(found.values_list("known_by", "erasure__article_number"))


def unfinished_imports(article: Article) -> list[int]:
    """Return unfinished imports that hold this article or its bytes: they could bring the text back."""
    rows = ImportRow.objects.filter(article=article).values_list("batch", flat=True)
    own = [article.batch_id] if article.batch_id else []
    files = Upload.objects.filter(sha256=article.sha256, content__isnull=False) if article.sha256 else []
    holding = {*rows, *own, *(upload.batch_id for upload in files)}
    unfinished = ImportBatch.objects.filter(pk__in=holding).exclude(state__in=FINISHED_STATES)
    return sorted(unfinished.values_list("pk", flat=True))


def iter_text_versions(article: Article) -> Iterator[tuple[str, str]]:
    """Yield (title, body) of the current text and of every earlier one."""
    title, body = article.title, article.body
    yield title, body
    for before in article.revisions.order_by("-pk").values_list("before", flat=True):
        if "title" in before or "body" in before:
            title, body = before.get("title", title), before.get("body", body)
            yield title, body


def record_marks(article: Article) -> set[str]:
    """Return the marks that identify a record of this article: its key, and the hash of every original."""
    hashes = {article.sha256}
    for before, original in article.revisions.values_list("before", "original_before"):
        hashes.add(before.get("sha256", ""))
        if original:
            hashes.add(sha256_of(bytes(original)))
    return {content_mark(each) for each in hashes if each} | ({article.record_key} - {""})


def _clear_imports(article: Article) -> None:
    """Clear the files, rows and previews of the imports that brought the article.

    A file of many articles contains the text and loses its bytes too. The other articles keep their own
    originals, and the file keeps its name and hash.
    """
    rows = list(ImportRow.objects.filter(article=article).only("batch_id", "file_name"))
    for batch in ImportBatch.objects.filter(pk__in={row.batch_id for row in rows}):
        names = {row.file_name for row in rows if row.batch_id == batch.pk}
        for upload in batch.uploads.defer("content"):
            if not any(is_inside_upload(name, upload.name) for name in names):
                continue
            upload.content = None
            if upload.rows_done <= 1:  # a file of one article is often named after its title
                batch.label = batch.label.replace(upload.name, ERASED_TEXT)
                upload.name = ERASED_TEXT
            upload.save(update_fields=["content", "name"])
        batch.preview, batch.columns = [], {}
        batch.save(update_fields=["preview", "columns", "label"])
    ImportRow.objects.filter(article=article).update(
        pending=None, pending_original=None, detail="", notes=[], cities=None, file_name=ERASED_TEXT
    )


def _reassign_duplicates(article: Article) -> None:
    """Make the oldest remaining article with the same text the original of the others."""
    same = list(article.duplicates.order_by("pk").values_list("pk", flat=True))
    if same:
        first, *others = same
        Article.objects.filter(pk=first).update(duplicate_of=None)
        Article.objects.filter(pk__in=others).update(duplicate_of=first)


def _clear_logs(pk: int) -> None:
    """Clear logs: Django's admin log holds titles, and an error of the engine may quote the article."""
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.filter(content_type=kind, object_id=str(pk)).update(object_repr=f"#{pk}")
    Outbox.objects.filter(article_id=pk).exclude(last_error="").update(last_error="")


def _clear_rules(article: Article) -> None:
    """Clear local cleaning rules that cut only this article, because their patterns may quote it."""
    others = TextCut.objects.filter(rule=OuterRef("pk")).exclude(article=article)
    rules = CleaningRule.objects.exclude(origin=CleaningRule.Origin.SHIPPED).filter(
        ~Exists(others), cuts__article=article
    )
    own = list(rules.distinct().values_list("pk", flat=True))
    CleaningRule.objects.filter(pk__in=own).update(
        pattern=ERASED_TEXT,
        note="",
        state=CleaningRule.State.RETIRED,
        retired_at=timezone.now(),
        retired_reason="",
    )


def _clear_file() -> None:
    """Empty the write-ahead log of SQLite, which still holds older pages.

    Deleted rows are overwritten in the database file (`secure_delete` in settings.py). If another
    connection is reading, the log is emptied by the next checkpoint.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
