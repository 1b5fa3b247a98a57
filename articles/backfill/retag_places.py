"""Retagging of stored articles: all of them, or those affected by a change of a place's names.

The work runs in short transactions and writes only what changed, so it may stop at any point and be repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from arabic.places.name_finder import NameFinder
from arabic.tables.gazetteer import GazetteerEntry, gazetteer, name_key
from articles.geotagging.geotagger import PlaceResolver, tag_places
from articles.models import Article, Place, PlaceMention, PlaceRetag
from articles.outbox.bulk_mode import bulk_transaction
from articles.outbox.commit_hooks import finish_indexing

#: Texts scanned in one step, and articles tagged in one transaction (a few milliseconds each).
SCAN_CHUNK, CHUNK = 200, 40


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The properties of a place that decide where it is found."""

    names: frozenset[str]
    never_alone: frozenset[str]
    in_texts: bool

    @classmethod
    def of_place(cls, place: Place) -> PlaceNames:
        """Return the names of a row, saved or not."""
        return cls(
            frozenset(map(name_key, (place.name, *place.aliases))),
            frozenset(map(name_key, place.never_alone)),
            place.in_texts,
        )


@dataclass(frozen=True, slots=True)
class RetagScope:
    """The articles that mention one of the places (ids), or whose text contains one of the names."""

    places: Sequence[int]
    finder: NameFinder

    @classmethod
    def for_places(cls, places: Iterable[Place | GazetteerEntry]) -> RetagScope:
        """Return the scope of all names of these places."""
        places = list(places)
        keys = {key for place in places for key in place_name_keys(place)}
        return cls([place.pk for place in places if isinstance(place, Place)], NameFinder(keys))


NO_NAMES = PlaceNames(frozenset(), frozenset(), in_texts=False)


def place_name_keys(place: Place | GazetteerEntry) -> list[str]:
    """Return every name by which a text may mean the place, as `name_key`s."""
    entry = gazetteer().by_key.get(place.key)
    every = [place.name, *place.aliases, *(entry.aliases if entry else ())]
    every += place.never_alone if isinstance(place, Place) else place.weak_aliases
    if entry:
        every += [entry.name, *entry.weak_aliases]
    return sorted({key for key in map(name_key, every) if key})


def request_retag_on_rename(before: PlaceNames, place: Place) -> PlaceRetag | None:
    """Queue the articles affected by a change of names; return None if the names are unchanged.

    Call it in the transaction that saves the place.
    """
    now = PlaceNames.of_place(place)
    if before == now:
        return None
    if before.in_texts != now.in_texts:
        return request_retag(place, place_name_keys(place))
    return request_retag(place, (before.names ^ now.names) | (before.never_alone ^ now.never_alone))


def request_retag(place: Place, names: Iterable[str]) -> PlaceRetag:
    """Queue the articles that mention a place or contain one of these names (`name_key`s)."""
    return PlaceRetag.objects.create(place=place, names=sorted(set(names) - {""}))


def pending_retags() -> QuerySet[PlaceRetag]:
    """Return the unfinished retaggings, oldest first."""
    return PlaceRetag.objects.filter(finished_at__isnull=True).order_by("pk")


def run_retags(seconds: float | None = None, stop: Callable[[], bool] = lambda: False) -> bool:
    """Run pending retaggings for `seconds` (None: no limit) or until `stop()`; return True if none remain."""
    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        while row := pending_retags().first():
            if stop() or (deadline is not None and time.monotonic() > deadline):
                return False
            if not _run_step(row):
                return False  # another process works on it
        return True
    finally:
        finish_indexing(wait=0.0)


def _run_step(row: PlaceRetag) -> bool:
    """Scan some articles and tag the affected ones. Return False if another process did this step first."""
    ids, last = select_affected(
        Article.objects.all(), row.last_article, RetagScope((row.place_id,), NameFinder(row.names))
    )
    with bulk_transaction(ids):
        mine = PlaceRetag.objects.filter(pk=row.pk, last_article=row.last_article, finished_at=None)
        finished = None if last else timezone.now()
        if not mine.update(last_article=last or row.last_article, finished_at=finished):
            return False
        changed = sum(_tag_articles(ids))
        if changed:
            PlaceRetag.objects.filter(pk=row.pk).update(changed=row.changed + changed)
    return True


def select_affected(
    articles: QuerySet[Article], behind: int, touch: RetagScope | None
) -> tuple[list[int], int]:
    """Return (ids, last): the next affected articles (`touch` None: all) after id `behind`, at most CHUNK.

    `last` is the id up to which articles were scanned; 0 if there are no more.
    """
    following = articles.filter(pk__gt=behind).order_by("pk")
    if touch is None:
        ids = list(following.values_list("pk", flat=True)[:CHUNK])
        return ids, ids[-1] if ids else 0
    texts = list(following.values_list("pk", "title", "body")[:SCAN_CHUNK])
    if not texts:
        return [], 0
    last = texts[-1][0]
    mentioning = set(
        PlaceMention.objects.filter(
            place__in=touch.places, article__gt=behind, article__lte=last
        ).values_list("article", flat=True)
    )
    finder = touch.finder
    ids = [
        pk for pk, title, body in texts if pk in mentioning or finder.matches(title) or finder.matches(body)
    ]
    return ids[:CHUNK], ids[CHUNK - 1] if len(ids) > CHUNK else last


def _tag_articles(ids: Sequence[int]) -> Iterator[bool]:
    resolver = PlaceResolver()
    for article in Article.objects.filter(pk__in=ids).defer("original"):
        yield tag_places(article, None, resolver).changed
