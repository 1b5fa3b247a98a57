"""Places of many articles are looked up together."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.geotagging.geotagger import PlaceResolver, resolve_city
from articles.geotagging.name_rules import PlaceSpan
from articles.models import MergedPlace, Place

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
