"""Rollback and redo of a whole published import. Nothing is deleted; every step is in the history.

Each row of the batch points at the Revision that holds the article's former state. Restoring that state
makes a new Revision, to which the row then points, so the same step rolls the import back and redoes it.
Fields that others have changed since keep their values; the row notes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.geotagging.geotagger import PlaceResolver, metadata_place_names
from articles.history.revisions import NOT_RESTORED, apply_changes
from articles.ingest.lease import LeaseUnavailableError, renew_lease
from articles.models import Article, ImportBatch, ImportRow, Revision

State = ImportBatch.State
CREATED, UPDATED = ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED
#: Rows in one transaction: new articles change in bulk, updated ones one by one.
CHUNK_CREATED, CHUNK_UPDATED = 250, 20
#: The note of a row whose article was changed since.
KEPT = "changed-since"
#: State during a rollback or redo → state after it.
ROLLBACK_RESULTS = {State.UNDOING: State.UNDONE, State.REDOING: State.PUBLISHED}
#: State during a rollback or redo → state before it.
BEFORE = {State.UNDOING: State.PUBLISHED, State.REDOING: State.UNDONE}


def request_rollback(batch: ImportBatch, turn: str, *, by: AbstractBaseUser | None, reason: str) -> bool:
    """Start UNDOING or REDOING, which hides the batch's new articles at once.

    Return False if the state of the batch does not allow that, or no longer does.
    """
    return bool(
        ImportBatch.objects.filter(pk=batch.pk, state=BEFORE[State(turn)]).update(
            state=turn, undone_by=by, undo_reason=reason[:300], undone_at=timezone.now()
        )
    )


def run_rollback(batch: ImportBatch) -> None:
    """Do what `request_rollback` started; resume after an interruption. The caller must hold the lease."""
    direction = State(batch.state)
    for kind, size, step in (
        (Q(outcome=UPDATED), CHUNK_UPDATED, _turn_updated),
        (made_article(batch), CHUNK_CREATED, _turn_created),
    ):
        order = "-pk" if direction == State.UNDOING else "pk"
        todo = batch.rows.filter(kind, turned=False, article__isnull=False).order_by(order)
        while rows := list(todo.defer("pending_original")[:size]):
            renew_lease(batch)
            with transaction.atomic():
                step(batch, rows)
                batch.rows.filter(pk__in=[row.pk for row in rows]).update(turned=True)
    renew_lease(batch)
    _finish(batch, direction)


def made_article(batch: ImportBatch) -> Q:
    """Return the condition on a row of the batch that it made its article; a held text may be an update."""
    return Q(outcome=CREATED) | Q(outcome=ImportRow.Outcome.HELD, article__batch=batch)


def turning_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return the rows whose articles a rollback or redo changes."""
    return batch.rows.filter(Q(outcome=UPDATED) | made_article(batch), article__isnull=False)


def _finish(batch: ImportBatch, direction: str) -> None:
    """Show the remaining articles by one change of state, and prepare the rows for the reverse step."""
    turned = batch.rows.filter(turned=True)
    counts = {**batch.counts, "turned": turned.filter(revision__isnull=False).count()}
    with transaction.atomic():
        turned.update(turned=False)
        flipped = ImportBatch.objects.filter(pk=batch.pk, state=direction).update(
            state=ROLLBACK_RESULTS[State(direction)], undone_at=timezone.now(), counts=counts
        )
        if not flipped:
            raise LeaseUnavailableError
    batch.refresh_from_db(fields=["state", "undone_at", "counts"])


