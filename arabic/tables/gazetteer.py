"""The gazetteer of places that Arab news names, and the functions that read the tables of data/."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms

DATA = Path(__file__).resolve().parents[1] / "data"
#: Later tables take precedence where two have the same key.
PLACE_TABLES = ("places.tsv", "places_added.tsv")
HOME_COUNTRY = "SY"
#: The beginning of a kunya, normalized, and its forms in the genitive and the accusative.
_FATHER_OF, _OTHER_CASES = "ابو ", ("ابي ", "ابا ")
ARAB_COUNTRIES = frozenset(
    {
        *("SY", "LB", "JO", "PS", "IQ", "SA", "KW", "QA", "BH", "AE", "OM", "YE"),
        *("EG", "SD", "LY", "TN", "DZ", "MA", "MR", "SO", "DJ", "KM", "EH"),
    }
)


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of data/: tab-separated, comment lines (#) first, then the column names."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )


def _keys_in_all_cases(name: str) -> list[str]:
    """Return the name key of a name, and those of its other cases: أبو ظبي is أبي ظبي and أبا ظبي too."""
    key = name_key(name)
    if not key.startswith(_FATHER_OF):
        return [key]
    return [key, *(case + key.removeprefix(_FATHER_OF) for case in _OTHER_CASES)]


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """A place. Names are in Arabic as a newspaper prints them."""

    key: str  #: GeoNames number, "country-XX", or our own "sy-…"
    slug: str  #: unique name for URLs: the name, with the country in brackets where two places share it
    name: str
    aliases: tuple[str, ...]  #: other spellings and names that mean this place and no other
    weak_aliases: tuple[str, ...]  #: names that often mean something else (الشام for دمشق)
    kind: str  #: city, quarter, governorate or country
    latitude: float
    longitude: float
    governorate: str  #: name of the first division (governorate, province, wilaya); Arab countries only
    governorate_key: str  #: its key in `governorates`, "" where there is none
    country: str  #: ISO 3166 code
    population: int  #: 0 = unknown
    protected: bool  #: its unambiguous names are never stemmed nor matched by stems
    ambiguous: bool  #: its name is also a common word or part of many other names
    needs: str  #: the context that its name requires; "" = decided by its length and names_ambiguous.tsv

    def __reduce__(self) -> tuple[Callable[..., GazetteerEntry], tuple[object, ...]]:
        """Send the key of an entry of the gazetteer to another process, which has it too."""
        if gazetteer().by_key.get(self.key) is self:
            return _entry, (self.key,)
        return GazetteerEntry, tuple(getattr(self, name) for name in self.__slots__)

    def strong_keys(self) -> set[str]:
        """Return the name keys that mean this place and no other, in all cases."""
        return set(chain.from_iterable(map(_keys_in_all_cases, (self.name, *self.aliases))))


@dataclass(frozen=True, slots=True)
class Governorate:
    """A first-level division of an Arab country: a governorate, province, wilaya, ..."""

    key: str  #: ISO 3166-2
    name: str  #: without the word for its kind: حلب, ريف دمشق, الشرقية
    called: str  #: the word for its kind: محافظة, ولاية, ...
    country: str  #: ISO 3166 code


def name_key(name: str) -> str:
    """Return the normalized words of a name joined by single spaces, by which names are compared."""
    return " ".join(normalized_terms(name))


@cache
def ambiguous_names() -> frozenset[str]:
    """Return the name keys that are also words; such a name means the place only in certain contexts."""
    return frozenset(name_key(row["name"]) for row in read_table("names_ambiguous.tsv"))


def _split_cell(cell: str) -> tuple[str, ...]:
    """Return the values of a cell, which are separated by "|"."""
    return tuple(cell.split("|")) if cell else ()


def _countries() -> Iterator[GazetteerEntry]:
    """Yield the entries of countries.tsv."""
    for row in read_table("countries.tsv"):
        yield GazetteerEntry(
            key=f"country-{row['code']}",
            slug=row["slug"],
            name=row["name"],
            aliases=_split_cell(row["aliases"]),
            weak_aliases=_split_cell(row["weak_aliases"]),
            kind="country",
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            governorate="",
            governorate_key="",
            country=row["code"],
            population=0,
            protected=True,
            ambiguous=name_key(row["name"]) in ambiguous_names(),
            needs="",
        )


@cache
def governorates() -> dict[str, Governorate]:
    """Return the first-level divisions of the Arab countries by key."""
    return {row["key"]: Governorate(**row) for row in read_table("governorates.tsv")}


def _places() -> Iterator[GazetteerEntry]:
    """Yield the entries of the place tables."""
    divisions = governorates()
    for table in PLACE_TABLES:
        for row in read_table(table):
            division = divisions.get(row["governorate"])
            yield GazetteerEntry(
                key=row["key"],
                slug=row["slug"],
                name=row["name"],
                aliases=_split_cell(row["aliases"]),
                weak_aliases=_split_cell(row["weak_aliases"]),
                kind=row["kind"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                governorate=division.name if division else "",
                governorate_key=row["governorate"],
                country=row["country"],
                population=int(row["population"]),
                protected=row["protected"] == "1",
                ambiguous=name_key(row["name"]) in ambiguous_names(),
                needs=row["needs"],
            )


class Gazetteer:
    """All entries, by key, by slug and by any of their names."""

    def __init__(self, entries: list[GazetteerEntry]) -> None:
        self.by_key = {entry.key: entry for entry in entries}
        self.by_slug = {entry.slug: entry for entry in entries}
        ranked: dict[str, dict[str, tuple[int, GazetteerEntry]]] = {}
        for entry in self.by_key.values():
            tiers = enumerate(((entry.name, entry.slug), entry.aliases, entry.weak_aliases))
            for tier, names in tiers:
                for key in chain.from_iterable(map(_keys_in_all_cases, names)):
                    ranked.setdefault(key, {}).setdefault(entry.key, (tier, entry))
        self._by_name = {
            key: [entry for _, entry in sorted(found.values(), key=_sort_key)]
            for key, found in ranked.items()
        }
        #: Names of several words by their joined spelling: ديرالزور.
        self._joined_names = {key.replace(" ", ""): key for key in self._by_name if " " in key}

    def lookup(self, name: str) -> list[GazetteerEntry]:
        """Return every place with that name or alias in any spelling: Syrian first, then by population."""
        return self.by_name_key(name_key(name))

    def by_name_key(self, key: str) -> list[GazetteerEntry]:
        """Return every place with a name or alias that is already a name key, as `lookup` does."""
        return self._by_name.get(key) or self._by_name.get(self._joined_names.get(key, ""), [])

    def split_joined_name(self, joined: str) -> tuple[str, ...]:
        """Return the words of a name of several words in its joined spelling (ديرالزور), else ()."""
        return tuple(self._joined_names.get(joined, "").split())

    def name_keys(self) -> Iterator[tuple[str, list[GazetteerEntry]]]:
        """Yield every name key with its places, best first."""
        yield from self._by_name.items()


def _sort_key(ranked: tuple[int, GazetteerEntry]) -> tuple[bool, bool, bool, int, int]:
    """Return the sort key for the places of one name, best first."""
    tier, entry = ranked
    return (tier == 2, entry.country != HOME_COUNTRY, entry.kind != "country", -entry.population, tier)


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer of the tables; takes about a tenth of a second on first use."""
    return Gazetteer([*_countries(), *_places()])


def _entry(key: str) -> GazetteerEntry:
    """Return the entry with a key."""
    return gazetteer().by_key[key]


@cache
def country_adjectives() -> dict[str, str]:
    """Map the normalized adjectives of countries, with the article, to country codes: اللبنانية to LB."""
    found: dict[str, str] = {}
    for entry in gazetteer().by_key.values():
        if entry.kind != "country":
            continue
        for name in map(name_key, (entry.name, *entry.aliases)):
            stem = (
                name.removeprefix("ال")
                .removesuffix("يا")
                .removesuffix("يه")
                .removesuffix("ا")
                .removesuffix("ه")
            )
            if " " not in name and len(stem) >= 3:
                for ending in ("ي", "يه"):
                    found.setdefault(f"ال{stem}{ending}", entry.country)
    return found


def read_word_set(table: str) -> frozenset[str]:
    """Return the normalized words of the first column of a table."""
    return frozenset(normalize(next(iter(row.values()))) for row in read_table(table))
