"""New texts of good articles, held by an import because they may be unreadable: accept, refuse, take back.

The article keeps its text until a librarian accepts the new one, which waits in the ImportRow. What is
accepted is an update of its import like any other, so that undoing the import takes it back, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from articles.batching import chunks
from articles.geotagging.geotagger import PlaceResolver, metadata_place_names
from articles.history.revisions import NOT_RESTORED, apply_changes
from articles.metadata.inference import InferredValue
from articles.metadata.inference_rows import replace_open_inferences
from articles.models import Article, ImportBatch, ImportRow, Revision
from articles.text.boilerplate_filter import Cut

#: What a librarian decided, in `ImportRow.pending["decided"]`.
ACCEPTED, REFUSED = "accepted", "refused"
#: Rows in one transaction: each is a new text with its places and dates.
CHUNK = 20
HELD, UPDATED = ImportRow.Outcome.HELD, ImportRow.Outcome.UPDATED


def held_updates(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Return the rows whose new text was held for review because it may be unreadable."""
    return rows.filter(pending__review=True)


def undecided_updates(batch: int | None = None) -> QuerySet[ImportRow]:
    """Return the undecided held updates of published imports, or of one of them, newest first.

    Return only the last one of each article: a later text of the same record replaces an earlier one.
    """
    published = ImportRow.objects.filter(batch__state=ImportBatch.State.PUBLISHED)
    later = published.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    later = later.filter(Q(outcome=UPDATED) | Q(outcome=HELD, pending__review=True))
    rows = held_updates(published.filter(outcome=HELD, article__isnull=False, pending__decided__isnull=True))
    return (rows.filter(batch=batch) if batch else rows).exclude(Exists(later)).order_by("-pk")


def was_refused(article: int, sha256: str) -> bool:
    """Return True if a librarian refused this very record as a new text of the article."""
    rows = held_updates(ImportRow.objects.filter(article=article, outcome=HELD))
    return rows.filter(pending__decided=REFUSED, pending__values__sha256=sha256).exists()


def awaits_review(article: Article, waiting: Mapping[str, Any] | None = None) -> bool:
    """Return True if the article's text was held by an import, or refused as unreadable.

    `waiting` is the update that an earlier row will make. What a librarian held, or withdrew for another
    reason, has no reason of holding.
    """
    now = waiting or {}
    state = now.get("state", article.state)
    reason = now.get("held_reason", article.held_reason)
    return bool(reason) and state in (Article.State.HELD, Article.State.WITHDRAWN)


def apply_pending(
    row: ImportRow,
    article: Article,
    *,
    by: AbstractBaseUser | None,
    reason: str,
    resolver: PlaceResolver,
) -> tuple[Revision | None, list[str] | None]:
    """Make the update that waits in a row; return its Revision and the places of the metadata before it."""
    pending: dict[str, Any] = row.pending or {}
    original = None if row.pending_original is None else bytes(row.pending_original)
    before = None if pending["cities"] is None else metadata_place_names(article)
    revision = apply_changes(
        article, _values_now(article, pending), original=original, cities=pending["cities"], by=by,
        reason=reason, resolver=resolver, batch=row.batch,
        cuts=[Cut(*each) for each in pending.get("cuts", [])],
    )  # fmt: skip
    inferred = [InferredValue(**each) for each in pending.get("inferred", ())]
    replace_open_inferences(article, inferred, revision)
    return revision, before


