"""Recognition of field names and city names in imported files."""

from __future__ import annotations

from datetime import date

import pytest

from articles.models import Article, PlaceMention
from articles.readers.field_names import map_field_names
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db

RECORD = {"id": "1", "title": "سوق", "body": "نص.", "source": "الجريدة"}


def test_given_cities_are_matched_with_a_title_and_in_latin_script(import_lines: Import) -> None:
    record = {**RECORD, "cities": ["Homs", "مدينة حلب", "Deir ez-Zor", "محافظة إدلب", "Lilliput"]}
    import_lines(record)
    given = PlaceMention.objects.filter(field="metadata").values_list("place__slug", flat=True)
    assert sorted(given) == sorted(["حمص", "حلب", "دير الزور", "إدلب", "Lilliput"])
    assert import_lines(record)["unchanged"] == 1


def test_field_names_of_scrapers_are_recognised(import_lines: Import) -> None:
    import_lines(
        {
            "headline": "سوق في سلقين",
            "content": "فتح السوق.",
            "published_at": "2014-05-06T10:00:00Z",
            "link": "x",
        },
        {"عنوان الخبر": "سوق في حارم", "نص الخبر": "فتح السوق هناك.", "تاريخ النشر": "6 أيار 2014"},
    )
    stored = Article.objects.order_by("pk").values_list("title", "body", "date")
    day = date(2014, 5, 6)
    assert list(stored) == [("سوق في سلقين", "فتح السوق.", day), ("سوق في حارم", "فتح السوق هناك.", day)]


def test_a_documented_name_precedes_a_synonym_whose_value_must_be_text(import_lines: Import) -> None:
    import_lines(
        {"headline": "ترويسة", "content": {"blocks": []}, "title": "عنوان", "body": "نص.", "heading": 3},
        {"content": ["نص"], "title": "عنوان آخر"},
    )
    assert list(Article.objects.order_by("pk").values_list("title", "body")) == [
        ("عنوان", "نص."), ("عنوان آخر", ""),
    ]  # fmt: skip


def test_a_name_that_may_be_a_summary_counts_only_alone() -> None:
    assert map_field_names(["العنوان", "التفاصيل", "المحتوى"]) == ["title", "", "body"]
    assert map_field_names(["العنوان", "التفاصيل"]) == ["title", "body"]
    assert map_field_names(["المراسل", "كاتب", "بقلم"]) == ["", "byline", ""]
    assert map_field_names(["المراسل", "بقلم"]) == ["byline", "byline"]
