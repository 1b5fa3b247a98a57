"""The store of the archive: articles, labels and names from the database."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from django.db.models import Count, TextField
from django.db.models.functions import Cast, Left

from arabic.expansion.synonyms import SynonymMap, shipped_name_synonyms
from arabic.morphology.decompounding import Decompounder
from arabic.tables.gazetteer import gazetteer
from arabic.vocabulary.vocabulary import Vocabulary
from articles.batching import chunks
from articles.models import Article, MergedPlace, MergedSource, Organisation, Place, PlaceMention, Source
from search.engines.region_values import (
    GovernorateIndex,
    countries_named,
    country_label,
    country_number,
    governorate_number,
)
from search.results import Record
from search.store.name_index import NameIndex, place_names, source_names
from search.store.protocols import normalize_name
from search.store.story_versions import other_versions
from search.vocabulary.vocabulary_store import archive_splitter, current_vocabulary

#: SQLite takes 32,766 parameters in a statement, so the labels of a large facet are read in chunks.
_CHUNK = 10_000


class DatabaseStore:
    """The archive as one request reads it; everything read is cached.

    A page costs two queries for its records and one for the labels of each facet. Names that are not slugs
    are looked up in lists that are read once.
    """

    def records(self, ids: Sequence[int]) -> dict[int, Record]:
        """See `Store`; only visible articles, whatever an out-of-date index returned."""
        articles = (
            Article.objects.visible()
            .filter(pk__in=ids)
            .select_related("source")
            .only(
                "title",
                "title_derived",
                "body",
                "external_id",
                "file_name",
                "url",
                "date",
                "date_precision",
                "source",
            )
        )
        cities = self._cities(ids)
        return {
            article.pk: Record(
                id=article.pk,
                title=article.title,
                body=article.body,
                external_id=article.external_id,
                file=article.file_name,
                source=article.source.name if article.source else "",
                source_id=article.source_id,
                date=article.date,
                precision=article.date_precision,
                cities=tuple((slug, slug) for _key, slug in cities[article.pk]),
                place_ids=tuple(key for key, _slug in cities[article.pk]),
                url=article.url,
                title_derived=article.title_derived,
            )
            for article in articles
        }

    def other_versions(self, ids: Sequence[int]) -> dict[int, tuple[Record, ...]]:
        """See `Store`."""
        return other_versions(ids)

    def text_beginnings(self, ids: Sequence[int], characters: int) -> dict[int, tuple[str, str]]:
        """See `Store`; one query."""
        visible = Article.objects.visible().filter(pk__in=ids)
        rows = visible.annotate(beginning=Left("body", characters)).values_list("pk", "title", "beginning")
        return {pk: (title, beginning) for pk, title, beginning in rows}

    def _cities(self, ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
        """Return article -> its places (id, slug), most mentioned first."""
        mentions = (
            PlaceMention.objects.filter(article_id__in=ids)
            .values_list("article_id", "place_id", "place__slug")
            .annotate(times=Count("id"))
            .order_by("article_id", "-times", "place__slug")
        )
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for article, key, slug, _ in mentions:
            found[article].append((key, slug))
        return found

    def country_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {number: country_label(number) for number in numbers}

    def governorate_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        wanted = set(numbers)
        labels = self._governorates.labels if wanted else {}
        return {number: labels[number] for number in wanted if number in labels}

    def city_regions(self, ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
        """See `Store`."""
        return {
            pk: (country_number(country), governorate_number(country, governorate))
            for pk, (_slug, country, governorate) in self._places(ids).items()
        }

    def _places(self, ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        """Return id -> slug, country, governorate; each place is read once."""
        wanted = dict.fromkeys(ids)
        for some in chunks((pk for pk in wanted if pk not in self._known_places), _CHUNK):
            rows = Place.objects.filter(pk__in=some).values_list("pk", "slug", "country", "governorate")
            self._known_places |= {
                pk: (slug, country, governorate) for pk, slug, country, governorate in rows
            }
        return {pk: self._known_places[pk] for pk in wanted if pk in self._known_places}

    @cached_property
    def _known_places(self) -> dict[int, tuple[str, str, str]]:
        return {}

    @cached_property
    def _governorates(self) -> GovernorateIndex:
        rows = Place.objects.exclude(governorate="").order_by("country", "governorate")
        return GovernorateIndex.of(rows.values_list("country", "governorate").distinct())

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`."""
        return countries_named(name)

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`."""
        return self._governorates.named(name)

    def city_values(self, ids: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {pk: slug for pk, (slug, _country, _governorate) in self._places(ids).items()}

    def source_values(self, ids: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {
            key: name
            for some in chunks(ids, _CHUNK)
            for key, name in Source.objects.filter(pk__in=some).values_list("pk", "name")
        }

    def vocabulary(self) -> Vocabulary:
        """See `Store`; read once."""
        return self._vocabulary

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return current_vocabulary()

    def splitter(self) -> Decompounder:
        """See `Store`; read once."""
        return self._splitter

    @cached_property
    def _splitter(self) -> Decompounder:
        return archive_splitter()

    def aliases(self) -> SynonymMap:
        """See `Store`; read once."""
        return self._aliases

    @cached_property
    def _aliases(self) -> SynonymMap:
        return archive_aliases()

    def city_names(self) -> NameIndex:
        """See `Store`."""
        return place_names()

    def source_names(self) -> NameIndex:
        """See `Store`."""
        return source_names()

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        """Return the place with that slug, else every place with that name here or in the gazetteer.

        Cached, because suggestions compile many queries that name the same city.
        """
        if name not in self._cities_named:
            self._cities_named[name] = self._places_named(name)
        return self._cities_named[name]

    @cached_property
    def _cities_named(self) -> dict[str, tuple[int, ...] | None]:
        return {}

    def _places_named(self, name: str) -> tuple[int, ...] | None:
        if exact := Place.objects.filter(slug=name).values_list("pk", flat=True).first():
            return (exact,)
        wanted = normalize_name(name)
        if not wanted:
            return None
        entries = gazetteer().lookup(name)
        keys = {entry.key for entry in entries}
        merged = MergedPlace.objects.filter(key__in=keys).values_list("place", flat=True) if keys else ()
        named = self._places_by_name.get(wanted, ())
        by_key = Place.objects.filter(key__in=keys).values_list("pk", flat=True) if keys else ()
        ids = sorted({*named, *merged, *by_key})
        return tuple(ids) if ids or entries else None

    @cached_property
    def _places_by_name(self) -> Mapping[str, set[int]]:
        """Normalized slug, name or alias -> ids."""
        found: dict[str, set[int]] = defaultdict(set)
        for pk, *names, aliases in Place.objects.values_list("pk", "slug", "name", "aliases"):
            for name in (*names, *aliases):
                found[normalize_name(name)].add(pk)
        return found

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """Return the source with that name, or those that differ from it in spelling only.

        A source is also found by the name of one that was merged into it.
        """
        if exact := Source.objects.filter(name=name).values_list("pk", flat=True).first():
            return (exact,)
        wanted = normalize_name(name)
        return tuple(sorted(self._sources_by_name.get(wanted, ()))) or None if wanted else None

    @cached_property
    def _sources_by_name(self) -> Mapping[str, set[int]]:
        """Normalized name, its own or that of a source merged into it -> ids."""
        found: dict[str, set[int]] = defaultdict(set)
        for rows in (
            Source.objects.values_list("pk", "name"),
            MergedSource.objects.values_list("source", "name"),
        ):
            for pk, name in rows:
                found[normalize_name(name)].add(pk)
        return found


_AliasRows = tuple[tuple[str, str], ...]


def archive_aliases() -> SynonymMap:
    """Return the other names of places and organisations, of the shipped tables and of the database.

    The rows are read each time, so a change takes effect with the next search in every process; the map is
    rebuilt only if they changed.
    """
    places = Place.objects.exclude(aliases=[]).annotate(others=Cast("aliases", TextField())).order_by("pk")
    organisations = Organisation.objects.annotate(others=Cast("other_names", TextField())).order_by("pk")
    return _synonym_map(
        tuple(organisations.values_list("name", "others")), tuple(places.values_list("name", "others"))
    )


@lru_cache(4)
def _synonym_map(organisations: _AliasRows, places: _AliasRows) -> SynonymMap:
    return shipped_name_synonyms() | SynonymMap(
        (name, *json.loads(others)) for name, others in (*organisations, *places)
    )
