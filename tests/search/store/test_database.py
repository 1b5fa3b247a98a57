"""The store of the archive reads with kept SQL what Django reads."""

from __future__ import annotations

from datetime import date

import pytest

from articles.models import Article, PlaceMention, Source
from search.store.database import DatabaseStore
from tests.search.news import place

pytestmark = pytest.mark.django_db


def test_records_are_those_that_django_reads_for_any_number_of_ids() -> None:
    source = Source.objects.create(name="سنابل")
    days = [(None, ""), (date(2012, 5, 1), "month"), (date(2013, 1, 1), "year"), (date(2014, 2, 3), "day")]
    articles = [
        Article.objects.create(
            title=f"خبر {number}", body="نص", source=source if number % 2 else None, external_id=f"x{number}",
            date=day, date_precision=precision, title_derived=bool(number % 3), url="https://example.org/",
            ocr_confidence=80 if number % 2 else None,
        )
        for number, (day, precision) in enumerate(days)
    ]  # fmt: skip
    hidden = Article.objects.create(title="مسودة", body="نص", state=Article.State.DRAFT)
    for number, article in enumerate(articles):
        for city in ("حمص", "حلب")[: number % 3]:
            for field in ("title", "body")[: 1 + (city == "حلب")]:
                PlaceMention.objects.create(
                    article=article, place=place(city), field=field, about=city == "حلب" and field == "body"
                )
    store = DatabaseStore()
    for some in ([], articles[:1], articles, [hidden, *articles[1:3]], [hidden]):
        records = store.records([article.pk for article in some])
        assert sorted(records) == sorted(one.pk for one in some if one != hidden)
        for article in Article.objects.filter(pk__in=records):
            record = records[article.pk]
            kept = (record.title, record.date, record.precision, record.source_id, record.title_derived)
            assert kept == (
                article.title, article.date, article.date_precision, article.source_id, article.title_derived
            )  # fmt: skip
            assert type(record.title_derived) is bool
            assert (record.external_id, record.url) == (article.external_id, article.url)
            assert record.ocr_confidence == article.ocr_confidence
            named = set(article.places.values_list("slug", flat=True))
            assert [value for value, _label in record.cities] == [
                each for each in ("حلب", "حمص") if each in named
            ]
            assert [value for value, _label in record.about] == ["حلب"] * ("حلب" in named)
