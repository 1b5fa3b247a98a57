"""Edits of many articles at once: merged sources and places, new values, tagging again.

The admin pages call these. Each changed article gets a Revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.backfill.retag_places import PlaceNames, request_retag_on_rename
from articles.batching import chunks
from articles.geotagging.geotagger import PlaceResolver, tag_places
from articles.history.revisions import apply_changes, snapshot
from articles.metadata.date_mentions import tag_dates
from articles.models import (
    Article,
    Audience,
    MergedPlace,
    MergedSource,
    Place,
    PlaceMention,
    Source,
)

#: Rows changed in one transaction: well under half a second on SQLite.
CHUNK = 500
#: Articles changed in one transaction; tagging takes a few milliseconds per article.
EDIT_CHUNK = 20


def merge_sources(into: Source, others: Iterable[Source]) -> int:
    """Move the articles of other sources to this one and delete the others; return how many articles moved.

    Later imports under one of the old names use this source, which is then shown only to those who saw all of
    them. After an interruption the call can be repeated.
    """
    moved, others = 0, list(others)
    into.audience = Audience(max((into, *others), key=_narrowness).audience)
    into.save(update_fields=["audience"])  # before any article moves
    for other in others:
        if other.pk == into.pk:
            continue
        while ids := list(Article.objects.filter(source=other).values_list("pk", flat=True)[:CHUNK]):
            moved += Article.objects.filter(pk__in=ids).update(source=into)
        with transaction.atomic():
            other.importbatch_set.update(default_source=into)
            other.cleaningrule_set.update(source=into)
            known = into.columnmapping_set.values("signature")
            other.columnmapping_set.exclude(signature__in=known).update(source=into)
            other.merged_from.update(source=into)
            MergedSource.objects.update_or_create(name=other.name, defaults={"source": into})
            other.delete()
    return moved


def _narrowness(source: Source) -> int:
    return list(Audience).index(Audience(source.audience))


def merge_places(into: Place, others: Iterable[Place]) -> int:
    """Move the mentions and decisions of other places to this one and delete the others.

    Their names become aliases of this place, the tagger uses it instead of them, and the articles with these
    names are queued for retagging. Returns how many mentions moved.
    """
    moved = 0
    for other in others:
        if other.pk == into.pk:
            continue
        while mentions := list(PlaceMention.objects.filter(place=other)[:CHUNK]):
            moved += _move_mentions(mentions, into)
        with transaction.atomic():
            before = PlaceNames.of_place(into)
            names = [*into.aliases, other.name, other.slug, *other.aliases]
            into.aliases = [name for name in dict.fromkeys(names) if name not in (into.name, into.slug)]
            into.save(update_fields=["aliases"])
            other.merged_from.update(place=into)
            other.verdicts.update(place=into)
            request_retag_on_rename(before, into)
            MergedPlace.objects.update_or_create(key=other.key, defaults={"place": into})
            other.delete()
    return moved


@transaction.atomic
def _move_mentions(mentions: list[PlaceMention], into: Place) -> int:
    """Move mentions; delete those at a position where the place has a mention already."""
    there = {
        (mention.article_id, mention.field, mention.start)
        for mention in PlaceMention.objects.filter(place=into, article__in=[m.article_id for m in mentions])
    }
    doubles = [m.pk for m in mentions if (m.article_id, m.field, m.start) in there]
    PlaceMention.objects.filter(pk__in=doubles).delete()
    rest = [m.pk for m in mentions if m.pk not in set(doubles)]
    return PlaceMention.objects.filter(pk__in=rest).update(place=into)


def bulk_update_articles(
    ids: Sequence[int], values: Mapping[str, Any], *, by: AbstractBaseUser | None, reason: str
) -> int:
    """Set these values (as in a `snapshot`) in articles; return how many changed."""
    changed, resolver = 0, PlaceResolver()
    for chunk in chunks(ids, EDIT_CHUNK):
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
    for chunk in chunks(ids, EDIT_CHUNK):
        with transaction.atomic():
            for article in Article.objects.filter(pk__in=chunk):
                tag_places(article, None, resolver)
                tag_dates(article)
                done += 1
    return done
