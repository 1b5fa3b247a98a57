"""Librarians say which places an article means; their word outlives every re-run of the tagger."""

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
    """Keep that the place is meant or not (PlaceVerdict.Kind), by one name or whatever it is called, and tag
    the article accordingly."""
    verdict = PlaceVerdict.objects.create(
        article=article, place=place, kind=kind, name=" ".join(name.split())[:120], reason=reason[:300],
        made_by=by,  # type: ignore[misc]  # any user model
    )  # fmt: skip
    tag_places(article)
    return verdict


@transaction.atomic
def withdraw_override(verdict: PlaceVerdict, *, by: AbstractBaseUser | None) -> bool:
    """Let a verdict count no more; it stays on record. False if somebody did it before."""
    mine = PlaceVerdict.objects.filter(pk=verdict.pk, undone_at__isnull=True)
    if not mine.update(undone_at=timezone.now(), undone_by=by):
        return False
    tag_places(verdict.article)
    return True
