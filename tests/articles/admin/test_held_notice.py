"""The form of a held article says above its fields why it is held, and is where one decides."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article, ImportBatch
from tests.articles.conftest import Import
from tests.articles.ingest.test_held_texts import GOOD, LOST, record

pytestmark = pytest.mark.django_db


def form_of(client: Client, article: Article) -> str:
    return client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()


def test_a_held_article_is_published_from_its_form(import_lines: Import, desk: Client) -> None:
    import_lines(record(LOST))
    article = Article.objects.get()
    page = form_of(desk, article)
    assert 0 < page.index("question marks", page.index('id="held"')) < page.index('name="title"')
    target = re.search(rf'action="([^"]+)">(?:(?!</form>).)*value="publish:{article.pk}"', page, re.DOTALL)
    assert target
    assert f'value="refuse:{article.pk}"' in page
    desk.post(target[1], {"decision": f"publish:{article.pk}"})
    article.refresh_from_db()
    assert article.state == "published"
    assert 'id="held"' not in form_of(desk, article)


def test_a_held_new_text_is_named_on_the_form_with_the_way_to_compare_it(
    import_lines: Import, desk: Client
) -> None:
    import_lines(record(GOOD))
    import_lines(record(LOST))
    page = form_of(desk, Article.objects.get())
    assert "readers see the old one" in page
    assert f"held/updates/?batch={ImportBatch.objects.latest('pk').pk}" in page
    assert 'value="publish:' not in page


def test_who_may_not_publish_is_told_why_and_not_asked(import_lines: Import, people: dict[str, User]) -> None:
    import_lines(record(LOST))
    article = Article.objects.get()
    client = Client()
    client.force_login(people["C"])
    client.cookies["django_language"] = "en"
    Article.objects.update(added_by=people["C"])
    page = form_of(client, article)
    assert "question marks" in page
    assert 'value="publish:' not in page


def test_of_an_unfinished_import_the_form_only_says_why(import_lines: Import, desk: Client) -> None:
    import_lines(record(LOST))
    ImportBatch.objects.update(state=ImportBatch.State.STAGING)
    page = form_of(desk, Article.objects.get())
    assert 'id="held"' in page
    assert 'value="publish:' not in page
