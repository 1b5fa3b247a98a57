"""A text that begins with a Latin word runs from right to left wherever most of its letters are Arabic."""

from __future__ import annotations

import re
from unicodedata import bidirectional

import pytest
from django.test import Client
from django.urls import reverse

from arabic.text.direction import text_direction
from articles.models import Article
from search.templatetags.archive import tab_title

TITLE = "BBC عربي: ترميم السوق القديم يبدأ"
BODY = "CNN نقلت عن البلدية أن ترميم السوق القديم يبدأ غدا.\nUNESCO ترعى المشروع كله!"


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        (TITLE, "rtl"), ("2012... عام الأسواق؟", "rtl"), ("UNESCO ترعى المشروع!", "rtl"), ("", "rtl"),
        ("1932", "rtl"),
        ("The old market (سوق) is repaired", "ltr"), ("Nahr Daily", "ltr"),
        ("iPhone: سعر الهاتف الجديد", "rtl"),
        ("http://x.example/a", "ltr"), ("«CNN»، السوق القديم", "rtl"),
        ("3 شاحنات https://news.example/a/very/long/address?of=letters لم تصل", "rtl"),
        ("للنشر: letters.to.the.editor@paper.example", "rtl"),
        ("www.example.org/part/of/the/paper، الصفحة", "rtl"), ("Read https://x.example/a now (خبر)", "ltr"),
        ("https://x.example/aحمص", "rtl"), ("1 @ 2", "rtl"),
    ],
)  # fmt: skip
def test_most_letters_decide(text: str, direction: str) -> None:
    assert text_direction(text) == direction
    assert tab_title(text) == ("\u2067" if direction == "rtl" else "\u2066") + text + "\u2069"


@pytest.fixture
def article() -> Article:
    return Article.objects.create(title=TITLE, body=BODY, sha256="", state="published")


def without_first(page: str) -> list[str]:
    """Return the elements around title and paragraphs that leave their direction to the first letter."""
    return re.findall(r'<[a-z0-9]+[^>]*dir="auto"[^>]*>\s*(?:BBC|CNN|UNESCO)[^<]*', page)


def test_one_letter_of_any_other_script_decides() -> None:
    letters = (chr(number) for number in (*range(0x590), *range(0x900, 0x2E80), *range(0x2E80, 0x30000, 97)))
    left = [letter for letter in letters if letter.isalpha() and bidirectional(letter) == "L"]
    assert len(left) > 5_000
    assert [letter for letter in left if text_direction(f"… «{letter}» 25") != "ltr"] == []


@pytest.mark.django_db
def test_the_page_of_an_article_and_its_tab_run_from_right_to_left(client: Client, article: Article) -> None:
    page = client.get(reverse("search:article", args=[article.pk])).content.decode()
    assert without_first(page) == []
    assert f"\u2067{TITLE}\u2069" in page
    assert re.search(r'<h1[^>]*dir="rtl"', page)
    assert len(re.findall(r'<p dir="rtl">(?:<[^>]+>)*(?:CNN|UNESCO)', page)) == 2
