"""No answer is larger than docs/decisions/0063 says, whatever is asked and however long the articles are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from articles.models import Article, Place, PlaceMention, Source
from search.indexing.rebuild import rebuild_index
from tests.search.web.doors import DOORS
from tests.search.web.opened_pages import Page
from tests.search.web.told_words import Told

pytestmark = pytest.mark.django_db

ARTICLES, PLACES = 100, 25
Fill = Callable[[int], Told]
#: Bytes, not compressed, by the beginning of the path: lists for programs, tables to download, pages.
LIMITS = {"/api/": 2_000_000, "/search/view.csv": 20_000_000, "/": 1_000_000}
#: These show an article whole, or a file of many.
WHOLE = ("article page", "API, article", "original as a file", "export", "compared")
TOLD = Told("الرئيس", "الحكومة", "خبر", "مصر", "مصدر", "مدينة", "2015")
#: As long as a query may be, in an alphabet that takes the most bytes in an address.
QUERY = " OR ".join(["الرئيس", *(f"كلمة{chr(0x628 + number)}" for number in range(20))])
QUERY = (QUERY + ' OR "الرئيس الحكومة"' * 60)[:1000]


@pytest.fixture
def fill(settings: LazySettings, tmp_path: Path) -> Fill:
    """Return a function that fills an archive with articles that are long in every field.

    It returns the words of the longest.
    """
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_ENGINES = {"embedded": settings.SEARCH_ENGINES["embedded"] | {"PATH": tmp_path / "index"}}
    return long_articles


def long_articles(count: int) -> Told:
    sources = [Source(name=f"{number} " + "صحيفة " * 32) for number in range(count)]
    places = [
        Place(slug=f"{number}-" + "مدينة" * 22, name=f"{number} " + "مدينة " * 19, key=f"x{number}")
        for number in range(PLACES)
    ]
    Source.objects.bulk_create(sources)
    Place.objects.bulk_create(places)
    made = [
        Article(
            title=f"خبر {number} " + "الرئيس و\U0001f600" * (2_000 if number == 0 else 60),
            body="الرئيس الحكومة " * (2_000 if number == 0 else 60),
            source=source,
            url="https://example.org/" + "é" * 1900,
            external_id="é" * 200,
            byline="محرر " * 60,
            file_name="é" * 490,
            date=date(1900 + number, 1 + number % 12, 3),
            date_precision="day",
        )
        for number, source in enumerate(sources)
    ]
    Article.objects.bulk_create(made)
    PlaceMention.objects.bulk_create(
        PlaceMention(article=article, place=place, field="metadata") for article in made for place in places
    )
    rebuild_index()
    return replace(TOLD, id=made[0].pk)


@pytest.mark.slow
def test_no_answer_is_larger_than_its_limit(fill: Fill) -> None:
    client, longest = Client(), fill(ARTICLES)
    sizes: dict[str, int] = {}
    limits: dict[str, int] = {}
    for name, path, parameters in listing_addresses():
        address = path.format(id=longest.id)
        answer = client.get(address, {"q": QUERY, "size": "100"} | parameters)
        sizes[name] = len(answer.getvalue())
        limits[name] = next(limit for start, limit in LIMITS.items() if path.startswith(start))
    assert len(sizes) > 40
    assert max(sizes.values()) > 500_000, "the articles and the query are long"
    assert {name: size for name, size in sizes.items() if size > limits[name]} == {}


def test_a_part_of_the_list_of_all_hits_ends_early_and_misses_nothing(
    fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.web.list_api.MAX_PART_BYTES", 30_000)
    fill(10)
    client, cursor, parts = Client(), 0, []
    while cursor is not None:
        answer = client.get("/api/v1/search/all", {"q": "الرئيس", "cursor": cursor, "limit": 6}).json()
        parts.append([hit["id"] for hit in answer["hits"]])
        cursor = answer["next"]
    assert len(parts[0]) < 6
    listed = [id for part in parts for id in part]
    assert listed == sorted(set(listed)) == list(Article.objects.order_by("pk").values_list("pk", flat=True))


def listing_addresses() -> list[tuple[str, str, dict[str, str]]]:
    """Return name, path and parameters of each address that lists; each path and view of it once."""
    found: dict[object, tuple[str, str, dict[str, str]]] = {}
    for door in DOORS:
        opened = door.opened
        if type(opened) is Page and not door.name.startswith(WHOLE):
            parameters = dict(opened.parameters)
            found.setdefault((opened.path, *sorted(parameters.items())), (door.name, opened.path, parameters))
    days = {"view": "time", "by": "day"}
    found["days"] = ("hits over time, by day", "/search/", days)
    return [*found.values()]
