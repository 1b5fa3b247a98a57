"""Metadata inferred from the text: readers see that it was inferred, and from which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from lxml import html

from articles.geotagging.geotagger import PlaceResolver
from articles.history import inference_review
from articles.history.revisions import apply_changes
from articles.models import Article, Inference
from search.web.viewmodels.article_facts import inferred_facts

pytestmark = pytest.mark.django_db

#: Every field can be inferred from it with enough certainty to be used.
TEXT = (
    "بقلم: نجيب عازار\nأسعار الخبز في حلب بعد الحصار\n"
    "حلب، 24 أيار 2012 - سانا: عاد المخبز <الأول> إلى العمل. وقف الناس صفا طويلا أمام بابه."
)
FIELDS = ["title", "byline", "source", "dateline", "date"]


@pytest.fixture
def article(index: None, db: None, tmp_path: Path) -> Article:
    """Import an article without title, byline, source or date; all inferred values are in use."""
    (tmp_path / "news.jsonl").write_text(json.dumps({"id": "1", "body": TEXT}))
    call_command("import_articles", str(tmp_path / "news.jsonl"), "--json")
    made = Article.objects.get()
    assert [fact.field for fact in inferred_facts(made)] == FIELDS
    return made


@pytest.fixture
def librarian(db: None) -> User:
    return User.objects.create_user("librarian", password="x")


def page(client: Client, article: Article, language: str = "en") -> html.HtmlElement:
    client.cookies["django_language"] = language
    answer = client.get(f"/articles/{article.pk}/")
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def section(tree: html.HtmlElement) -> dict[str, html.HtmlElement]:
    """Return the rows of the list of inferred values by name."""
    return {
        row.cssselect("dt")[0].text: row.cssselect("dd")[0]
        for row in tree.cssselect("details.spoken:not(.cuts):not(.cite) dl > div")
        if not row.cssselect("dt a")
    }


def api(client: Client, article: Article) -> dict[str, object]:
    answer: dict[str, object] = client.get(f"/api/v1/articles/{article.pk}").json()
    return answer


def test_the_page_lists_each_inferred_value_with_its_evidence(client: Client, article: Article) -> None:
    rows = section(page(client, article))
    assert list(rows) == FIELDS
    assert rows["byline"].cssselect("mark")[0].text == "نجيب عازار"
    assert rows["dateline"].cssselect("mark")[0].text == "حلب"
    assert rows["date"].cssselect("mark")[0].text == "24 أيار 2012"
    assert rows["date"].cssselect("bdi")[0].text == "24 May 2012"
    assert rows["source"].cssselect("bdi")[0].text == "وكالة الأنباء السورية"
    assert "عاد المخبز <الأول> إلى العمل" in rows["source"].text_content(), "text, not markup"


def test_the_head_of_the_page_marks_inferred_values(client: Client, article: Article) -> None:
    head = page(client, article).cssselect(".article > header")[0]
    marked = [mark.getparent().text_content() for mark in head.cssselect(".derived")]
    assert len(marked) == 4
    for value in ("Syrian Arab News Agency", "24 May 2012", "نجيب عازار", "Aleppo"):
        assert any(value in text for text in marked), value
    assert "this one was read from it" in head.cssselect(".hint")[0].text


def test_the_mark_is_in_arabic(client: Client, article: Article) -> None:
    tree = page(client, article, "ar")
    summary = " ".join(tree.cssselect("details.spoken:not(.cite) summary")[0].text_content().split())
    assert summary == "مقروء من النص: العنوان، الكاتب، المصدر، سطر المكان، التاريخ"


@pytest.mark.parametrize("field", FIELDS)
def test_confirmed_values_are_no_longer_marked(
    client: Client, article: Article, librarian: User, field: str
) -> None:
    inference_review.accept(article.inferences.get(field=field), by=librarian)
    assert field not in section(page(client, article))
    answer = api(client, article)
    assert answer["derived"] == sorted(set(FIELDS) - {field})
    assert answer["dateline"] == "حلب"


def test_rejected_values_are_gone_from_page_and_api(
    client: Client, article: Article, librarian: User
) -> None:
    for fact in article.inferences.all():
        inference_review.reject(fact, by=librarian)
    tree = page(client, article)
    assert not tree.cssselect(".derived")
    assert not section(tree)
    answer = api(client, article)
    assert (answer["byline"], answer["source"], answer["date"], answer["dateline"]) == ("", "", "undated", "")
    assert answer["derived"] == []


def test_the_api_names_the_derived_fields_and_the_dateline(client: Client, article: Article) -> None:
    answer = api(client, article)
    assert answer["derived"] == sorted(FIELDS)
    assert answer["dateline"] == "حلب"
    assert answer["title_derived"] is True


def test_a_corrected_dateline_is_the_librarians(client: Client, article: Article, librarian: User) -> None:
    inference_review.correct(article.inferences.get(field="dateline"), "عفرين", by=librarian)
    answer = api(client, article)
    assert answer["dateline"] == "عفرين"
    assert "dateline" not in answer["derived"]
    assert "عفرين" in page(client, article).cssselect(".article .meta")[0].text_content()


def test_predictions_waiting_for_review_are_not_shown(client: Client, article: Article) -> None:
    article.inferences.exclude(field="title").delete()
    Inference.objects.create(article=article, field="byline", value="سلمى الحفار", confidence=0.5, method="x")
    assert "سلمى الحفار" not in page(client, article).text_content()
    assert api(client, article)["derived"] == ["title"]


def test_a_removed_sentence_is_not_shown_as_evidence(
    client: Client, article: Article, librarian: User
) -> None:
    values = {"body": "وقف الناس صفا طويلا أمام بابه."}
    apply_changes(
        article, values, original=None, cities=None, by=librarian, reason="x", resolver=PlaceResolver()
    )  # fmt: skip
    tree = page(client, article)
    assert "عاد المخبز" not in tree.text_content()
    assert "نجيب عازار" in section(tree)["byline"].text_content(), "the field still says it"


def test_an_article_with_complete_metadata_has_no_such_list(client: Client, write: object) -> None:
    assert callable(write)
    article = write("خبر", "وصلت القافلة.", source="جريدة", day="2012-05-24")
    tree = page(client, article)
    assert not tree.cssselect(".derived, details.spoken:not(.cite)")
    assert api(client, article)["derived"] == []
