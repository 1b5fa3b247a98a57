"""No page of the desk names an article that its user may not open: a link has the title of its target."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article, ImportBatch, ImportRow
from tests.articles.conftest import LETTERS

pytestmark = pytest.mark.django_db
SECRET, OPEN = "عنوان مسحوب من القراء", "عنوان يراه القراء"


@pytest.fixture
def pages(people: dict[str, User]) -> dict[str, str]:
    """Return pages that link to a withdrawn article, to a visible one, and to none."""

    def page(article: Article) -> str:
        return reverse("admin:articles_article_change", args=[article.pk])

    secret = Article.objects.create(title=SECRET, state=Article.State.WITHDRAWN, url="http://a.example/1")
    seen = Article.objects.create(title=OPEN)
    batch = ImportBatch.objects.create(state="published", created_by=people["C"])
    for article in (secret, seen):
        ImportRow.objects.create(batch=batch, file_name="x", outcome="updated", article=article)
    make = Article.objects.create
    return {
        "its text": page(make(title="خبر", duplicate_of=secret)),
        "its address": page(make(title="خبر", same_address_as=secret)),
        "the other's address": page(make(title="خبر", same_address_as=seen, duplicate_of=seen)),
        "its import": reverse("admin:articles_importbatch_change", args=[batch.pk]),
        "neither": page(make(title="خبر")),
    }


@pytest.mark.parametrize("letter", LETTERS, ids=LETTERS.get)
def test_titles_of_hidden_articles(
    people: dict[str, User], pages: dict[str, str], client: Client, letter: str
) -> None:
    client.force_login(people[letter])
    client.cookies["django_language"] = "en"
    texts = {name: client.get(address).content.decode() for name, address in pages.items()}
    publishes = letter in "LA"
    assert {name for name, text in texts.items() if SECRET in text} == (
        {"its text", "its address", "its import"} if publishes else set()
    )
    assert OPEN in texts["the other's address"]
    assert (OPEN in texts["its import"]) == (letter != "R")  # readers open no import
    if not publishes:
        # What is hidden looks like what is not there.
        for hint in ("Same text as", "Same address as"):
            assert not [name for name in ("its text", "its address", "neither") if hint in texts[name]]


@pytest.mark.parametrize("letter", LETTERS, ids=LETTERS.get)
def test_the_filter_of_addresses_lists_what_its_user_may_see(
    people: dict[str, User], pages: dict[str, str], client: Client, letter: str
) -> None:
    client.force_login(people[letter])
    found = client.get(reverse("admin:articles_article_changelist"), {"same_address": "yes"}).context["cl"]
    listed = {each.title for each in found.queryset}
    assert listed == ({OPEN, "خبر", SECRET} if letter in "LA" else {OPEN, "خبر"})
    assert found.queryset.count() == (4 if letter in "LA" else 2)
