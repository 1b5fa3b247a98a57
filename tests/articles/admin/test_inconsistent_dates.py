"""Inconsistent dates in the admin: their description, and the filter that lists them."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
TEXTS = {
    "weekday": "عقد الاجتماع يوم السبت 17 كانون الثاني 2012 في القاهرة.",
    "no-such-day": "وصل الوفد في 31 شباط 2012 إلى دمشق.",
    "": "عقد الاجتماع يوم الثلاثاء 17 كانون الثاني 2012 في القاهرة.",
}


@pytest.fixture
def texts(import_lines: Import) -> None:
    import_lines(*({"id": code or "fits", "title": f"خبر {code}", "body": TEXTS[code]} for code in TEXTS))


def listed(desk: Client, unfit: str) -> set[str]:
    page = desk.get(f"{LIST}?unfit={unfit}")
    return {article.title for article in page.context["cl"].result_list}


def test_the_list_of_articles_is_narrowed_to_them(desk: Client, texts: None) -> None:
    assert listed(desk, "any") == {"خبر weekday", "خبر no-such-day"}
    assert listed(desk, "weekday") == {"خبر weekday"}
    assert listed(desk, "no-such-day") == {"خبر no-such-day"}
    assert listed(desk, "hijri") == set()


def test_the_page_of_an_article_says_it_in_words(desk: Client, texts: None) -> None:
    article = Article.objects.get(title="خبر weekday")
    desk.cookies["django_language"] = "ar"
    page = desk.get(f"{LIST}{article.pk}/change/").content.decode()
    assert "weekday:" not in page
    assert "الثلاثاء" in page


def test_the_sentence_keeps_its_own_direction_behind_words_of_the_desk(desk: Client, texts: None) -> None:
    article = Article.objects.get(title="خبر weekday")
    page = desk.get(f"{LIST}{article.pk}/change/").content.decode()
    assert f'this one was Tuesday. — <bdi dir="auto">{TEXTS["weekday"]}</bdi>' in page
