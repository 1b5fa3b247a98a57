"""Countries and governorates as numbers, as filters, and as facets with counts checked in the database."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, Outbox, Place, PlaceMention
from search.engines.contract import SearchEngine
from search.engines.region_values import (
    GovernorateIndex,
    countries_named,
    country_code,
    country_number,
    governorate_country,
    governorate_number,
)
from search.indexing.index_documents import iter_documents
from search.indexing.verify import compare_fingerprints
from search.query.compiler import prepare_search
from search.query.request import MappingParams, SearchRequest
from search.results import ResultPage
from search.retrieval.service import run_search
from search.web.viewmodels.facet_lists import FacetEntry, region_rows
from tests.search.news import NewsItem, index_all, publish

#: City → country, governorate.
PLACES = {
    "حمص": ("SY", "حمص"), "تدمر": ("SY", "حمص"), "حلب": ("SY", "حلب"), "الباب": ("SY", "حلب"),
    "بيروت": ("LB", "بيروت"), "طرابلس": ("LB", "الشمال"), "جنيف": ("CH", ""), "عدن": ("", ""),
    "إربد": ("JO", "الشمال"),
}  # fmt: skip
SYRIA, LEBANON, JORDAN, SWITZERLAND = "سوريا", "لبنان", "الأردن", "سويسرا"


# -- numbers and names


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2), st.text(min_size=1, max_size=30))
def test_numbers_contain_the_country_and_ignore_spelling(code: str, name: str) -> None:
    number = country_number(code)
    assert number is not None
    assert country_code(number) == code
    governorate = governorate_number(code, name)
    if governorate is not None:
        assert governorate_country(governorate) == number
        assert governorate < 2**53, "whole in JSON"
        assert governorate == governorate_number(code.lower(), f" {name}\u200f ")


def test_names_without_a_number() -> None:
    assert [country_number(code) for code in ("", "S", "SYR", "س1", "1A")] == [None] * 5
    assert governorate_number("SY", " ،") is None


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("سوريا", ["SY"]),
        ("سورية", ["SY"]),
        ("sy", ["SY"]),
        ("الاردن", ["JO"]),
        ("لا بلد", None),
        ("حمص", None),
    ],
)
def test_a_country_by_any_name_or_code(name: str, codes: list[str] | None) -> None:
    found = countries_named(name)
    assert (None if found is None else [country_code(number) for number in found]) == codes


def test_governorates_of_the_same_name_in_two_countries_are_distinguished() -> None:
    known = GovernorateIndex.of([("LB", "الشمال"), ("JO", "الشمال"), ("SY", "ديرالزور")])
    north = {governorate_number(code, "الشمال") for code in ("LB", "JO")}
    assert set(known.named("الشمال") or ()) >= north  # the gazetteer may know one of a third country
    assert known.named("الشمال (لبنان)") == (governorate_number("LB", "الشمال"),)
    assert len(known.named("محافظة دير الزور") or ()) == 1
    assert known.named("لا محافظة كهذه") is None


# -- filters and facets


@pytest.fixture
def ids(db: None, engine: SearchEngine) -> list[int]:
    """Create forty articles that mention up to four places, often several in one country."""
    dice = random.Random(7)  # noqa: S311  no secret
    for name, (country, governorate) in PLACES.items():
        Place.objects.create(key=f"t-{name}", slug=name, name=name, country=country, governorate=governorate)
    told = [
        NewsItem(
            f"خبر {number}", "قافلة" if number % 3 else "هدنة", source=dice.choice(["أ", "ب"]),
            cities=dice.sample(sorted(PLACES), dice.randint(0, 4)),
        )
        for number in range(40)
    ]  # fmt: skip
    return publish(engine, *told)


def ask(engine: SearchEngine, **values: Collection[str]) -> ResultPage:
    request, complaints = SearchRequest.from_params(
        MappingParams({name: list(given) for name, given in values.items()} | {"size": ["100"]})
    )
    assert not complaints
    return run_search(request, engine=engine)


def counts(page: ResultPage, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet] if value.count}


def recounted(facet: str, chosen: dict[str, Collection[str]]) -> dict[str, int]:
    """Count the articles of each value by looking at every article, under the filters of other facets."""
    found: dict[str, int] = {}
    for article in Article.objects.prefetch_related("mentions__place"):
        if all(_values(article, other) & set(wanted) for other, wanted in chosen.items() if other != facet):
            for value in _values(article, facet):
                found[value] = found.get(value, 0) + 1
    return found


def _values(article: Article, facet: str) -> set[str]:
    names = {"SY": SYRIA, "LB": LEBANON, "JO": JORDAN, "CH": SWITZERLAND}
    found = set()
    for mention in article.mentions.all():
        country, governorate = PLACES[mention.place.slug]
        if facet == "country":
            found.add(names.get(country, ""))
        elif facet == "governorate":
            shared = governorate == "الشمال"
            found.add(f"{governorate} ({names[country]})" if shared else governorate)
        else:
            found.add(mention.place.slug)
    return found - {""}


CHOICES: list[dict[str, Collection[str]]] = [
    {},
    {"country": [SYRIA]},
    {"country": [SYRIA, LEBANON]},
    {"governorate": ["حمص"]},
    {"governorate": ["حمص", "الشمال (لبنان)"]},
    {"city": ["حمص", "جنيف"]},
    {"country": [LEBANON], "governorate": ["حلب"]},
    {"country": [SYRIA], "city": ["بيروت"]},
    {"country": [SWITZERLAND], "governorate": ["حمص"], "city": ["الباب", "حلب", "جنيف"]},
]


def test_every_count_matches_the_database_and_every_row_has_a_parent(
    engine: SearchEngine, ids: list[int], subtests: pytest.Subtests
) -> None:
    for chosen in CHOICES:
        with subtests.test(str(chosen)):
            recount(engine, chosen)
    checks = (
        a_row_says_what_it_lies_in,
        any_name_of_a_region_is_taken_and_an_unknown_one_told,
        where_nothing_is_found_the_country_may_be_left_out,
        the_tree_has_every_value_once_under_what_holds_it,
        what_is_chosen_stays_in_sight_and_what_would_find_nothing_has_no_link,
        a_place_that_moves_to_another_governorate_takes_its_articles_along,
        an_article_counts_once_for_a_country_that_it_mentions_twice,
        without_any_country_there_is_no_tree,
    )
    for check in checks:
        with subtests.test(check.__name__):
            check(engine)


def recount(engine: SearchEngine, chosen: dict[str, Collection[str]]) -> None:
    page = ask(engine, **chosen)
    for facet in ("country", "governorate", "city"):
        assert counts(page, facet) == recounted(facet, chosen), facet
    expected = {
        article.pk
        for article in Article.objects.prefetch_related("mentions__place")
        if all(_values(article, facet) & set(wanted) for facet, wanted in chosen.items())
    }
    assert {hit.record.id for hit in page.hits} == expected
    assert page.total == len(expected)


def an_article_counts_once_for_a_country_that_it_mentions_twice(engine: SearchEngine) -> None:
    publish(engine, NewsItem("زنجفيل", cities=["حمص", "حلب"]))
    found = ask(engine, q=["زنجفيل"])
    assert (counts(found, "country"), counts(found, "governorate")) == ({SYRIA: 1}, {"حمص": 1, "حلب": 1})


def a_row_says_what_it_lies_in(engine: SearchEngine) -> None:
    page = ask(engine)
    within = {value.value: value.within for name in ("governorate", "city") for value in page.facets[name]}
    assert within["تدمر"] == (SYRIA, "حمص")
    assert within["إربد"] == (JORDAN, "الشمال (الأردن)")
    assert within["جنيف"] == (SWITZERLAND, "")
    assert within["عدن"] == ("", "")
    assert within["الشمال (لبنان)"] == (LEBANON,)


def any_name_of_a_region_is_taken_and_an_unknown_one_told(engine: SearchEngine) -> None:
    by_name = ask(engine, country=[SYRIA], governorate=["حلب"])
    assert ask(engine, country=["SY"], governorate=["محافظة حَلَب"]).total == by_name.total > 0
    request = (
        prepare_search(SearchRequest(countries=("سورية",), governorates=("محافظة حلب", "لا شيء")))
        .with_canonical_names()
        .request
    )
    assert (request.countries, request.governorates) == ((SYRIA,), ("حلب", "لا شيء"))
    page = run_search(SearchRequest(countries=("أطلانطس",)), engine=engine)
    assert (page.total, [each.code for each in page.complaints]) == (0, ["unknown_country"])
    assert [value.value for value in page.facets["country"] if value.selected] == ["أطلانطس"]


def where_nothing_is_found_the_country_may_be_left_out(engine: SearchEngine) -> None:
    page = ask(engine, q=["هدنة"], country=["مصر"])
    assert page.total == 0
    assert "country" in {way.kind for way in page.ways_out}


def a_place_that_moves_to_another_governorate_takes_its_articles_along(engine: SearchEngine) -> None:
    Outbox.objects.all().delete()
    Place.objects.filter(slug="تدمر").update(governorate="البادية")
    mentioning = set(PlaceMention.objects.filter(place__slug="تدمر").values_list("article", flat=True))
    assert set(Outbox.objects.values_list("article_id", flat=True)) == mentioning
    assert set(compare_fingerprints(engine.fingerprints(), iter_documents()).ids()) == mentioning
    index_all(engine, version=2)
    assert counts(ask(engine), "governorate")["البادية"] == len(mentioning)
    Outbox.objects.all().delete()
    Place.objects.filter(slug="تدمر").update(aliases=["عروس الصحراء"])
    assert not Outbox.objects.exists(), "other columns stand in no document"


# -- the tree


def leaves(rows: Collection[FacetEntry], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield (*path, row.label)
        yield from leaves(row.children, (*path, row.label))


def the_tree_has_every_value_once_under_what_holds_it(engine: SearchEngine) -> None:
    request = SearchRequest()
    found = list(leaves(region_rows(request, run_search(request, engine=engine))))
    assert len(found) == len(set(found))
    assert {path[-1] for path in found if path[0] == SYRIA} >= {"حمص", "تدمر", "حلب", "الباب"}
    assert [len(path) for path in found if path[-1] == "تدمر"] == [3]
    assert [len(path) for path in found if path[-1] == "جنيف"] == [2]
    assert {path[-1] for path in found if len(path) == 2 and path[0] not in (SYRIA, LEBANON, JORDAN)} == {
        "جنيف", "عدن",
    }  # fmt: skip


def what_is_chosen_stays_in_sight_and_what_would_find_nothing_has_no_link(engine: SearchEngine) -> None:
    for field, chosen in (("countries", LEBANON), ("cities", "جنيف")):
        request = SearchRequest(**{field: (chosen,)})  # type: ignore[arg-type]  # a field of names
        rows = region_rows(request, run_search(request, engine=engine))
        assert [row.label for row in _all(rows) if row.selected] == [chosen]
        assert any(row.open for row in rows)
        for row in _all(rows):
            assert bool(row.url) == bool(row.count or row.selected)


def _all(rows: Collection[FacetEntry]) -> Iterator[FacetEntry]:
    for row in rows:
        yield row
        yield from _all(row.children)


def without_any_country_there_is_no_tree(engine: SearchEngine) -> None:
    publish(engine, NewsItem("قرنفلستان", cities=["قرية"]))
    request = SearchRequest(q="قرنفلستان")
    assert region_rows(request, run_search(request, engine=engine)) == ()
