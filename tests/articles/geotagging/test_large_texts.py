"""Large texts: the limit on stored mentions, and the order of columns."""

from __future__ import annotations

from articles.geotagging.geotagger import find_place_spans
from articles.geotagging.name_rules import MAX_SPANS_PER_PLACE
from articles.models import Article
from articles.text.document import make_document


def test_a_place_named_a_thousand_times_stores_its_first_mentions() -> None:
    spots = find_place_spans(make_document("أخبار حمص", "وصلت القافلة إلى حمص ثم حلب. " * 1000))
    per_place = [(spot.place.slug, spot.field) for spot in spots if not isinstance(spot.place, str)]
    assert {key: per_place.count(key) for key in per_place} == {
        ("حمص", "title"): 1,
        ("حمص", "body"): MAX_SPANS_PER_PLACE,
        ("حلب", "body"): MAX_SPANS_PER_PLACE,
    }
    assert spots[1].start == "وصلت القافلة إلى حمص".index("حمص")


def test_large_columns_come_after_the_columns_that_filters_and_triggers_read() -> None:
    columns = [field.column for field in Article._meta.concrete_fields]
    assert columns[-2:] == ["body", "original"]
