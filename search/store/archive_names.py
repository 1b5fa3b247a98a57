"""The names of this archive: places, sources and organisations, read once and kept while they are current.

Triggers replace the token of `NameChange` whenever one of these tables changes
(articles/outbox/triggers.py). A request reads the token, in one query with the state of the vocabulary; only
if it differs from that of the names which its process keeps are the tables read again.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, QuerySet

from arabic.expansion.synonyms import SynonymMap, shipped_name_synonyms
from arabic.tables.gazetteer import HOME_COUNTRY, GazetteerEntry, gazetteer
from articles.models import (
    Article,
    Audience,
    MergedPlace,
    MergedSource,
    NameChange,
    Organisation,
    Place,
    Source,
)
from articles.source_scope import hidden_sources
from search.engines.region_values import (
    GovernorateIndex,
    country_label,
    country_number,
    governorate_country,
    governorate_number,
)
from search.store.name_index import KnownName, NameIndex
from search.store.protocols import PlaceLabels, normalize_name
from search.vocabulary.vocabulary_store import VocabularyKeys, newest_part_columns

#: Names with their other names.
_Aliases = tuple[tuple[str, tuple[str, ...]], ...]


class _PlaceRow(NamedTuple):
    pk: int
    key: str
    slug: str
    name: str
    aliases: tuple[str, ...]
    country: str
    governorate: str


@dataclass(frozen=True, slots=True)
class StoreState:
    """What the database says of everything that a process keeps of it."""

    #: The tokens of the last changes of names.
    names: frozenset[int]
    vocabulary: VocabularyKeys
    #: Whether OCR read the text of an article.
    has_ocr_texts: bool


def read_store_state() -> StoreState | None:
    """Return the current state, in one query for a short row; None if triggers have never run."""
    with connection.cursor() as cursor:
        cursor.execute(*_state_query(connection.vendor))
        rows = cursor.fetchall()
    if not rows:
        return None
    _token, has_ocr_texts, *columns = rows[0]
    keys = VocabularyKeys.of_columns([_in_utc(value) for value in columns])
    return StoreState(frozenset(row[0] for row in rows), keys, bool(has_ocr_texts))


def _in_utc(value: Any) -> Any:
    """Return a column as Django would; SQLite's times have no zone."""
    naive = isinstance(value, datetime) and value.tzinfo is None
    return value.replace(tzinfo=UTC) if naive else value


