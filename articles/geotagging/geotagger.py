"""Geotagging: the places that an article names in title and text, or that its file names.

Countries, seas and continents are not tagged, because the facet lists cities.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from arabic.places.geographic_focus import Mention, places_in_focus
from arabic.places.geoparser import find_places, surroundings_of
from arabic.spelling.latin_names import arabic_name
from arabic.tables.gazetteer import GazetteerEntry, gazetteer, name_key
from arabic.text.normalization import normalize
from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.geotagging.name_rules import MAX_SPANS_PER_PLACE, PlaceRules, PlaceSpan
from articles.geotagging.place_overrides import apply_overrides, hides_metadata
from articles.geotagging.place_rows import (
    create_gazetteer_place,
    create_gazetteer_places,
    custom_place,
    find_place_by_key,
    get_or_create_place,
)
from articles.models import Article, MergedPlace, Place, PlaceMention, PlaceRetag, PlaceVerdict
from articles.text.document import Document, make_document, mask_low_confidence

#: Kinds of gazetteer entries that are not part of the city facet.
NOT_CITIES = frozenset({"country", "continent", "sea", "region"})
#: Places that an earlier gazetteer put into another country, without a governorate: key → its code.
MOVED_PLACES = {"281184": "IL"}
MAX_EVIDENCE_CHARACTERS = 500
METADATA = PlaceMention.METADATA
_CALLED = re.compile(r"(?:مدينة|مدينه|بلدة|بلده|قرية|قريه|محافظة|محافظه|ناحية|ناحيه)\s+(?=\w)")


def find_place_spans(document: Document, cities: Iterable[str] = ()) -> list[PlaceSpan]:
    """Return the spans in the order title, body, metadata; at most MAX_SPANS_PER_PLACE per field."""
    body = find_places(document.body.words)
    title = find_places(document.title.words, surroundings_of(document.body.words, body))
    spans = []
    for name, tags in (("title", title), ("body", body)):
        seen: Counter[str] = Counter()
        for tag in tags:
            seen[tag.entry.key] += 1
            if tag.entry.kind not in NOT_CITIES and seen[tag.entry.key] <= MAX_SPANS_PER_PLACE:
                spans.append(PlaceSpan(tag.entry, name, tag.start, tag.end, tag.evidence, tag.institution))
    given = {}
    for city in cities:
        entry = resolve_city(city)
        given[entry.key if entry else normalize(city)] = entry or city
    return spans + [PlaceSpan(place, METADATA, evidence=METADATA) for place in given.values()]


def resolve_city(name: str) -> GazetteerEntry | None:
    """Return the gazetteer entry for a name in a file's field of cities, or None if there is none.

    The name may begin with "city of" or be in Latin letters. The field contains only places, so no context is
    needed.
    """
    bare = _CALLED.sub("", name.strip())
    for each in (name, bare, arabic_name(bare) or ""):
        for entry in gazetteer().lookup(each) if each else ():
            if entry.kind not in NOT_CITIES:
                return entry
    return None


class PlaceResolver:
    """Place rows by gazetteer key or name, created when needed, and the tagging rules; both are cached.

    Use one per import. If a place is merged into another in the meantime, the next save fails and is repeated
    after `clear_cache`.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._rules: PlaceRules | None = None
        self._newest: int | None = None
        #: Keys for which `look_up` found no row; to be cleared at the end of its transaction.
        self.missing: set[str] = set()

    def clear_cache(self) -> None:
        """Clear the cache."""
        self.ids.clear()
        self.missing.clear()
        self._rules = None

    def reload_if_renamed(self) -> None:
        """Clear the cache if librarians changed the names of places in the meantime.

        One small query: a change of names creates a PlaceRetag in the same transaction.
        """
        newest = PlaceRetag.objects.order_by("-pk").values_list("pk", flat=True).first()
        if newest != self._newest:
            self.clear_cache()
            self._newest = newest

    @property
    def rules(self) -> PlaceRules:
        """The tagging rules, loaded at the first access."""
        if self._rules is None:
            self._rules = PlaceRules.load()
        return self._rules

    def place_id(self, place: GazetteerEntry | str | int) -> int:
        """Return the id of the Place row, which is created if it is missing."""
        if isinstance(place, int):
            return place
        key = place if isinstance(place, str) else place.key
        if key not in self.ids:
            find = create_gazetteer_place if key in self.missing else get_or_create_place
            self.ids[key] = (custom_place(place) if isinstance(place, str) else find(place)).pk
        return self.ids[key]

    def look_up(self, spans: Iterable[PlaceSpan]) -> None:
        """Look up the rows of all these places at once, in the transaction that will create the others."""
        keys = {span.place.key for span in spans if isinstance(span.place, GazetteerEntry)} - self.ids.keys()
        for some in chunks(keys, MAX_SQL_PARAMETERS):
            self.ids |= MergedPlace.objects.filter(key__in=some).values_list("key", "place_id")
            self.ids |= Place.objects.filter(key__in=some).values_list("key", "pk")
        self.missing = keys - self.ids.keys()

    def mentions_of_all(
        self, articles: Iterable[tuple[Article, Document, Iterable[PlaceSpan]]]
    ) -> list[PlaceMention]:
        """Return `mentions` of many articles; look up and create their places together."""
        found = [(article, text, self.rules.apply(text, spans)) for article, text, spans in articles]
        named = [span.place for _article, _text, spans in found for span in spans]
        self.look_up(span for _article, _text, spans in found for span in spans)
        # A name of a file's own may take the slug of an entry: then each in its turn.
        if not any(isinstance(place, str) and place not in self.ids for place in named):
            new = {place.key: place for place in named if isinstance(place, GazetteerEntry)}
            self.ids |= create_gazetteer_places([new[key] for key in new if key in self.missing])
        rows = [row for article, text, spans in found for row in self._mentions(article, text, spans)]
        self.missing.clear()
        return rows

    def mentions(
        self, article: Article, document: Document, spans: Iterable[PlaceSpan]
    ) -> list[PlaceMention]:
        """Build unsaved mentions after the rules are applied; one per place and position."""
        return self._mentions(article, document, self.rules.apply(document, spans))

    def _mentions(
        self, article: Article, document: Document, spans: Iterable[PlaceSpan]
    ) -> list[PlaceMention]:
        rows = {}
        for span in spans:
            place_id = self.place_id(span.place)
            rows[place_id, span.field, span.start] = PlaceMention(
                article_id=article.pk, place_id=place_id, field=span.field, start=span.start, end=span.end,
                evidence=span.evidence[:MAX_EVIDENCE_CHARACTERS], institution=span.institution,
            )  # fmt: skip
        return mark_focus(document.body.text, list(rows.values()))


