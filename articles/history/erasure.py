"""Lawful erasure: what the archive knew of an article goes, and a note that it was there stays.

See docs/decisions/0016-erasure-and-evidence.md for what is erased where, and why in this order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
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

#: Stands where a name or a sentence was erased.
GONE = "—"
FINISHED = (*ImportBatch.SHOWN, ImportBatch.State.CANCELLED)

#: Sent with `texts` (pairs of title and body) after the article is withdrawn and before it is erased.
#: Receivers remove what they derived from these texts, or raise ForgettingError if they cannot do so now.
pre_erase = Signal()


class ForgettingError(Exception):
    """Data derived from a text cannot be removed now, e.g. because the search engine is down."""


class ImportUnfinishedError(Exception):
    """The text is also in imports that are not finished; `batches` are their numbers."""

    def __init__(self, batches: Sequence[int]) -> None:
        super().__init__(f"imports not finished: {', '.join(map(str, batches))}")
        self.batches = list(batches)


def erase_article(article: Article, *, ground: str, reason: str, by: AbstractBaseUser | None) -> Erasure:
    """Erase an article. It is withdrawn first, so that the index and the vocabulary can let go of it while
    its text is still known; if they cannot, it stays withdrawn and this can be called again.

    Raises ImportUnfinishedError (nothing was changed), ForgettingError (it is withdrawn)."""
    if batches := unfinished_imports(article):
        raise ImportUnfinishedError(batches)
    change_state([article.pk], Article.State.WITHDRAWN, by=by, reason=reason)
    pre_erase.send(sender=None, texts=list(iter_text_versions(article)))
    with transaction.atomic():
        erasure = Erasure.objects.create(
            article_number=article.pk,
            sha256=article.sha256,
            ground=ground,
            reason=reason[:300],
            made_by=by,  # type: ignore[misc]  # any user model
            made_by_name=by.get_username() if by else "",
        )
        ErasedRecord.objects.bulk_create(
            ErasedRecord(erasure=erasure, known_by=mark) for mark in sorted(record_marks(article))
        )
        _clear_imports(article)
        _hand_on_duplicates(article)
        _clear_logs(article.pk)
        _clear_rules(article)
        for mapping in mappings_quoting(article):
            mapping.delete()
        article.delete()
    _clear_file()
    return erasure


def lift_erasure(erasure: Erasure, *, reason: str, by: AbstractBaseUser) -> None:
    """Let the same record come in again. The erasure itself stays on record, and its address stays 410."""
    erasure.lifted_at = timezone.now()
    erasure.lifted_by_name, erasure.lifted_reason = by.get_username(), reason[:300]
    erasure.save(update_fields=["lifted_at", "lifted_by_name", "lifted_reason"])


def erased_records(known_by: Iterable[str]) -> dict[str, int]:
    """Which of these keys and "sha:…" marks were erased and not lifted: mark → number of the article."""
    found = ErasedRecord.objects.filter(known_by__in=set(known_by), erasure__lifted_at__isnull=True)
    return dict(found.values_list("known_by", "erasure__article_number"))


def all_erased_records() -> dict[str, int]:
    """The same of all that were ever erased, which are few."""
    found = ErasedRecord.objects.filter(erasure__lifted_at__isnull=True)
    return dict(found.values_list("known_by", "erasure__article_number"))


def unfinished_imports(article: Article) -> list[int]:
    """Imports not finished yet that hold this article, or its very bytes: they could bring the text back."""
    rows = ImportRow.objects.filter(article=article).values_list("batch", flat=True)
    own = [article.batch_id] if article.batch_id else []
    files = Upload.objects.filter(sha256=article.sha256, content__isnull=False) if article.sha256 else []
    holding = {*rows, *own, *(upload.batch_id for upload in files)}
    unfinished = ImportBatch.objects.filter(pk__in=holding).exclude(state__in=FINISHED)
    return sorted(unfinished.values_list("pk", flat=True))


def iter_text_versions(article: Article) -> Iterator[tuple[str, str]]:
    """(title, body) of now and of every earlier state."""
    title, body = article.title, article.body
    yield title, body
    for before in article.revisions.order_by("-pk").values_list("before", flat=True):
        if "title" in before or "body" in before:
            title, body = before.get("title", title), before.get("body", body)
            yield title, body


def record_marks(article: Article) -> set[str]:
    """By what a record of this article would be known again: its key, and the bytes of every state."""
    hashes = {article.sha256}
    for before, original in article.revisions.values_list("before", "original_before"):
        hashes.add(before.get("sha256", ""))
        if original:
            hashes.add(sha256_of(bytes(original)))
    return {content_mark(each) for each in hashes if each} | ({article.record_key} - {""})


def _clear_imports(article: Article) -> None:
    """Files, rows and previews of the imports that brought it. A file of many articles loses its bytes too,
    for the text stands in it; the others keep their own originals, and the file its name and hash."""
    rows = list(ImportRow.objects.filter(article=article).only("batch_id", "file_name"))
    for batch in ImportBatch.objects.filter(pk__in={row.batch_id for row in rows}):
        names = {row.file_name for row in rows if row.batch_id == batch.pk}
        for upload in batch.uploads.defer("content"):
            if not any(is_inside_upload(name, upload.name) for name in names):
                continue
            upload.content = None
            if upload.rows_done <= 1:  # the name of a file of one article often is its title
                batch.label = batch.label.replace(upload.name, GONE)
                upload.name = GONE
            upload.save(update_fields=["content", "name"])
        batch.preview, batch.columns = [], {}
        batch.save(update_fields=["preview", "columns", "label"])
    ImportRow.objects.filter(article=article).update(
        pending=None, pending_original=None, detail="", notes=[], cities=None, file_name=GONE
    )


def _hand_on_duplicates(article: Article) -> None:
    """Of articles with the same text the oldest that is left stands for them."""
    same = list(article.duplicates.order_by("pk").values_list("pk", flat=True))
    if same:
        first, *others = same
        Article.objects.filter(pk=first).update(duplicate_of=None)
        Article.objects.filter(pk__in=others).update(duplicate_of=first)


def _clear_logs(pk: int) -> None:
    """Django's log of the desk names articles by their titles; an engine's refusal may quote them."""
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.filter(content_type=kind, object_id=str(pk)).update(object_repr=f"#{pk}")
    Outbox.objects.filter(article_id=pk).exclude(last_error="").update(last_error="")


def _clear_rules(article: Article) -> None:
    """A cleaning rule of this archive's own that cut nothing but this article may quote it."""
    others = TextCut.objects.filter(rule=OuterRef("pk")).exclude(article=article)
    rules = CleaningRule.objects.exclude(origin=CleaningRule.Origin.SHIPPED).filter(
        ~Exists(others), cuts__article=article
    )
    own = list(rules.distinct().values_list("pk", flat=True))
    CleaningRule.objects.filter(pk__in=own).update(
        pattern=GONE, note="", state=CleaningRule.State.RETIRED, retired_at=timezone.now(), retired_reason=""
    )


def _clear_file() -> None:
    """SQLite: deleted rows are overwritten (`secure_delete` in settings.py), but older pages stay in the
    write-ahead log until it is emptied. A reader who holds it open leaves that to the next checkpoint."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
