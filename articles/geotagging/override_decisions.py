"""Decisions of librarians about the places of an article, which every later tagging respects."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from articles.geotagging.geotagger import tag_places
from articles.models import Article, Place, PlaceVerdict


@transaction.atomic
def record_override(
    article: Article, place: Place, kind: str, *, by: AbstractBaseUser | None, reason: str, name: str = ""
) -> PlaceVerdict:
    """Store that a place is meant or not meant (PlaceVerdict.Kind), and retag the article.

    With `name` the decision applies only to mentions by that name.
    """
    verdict = PlaceVerdict.objects.create(
        article=article, place=place, kind=kind, name=" ".join(name.split())[:120], reason=reason[:300],
        made_by=by,  # type: ignore[misc]  # any user model
    )  # fmt: skip
    tag_places(article)
    return verdict


@transaction.atomic
def withdraw_override(verdict: PlaceVerdict, *, by: AbstractBaseUser | None) -> bool:
    """Withdraw a decision, which stays on record, and retag. Returns False if it was withdrawn already."""
    mine = PlaceVerdict.objects.filter(pk=verdict.pk, undone_at__isnull=True)
    if not mine.update(undone_at=timezone.now(), undone_by=by):
        return False
    tag_places(verdict.article)
    return True
