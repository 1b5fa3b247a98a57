"""The same file, imported again when Tesseract reads pages that it did not read, completes its article."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.history.held_updates import undecided_updates
from articles.ingest.load import HELD, UNCHANGED, UPDATED
from articles.models import Article, ImportBatch, ImportRow, Revision
from articles.readers.documents import pdf
from articles.readers.ocr import page_ocr, tesseract
from articles.readers.ocr.ocr_words import OcrWord
from tests.articles.conftest import import_paths
from tests.articles.readers.ocr_words import READ, told, words_of
from tests.articles.readers.sample_files import make_pdf

pytestmark = pytest.mark.django_db
TEXT = "وصلت القافلة إلى مدينة حمص مساء الخميس، وقال الهلال الأحمر إن التوزيع بدأ في الأحياء كلها."


def bring(path: Path, monkeypatch: pytest.MonkeyPatch, *, installed: bool) -> str:
    """Import a file of a page of text and a picture; return what became of it."""
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(TEXT, ""))
    monkeypatch.setattr(tesseract, "is_available", lambda: installed)
    monkeypatch.setattr(page_ocr, "read_pdf_pages", lambda data, pages: [words_of(READ, 90)])
    path.write_bytes(make_pdf())
    import_paths(path)
    return ImportRow.objects.latest("pk").outcome


@pytest.mark.parametrize("edited", ["", "body", "body, before an undo", "original"])
def test_an_article_gets_the_text_of_its_pictures_unless_staff_have_edited_it(
    edited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    bring(path, monkeypatch, installed=False)
    article = Article.objects.get()
    assert (article.body, article.ocr_confidence) == (TEXT, None)
    assert ["ocr-pages-missing", "1"] in ImportRow.objects.latest("pk").notes
    assert bring(path, monkeypatch, installed=False) == UNCHANGED
    if edited:  # by staff, or by an import of other bytes since
        Revision.objects.create(article=article, before={"body": "", "title": ""})
    if edited == "original":
        Revision.objects.create(article=article, before={"body": "", "sha256": ""})
    if edited == "body, before an undo":  # which left the body as staff had edited it
        Revision.objects.create(article=article, before={"url": ""}, batch=ImportBatch.objects.latest("pk"))
    outcome = bring(path, monkeypatch, installed=True)
    article.refresh_from_db()
    if edited.startswith("body"):
        assert (outcome, article.body, article.ocr_confidence) == (UNCHANGED, TEXT, None)
        return
    assert (outcome, article.body, article.ocr_confidence) == (UPDATED, f"{TEXT}\n\n{READ}", 90)
    assert bring(path, monkeypatch, installed=True) == UNCHANGED


SECOND = "وغادرت القافلة المدينة بعد يومين نحو الحدود"


def bring_scan(path: Path, monkeypatch: pytest.MonkeyPatch, *pages: list[OcrWord] | None) -> ImportRow:
    """Import a file of pictures of which OCR reads these pages, None for one that fails; return its row."""
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(TEXT, *[""] * len(pages)))
    monkeypatch.setattr(tesseract, "is_available", lambda: True)
    monkeypatch.setattr(page_ocr, "read_pdf_pages", lambda data, numbers: list(pages))
    path.write_bytes(make_pdf())
    import_paths(path)
    return ImportRow.objects.latest("pk")


def test_pages_on_which_tesseract_failed_are_added_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    first, second, third = words_of(READ, 90), words_of(SECOND, 80), words_of(READ + " مرة أخرى", 85)
    bring(path, monkeypatch, installed=False)
    one = bring_scan(path, monkeypatch, first, None, None)
    assert (one.outcome, ["ocr-pages-failed", "2"] in one.notes) == (UPDATED, True)
    # The same number fails: nothing is gained.
    assert bring_scan(path, monkeypatch, None, second, None).outcome == UNCHANGED
    two = bring_scan(path, monkeypatch, first, second, None)
    assert (two.outcome, ["ocr-pages-added", "1"] in two.notes) == (UPDATED, True)
    article = Article.objects.get()
    assert (article.body, article.ocr_confidence) == (f"{TEXT}\n\n{READ}\n\n{SECOND}", 85)
    assert article.revisions.latest("pk").batch_id == two.batch_id
    three = bring_scan(path, monkeypatch, first, second, third)
    assert (three.outcome, ["ocr-pages-added", "1"] in three.notes) == (UPDATED, True)
    assert bring_scan(path, monkeypatch, first, second, words_of("غيرها", 85)).outcome == UNCHANGED


def test_pages_of_low_confidence_wait_as_a_held_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    bring_scan(path, monkeypatch, words_of(READ, 90), None)
    row = bring_scan(path, monkeypatch, words_of(READ, 90), words_of("سسلا " * 25, 30))
    assert (row.outcome, row.reason) == (HELD, "ocr-low-confidence")
    assert list(undecided_updates()) == [row]
    assert Article.objects.get().body == f"{TEXT}\n\n{READ}"
