"""Decisions on texts that an import held for review: publish, refuse, and take a decision back.

Each decision is a Revision of the article. A refused article is withdrawn and keeps the reason for which it
was held, so that a later import of a good text publishes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from articles.batching import chunks
from articles.history.revisions import STATE_CHUNK, change_state
from articles.models import Article, ImportBatch, Revision

State = Article.State


def held_articles(batch: int | None = None) -> QuerySet[Article]:
    """Return the held articles of finished imports, or of one of them, newest first.

    Of an import that is not finished nothing can be decided: it may still be given up, or is about to
    withdraw its articles.
    """
    held = Article.objects.filter(_is_finished(), state=State.HELD)
    return (held.filter(batch=batch) if batch else held).order_by("-pk")


def _is_finished() -> Q:
    return Q(batch=None) | Q(batch__state__in=ImportBatch.SHOWN)


def _lock_batches(ids: Collection[int]) -> None:
    """Lock the imports of articles until the end of the transaction: undoing one begins with its state."""
    of_articles = Article.objects.filter(pk__in=ids).values("batch")
    imports = ImportBatch.objects.filter(pk__in=of_articles).order_by("pk")
    list(imports.select_for_update(no_key=True).values_list("pk"))


def decide(ids: Iterable[int], *, publish: bool, by: AbstractBaseUser) -> list[int]:
    """Publish or refuse held articles; return the ids of those that were still held."""
    state = State.PUBLISHED if publish else State.WITHDRAWN
    reason = (
        _("can be read: published after review") if publish else _("cannot be read: refused after review")
    )
    decided: list[int] = []
    for chunk in chunks(ids, STATE_CHUNK):
        with transaction.atomic():  # locks the articles that are still held
            _lock_batches(chunk)
            held = held_articles().filter(pk__in=chunk).order_by("pk").select_for_update(of=("self",))
            still = [article.pk for article in held.only("pk")]
            change_state(still, state, by=by, reason=reason, unreadable=not publish)
            decided += still
    return decided


def reopen(ids: Collection[int], *, by: AbstractBaseUser) -> int:
    """Hold articles again that `decide` published or refused; return how many.

    An article that was changed after the decision stays as it is, also by undoing its import.
    """
    reopened = 0
    for chunk in chunks(ids, STATE_CHUNK):
        with transaction.atomic():
            _lock_batches(chunk)
            articles = Article.objects.filter(_is_finished(), pk__in=chunk).exclude(state=State.HELD)
            articles = articles.defer("body", "original").order_by("pk").select_for_update(of=("self",))
            for article in articles:
                last = article.revisions.defer("original_before").order_by("-pk").first()
                if last is None or last.batch_id or last.before.get("state") != State.HELD:
                    continue
                before = {"state": article.state, "held_reason": article.held_reason}
                reason = last.before.get("held_reason", article.held_reason)
                Revision.objects.create(
                    article=article, made_by=by, reason=_("decision taken back"), before=before  # type: ignore[misc]  # any user model
                )  # fmt: skip
                Article.objects.filter(pk=article.pk).update(state=State.HELD, held_reason=reason)
                reopened += 1
    return reopened
