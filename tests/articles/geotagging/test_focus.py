"""Stored mentions say whether they name an institution, and whether the article is about their place."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.geotagging.geotagger import record_override, tag_places, withdraw_override
from articles.models import Article, Place, PlaceVerdict
from tests.articles.conftest import Import

BODY = (
    "دمشق - سانا: افتتح وزير التربية أمس مدرسة كبيرة في حي من أحياء حمص القديمة بعد أن اكتمل بناؤها في "
    "سنتين وجهزت بالمختبرات والملاعب. وحضر الحفل عميد من كلية التربية في جامعة حلب، ووصل ضيوف من إدلب."
)


def facts(article: Article) -> dict[str, tuple[bool, bool]]:
    """Return place → (institution, about)."""
    rows = article.mentions.values_list("place__slug", "institution", "about")
    return {slug: (institution, about) for slug, institution, about in rows}


EXPECTED = {
    "دمشق": (False, False),
    "حمص": (False, True),
    "حلب": (True, False),
    "إدلب": (False, False),
}


@pytest.mark.django_db
def test_an_import_stores_what_the_article_is_about(import_lines: Import) -> None:
    import_lines({"id": "1", "title": "مدرسة جديدة", "body": BODY, "cities": ["الرقة"]})
    article = Article.objects.get()
    assert facts(article) == EXPECTED | {"الرقة": (False, True)}
    before = set(article.mentions.values_list("pk", flat=True))
    assert not tag_places(article).changed
    assert set(article.mentions.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_an_edit_changes_what_the_article_is_about(import_lines: Import) -> None:
    import_lines({"id": "1", "title": "مدرسة جديدة", "body": BODY})
    article = Article.objects.get()
    article.title = "وصول ضيوف من إدلب"
    article.save()
    assert tag_places(article).changed
    assert facts(article) == EXPECTED | {"إدلب": (False, True)}


@pytest.mark.django_db
def test_rows_of_an_older_archive_are_filled_in(import_lines: Import) -> None:
    import_lines({"id": "1", "title": "مدرسة جديدة", "body": BODY})
    article = Article.objects.get()
    article.mentions.update(about=False, institution=False)
    assert tag_places(article).changed
    assert facts(article) == EXPECTED


@pytest.mark.django_db
def test_a_place_without_a_position_is_one_that_the_article_is_about(
    import_lines: Import, librarian: User
) -> None:
    import_lines({"id": "1", "title": "مدرسة جديدة", "body": BODY}, {"id": "2", "body": "خبر من درعا اليوم"})
    article = Article.objects.get(external_id="1")
    daraa: Any = Place.objects.get(slug="درعا")
    verdict = record_override(article, daraa, PlaceVerdict.Kind.MEANT, by=librarian, reason="المدرسة فيها")
    assert facts(article)["درعا"] == (False, True)
    withdraw_override(verdict, by=librarian)
    assert facts(article) == EXPECTED
