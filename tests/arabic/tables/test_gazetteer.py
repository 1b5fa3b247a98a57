"""The tables of data/, and lookups in the gazetteer."""

import pickle
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from arabic.tables.gazetteer import (
    ARAB_COUNTRIES,
    DATA,
    HOME_COUNTRY,
    ambiguous_names,
    gazetteer,
    governorates,
    name_key,
    read_table,
)
from arabic.text.tokenizer import normalized_terms

TABLES = sorted(DATA.rglob("*.tsv"))
FROM_GEONAMES = {"places.tsv", "countries.tsv", "governorates.tsv", "latin_labels.tsv"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_states_its_source_and_licence(table) -> None:
    header = "".join(
        line for line in table.read_text(encoding="utf-8").splitlines(True) if line.startswith("#")
    )
    assert "source:" in header
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", header)
    assert "licence: CC BY 4.0" in header
    if table.name in FROM_GEONAMES:
        assert "GeoNames" in header
        assert "modified" in header


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_complete_and_repeats_no_row(table) -> None:
    rows = list(read_table(str(table.relative_to(DATA))))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(value == value.strip() for row in rows for value in row.values())
    assert len({tuple(row.values()) for row in rows}) == len(rows)


def test_built_tables_are_sorted_syria_first() -> None:
    rows = [(row["country"] != "SY", row["key"]) for row in read_table("places.tsv")]
    assert rows == sorted(rows)


def test_ambiguous_names_are_listed_once() -> None:
    assert len(ambiguous_names()) == len(list(read_table("names_ambiguous.tsv")))


def test_keys_and_slugs_are_unique() -> None:
    entries = list(gazetteer().by_key.values())
    assert len({entry.slug for entry in entries}) == len(entries) == len(gazetteer().by_slug)


def test_every_entry_can_be_found_by_each_of_its_names() -> None:
    for entry in gazetteer().by_key.values():
        for name in (entry.name, entry.slug, *entry.aliases, *entry.weak_aliases):
            assert entry in gazetteer().lookup(name), (entry.slug, name)


def test_coordinates_are_on_the_globe_and_syrian_ones_in_syria() -> None:
    for entry in gazetteer().by_key.values():
        assert -90 <= entry.latitude <= 90
        assert -180 <= entry.longitude <= 180
        if entry.country == "SY" and entry.kind != "country":
            assert 32 < entry.latitude < 37.5, entry.slug
            assert 35.5 < entry.longitude < 42.5, entry.slug


def test_names_are_arabic() -> None:
    for entry in gazetteer().by_key.values():
        letters = "".join(normalized_terms(entry.name))
        assert letters, entry.key
        assert all("\u0621" <= letter <= "\u064a" or letter.isdigit() for letter in letters), entry.slug


def test_all_fourteen_governorates_of_syria_have_places_and_are_found() -> None:
    syrian = [each for each in governorates().values() if each.country == HOME_COUNTRY]
    assert len(syrian) == 14
    for governorate in syrian:
        found = gazetteer().lookup(governorate.name)[0]
        assert (found.country, found.governorate) == (HOME_COUNTRY, governorate.name)


def test_a_place_lies_in_a_governorate_of_its_own_country() -> None:
    for entry in gazetteer().by_key.values():
        if entry.governorate_key:
            governorate = governorates()[entry.governorate_key]
            assert (governorate.country, governorate.name) == (entry.country, entry.governorate), entry.slug
        else:
            assert not entry.governorate


def test_nearly_every_town_of_an_arab_country_has_a_governorate() -> None:
    towns = [
        entry
        for entry in gazetteer().by_key.values()
        if entry.country in ARAB_COUNTRIES - {"EH"} and entry.kind in ("city", "quarter", "governorate")
    ]
    without = [entry.slug for entry in towns if not entry.governorate_key]
    assert len(without) <= 5, without
    assert not [entry.slug for entry in towns if entry.country == HOME_COUNTRY and not entry.governorate_key]


def _nahiyas() -> list[tuple[str, str]]:
    table = Path(__file__).with_name("syrian_nahiyas.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")][1:]
    return [(governorate, seat) for governorate, seats in rows for seat in seats.split("|")]


def test_the_seat_of_every_syrian_nahiya_is_known_in_its_governorate() -> None:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for entry in gazetteer().by_key.values():
        for name in (entry.name, *entry.aliases, *entry.weak_aliases):
            known[name_key(name)].add(entry.governorate_key)
    assert len(_nahiyas()) >= 270
    assert not [(where, seat) for where, seat in _nahiyas() if where not in known[name_key(seat)]]


def test_the_name_of_a_village_is_not_protected_from_stemming() -> None:
    minor = [entry for entry in gazetteer().by_key.values() if entry.needs]
    assert minor
    assert not [entry.slug for entry in minor if entry.protected and entry.country != HOME_COUNTRY]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("حماه", "حماة"),
        ("ادلب", "إدلب"),
        ("كوباني", "عين العرب"),
        ("أبو كمال", "البوكمال"),
        ("ديرالزور", "دير الزور"),
        ("الشام", "دمشق"),
        ("المعرة", "معرة النعمان"),
        ("سورية", "سوريا"),
        ("أمريكا", "الولايات المتحدة"),
        ("جنيف", "جنيف"),
        ("مكة", "مكة المكرمة"),
        ("معضمية الشام", "معضمية الشام"),
        ("إنخل", "إنخل"),
    ],
)
def test_a_place_is_found_by_any_spelling_or_alias(asked: str, canonical: str) -> None:
    assert gazetteer().lookup(asked)[0].name == canonical


def test_the_syrian_place_comes_before_a_larger_one_of_the_same_name() -> None:
    found = gazetteer().lookup("أريحا")
    assert [entry.country for entry in found][:2] == ["SY", "PS"]
    assert found[0].slug == "أريحا"
    assert found[1].slug == "أريحا (فلسطين)"


def test_an_unknown_name_has_no_place() -> None:
    assert gazetteer().lookup("لا مكان") == []
    assert gazetteer().lookup("") == []


def test_a_name_key_has_no_diacritics_or_extra_spaces() -> None:
    assert name_key("  مَعَرَّة  النعمان") == "معره النعمان"


def test_an_entry_comes_back_from_another_process_as_the_one_of_the_gazetteer() -> None:
    entry = gazetteer().lookup("حمص")[0]
    assert pickle.loads(pickle.dumps([entry, entry]))[1] is entry  # noqa: S301  made here
    assert len(pickle.dumps(entry)) < 100


def test_an_entry_that_the_gazetteer_lacks_comes_back_equal() -> None:
    other = replace(gazetteer().lookup("حمص")[0], name="حمص الجديدة")
    assert pickle.loads(pickle.dumps(other)) == other  # noqa: S301  made here