@cache
def _state_query(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Return SQL and parameters; to make them anew takes Django ten times as long as the query itself."""
    columns = Exists(ocr_texts()), *newest_part_columns()
    return NameChange.objects.values_list("token", *columns).query.sql_with_params()


def ocr_texts() -> QuerySet[Article, Any]:
    """Return the articles whose texts OCR read; an index of these alone answers whether there are any."""
    return Article.objects.filter(ocr_confidence__isnull=False).order_by()


class ArchiveNames:
    """The names as of one moment. What is made of them is made on first use, and must not be changed."""

    def __init__(self) -> None:
        rows = Place.objects.order_by("pk").values_list(*_PlaceRow._fields)
        self._places = tuple(
            _PlaceRow(pk, key, slug, name, tuple(aliases), country, governorate)
            for pk, key, slug, name, aliases, country, governorate in rows
        )
        organisations = Organisation.objects.order_by("pk").values_list("name", "other_names")
        self._organisations: _Aliases = tuple((name, tuple(others)) for name, others in organisations)
        self._merged_places = tuple(MergedPlace.objects.order_by("pk").values_list("place", "key"))
        self._merged_sources = tuple(MergedSource.objects.order_by("pk").values_list("source", "name"))
        sources = list(Source.objects.order_by("pk").values_list("pk", "name", "latin_name", "audience"))
        #: Source → its name.
        self.sources: Mapping[int, str] = {pk: name for pk, name, *_rest in sources}
        #: Name of a source → its name in Latin letters, "" if it has none.
        self.latin_sources: Mapping[str, str] = {name: latin for _pk, name, latin, _to in sources}
        #: The sources that are not for everyone → whom they are for.
        self.audiences = {pk: Audience(to) for pk, *_names, to in sources if to != Audience.EVERYONE}

    @cached_property
    def slugs(self) -> Mapping[int, str]:
        """Place → its slug."""
        return {place.pk: place.slug for place in self._places}

    @cached_property
    def place_keys(self) -> Mapping[str, tuple[str, str]]:
        """Slug → the gazetteer's key and the country code of the place."""
        return {place.slug: (place.key, place.country) for place in self._places}

    @cached_property
    def regions(self) -> Mapping[int, tuple[int | None, int | None]]:
        """Place → the numbers of its country and governorate (search/engines/region_values.py)."""
        return {place.pk: _region_numbers(place.country, place.governorate) for place in self._places}

    @cached_property
    def city_labels(self) -> PlaceLabels:
        """Place → its slug, and the labels of its country and governorate."""
        governorates = self.governorates.labels
        return {
            place.pk: (place.slug, (_label_of(country), governorates.get(governorate or 0, "")))
            for place in self._places
            for country, governorate in (self.regions[place.pk],)
        }

    @cached_property
    def governorate_labels(self) -> PlaceLabels:
        """Governorate → its label and that of its country."""
        return {
            number: (label, (_label_of(governorate_country(number)),))
            for number, label in self.governorates.labels.items()
        }

    @cached_property
    def governorates(self) -> GovernorateIndex:
        """The governorates of the places and of the gazetteer."""
        pairs = {(place.country, place.governorate) for place in self._places if place.governorate}
        return _governorate_index(tuple(sorted(pairs)))

    @cached_property
    def aliases(self) -> SynonymMap:
        """The other names of places and organisations, of the shipped tables and of the database."""
        places = tuple((place.name, place.aliases) for place in self._places if place.aliases)
        return _synonym_map((*self._organisations, *places))

    @cached_property
    def place_index(self) -> NameIndex:
        """The places by the beginnings of their names."""
        rows = tuple((place.pk, place.key, place.slug, place.name, place.aliases) for place in self._places)
        return _place_index(rows, self._merged_places)

    @cached_property
    def source_index(self) -> NameIndex:
        """The sources by the beginnings of their names; a merged source is found by its former name."""
        rows = sorted(self.sources.items(), key=lambda row: row[1])
        return _source_index(tuple(rows), self._merged_sources)

    def places_named(
        self, name: str, mentioned: Callable[[Iterable[int]], frozenset[int]] = frozenset
    ) -> tuple[int, ...] | None:
        """Return the place with that slug, else every place with that name here or in the gazetteer.

        `mentioned` returns those of some places that count: others are as if the archive had never had them.
        () for a place that is only in the gazetteer, None for an unknown name.
        """
        if (exact := self._by_slug.get(name)) is not None and mentioned((exact,)):
            return (exact,)
        wanted = normalize_name(name)
        if not wanted:
            return None
        entries = gazetteer().lookup(name)
        known = (pk for entry in entries for pk in self._by_key.get(entry.key, ()))
        ids = mentioned({*self._places_by_name.get(wanted, ()), *known})
        return tuple(sorted(ids)) if ids or entries else None

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """Return the source with exactly that name, else those whose names differ from it in spelling only.

        Return None if there is none. The name of a source that was merged into another one counts as a name
        of that one. Leave out sources that the reader may not see: guessing must not tell their names.
        """
        hidden = hidden_sources()
        if (exact := self._sources_by_exact_name.get(name)) is not None and exact not in hidden:
            return (exact,)
        wanted = normalize_name(name)
        return tuple(sorted(self._sources_by_name.get(wanted, set()) - hidden)) or None if wanted else None

    def latin_source_name(self, name: str) -> str:
        """Return the name of a source in Latin letters; "" if it has none, or the reader may not see it."""
        hidden = self._sources_by_exact_name.get(name) in hidden_sources()
        return "" if hidden else self.latin_sources.get(name, "")

    @cached_property
    def _by_slug(self) -> Mapping[str, int]:
        return {place.slug: place.pk for place in self._places}

    @cached_property
    def _by_key(self) -> Mapping[str, set[int]]:
        """Key of the gazetteer, its own or that of a place merged into it → places."""
        found: dict[str, set[int]] = defaultdict(set)
        for pk, key in (*((place.pk, place.key) for place in self._places), *self._merged_places):
            found[key].add(pk)
        return found

    @cached_property
    def _places_by_name(self) -> Mapping[str, set[int]]:
        """Normalized slug, name or alias → places."""
        found: dict[str, set[int]] = defaultdict(set)
        for place in self._places:
            for name in (place.slug, place.name, *place.aliases):
                found[normalize_name(name)].add(place.pk)
        return found

    @cached_property
    def _sources_by_exact_name(self) -> Mapping[str, int]:
        return {name: pk for pk, name in self.sources.items()}

    @cached_property
    def _sources_by_name(self) -> Mapping[str, set[int]]:
        """Normalized name, its own or that of a source merged into it → sources."""
        found: dict[str, set[int]] = defaultdict(set)
        for pk, name in (*self.sources.items(), *self._merged_sources):
            found[normalize_name(name)].add(pk)
        return found


class _KeptNames:
    """The names that this process read last, and the state of the database in which it read them."""

    def __init__(self) -> None:
        self._state: frozenset[int] = frozenset()
        self._names: ArchiveNames | None = None
        self.renew_lock()

    def renew_lock(self) -> None:
        """Make the lock free: after a fork, another thread of the parent may have held it."""
        self._lock = threading.Lock()

    def of(self, state: frozenset[int]) -> ArchiveNames:
        """Return the names as of `state` or later.

        The tables are read after the state, so the names may be newer than it but never older; if they are,
        the next request sees another state and reads again.
        """
        with self._lock:
            if self._names is None or self._state != state:
                self._names, self._state = ArchiveNames(), state
            return self._names


_kept = _KeptNames()
os.register_at_fork(after_in_child=_kept.renew_lock)


def archive_names(state: StoreState | None) -> ArchiveNames:
    """Return the names of the archive; without a state they are read from the database."""
    return ArchiveNames() if state is None else _kept.of(state.names)


# What is made of the rows is also kept by the rows themselves: a new source does not change the places.


def _label_of(country: int | None) -> str:
    return country_label(country) if country else ""


@lru_cache(10_000)
def _region_numbers(country: str, governorate: str) -> tuple[int | None, int | None]:
    return country_number(country), governorate_number(country, governorate)


@lru_cache(2)
def _governorate_index(pairs: tuple[tuple[str, str], ...]) -> GovernorateIndex:
    return GovernorateIndex.of(pairs)


@lru_cache(2)
def _synonym_map(groups: _Aliases) -> SynonymMap:
    return shipped_name_synonyms() | SynonymMap((name, *others) for name, others in groups)


@lru_cache(2)
def _place_index(
    rows: tuple[tuple[int, str, str, str, tuple[str, ...]], ...], merged: tuple[tuple[int, str], ...]
) -> NameIndex:
    former: dict[int, list[str]] = {}
    for place, key in merged:
        former.setdefault(place, []).append(key)
    entries = gazetteer().by_key
    found = []
    for pk, key, slug, name, others in rows:
        known = [entries[each] for each in (key, *former.get(pk, ())) if each in entries]
        names = [name, *others, *(alias for entry in known for alias in _entry_names(entry))]
        found.append((_prominence(known), KnownName(pk, slug, tuple(dict.fromkeys(names)))))
    return NameIndex(known for _rank, known in sorted(found, key=lambda each: each[0]))


@lru_cache(2)
def _source_index(rows: tuple[tuple[int, str], ...], merged: tuple[tuple[int, str], ...]) -> NameIndex:
    former: dict[int, list[str]] = {}
    for source, name in merged:
        former.setdefault(source, []).append(name)
    return NameIndex(KnownName(pk, name, tuple(former.get(pk, ()))) for pk, name in rows)


def _entry_names(entry: GazetteerEntry) -> tuple[str, ...]:
    return (entry.slug, entry.name, *entry.aliases, *entry.weak_aliases)


def _prominence(entries: list[GazetteerEntry]) -> tuple[bool, int]:
    """Return a sort key: places of the home country first, then the most populous."""
    best = entries[0] if entries else None
    return (best is None or best.country != HOME_COUNTRY, -best.population if best else 0)
