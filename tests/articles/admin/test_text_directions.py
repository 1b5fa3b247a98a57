"""The desk shows a text that begins with a Latin word by most of its letters."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from articles.models import Article, ImportRow

TITLE = "BBC عربي: ترميم السوق القديم يبدأ"
BODY = "CNN نقلت عن البلدية أن ترميم السوق القديم يبدأ غدا.\nUNESCO ترعى المشروع كله!"


@pytest.fixture
def article() -> Article:
    return Article.objects.create(title=TITLE, body=BODY, sha256="", state="published")


@pytest.mark.django_db
def test_the_desk_shows_titles_and_texts_by_most_of_their_letters(desk: Client, article: Article) -> None:
    for address in (
        "/admin/articles/article/",
        reverse("admin:articles_article_change", args=[article.pk]),
        reverse("admin:articles_article_history", args=[article.pk]),
    ):
        page = desk.get(address).content.decode()
        assert "BBC" in page
        assert re.findall(r'<[a-z0-9]+[^>]*dir="auto"[^>]*>\s*(?:BBC|CNN|UNESCO)[^<]*', page) == []
    form = desk.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert re.search(r'<input[^>]*name="title"[^>]*dir="rtl"', form)
    assert re.search(r'<textarea[^>]*name="body"[^>]*dir="rtl"', form)


def test_what_a_remark_quotes_keeps_its_order() -> None:
    with translation.override("en"):
        (remark,) = ImportRow(reason="date-from-text", detail="3 أيار 2014").remarks
    assert "“\u20683 أيار 2014\u2069”" in remark
