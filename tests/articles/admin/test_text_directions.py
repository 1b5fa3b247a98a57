"""The desk shows a text that begins with a Latin word by most of its letters."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from articles.ingest.upload_store import import_label
from articles.models import Article, ImportRow
from articles.text.problem_messages import describe_isolated
from tests.articles.conftest import import_paths

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


def test_an_import_is_named_by_files_that_each_run_in_their_own_direction() -> None:
    assert import_label(["a.csv", "b (2).pdf"]) == "a.csv, b (2).pdf"
    label = import_label(["تقرير 2013.pdf", "report.docx"])
    assert label == "\u2066\u2068تقرير 2013.pdf\u2069\u2069, report.docx"
    assert import_label(["ا/ب/" * 40])  # with a mark for each folder it would be too long
    long = import_label(["أرشيف" * 100] * 3)
    assert len(long) <= 200
    assert [long.count(sign) for sign in "\u2066\u2068"] == [1, 1]
    assert long.count("\u2069") == 2


@pytest.mark.django_db
def test_the_command_prints_names_of_files_and_quotations_in_their_own_direction(tmp_path: Path) -> None:
    folder = tmp_path / "أخبار"
    folder.mkdir()
    (folder / "صورة.xyz").write_bytes(b"\0\1\2\3" * 40)
    printed = io.StringIO()
    call_command("import_articles", str(folder), "--dry-run", stdout=printed, stderr=io.StringIO())
    assert "\u2066\u2068أخبار\u2069/\u2068صورة.xyz\u2069\u2069:0: " in printed.getvalue()
    assert "\u2068.xyz\u2069" in printed.getvalue()
    told = import_paths(folder, dry_run=True)["rejects"]
    assert [each["file"] for each in told] == ["أخبار/صورة.xyz"]
    assert not re.search("[\u2066-\u2069]", told[0]["reason"])


def test_names_in_a_row_each_keep_their_direction() -> None:
    with translation.override("ar"):
        assert "\u2068صورة.jpg\u2069، \u2068report.pdf\u2069" in describe_isolated(
            "email-attachments", "صورة.jpg، report.pdf"
        )
