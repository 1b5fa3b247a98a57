"""The places an article names: tagged in title and text, or given by the file.

Countries, seas and continents are not tagged here: the facet is one of cities."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from arabic.letters import fold
from arabic.places import Entry, find_places, gazetteer
from articles.models import Article, Place, PlaceMention

#: Kinds of the gazetteer that a city facet does not hold.
NOT_CITIES = frozenset({"country", "continent", "sea", "region"})
EVIDENCE_CHARACTERS = 500
#: A place's first spots in a field are evidence enough; a book of millions of letters has thousands.
SPOTS_OF_A_PLACE = 50
_UNSAFE = re.compile(r"[\s/?#&%\"<>\\]+")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place (by gazetteer entry, or by a name the gazetteer does not have) and where it is named; a spot
    that the file's metadata gave has no offsets."""

    place: Entry | str
    field: str
    start: int | None = None
    end: int | None = None
    evidence: str = ""


def find_spots(title: str, body: str, cities: Iterable[str] = ()) -> list[Spot]:
    """Mentions (of a place, the first SPOTS_OF_A_PLACE in a field), in the order title, text, metadata."""
    spots = []
    for name, text in (("title", title), ("body", body)):
        seen: Counter[str] = Counter()
        for tag in find_places(text):
            seen[tag.entry.key] += 1
            if tag.entry.kind not in NOT_CITIES and seen[tag.entry.key] <= SPOTS_OF_A_PLACE:
                spots.append(Spot(tag.entry, name, tag.start, tag.end, tag.evidence[:EVIDENCE_CHARACTERS]))
    given = {}
    for city in cities:
        entry = next((entry for entry in gazetteer().lookup(city) if entry.kind not in NOT_CITIES), None)
        given[entry.key if entry else fold(city)] = entry or city
    return spots + [Spot(place, "metadata", evidence="metadata") for place in given.values()]


class PlaceBook:
    """Rows of Place by gazetteer key or name, made when first needed. One per import: it remembers ids, so a
    place that is merged away meanwhile makes the next save fail, which is done again after `forget`."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}

    def forget(self) -> None:
        """Look everything up again."""
        self.ids.clear()

    def place_id(self, place: Entry | str) -> int:
        """The id of the row, which is made if it is missing."""
        key = place if isinstance(place, str) else place.key
        if key not in self.ids:
            self.ids[key] = (_own_place(place) if isinstance(place, str) else _gazetteer_place(place)).pk
        return self.ids[key]

    def mentions(self, article_id: int, spots: Iterable[Spot]) -> list[PlaceMention]:
        """Unsaved mentions; one per place and spot."""
        rows = {}
        for spot in spots:
            place_id = self.place_id(spot.place)
            rows[place_id, spot.field, spot.start] = PlaceMention(
                article_id=article_id, place_id=place_id, field=spot.field,
                start=spot.start, end=spot.end, evidence=spot.evidence,
            )  # fmt: skip
        return list(rows.values())


def tag_places(article: Article, cities: Iterable[str] | None = None, book: PlaceBook | None = None) -> int:
    """Find the places of a saved article again and store them in place of the earlier mentions; what the
    metadata gave stays unless `cities` replaces it. Returns how many mentions its text has now."""
    spots = find_spots(article.title, article.body, cities or ())
    with transaction.atomic():
        old = article.mentions.all()
        (old if cities is not None else old.exclude(field="metadata")).delete()
        rows = (book or PlaceBook()).mentions(article.pk, spots)
        PlaceMention.objects.bulk_create(rows)
    return len(rows)


def _gazetteer_place(entry: Entry) -> Place:
    """The row of a gazetteer entry, or of the place that staff merged it into."""
    if existing := place_of_key(entry.key):
        return existing
    return _create(
        key=entry.key, slug=_free_slug(entry.slug), name=entry.name, aliases=list(entry.aliases),
        kind=entry.kind, governorate=entry.governorate, country=entry.country,
        latitude=entry.latitude, longitude=entry.longitude,
    )  # fmt: skip


def own_key(name: str) -> str:
    """The key of a place that is not in the gazetteer, the same however its name is spelt."""
    slug = _UNSAFE.sub("-", fold(name)).strip("-")
    if len(slug) > 30:  # the key has room for 40
        slug = f"{slug[:20]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return f"own-{slug}"


def _own_place(name: str) -> Place:
    """The row of a name that is not in the gazetteer: one that staff or an import made, or a new one."""
    name = name[:120]
    key = own_key(name)
    return place_of_key(key) or _create(key=key, slug=_free_slug(name), name=name, kind="city")


def place_of_key(key: str) -> Place | None:
    """The place with the key, or the one that staff merged it into."""
    return Place.objects.filter(Q(key=key) | Q(merged_from__key=key)).first()


def _create(*, key: str, **values: object) -> Place:
    """get_or_create that another process may race."""
    try:
        with transaction.atomic():
            return Place.objects.create(key=key, **values)
    except IntegrityError:
        return Place.objects.get(key=key)


def _free_slug(slug: str) -> str:
    """The slug, or the slug with a number if another place has it."""
    slug, number = slug[:110], 1
    candidate = slug
    while Place.objects.filter(slug=candidate).exists():
        number += 1
        candidate = f"{slug} ({number})"
    return candidate
