"""Places of many articles are looked up together."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arabic.tables.gazetteer import GazetteerEntry
from articles.geotagging.geotagger import PlaceResolver, resolve_city
from articles.geotagging.name_rules import PlaceSpan
from articles.models import Article, MergedPlace, Place
from articles.text.document import make_document

pytestmark = pytest.mark.django_db


def test_places_are_looked_up_together_also_merged_ones() -> None:
    homs, aleppo, beirut = map(resolve_city, ("حمص", "حلب", "بيروت"))
    assert homs
    assert aleppo
    assert beirut
    stored = Place.objects.create(key=homs.key, slug="حمص", name="حمص")
    MergedPlace.objects.create(key=aleppo.key, place=stored)
    resolver = PlaceResolver()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        resolver.look_up([PlaceSpan(each, "body") for each in (homs, aleppo, beirut, homs)])
        assert {resolver.place_id(homs), resolver.place_id(aleppo)} == {stored.pk}
    assert len(queries) == 2
    created = Place.objects.get(pk=resolver.place_id(beirut))
    assert created.key == beirut.key


def entries(*names: str) -> list[GazetteerEntry]:
    found = [resolve_city(name) for name in names]
    assert all(found)
    return [entry for entry in found if entry]


def mentions(resolver: PlaceResolver, *places: GazetteerEntry | str) -> list[int]:
    article, text = Article(pk=1), make_document("", "")
    spans = [PlaceSpan(place, "metadata") for place in places]
    return [row.place_id for row in resolver.mentions_of_all([(article, text, spans)])]


def test_new_places_of_many_articles_are_created_together_in_their_order() -> None:
    named = entries("بيروت", "حمص", "حلب", "دمشق")
    resolver = PlaceResolver()
    assert resolver.rules is not None
    with CaptureQueriesContext(connection) as queries:
        ids = mentions(resolver, *named, named[0])
    assert ids == sorted(ids)
    assert list(Place.objects.order_by("pk").values_list("key", flat=True)) == [each.key for each in named]
    assert len(queries) <= 5  # merged, stored, savepoint, insert, its end


@pytest.mark.parametrize("own", [False, True], ids=["stored", "named by the same file"])
def test_a_taken_slug_gets_a_number_as_one_by_one(own: bool) -> None:
    homs, aleppo = entries("حمص", "حلب")
    if not own:
        Place.objects.create(key="own-x", slug=homs.slug, name="حمص")
    names: list[GazetteerEntry | str] = [aleppo, *(["مكان لا يعرفه أحد"] if own else []), homs]
    assert len(mentions(PlaceResolver(), *names)) == len(names)
    assert Place.objects.get(key=homs.key).slug == (homs.slug if own else f"{homs.slug} (2)")
    assert Place.objects.get(key=aleppo.key).slug == aleppo.slug


def test_a_place_that_another_process_creates_meanwhile_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    homs, aleppo = entries("حمص", "حلب")
    resolver = PlaceResolver()
    resolver.look_up([PlaceSpan(each, "body") for each in (homs, aleppo)])
    other = Place.objects.create(key=homs.key, slug="another process", name="حمص")
    monkeypatch.setattr(PlaceResolver, "look_up", lambda *_: None)
    assert mentions(resolver, homs, aleppo) == [other.pk, Place.objects.get(key=aleppo.key).pk]
