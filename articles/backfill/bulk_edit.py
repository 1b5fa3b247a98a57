"""Changes of many articles at once, each with a Revision and the updates that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.batching import chunks
from articles.geotagging.geotagger import PlaceResolver, tag_places
from articles.history.revisions import apply_changes, snapshot
from articles.metadata.date_mentions import tag_dates
from articles.models import Article

#: Articles changed in one transaction; tagging takes a few milliseconds per article.
CHUNK = 20


def bulk_update_articles(
    ids: Sequence[int], values: Mapping[str, Any], *, by: AbstractBaseUser | None, reason: str
) -> int:
    """Set these values (as in a `snapshot`) in articles; return how many changed."""
    changed, resolver = 0, PlaceResolver()
    for chunk in chunks(ids, CHUNK):
        with transaction.atomic():
            for article in Article.objects.filter(pk__in=chunk):
                now = snapshot(article)
                if all(now[name] == value for name, value in values.items()):
                    continue
                apply_changes(
                    article, values, original=None, cities=None, by=by, reason=reason, resolver=resolver
                )  # fmt: skip
                changed += 1
    return changed


def retag_articles(ids: Sequence[int]) -> int:
    """Tag places and dates of articles again with the current names and tables; return how many."""
    done, resolver = 0, PlaceResolver()
    for chunk in chunks(ids, CHUNK):
        with transaction.atomic():
            for article in Article.objects.filter(pk__in=chunk):
                tag_places(article, None, resolver)
                tag_dates(article)
                done += 1
    return done