def _turn_created(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Withdraw new articles with a Revision, or restore the state that the Revision holds."""
    articles = {article.pk: article for article in _articles(rows).defer("body", "original")}
    since = changed_since(batch, rows)
    revisions: list[Revision] = []
    changed: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    for row in rows:
        article = articles.get(row.article_id or 0)
        wanted = _wanted_state(batch, row, article, since)
        row.revision = None
        before = {name: getattr(article, name) for name in wanted if getattr(article, name) != wanted[name]}
        if article and before:
            row.revision = _revision(batch, article.pk, before)
            revisions.append(row.revision)
            changed[tuple(wanted.items())].append(article.pk)
    Revision.objects.bulk_create(revisions)
    for values, ids in changed.items():
        Article.objects.filter(pk__in=ids).update(**dict(values), updated_at=timezone.now())
    ImportRow.objects.bulk_update(rows, ["revision", "notes"])


def _wanted_state(
    batch: ImportBatch, row: ImportRow, article: Article | None, since: dict[int, set[str]]
) -> dict[str, str]:
    """Return the state and the reason of holding that a new article is to have; {} if it keeps its own."""
    if article is None:
        return {}
    if batch.state == State.UNDOING:  # without the reason, by which a later import would publish it
        return {"state": Article.State.WITHDRAWN.value, "held_reason": ""}
    if row.revision is None:
        return {}
    if "state" in since[article.pk]:
        _note(row)
        return {}
    return {name: value for name, value in row.revision.before.items() if name in NOT_RESTORED}


def _turn_updated(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Restore the values of updated articles that their rows' Revisions hold."""
    articles = {article.pk: article for article in _articles(rows)}
    resolver = PlaceResolver()
    for row in rows:
        article, revision = articles.get(row.article_id or 0), row.revision
        if article is None or revision is None:
            continue
        since = changed_since(batch, [row])[article.pk]
        values = {name: value for name, value in revision.before.items() if name not in since}
        if len(values) < len(revision.before):
            _note(row)
        same_bytes = "sha256" not in since
        original = revision.original_before if same_bytes else None
        cities = row.cities if same_bytes else None
        now = None if cities is None else metadata_place_names(article)
        row.revision = apply_changes(
            article, values, original=None if original is None else bytes(original), cities=cities,
            by=batch.undone_by, reason=rollback_reason(batch), resolver=resolver, batch=batch,
        )  # fmt: skip
        row.cities = now
        row.save(update_fields=["revision", "cities", "notes"])


def changed_since(batch: ImportBatch, rows: Collection[ImportRow]) -> dict[int, set[str]]:
    """Return {article: fields that others changed after the Revision of its row}, for one row each.

    The state and the reason of holding are one: who changed one of them decided about both.
    """
    since: dict[int, set[str]] = defaultdict(set)
    marks = {row.article_id: row.revision_id for row in rows if row.revision_id and row.article_id}
    if not marks:
        return since
    later = Revision.objects.filter(article_id__in=marks, pk__gt=min(marks.values())).exclude(batch=batch)
    for article, pk, before in later.values_list("article_id", "pk", "before"):
        if pk > marks[article]:
            since[article] |= {*before, *(NOT_RESTORED if before.keys() & set(NOT_RESTORED) else ())}
    return since


def rollback_reason(batch: ImportBatch) -> str:
    """Return the reason given in a Revision: undo or redo, number and label, the user's reason."""
    word = "undo" if batch.state == State.UNDOING else "redo"
    return f"{word} of import {batch.pk} {batch.label}".strip()[:150] + f": {batch.undo_reason}"


def _revision(batch: ImportBatch, article: int, before: dict[str, Any]) -> Revision:
    return Revision(
        article_id=article,
        made_by=batch.undone_by,
        reason=rollback_reason(batch)[:300],
        before=before,
        batch=batch,
    )


def _articles(rows: Sequence[ImportRow]) -> QuerySet[Article]:
    """Return the articles of rows, locked, because all their columns will be written."""
    found = Article.objects.filter(pk__in=[row.article_id for row in rows])
    return found.order_by("pk").select_for_update()


def _note(row: ImportRow) -> None:
    """Note in the row that the article has been changed since."""
    if [KEPT, ""] not in row.notes:
        row.notes = [*row.notes, [KEPT, ""]]
