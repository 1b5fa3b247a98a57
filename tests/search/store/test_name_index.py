"""The index of names by prefix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.tables.gazetteer import name_key
from articles.models import Place
from search.store.database import DatabaseStore
from search.store.name_index import KnownName, NameIndex
from tests.search.news import place

NAMES = NameIndex(
    [
        KnownName(1, "الرقة", ("رافقة هارون",)),
        KnownName(2, "دير الزور", ("مدينة دير الزور", "الدير")),
        KnownName(3, "طرابلس (لبنان)"),
        KnownName(4, "لبنان"),
    ]
)


def found(prefix: str) -> list[tuple[str, int, str]]:
    return [(match.known.value, match.rank, match.alias) for match in NAMES.starting_with(prefix, 10)]


@pytest.mark.parametrize(
    ("prefix", "matches"),
    [
        ("الر", [("الرقة", 0, "")]),
        ("رق", [("الرقة", 1, "")]),
        ("راف", [("الرقة", 0, "رافقة هارون")]),
        ("هارون", []),  # a later word of an alias
        ("زور", [("دير الزور", 2, "")]),
        ("الدي", [("دير الزور", 0, "الدير")]),
        ("مدين", []),  # only puts a word before the name
        ("لبن", [("لبنان", 0, "")]),  # the country in brackets is not a word of the city
        ("طرابلس لب", [("طرابلس (لبنان)", 0, "")]),
    ],
)
def test_a_name_is_found_by_its_beginnings(prefix: str, matches: list[tuple[str, int, str]]) -> None:
    assert found(prefix) == matches


@given(st.lists(st.text("ابتل ()د", max_size=12), max_size=8), st.text("ابتل د", max_size=4))
def test_each_match_is_returned_once_and_begins_with_the_prefix(names: list[str], prefix: str) -> None:
    matches = NameIndex(KnownName(at, name) for at, name in enumerate(names)).starting_with(prefix, 100)
    assert len({match.known.id for match in matches}) == len(matches)
    for match in matches:
        words = name_key(match.known.value).split()
        tails = [" ".join(words[first:]) for first in range(len(words))] or [""]
        assert any(tail.startswith((prefix, f"ال{prefix}")) for tail in tails)
    begin_so = {at for at, name in enumerate(names) if name_key(name).startswith(prefix)}
    assert begin_so <= {match.known.id for match in matches}


@pytest.mark.django_db
def test_an_alias_takes_effect_when_it_is_saved_and_ends_when_it_is_removed() -> None:
    homs = place("حمص")
    assert DatabaseStore().city_names().starting_with("العديه", 5) == []
    homs.aliases = ["العدية"]
    homs.save()
    assert [match.alias for match in DatabaseStore().city_names().starting_with("العديه", 5)] == ["العدية"]
    Place.objects.filter(pk=homs.pk).update(aliases=[])
    assert DatabaseStore().city_names().starting_with("العديه", 5) == []
