"""Rows that are inserted quickly are those that Django inserts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from articles.batching import insert_rows
from articles.models import Article, DateMention, Place, PlaceMention, Precision

pytestmark = pytest.mark.django_db


def mentions(article: Article, place: Place) -> tuple[list[PlaceMention], list[DateMention]]:
    of_place = {"article_id": article.pk, "place_id": place.pk}
    return (
        [
            PlaceMention(**of_place, field="body", start=4, end=7, evidence="في حمص «أمس»", about=True),
            PlaceMention(**of_place, field="title", start=0, end=3, institution=True),
            PlaceMention(**of_place, field=PlaceMention.METADATA),
        ],
        [
            DateMention(
                article_id=article.pk, field="body", start=9, end=20, evidence="3 آذار", kind="absolute",
                first_day=date(2013, 3, 3), last_day=date(2013, 3, 31), precision=Precision.MONTH,
            )
        ],
    )  # fmt: skip


def stored(rows: Sequence[Model], article: Article) -> list[dict[str, object]]:
    found = type(rows[0])._base_manager.filter(article_id=article.pk).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in ("id", "article_id")} for row in found]


def test_rows_are_stored_as_by_bulk_create() -> None:
    place = Place.objects.create(key="1", slug="حمص", name="حمص", kind="city")
    first, second = (Article.objects.create(title="خبر") for _ in range(2))
    for quick, slow in zip(mentions(first, place), mentions(second, place), strict=True):
        insert_rows(quick)
        type(slow[0])._base_manager.bulk_create(slow)
        assert len(stored(quick, first)) == len(quick)
        assert stored(quick, first) == stored(slow, second)


def test_no_rows_are_no_statement() -> None:
    insert_rows([])
    assert not PlaceMention.objects.exists()


def test_a_row_that_is_there_already_is_refused() -> None:
    place = Place.objects.create(key="1", slug="حمص", name="حمص", kind="city")
    rows, _dates = mentions(Article.objects.create(title="خبر"), place)
    insert_rows(rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(rows[:1])
