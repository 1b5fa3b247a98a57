"""The end of a batch: publishing all of it, or cancelling all of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from articles.geotagging.geotagger import PlaceResolver
from articles.history.held_updates import apply_pending, awaits_review, held_updates
from articles.ingest.lease import LeaseUnavailableError, renew_lease
from articles.ingest.load import CREATED, HELD, UPDATED, import_reason, to_be_applied
from articles.metadata.source_resolver import drop_unused_sources
from articles.models import Article, ImportBatch, ImportRow

State = ImportBatch.State
#: Articles that are changed or deleted in one transaction.
CHUNK = 25
#: States in which readers see nothing of a batch, so that it can be cancelled.
UNPUBLISHED = (State.PREVIEW, State.STAGING, State.PAUSED, State.FAILED)


def publish(batch: ImportBatch) -> None:
    """Apply the pending updates, then show the new articles by one change of the batch's state.

    After an interruption it resumes. The caller must hold the lease.
    """
    ImportBatch.objects.filter(pk=batch.pk, state=State.STAGING).update(state=State.PUBLISHING, wish="")
    resolver = PlaceResolver()
    while rows := list(to_be_applied(batch.rows.all()).order_by("pk")[:CHUNK]):
        renew_lease(batch)
        with transaction.atomic():
            # All at once, in the order in which decisions and rollbacks lock: neither waits for the other.
            wanted = Article.objects.filter(pk__in=[row.article_id for row in rows if row.article_id])
            list(wanted.order_by("pk").select_for_update().values_list("pk"))
            for row in rows:
                _apply_update(batch, row, resolver)
    _adopt_lent_articles(batch)
    renew_lease(batch)
    counts = {**batch.counts, **counted(batch)}
    flipped = ImportBatch.objects.filter(pk=batch.pk, state=State.PUBLISHING).update(
        state=State.PUBLISHED, finished_at=timezone.now(), counts=counts
    )
    if not flipped:
        raise LeaseUnavailableError
    batch.refresh_from_db(fields=["state", "finished_at", "counts"])


def _apply_update(batch: ImportBatch, row: ImportRow, resolver: PlaceResolver) -> None:
    """Apply the pending update of a row, unless the article has been deleted in the meantime.

    A text that may be unreadable waits for a librarian if one has published the article in the meantime.
    """
    article = Article.objects.select_for_update().filter(pk=row.article_id or 0).first()
    if article and row.outcome == HELD and not awaits_review(article):
        row.pending = {**(row.pending or {}), "review": True}
        row.save(update_fields=["pending"])
        return
    if article:
        revision, before = apply_pending(
            row, article, by=batch.created_by, reason=import_reason(batch), resolver=resolver
        )
        if row.outcome == UPDATED:  # the rollback of a new article withdraws all of it
            row.revision, row.cities = revision, before
    row.pending = row.pending_original = None
    row.save(update_fields=["pending", "pending_original", "revision", "cities"])


def _adopt_lent_articles(batch: ImportBatch) -> None:
    """Take back new articles of this batch that an unpublished import adopted between two of its steps."""
    others = list(
        ImportBatch.objects.exclude(pk=batch.pk)
        .filter(state__in=ImportBatch.NEVER_SHOWN)
        .values_list("pk", flat=True)
    )
    lent = Article.objects.filter(
        batch__in=others, importrow__batch=batch, importrow__outcome__in=(CREATED, HELD)
    )
    while ids := list(lent.values_list("pk", flat=True)[:CHUNK]):
        renew_lease(batch)
        Article.objects.filter(pk__in=ids).update(batch=batch)


def counted(batch: ImportBatch) -> dict[str, int]:
    """Return the counts of a batch: read, created, updated, unchanged, held, rejected, duplicates."""
    outcomes = {name: Count("pk", filter=Q(outcome=name)) for name in ImportRow.Outcome.values}
    return batch.rows.aggregate(
        read=Count("pk"), duplicates=Count("pk", filter=Q(duplicate=True)), **outcomes
    )


def cancel(batch: ImportBatch) -> None:
    """Cancel a batch that was not published: delete its articles and stored files, in short transactions.

    Articles adopted from an import that may still be resumed return to it. After an interruption it resumes.
    The caller must hold the lease. Raises LeaseUnavailableError if the batch was published.
    """
    gone = ImportBatch.objects.filter(pk=batch.pk, state__in=(*UNPUBLISHED, State.CANCELLED))
    if not gone.update(state=State.CANCELLED, finished_at=None, wish=""):
        raise LeaseUnavailableError
    batch.refresh_from_db(fields=["state", "finished_at", "wish"])
    of_articles = Article.objects.filter(batch=batch, source__isnull=False).order_by()
    sources = {*of_articles.values_list("source_id", flat=True).distinct()}
    while ids := list(Article.objects.filter(batch=batch).values_list("pk", flat=True)[:CHUNK]):
        renew_lease(batch)
        with transaction.atomic():
            owners = _other_owners(batch, ids)
            for pk, owner in owners.items():
                Article.objects.filter(pk=pk).update(batch_id=owner)
            Article.objects.filter(pk__in=set(ids) - set(owners)).delete()
    for upload in batch.uploads.only("pk"):
        upload.delete()
    ImportBatch.objects.filter(pk=batch.pk).update(finished_at=timezone.now(), preview=[])
    drop_sources_of(batch, sources)


def drop_sources_of(batch: ImportBatch, sources: Collection[int] = ()) -> None:
    """Delete the sources that a cancelled batch alone was of: the one of its form, and these of its articles.

    While another import runs they stay: it may be about to write articles of them.
    """
    if ImportBatch.objects.filter(state__in=(State.STAGING, State.PUBLISHING)).exists():
        return
    if batch.default_source_id:
        ImportBatch.objects.filter(pk=batch.pk).update(default_source=None)
    drop_unused_sources({*sources, *filter(None, [batch.default_source_id])})


def _other_owners(batch: ImportBatch, ids: list[int]) -> dict[int, int]:
    """Return {article: other batch that created it and was not cancelled}, a published one or the latest."""
    rows = ImportRow.objects.filter(outcome__in=(CREATED, HELD), article_id__in=ids)
    rows = rows.exclude(pk__in=held_updates(rows).values("pk"))  # of an article that was there before
    rows = rows.exclude(batch=batch).exclude(batch__state=State.CANCELLED)
    found = rows.values_list("article_id", "batch_id", "batch__state")
    ranked = sorted(found, key=lambda row: (row[2] in ImportBatch.SHOWN, row[1]))
    return {article: owner for article, owner, _state in ranked if article}
