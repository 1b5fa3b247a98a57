"""The one filter of places: what it finds, counts and shows, on each engine."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from articles.models import Article, Outbox, Place, PlaceMention
from search.engines.contract import SearchEngine
from search.indexing.index_documents import iter_documents
from search.indexing.verify import compare_fingerprints
from search.query.compiler import prepare_search
from search.query.request import MappingParams, SearchRequest
from search.results import FacetValue, ResultPage
from search.retrieval.service import run_search
from search.web.viewmodels.facet_lists import FacetEntry, place_rows
from tests.search.news import NewsItem, index_all, publish

#: City → country, governorate.
PLACES = {
    "حمص": ("SY", "حمص"), "تدمر": ("SY", "حمص"), "حلب": ("SY", "حلب"), "الباب": ("SY", "حلب"),
    "بيروت": ("LB", "بيروت"), "طرابلس": ("LB", "الشمال"), "جنيف": ("CH", ""), "عدن": ("", ""),
    "إربد": ("JO", "الشمال"),
}  # fmt: skip
SYRIA, LEBANON, JORDAN, SWITZERLAND = "سوريا", "لبنان", "الأردن", "سويسرا"


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


def named(label: str, facet: str, country: str) -> str:
    """Return the value that the facet shows."""
    names = {"SY": SYRIA, "LB": LEBANON, "JO": JORDAN, "CH": SWITZERLAND}
    if facet == "country":
        return names.get(label, "")
    return f"{label} ({names[country]})" if label == "الشمال" else label


def holders(slug: str) -> dict[str, str]:
    """Return the value of each kind that a city has: itself and what it lies in, as far as it is known."""
    country, governorate = PLACES[slug]
    found = {"country": named(country, "country", ""), "governorate": "", "city": slug}
    if governorate:
        found["governorate"] = named(governorate, "governorate", country)
    return {kind: value for kind, value in found.items() if value}


def all_places() -> dict[int, list[dict[str, str]]]:
    """Return the cities of each article with what they lie in."""
    articles = Article.objects.prefetch_related("mentions__place")
    return {each.pk: [holders(one.place.slug) for one in each.mentions.all()] for each in articles}


def narrowed(chosen: Choice) -> set[tuple[str, str]]:
    """Return the chosen values in which no other chosen value lies."""
    flat = {(kind, value) for kind, values in chosen.items() for value in values}
    path = [set(holders(slug).items()) for slug in PLACES]

    def holds(outer: tuple[str, str], inner: tuple[str, str]) -> bool:
        order = ("country", "governorate", "city")
        return order.index(outer[0]) < order.index(inner[0]) and any({outer, inner} <= one for one in path)

    return {each for each in flat if not any(holds(each, other) for other in flat)}


def expected(chosen: Choice, *, every: bool = False) -> set[int]:
    """Return the articles of a choice by looking at every article."""
    values = narrowed(chosen)
    if not values:
        return set(all_places())
    together = all if every else any
    return {
        article
        for article, places in all_places().items()
        if together(any(place.get(kind) == value for place in places) for kind, value in values)
    }


Choice = dict[str, Collection[str]]
CHOICES: list[Choice] = [
    {},
    {"country": [SYRIA]},
    {"country": [SYRIA, LEBANON]},
    {"governorate": ["حمص"]},
    {"governorate": ["حمص", "الشمال (لبنان)"]},
    {"city": ["حمص", "جنيف"]},
    {"country": [LEBANON], "governorate": ["حلب"]},
    {"country": [SYRIA], "city": ["بيروت"]},
    {"country": [SYRIA, LEBANON], "governorate": ["حمص"], "city": ["تدمر"]},
    {"country": [SWITZERLAND], "governorate": ["حمص"], "city": ["الباب", "حلب", "جنيف"]},
]


def test_every_count_matches_the_database_and_every_row_has_a_parent(
    engine: SearchEngine, ids: list[int], subtests: pytest.Subtests
) -> None:
    for chosen in CHOICES:
        with subtests.test(str(chosen)):
            recount(engine, chosen)
            every_row_finds_what_it_says(engine, chosen)
    checks = (
        a_row_says_what_it_lies_in,
        a_name_that_several_places_share_means_the_one_in_a_chosen_region,
        any_name_of_a_region_is_taken_and_an_unknown_one_told,
        a_place_of_another_kind_is_told,
        where_nothing_is_found_the_places_may_be_left_out,
        the_tree_has_every_value_once_under_what_holds_it,
        what_articles_are_about_is_counted_and_filtered_by,
        what_is_chosen_stays_in_sight,
        a_place_that_moves_to_another_governorate_takes_its_articles_along,
        an_article_counts_once_for_a_country_that_it_mentions_twice,
        without_any_country_the_cities_stand_alone,
    )
    for check in checks:
        with subtests.test(check.__name__):
            check(engine)


def recount(engine: SearchEngine, chosen: Choice) -> None:
    for every in (False, True):
        page = ask(engine, **chosen, place_all=["1"] if every else [])
        assert {hit.record.id for hit in page.hits} == expected(chosen, every=every)
        assert page.total == len(page.hits)
        assert {(kind, row.value) for kind, row in _rows(page) if row.selected} == narrowed(chosen)
        for kind, row in _rows(page):
            assert row.count == len(expected({kind: [row.value]})), (
                "under all other filters, of which is none"
            )
            for around, holder in zip(("country", "governorate"), row.within, strict=False):
                if holder:
                    assert row.count <= counts(page, around)[holder]


def _rows(page: ResultPage) -> list[tuple[str, FacetValue]]:
    return [(kind, row) for kind in ("country", "governorate", "city") for row in page.facets[kind]]


def every_row_finds_what_it_says(engine: SearchEngine, chosen: Choice, about: Collection[str] = ()) -> None:
    """Follow every link of the tree and compare what it finds with the number in its row."""
    for every in ([], ["1"]):
        request, _complaints = SearchRequest.from_params(
            MappingParams(
                {name: list(given) for name, given in chosen.items()} | {"place_all": every, "about": about}
            )
        )
        prepared = prepare_search(request).with_canonical_names()
        page = run_search(prepared, engine=engine)
        several = len(narrowed(chosen)) > 1
        for row in _all(place_rows(prepared.request, page)):
            if not row.url:
                assert row.heading or (row.about if about and not (several and every) else row.count) == 0
                continue
            found, complaints = SearchRequest.from_params(QueryDict(urlsplit(row.url).query))
            assert not complaints
            total = run_search(found, engine=engine).total
            if row.adds is not None:
                assert total == page.total + row.adds, row.label
            elif not chosen or not (row.open or (several and not every)):
                assert total == (row.about if about and not (several and every) else row.count), row.label


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
        prepare_search(SearchRequest(countries=("لبنان",), governorates=("محافظة حلب", "لا شيء")))
        .with_canonical_names()
        .request
    )
    assert (request.countries, request.governorates) == ((LEBANON,), ("حلب", "لا شيء"))
    page = run_search(SearchRequest(countries=("أطلانطس",)), engine=engine)
    assert (page.total, [each.code for each in page.complaints]) == (0, ["unknown_country"])
    assert [value.value for value in page.facets["country"] if value.selected] == ["أطلانطس"]


def a_place_of_another_kind_is_told(engine: SearchEngine) -> None:
    for field, name, code in (("cities", SYRIA, "is_country"), ("countries", "تدمر", "is_city")):
        page = run_search(SearchRequest(**{field: (name,)}), engine=engine)  # type: ignore[arg-type]  # a field of names
        assert page.total == 0
        assert code in [each.code for each in page.complaints]
    page = run_search(SearchRequest(about=True), engine=engine)
    assert (page.total > 0, [each.code for each in page.complaints]) == (True, ["about_no_place"])


def a_name_that_several_places_share_means_the_one_in_a_chosen_region(engine: SearchEngine) -> None:
    north = ask(engine, governorate=["الشمال (الأردن)"])
    assert ask(engine, governorate=["الشمال"]).total > north.total
    narrower = ask(engine, country=["JO"], governorate=["الشمال"])
    assert [row.value for _kind, row in _rows(narrower) if row.selected] == ["الشمال (الأردن)"]
    assert narrower.total == north.total


def where_nothing_is_found_the_places_may_be_left_out(engine: SearchEngine) -> None:
    page = ask(engine, q=["هدنة"], country=["مصر"])
    assert page.total == 0
    assert "place" in {way.kind for way in page.ways_out}


def a_place_that_moves_to_another_governorate_takes_its_articles_along(engine: SearchEngine) -> None:
    Outbox.objects.all().delete()
    Place.objects.filter(slug="تدمر").update(governorate="البادية")
    mentioning = set(PlaceMention.objects.filter(place__slug="تدمر").values_list("article", flat=True))
    assert set(Outbox.objects.values_list("article_id", flat=True)) == mentioning
    assert set(compare_fingerprints(engine.fingerprints(), iter_documents()).ids()) == mentioning
    index_all(engine, version=3)
    assert counts(ask(engine), "governorate")["البادية"] == len(mentioning)
    Outbox.objects.all().delete()
    Place.objects.filter(slug="تدمر").update(aliases=["عروس الصحراء"])
    assert not Outbox.objects.exists(), "other columns stand in no document"


# -- the tree


def leaves(rows: Collection[FacetEntry], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield (*path, row.label)
        yield from leaves((*row.children, *row.more), (*path, row.label))


def the_tree_has_every_value_once_under_what_holds_it(engine: SearchEngine) -> None:
    request = SearchRequest()
    found = list(leaves(place_rows(request, run_search(request, engine=engine))))
    assert len(found) == len(set(found))
    assert {path[-1] for path in found if path[0] == SYRIA} >= {"حمص", "تدمر", "حلب", "الباب"}
    assert [len(path) for path in found if path[-1] == "تدمر"] == [3]
    assert [len(path) for path in found if path[-1] == "جنيف"] == [2]
    assert {path[-1] for path in found if len(path) == 2 and path[0] not in (SYRIA, LEBANON, JORDAN)} == {
        "جنيف", "عدن",
    }  # fmt: skip


def what_articles_are_about_is_counted_and_filtered_by(engine: SearchEngine) -> None:
    homs = PlaceMention.objects.filter(place__slug="حمص")
    told = set(homs.values_list("article", flat=True)[:3])
    Outbox.objects.all().delete()
    homs.filter(article__in=told).update(about=True)
    assert set(Outbox.objects.values_list("article_id", flat=True)) == told
    assert set(compare_fingerprints(engine.fingerprints(), iter_documents()).ids()) == told
    PlaceMention.objects.filter(place__slug__in=["تدمر", "حلب", "بيروت"], article__in=told).update(about=True)
    PlaceMention.objects.filter(place__slug="جنيف").update(about=True)
    index_all(engine, version=2)
    page = ask(engine, governorate=["حمص"], about=["1"])
    assert {hit.record.id for hit in page.hits} == told
    assert all(("حمص", "حمص") in hit.record.about for hit in page.hits)
    for kind, row in _rows(ask(engine)):
        articles = Article.objects.prefetch_related("mentions__place")
        about = [
            article.pk
            for article in articles
            if any(
                one.about and holders(one.place.slug).get(kind) == row.value for one in article.mentions.all()
            )
        ]
        assert row.about == len(about), row.value
        assert row.about <= row.count
    for chosen in CHOICES:
        every_row_finds_what_it_says(engine, chosen, about=["1"] if chosen else [])


def what_is_chosen_stays_in_sight(engine: SearchEngine) -> None:
    for field, chosen in (("countries", LEBANON), ("cities", "جنيف")):
        request = SearchRequest(**{field: (chosen,)})  # type: ignore[arg-type]  # a field of names
        rows = place_rows(request, run_search(request, engine=engine))
        assert [row.label for row in _all(rows) if row.selected] == [chosen]
        assert any(row.open for row in rows)


def _all(rows: Collection[FacetEntry]) -> Iterator[FacetEntry]:
    for row in rows:
        yield row
        yield from _all((*row.children, *row.more))


def without_any_country_the_cities_stand_alone(engine: SearchEngine) -> None:
    publish(engine, NewsItem("قرنفلستان", cities=["قرية"]))
    request = SearchRequest(q="قرنفلستان")
    assert [row.label for row in place_rows(request, run_search(request, engine=engine))] == ["قرية"]
