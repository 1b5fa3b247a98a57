"""The same file, imported again after text recognition was installed, gives its article the missing text."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.ingest.load import UNCHANGED, UPDATED
from articles.models import Article, ImportRow, Revision
from articles.readers import text_recognition
from articles.readers.documents import pdf
from tests.articles.conftest import import_paths
from tests.articles.readers.recognized_words import READ, told, words_of
from tests.articles.readers.sample_files import make_pdf

pytestmark = pytest.mark.django_db
TEXT = "وصلت القافلة إلى مدينة حمص مساء الخميس، وقال الهلال الأحمر إن التوزيع بدأ في الأحياء كلها."


def bring(path: Path, monkeypatch: pytest.MonkeyPatch, *, installed: bool) -> str:
    """Import a file of a page of text and a picture; return what became of it."""
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(TEXT, ""))
    monkeypatch.setattr(text_recognition, "is_available", lambda: installed)
    monkeypatch.setattr(text_recognition, "recognize_pdf_pages", lambda data, pages: [words_of(READ, 90)])
    path.write_bytes(make_pdf())
    import_paths(path)
    return ImportRow.objects.latest("pk").outcome


@pytest.mark.parametrize("edited", ["", "body", "original"])
def test_an_article_gets_the_text_of_its_pictures_unless_staff_have_edited_it(
    edited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    bring(path, monkeypatch, installed=False)
    article = Article.objects.get()
    assert (article.body, article.recognition) == (TEXT, None)
    assert ["ocr-pages-missing", "1"] in ImportRow.objects.latest("pk").notes
    assert bring(path, monkeypatch, installed=False) == UNCHANGED
    if edited:  # by staff, or by an import of other bytes since
        Revision.objects.create(article=article, before={"body": "", "title": ""})
    if edited == "original":
        Revision.objects.create(article=article, before={"body": "", "sha256": ""})
    outcome = bring(path, monkeypatch, installed=True)
    article.refresh_from_db()
    if edited == "body":
        assert (outcome, article.body, article.recognition) == (UNCHANGED, TEXT, None)
        return
    assert (outcome, article.body, article.recognition) == (UPDATED, f"{TEXT}\n\n{READ}", 90)
    assert bring(path, monkeypatch, installed=True) == UNCHANGED