@dataclass(frozen=True, slots=True)
class TaggingResult:
    """The number of mentions of an article, and whether tagging changed them."""

    mentions: int
    changed: bool


def tag_places(
    article: Article, cities: Iterable[str] | None = None, resolver: PlaceResolver | None = None
) -> TaggingResult:
    """Tag the places of a saved article again and store what changed.

    Places named by the metadata stay unless `cities` replaces them; decisions of librarians are always
    applied.
    """
    resolver = resolver or PlaceResolver()
    with transaction.atomic():
        verdicts = list(article.place_verdicts.select_related("place"))
        old = list(article.mentions.all())
        document = make_document(article.title, article.body)
        sure = mask_low_confidence(document, article.low_confidence_words.split())
        found = resolver.mentions(article, document, find_place_spans(sure, cities or ()))
        if cities is None:
            found += [_metadata_mention(article, place) for place in _metadata_place_ids(old, verdicts)]
        given = {row.place_id for row in found if row.field == METADATA}
        for verdict in verdicts:
            if (hides := hides_metadata(verdict, given)) != verdict.hides_metadata:
                verdict.hides_metadata = hides
                verdict.save(update_fields=["hides_metadata"])
        rows = mark_focus(article.body, apply_overrides(article, found, verdicts))
        new = {_content(row): row for row in rows}
        gone = [row.pk for row in old if _content(row) not in new]
        for row in old:
            new.pop(_content(row), None)
        if gone:
            article.mentions.filter(pk__in=gone).delete()
        PlaceMention.objects.bulk_create(new.values())
    return TaggingResult(len(old) - len(gone) + len(new), bool(gone or new))


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