def _values_now(article: Article, pending: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a pending update that still hold.

    Left out are a state, if a librarian has decided about the article since, and a key that another article
    has.
    """
    values = dict(pending["values"])
    if not awaits_review(article):
        values = {name: value for name, value in values.items() if name not in NOT_RESTORED}
    key = values.get("record_key")
    if key and Article.objects.filter(record_key=key).exclude(pk=article.pk).exists():
        del values["record_key"]
    return values


@dataclass(slots=True)
class Decisions:
    """The rows that a step has changed, and how many it left for a reason that has to be told."""

    done: list[int] = field(default_factory=list)
    #: Their import is undone, or is being undone or redone.
    undone: int = 0
    #: Their article was erased.
    erased: int = 0


def decide_updates(ids: Iterable[int], *, accept: bool, by: AbstractBaseUser) -> Decisions:
    """Accept or refuse held updates on which nobody has decided yet."""
    resolver, decisions = PlaceResolver(), Decisions()
    for chunk in chunks(ids, CHUNK):
        with transaction.atomic():
            batches = _lock_batches(chunk, decisions)
            rows = undecided_updates().filter(pk__in=chunk, batch__in=batches).order_by("pk")
            for row, article in _lock_rows(rows, batches, decisions):
                if accept:
                    _accept(row, article, by, resolver)
                else:
                    _refuse(row, article, by)
                decisions.done.append(row.pk)
            _count_again(batches.values())
    return decisions


def _lock_batches(ids: Sequence[int], decisions: Decisions) -> dict[int, ImportBatch]:
    """Lock the imports of rows until the end of the transaction; return those that are published.

    Undoing an import begins with its state: it waits for the lock, and what it has begun is seen here. So
    the rows and articles of one import are never changed by both, in whatever order these lock them.
    """
    rows = ImportRow.objects.filter(pk__in=ids)
    found = ImportBatch.objects.filter(pk__in=rows.values("batch")).only("state", "counts").order_by("pk")
    batches = {batch.pk: batch for batch in found.select_for_update(no_key=True)}
    published = {pk: each for pk, each in batches.items() if each.state == ImportBatch.State.PUBLISHED}
    decisions.undone += held_updates(rows).filter(batch__in=batches.keys() - published.keys()).count()
    decisions.erased += rows.filter(article__isnull=True).count()
    return published


def _lock_rows(
    rows: QuerySet[ImportRow], batches: Mapping[int, ImportBatch], decisions: Decisions
) -> list[tuple[ImportRow, Article]]:
    """Lock rows of these imports and then their articles; leave out those that were erased meanwhile."""
    locked = list(rows.select_for_update(of=("self",)))
    wanted = Article.objects.filter(pk__in=[row.article_id for row in locked]).order_by("pk")
    articles = {article.pk: article for article in wanted.select_for_update()}
    found: list[tuple[ImportRow, Article]] = []
    for row in locked:
        row.batch = batches[row.batch_id]
        if article := articles.get(row.article_id or 0):
            found.append((row, article))
        else:
            decisions.erased += 1
    return found


def _accept(row: ImportRow, article: Article, by: AbstractBaseUser, resolver: PlaceResolver) -> None:
    reason = _("new text of import %(number)d accepted after review") % {"number": row.batch_id}
    row.revision, row.cities = apply_pending(row, article, by=by, reason=reason, resolver=resolver)
    row.outcome, row.pending_original = UPDATED, None  # the article has the bytes now
    row.pending = {**(row.pending or {}), "decided": ACCEPTED}
    row.save(update_fields=["outcome", "pending", "pending_original", "revision", "cities"])


def _refuse(row: ImportRow, article: Article, by: AbstractBaseUser) -> None:
    reason = _("unreadable text of import %(number)d refused after review") % {"number": row.batch_id}
    _trace(article, by, reason)
    row.pending = {**(row.pending or {}), "decided": REFUSED}
    row.save(update_fields=["pending"])


def _trace(article: Article, by: AbstractBaseUser, reason: str) -> None:
    """Write into the history of an article what was decided about it without changing it."""
    Revision.objects.create(article=article, made_by=by, reason=reason[:300], before={})  # type: ignore[misc]  # any user model


def reopen_updates(ids: Iterable[int], *, by: AbstractBaseUser) -> Decisions:
    """Take back decisions of `decide_updates`.

    A text that was accepted stays if the article was changed since, or its import was undone.
    """
    resolver, decisions = PlaceResolver(), Decisions()
    for chunk in chunks(ids, CHUNK):
        with transaction.atomic():
            batches = _lock_batches(chunk, decisions)
            rows = held_updates(ImportRow.objects.filter(pk__in=chunk, article__isnull=False))
            rows = rows.filter(batch__in=batches, pending__decided__isnull=False).order_by("pk")
            for row, article in _lock_rows(rows, batches, decisions):
                if row.outcome == UPDATED and not _take_back(row, article, by, resolver):
                    continue
                if row.outcome == HELD:
                    _trace(article, by, _("decision taken back"))
                row.pending = {
                    name: value for name, value in (row.pending or {}).items() if name != "decided"
                }
                row.outcome, row.revision, row.cities = HELD, None, None
                row.save(update_fields=["outcome", "pending", "pending_original", "revision", "cities"])
                decisions.done.append(row.pk)
            _count_again(batches.values())
    return decisions


def _take_back(row: ImportRow, article: Article, by: AbstractBaseUser, resolver: PlaceResolver) -> bool:
    """Give an article the text that it had before `_accept`; return False if it was changed since."""
    last = article.revisions.order_by("-pk").first()
    if last is None or last.pk != row.revision_id:
        return False
    row.pending_original = bytes(article.original)
    original = None if last.original_before is None else bytes(last.original_before)
    apply_changes(
        article, last.before, original=original, cities=row.cities, by=by,
        reason=_("decision taken back"), resolver=resolver, batch=row.batch,
    )  # fmt: skip
    return True


def _count_again(batches: Iterable[ImportBatch]) -> None:
    """Write the numbers of updated and held records of locked imports after a decision."""
    for batch in batches:
        for outcome in (UPDATED, HELD):
            batch.counts[outcome.value] = batch.rows.filter(outcome=outcome).count()
        batch.save(update_fields=["counts"])
