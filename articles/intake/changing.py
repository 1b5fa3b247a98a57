"""Changing an article that is there: what differs, and the Revision that keeps what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from articles.cuts import follow_text
from articles.intake.furniture import Cut
from articles.intake.identity import text_hash
from articles.intake.inferences import settle
from articles.intake.placing import PlaceBook, tag_places
from articles.intake.telling import tag_dates
from articles.models import Article, ImportBatch, Revision
from articles.stories import follow

#: What a revision remembers of an article.
REVISED = (
    "title", "title_derived", "body", "source_id", "external_id", "url", "byline", "date", "date_precision",
    "state", "sha256", "file_name",
)  # fmt: skip


def snapshot(article: Article) -> dict[str, Any]:
    """The values a revision would keep, fit for JSON."""
    values = {name: getattr(article, name) for name in REVISED}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def record_revision(
    article: Article,
    before: Mapping[str, Any],
    *,
    by: AbstractBaseUser | None,
    reason: str,
    batch: ImportBatch | None = None,
) -> Revision | None:
    """Keep the values of `before` (a `snapshot`) that the article has no more; None if nothing changed."""
    after = snapshot(article)
    changed = {name: value for name, value in before.items() if after[name] != value}
    if not changed:
        return None
    settle(article, changed, by=by, batch=batch)
    return Revision.objects.create(
        article=article,
        made_by=by,  # type: ignore[misc]  # any user model
        reason=reason[:300],
        before=changed,
        batch=batch,
    )


def apply_changes(
    article: Article,
    values: Mapping[str, Any],
    *,
    original: bytes | None,
    cities: list[str] | None,
    by: AbstractBaseUser | None,
    reason: str,
    book: PlaceBook,
    batch: ImportBatch | None = None,
    cuts: Sequence[Cut] | None = None,
) -> Revision | None:
    """Give the article new values, keep the old ones in a Revision (which is returned), and tag its places
    and dates again. `values` is as in `ImportRow.pending`; `cities` None leaves the metadata's places. `cuts`
    are what was taken out of a text that an import brings."""
    before, old_original = snapshot(article), bytes(article.original)
    for name, value in values.items():
        setattr(article, name, date.fromisoformat(value) if name == "date" and value else value)
    if original is not None:
        article.original = original
    retag = cities is not None or before["title"] != article.title or before["body"] != article.body
    if retag:
        article.text_hash = text_hash(article.title, article.body)
        article.duplicate_of_id = original_of(article)
    revision = record_revision(article, before, by=by, reason=reason, batch=batch)
    if revision and original is not None and original != old_original:
        revision.original_before = old_original
        revision.save(update_fields=["original_before"])
    article.save()
    if retag or before["sha256"] != article.sha256:
        follow_text(article, cuts, by)
    if retag:
        tag_places(article, cities, book)
        follow([article.pk])
    if told_otherwise(article, before):
        tag_dates(article)
    return revision


def told_otherwise(article: Article, before: Mapping[str, Any] | None) -> bool:
    """Whether the dates it speaks of may be others than before (a `snapshot`): by its text, or by the day
    from which they are told."""
    after = snapshot(article)
    told = ("title", "body", "date", "date_precision")
    return before is None or any(before[name] != after[name] for name in told)


def original_of(article: Article) -> int | None:
    """The id of the oldest other article with the same text, which this one is a duplicate of."""
    same = Article.objects.filter(text_hash=article.text_hash).exclude(pk=article.pk)
    if article.pk:
        same = same.filter(pk__lt=article.pk)
    return same.order_by("pk").values_list("pk", flat=True).first()