def mark_focus(body: str, rows: list[PlaceMention]) -> list[PlaceMention]:
    """Set on all mentions of an article whether it is about their places, and return them.

    A place that the file's metadata or a librarian gives without a position is one that it is about.
    """
    focus = places_in_focus(
        body,
        (
            Mention(row.place_id, row.field == "title", row.start, row.end, row.institution)
            for row in rows
            if row.start is not None and row.end is not None
        ),
    ) | {row.place_id for row in rows if row.start is None}
    for row in rows:
        row.about = row.place_id in focus
    return rows


def metadata_place_names(article: Article) -> list[str]:
    """Return the names of the places in the file's metadata, including those that a librarian hid."""
    ids = _metadata_place_ids(
        article.mentions.filter(field=METADATA).order_by("pk"), article.place_verdicts.all()
    )
    names = dict(Place.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [names[pk] for pk in ids if pk in names]


def _metadata_place_ids(mentions: Iterable[PlaceMention], verdicts: Iterable[PlaceVerdict]) -> list[int]:
    shown = [row.place_id for row in mentions if row.field == METADATA]
    return list(dict.fromkeys([*shown, *(each.place_id for each in verdicts if each.hides_metadata)]))


def _metadata_mention(article: Article, place: int) -> PlaceMention:
    return PlaceMention(article_id=article.pk, place_id=place, field=METADATA, evidence=METADATA)


def _content(row: PlaceMention) -> tuple[object, ...]:
    return row.place_id, row.field, row.start, row.end, row.evidence, row.institution, row.about


def find_places_by_name(name: str) -> list[Place | GazetteerEntry]:
    """Return the place with this slug; else all places with this name.

    Places that are only in the gazetteer are returned as entries.
    """
    name = " ".join(name.split())
    if place := Place.objects.filter(slug=name).first():
        return [place]
    wanted = name_key(name)
    if not wanted:
        return []
    rows = Place.objects.order_by("pk").values_list("pk", "name", "slug", "aliases")
    ids = {pk for pk, *names, aliases in rows if wanted in map(name_key, (*names, *aliases))}
    found: dict[str, Place | GazetteerEntry] = {}
    for entry in gazetteer().lookup(name):
        if entry.kind not in NOT_CITIES:
            if entry.slug == name:
                return [find_place_by_key(entry.key) or entry]
            place = find_place_by_key(entry.key)
            found[place.key if place else entry.key] = place or entry
    found |= {place.key: place for place in Place.objects.filter(pk__in=ids)}
    return list(found.values())


def fill_missing_regions() -> int:
    """Fill in regions and coordinates that the gazetteer lacked when the rows were created.

    Existing values stay, except for the places in MOVED_PLACES. Returns how many rows changed.
    """
    changed = 0
    bare = Q(governorate="") | Q(country="") | Q(latitude__isnull=True)
    for place in Place.objects.filter(bare):
        entry = gazetteer().by_key.get(place.key)
        before = (place.country, place.governorate, place.latitude)
        if entry is None:
            continue
        if place.country == MOVED_PLACES.get(place.key):
            place.country = place.governorate = ""
        if (place.country or entry.country) != entry.country:
            continue
        place.country, place.governorate = entry.country, place.governorate or entry.governorate
        if place.latitude is None:
            place.latitude, place.longitude = entry.latitude, entry.longitude
        if before != (place.country, place.governorate, place.latitude):
            place.save(update_fields=["country", "governorate", "latitude", "longitude"])
            changed += 1
    return changed
