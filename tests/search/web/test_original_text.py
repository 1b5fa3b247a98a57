"""The original of an article: beside the cleaned text, and as a file that no browser runs."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from articles.history.revisions import record_revision, snapshot
from articles.models import Article
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script>\nوصلت القافلة إلى حمص. شارك الخبر"


def test_the_original_is_a_tab_that_shows_it_as_plain_text(client: Client, write: Write) -> None:
    article = write("خبر", "وصلت القافلة إلى حمص.", original=MARKUP.encode("cp1256"))
    page = html.fromstring(client.get(f"/articles/{article.pk}/", {"q": "حمص"}).content.decode())
    cleaned, original = page.cssselect(".text-tabs a")
    assert cleaned.get("aria-current") == "page"
    assert "شارك" not in page.cssselect(".article-text")[0].text_content()
    answer = client.get(original.get("href")).content.decode()
    assert "<script>alert" not in answer
    assert html.fromstring(answer).cssselect(".original-text")[0].text_content() == MARKUP


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00", b"GIF89a\x00\x01"])
def test_a_file_that_is_not_text_is_a_download(client: Client, write: Write, data: bytes) -> None:
    article = write("خبر", "نص", original=data)
    page = client.get(f"/articles/{article.pk}/", {"text": "original"}).content.decode()
    assert f"/articles/{article.pk}/file/" in page
    answer = client.get(f"/articles/{article.pk}/file/")
    assert answer.content == data
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_pdf_is_a_page_of_its_own_that_runs_nothing(client: Client, write: Write) -> None:
    article = write("خبر", "نص", original=b"%PDF-1.7 \xff<script>alert(1)</script>")
    answer = client.get(f"/articles/{article.pk}/file/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"inline; filename=article-{article.pk}.pdf"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_markup_is_sent_as_plain_text(client: Client, write: Write) -> None:
    article = write("خبر", "نص", original=MARKUP.encode())
    answer = client.get(f"/articles/{article.pk}/file/")
    assert answer.content.decode() == MARKUP
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_was_taken_out_by_hand_is_not_in_a_public_original(client: Client, write: Write) -> None:
    article = write("خبر", "قال زيد إن القافلة وصلت.", original="قال زيد إن القافلة وصلت.".encode())
    assert client.get(f"/articles/{article.pk}/file/").status_code == 200
    before = snapshot(article)
    article.body = "قال شاهد إن القافلة وصلت."
    article.save()
    record_revision(article, before, by=None, reason="طلب صاحب الاسم")
    assert client.get(f"/articles/{article.pk}/file/").status_code == 404
    page = client.get(f"/articles/{article.pk}/", {"text": "original"}).content.decode()
    assert "زيد" not in page
    assert "text-tabs" not in page


def test_a_name_that_was_taken_out_of_the_byline_is_not_in_a_public_original(
    client: Client, write: Write
) -> None:
    article = write("خبر", "نص", byline="زيد", original="بقلم زيد: نص".encode())
    before = snapshot(article)
    article.byline = ""
    article.save()
    record_revision(article, before, by=None, reason="طلب صاحب الاسم")
    assert client.get(f"/articles/{article.pk}/file/").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [("a.txt", 200), ("a.zip/b.HTML", 200), ("a.pdf", 200), ("a.eml", 404), ("a.csv", 404), ("a.docx", 404)],
)
def test_files_that_hold_more_than_the_article_are_not_public(
    client: Client, write: Write, name: str, status: int
) -> None:
    article = write("خبر", "نص", file_name=name, original=b"text")
    assert client.get(f"/articles/{article.pk}/file/").status_code == status


def test_an_article_without_an_original_has_no_tabs(client: Client, write: Write) -> None:
    article = write("خبر", "نص")
    assert "text-tabs" not in client.get(f"/articles/{article.pk}/").content.decode()
    assert client.get(f"/articles/{article.pk}/file/").status_code == 404


def test_the_original_of_a_hidden_article_is_hidden(client: Client, write: Write) -> None:
    article = write("خبر", "نص", original=b"text", state=Article.State.DRAFT)
    assert client.get(f"/articles/{article.pk}/file/").status_code == 404
