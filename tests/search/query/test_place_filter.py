"""The place filter: which of the chosen values stay, and what an article must have."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from search.engines.region_values import country_number, governorate_number
from search.query.filters import ResolvedFilters, resolve_filters
from search.query.request import MappingParams, SearchRequest
from search.query_tree import MATCH_NONE, AllOf, AnyOf, Node, Number
from search.results import Complaint

SYRIA, LEBANON, LIBYA = (country_number(code) or 0 for code in ("SY", "LB", "LY"))
HOMS = governorate_number("SY", "حمص") or 0
NORTH, NORTH_OF_LIBYA = governorate_number("LB", "الشمال") or 0, governorate_number("LY", "الشمال") or 0
COUNTRIES = {"سوريا": (SYRIA,), "لبنان": (LEBANON,)}
GOVERNORATES = {"حمص": (HOMS,), "الشمال": (NORTH, NORTH_OF_LIBYA)}
CITIES = {"حمص": (1,), "تدمر": (2,), "طرابلس": (3, 4), "قرية": (), "بلا بلد": (5,)}
REGIONS = {1: (SYRIA, HOMS), 2: (SYRIA, HOMS), 3: (LEBANON, NORTH), 4: (LIBYA, None), 5: (None, None)}


class Names:
    """Knows a few names."""

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        return COUNTRIES.get(name)

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        return GOVERNORATES.get(name)

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        return CITIES.get(name)

    def city_regions(self, ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
        return {key: REGIONS[key] for key in ids}

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        return None


def resolved(
    countries: Iterable[str] = (),
    governorates: Iterable[str] = (),
    cities: Iterable[str] = (),
    **switches: bool,
) -> ResolvedFilters:
    request = SearchRequest(
        countries=tuple(countries), governorates=tuple(governorates), cities=tuple(cities), **switches
    )
    return resolve_filters(request, Names())


@pytest.mark.parametrize(
    ("countries", "governorates", "cities", "stay"),
    [
        (["سوريا"], [], ["حمص"], [Number("city", 1)]),
        (["سوريا"], ["حمص"], [], [Number("governorate", HOMS)]),
        (["سوريا"], ["حمص"], ["تدمر"], [Number("city", 2)]),
        (["لبنان"], [], ["حمص"], [Number("country", LEBANON), Number("city", 1)]),
        (["سوريا", "لبنان"], ["حمص"], [], [Number("country", LEBANON), Number("governorate", HOMS)]),
        ([], ["حمص"], ["حمص", "تدمر"], [Number("city", 1), Number("city", 2)]),
        ([], [], ["طرابلس"], [Number("city", 3), Number("city", 4)]),
        (["لبنان"], [], ["طرابلس"], [Number("city", 3)]),
        (["لبنان"], ["الشمال"], [], [Number("governorate", NORTH)]),
        (["سوريا"], [], ["بلا بلد"], [Number("country", SYRIA), Number("city", 5)]),
        (["سوريا"], [], ["قرية"], [Number("country", SYRIA)]),
    ],
)
def test_a_value_inside_another_replaces_it_and_others_are_alternatives(
    countries: list[str], governorates: list[str], cities: list[str], stay: list[Node]
) -> None:
    node = resolved(countries, governorates, cities).nodes["place"]
    assert (list(node.children) if isinstance(node, AnyOf) else [node]) == stay


def test_all_of_the_values_are_required_where_the_switch_is_on() -> None:
    both = resolved(["لبنان"], [], ["حمص"], place_all=True).nodes["place"]
    assert both == AllOf((Number("country", LEBANON), Number("city", 1)))
    shared = resolved([], [], ["طرابلس", "حمص"], place_all=True).nodes["place"]
    assert shared == AllOf((AnyOf((Number("city", 3), Number("city", 4))), Number("city", 1)))
    unknown = resolved(["أطلنطس"], [], ["حمص"], place_all=True).nodes["place"]
    assert unknown == AllOf((MATCH_NONE, Number("city", 1))), "no article is of an unknown country"
    assert resolved(["سوريا"], [], ["حمص"], place_all=True).nodes["place"] == Number("city", 1)


def test_about_asks_for_the_places_that_an_article_is_about() -> None:
    node = resolved(["لبنان"], ["حمص"], ["طرابلس"], about=True).nodes["place"]
    assert node == AnyOf((Number("about_governorate", HOMS), Number("about_city", 3)))


def test_no_place_is_no_filter_and_unknown_ones_find_nothing() -> None:
    assert resolved().nodes == {}
    assert resolved(["أطلنطس"], [], ["قرية"]).nodes == {"place": MATCH_NONE}


def test_complaints_say_what_a_name_is() -> None:
    assert resolved(["تدمر"]).complaints == (
        Complaint("unknown_country", "تدمر"),
        Complaint("is_city", "تدمر"),
    )
    assert resolved([], [], ["سوريا"]).complaints[-1] == Complaint("is_country", "سوريا")
    assert resolved([], ["أطلنطس"]).complaints == (Complaint("unknown_governorate", "أطلنطس"),)
    assert resolved(about=True).complaints == (Complaint("about_no_place"),)


@pytest.mark.parametrize(
    ("typed", "value", "codes"),
    [("1", True, []), ("TRUE", True, []), ("0", False, []), ("", False, []), ("ربما", False, ["bad_switch"])],
)
def test_a_switch_is_on_or_off(typed: str, value: bool, codes: list[str]) -> None:
    request, complaints = SearchRequest.from_params(MappingParams({"about": [typed], "place_all": ["yes"]}))
    assert (request.about, request.place_all) == (value, True)
    assert [each.code for each in complaints] == codes
