"""The names that a reader may begin to type: places and sources, by every spelling and alias they go by."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from arabic.expansion.synonyms import SynonymMap, shipped_name_synonyms
from arabic.tables.gazetteer import HOME_COUNTRY, GazetteerEntry, gazetteer, name_key
from articles.models import MergedPlace, MergedSource, Organisation, Place, Source

# The other names of places and organisations as staff know them, for the expansions of a query.


_AliasRows = tuple[tuple[str, str], ...]


def archive_aliases() -> SynonymMap:
    """What the tables know of places, and what the database says of places and organisations now: its rows
    are read each time (a change holds from the next search on, in every process), and made into names when
    one of them changed."""
    places = Place.objects.exclude(aliases=[]).annotate(others=Cast("aliases", TextField())).order_by("pk")
    organisations = Organisation.objects.annotate(others=Cast("other_names", TextField())).order_by("pk")
    return _aliases(
        tuple(organisations.values_list("name", "others")), tuple(places.values_list("name", "others"))
    )


@lru_cache(4)
def _aliases(organisations: _AliasRows, places: _AliasRows) -> SynonymMap:
    return shipped_name_synonyms() | SynonymMap(
        (name, *json.loads(others)) for name, others in (*organisations, *places)
    )


_ARTICLE = "ال"
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class KnownName:
    """A place or source: its id, what a filter takes, and what else it is called."""

    id: int
    value: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Something whose name begins as the reader typed. `rank`: 0 the name itself, 1 behind its article, 2 one
    of the later words of its own name. `alias` is the name that matched, "" if that is its own."""

    known: KnownName
    rank: int
    alias: str = ""


class NameIndex:
    """Names by their beginnings; `known` stands in the order in which equals are given."""

    def __init__(self, known: Iterable[KnownName]) -> None:
        self._known = list(known)
        rows = {
            (key, rank, at, name)
            for at, each in enumerate(self._known)
            for name in (each.value, *_distinct_aliases(each))
            for key, rank in _indexed_prefixes(name)
            if rank < 2 or name == each.value
        }
        self._rows = sorted(rows)
        self._keys = [row[0] for row in self._rows]

    def starting_with(self, prefix: str, limit: int) -> list[NameMatch]:
        """At most `limit` matches of a folded prefix, each thing once, under its best name; names that begin
        so come before those with such a word inside."""
        best: dict[int, tuple[int, bool, str]] = {}
        for _key, rank, at, name in self._rows[self._from(prefix) : self._from(prefix + _LAST)]:
            found = (rank, name != self._known[at].value, name)
            best[at] = min(best.get(at, found), found)
        ordered = sorted(best.items(), key=lambda item: (item[1][0], item[0]))[:limit]
        return [
            NameMatch(self._known[at], rank, name if other else "") for at, (rank, other, name) in ordered
        ]

    def _from(self, key: str) -> int:
        return bisect_left(self._keys, key)


def _distinct_aliases(known: KnownName) -> list[str]:
    """Its aliases without those that only set a word before its name: مدينة البتراء."""
    name = name_key(known.value)
    return [alias for alias in known.aliases if not name_key(alias).endswith(f" {name}")]


@lru_cache(50_000)
def _indexed_prefixes(name: str) -> tuple[tuple[str, int], ...]:
    """(folded text that a reader may type, rank): from the start, behind the article, from every later word;
    a country in brackets behind the name of a place is no word of it."""
    whole = name_key(name)
    own = name_key(name.partition(" (")[0]).split()
    found = {whole: 0}
    if whole.startswith(_ARTICLE):
        found[whole[len(_ARTICLE) :]] = 1
    for first in range(1, len(own)):
        tail = " ".join(own[first:])
        found.setdefault(tail, 2)
        if tail.startswith(_ARTICLE):
            found.setdefault(tail[len(_ARTICLE) :], 2)
    return tuple(found.items())


def place_names() -> NameIndex:
    """The places of the database: its rows are read each time, the index is made anew when one changed."""
    rows = Place.objects.annotate(others=Cast("aliases", TextField())).order_by("pk")
    merged = MergedPlace.objects.order_by("pk").values_list("place", "key")
    return _place_index(tuple(rows.values_list("pk", "key", "slug", "name", "others")), tuple(merged))


def source_names() -> NameIndex:
    """The sources of the database, likewise; one that was merged into another by its former name."""
    rows = Source.objects.order_by("name").values_list("pk", "name")
    merged = MergedSource.objects.order_by("pk").values_list("source", "name")
    return _source_index(tuple(rows), tuple(merged))


@lru_cache(2)
def _place_index(
    rows: tuple[tuple[int, str, str, str, str], ...], merged: tuple[tuple[int, str], ...]
) -> NameIndex:
    former: dict[int, list[str]] = {}
    for place, key in merged:
        former.setdefault(place, []).append(key)
    entries = gazetteer().by_key
    found = []
    for pk, key, slug, name, others in rows:
        known = [entries[each] for each in (key, *former.get(pk, ())) if each in entries]
        names = [name, *json.loads(others), *(alias for entry in known for alias in _entry_names(entry))]
        found.append((_prominence(known), KnownName(pk, slug, tuple(dict.fromkeys(names)))))
    return NameIndex(known for _standing, known in sorted(found, key=lambda each: each[0]))


@lru_cache(2)
def _source_index(rows: tuple[tuple[int, str], ...], merged: tuple[tuple[int, str], ...]) -> NameIndex:
    former: dict[int, list[str]] = {}
    for source, name in merged:
        former.setdefault(source, []).append(name)
    return NameIndex(KnownName(pk, name, tuple(former.get(pk, ()))) for pk, name in rows)


def _entry_names(entry: GazetteerEntry) -> tuple[str, ...]:
    return (entry.slug, entry.name, *entry.aliases, *entry.weak_aliases)


def _prominence(entries: list[GazetteerEntry]) -> tuple[bool, int]:
    """The places of home first, then the most populous."""
    best = entries[0] if entries else None
    return (best is None or best.country != HOME_COUNTRY, -best.population if best else 0)
