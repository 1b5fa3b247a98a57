"""Pictures and PDF pages without readable text: read by OCR, with the confidence of each word."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from articles.ingest.transform import transform_record
from articles.readers.documents import pdf
from articles.readers.ocr import page_ocr, tesseract
from articles.readers.ocr.ocr_confidence import low_confidence_words, with_ocr, word_confidences
from articles.readers.ocr.page_ocr import read_page
from articles.readers.scans import page_image
from articles.text.problem_messages import describe
from articles.text.records import RawRecord
from tests.articles.readers.ocr_words import READ, told, word_of, words_of
from tests.articles.readers.sample_files import make_pdf, parse_only, problem_codes, rejection_code

PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
FILES = Path(__file__).parent / "pdf_files"
TODAY = date(2026, 12, 1)
needs_tesseract = pytest.mark.skipif(
    not tesseract.is_available() and not os.environ.get("REQUIRE_ALL"),
    reason="Tesseract is not installed: apt-get install tesseract-ocr-ara poppler-utils",
)


def table(*rows: tuple[int, int, int, int, str]) -> bytes:
    """Return Tesseract's table of words: (block, left, top, confidence, text), each 100 by 30 pixels."""
    head = "level page_num block_num par_num line_num word_num left top width height conf text"
    lines = ["\t".join(head.split())]
    for number, (block, left, top, confidence, text) in enumerate(rows, start=1):
        values = (5, 1, block, 1, 1, number, left, top, 100, 30, confidence, text)
        lines.append("\t".join(map(str, values)))
    return "\n".join(lines).encode()


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take Tesseract from the path."""
    monkeypatch.setattr(tesseract.shutil, "which", lambda name: None)


@pytest.mark.usefixtures("no_tesseract")
@pytest.mark.parametrize(("name", "data"), [("a.png", PNG), ("a.pdf", make_pdf())])
def test_without_tesseract_the_import_says_what_installs_it(name: str, data: bytes) -> None:
    record = parse_only(name, data)
    assert rejection_code(record) == ("ocr-missing" if name == "a.png" else "pdf-no-text")
    assert "apt-get install tesseract-ocr-ara poppler-utils" in describe(rejection_code(record))


def test_the_right_column_is_read_first(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(1, 50, 100, 90, "يسار"), (2, 900, 110, 90, "يمين"), (3, 500, 10, 90, "عنوان")]
    monkeypatch.setattr(tesseract, "_run", lambda command, data, end: table(*rows))
    assert [word.text for word in read_page(PNG) or []] == ["عنوان", "يمين", "يسار"]


def test_words_that_were_nowhere_read_with_confidence_have_low_confidence() -> None:
    assert low_confidence_words([("حمص", 40), ("حلب", 30), ("حلب", 95)]) == {"حمص"}


@pytest.mark.parametrize("confidence", [40, 95])
def test_low_confidence_words_tell_no_date_and_no_place(confidence: int) -> None:
    body = "وصلت القافلة إلى حمص يوم 24 أيار 2013 بعد يومين من السفر."
    record = replace(RawRecord("a.png", data=PNG), body=body)
    unsure = {"حمص", "2013"}
    words = [word_of(word, confidence if word in unsure else 95) for word in body.split()]
    found = transform_record(with_ocr(record, {1: word_confidences(words)}), TODAY)
    places = {found.record.body[each.start : each.end] for each in found.place_spans}
    years = {each.tag.first.year for each in found.date_spans}
    assert (bool(places), 2013 in years) == (confidence == 95, confidence == 95)
    assert found.record.ocr_confidence == round(sum(word.confidence for word in words) / len(words))


def test_a_text_read_with_little_confidence_is_held() -> None:
    record = with_ocr(RawRecord("a.png", body="خبر"), {1: [("خبر", 20)]})
    assert record.held is not None
    assert record.held.code == "ocr-low-confidence"


@pytest.mark.parametrize(
    ("layer", "stays"),
    [
        ("", False),
        ("- 12 -", False),
        ("\ue001\ue002\ue003 \ue004\ue005 \ue006\ue007", False),
        ("وصلت القافلة \ue001\ue002 \ue003 إلى حمص", True),
        ("\n".join(f"{year} | 45 | 66" for year in range(2001, 2013)), True),
        ("وصلت القافلة إلى مدينة حمص مساء الخميس.", True),
    ],
)
def test_a_reading_replaces_what_cannot_be_read_and_nothing_better(
    layer: str, stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(layer))
    monkeypatch.setattr(tesseract, "is_available", lambda: True)
    monkeypatch.setattr(page_ocr, "read_pdf_pages", lambda data, pages: [words_of(READ, 90)])
    record = pdf.parse(RawRecord("a.pdf"))
    assert (record.body, record.ocr_confidence) == ((layer, None) if stays else (READ, 90))


@needs_tesseract
def test_a_pdf_with_a_wrong_layer_of_text_is_read_from_its_picture() -> None:
    record = parse_only("a.pdf", (FILES / "ghostscript-plain-dejavu.pdf").read_bytes())
    assert "صيانة الجسر القديم تبدأ في آب" in record.body
    assert "ocr-confidence" in problem_codes(record)
    assert (record.ocr_confidence or 0) > 80


@needs_tesseract
def test_a_broken_picture_is_rejected() -> None:
    assert rejection_code(parse_only("a.png", PNG)) == "ocr-failed"


@needs_tesseract
def test_a_pdf_whose_pages_are_empty_is_not_said_to_lack_a_program() -> None:
    assert rejection_code(parse_only("a.pdf", make_pdf())) == "ocr-nothing"


def tiff(*following: int, pages: int = 3) -> bytes:
    """Return directories of pages without entries, each of which says where the next one is."""
    at = [8 + 6 * number for number in range(pages)]
    ends = following or (*at[1:], 0)
    return b"II*\0" + struct.pack("<I", at[0]) + b"".join(struct.pack("<HI", 0, end) for end in ends)


@pytest.mark.parametrize(
    ("data", "frames"),
    [(tiff(), 3), (tiff(14, 8), 2), (tiff(14, 900), 2), (tiff(pages=1)[:9], 1), (b"II*\0", 1), (PNG, 1)],
)
def test_the_pages_of_a_tiff_are_counted_even_if_it_goes_round_in_circles(data: bytes, frames: int) -> None:
    assert page_image.count_frames(data) == frames


def test_every_page_of_a_tiff_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "is_available", lambda: True)
    monkeypatch.setattr(page_ocr, "read_page", lambda image, frame, end: words_of(f"{READ} {frame}", 90))
    record = page_image.parse(RawRecord("a.tiff", data=tiff()))
    assert record.body == f"{READ} 0\n\n{READ} 1\n\n{READ} 2"


def test_words_of_alto_with_little_confidence_are_low_confidence_words() -> None:
    words = (("حمص", "0.4"), ("حلب", "0.9"), ("درعا", ""), ("قطنا", "nan"))
    strings = "".join(f'<String CONTENT="{text}" WC="{sure}"/>' for text, sure in words)
    page = f"<alto><Page><TextBlock><TextLine>{strings}</TextLine></TextBlock></Page></alto>"
    record = parse_only("page.xml", page.encode())
    assert (record.ocr_confidence, record.low_confidence_words) == (43, {"حمص", "قطنا"})
    assert record.held is not None


def test_a_text_that_was_read_with_confidence_and_is_no_language_is_held() -> None:
    body = " ".join(["سسلا ققثتب صصضذج ززظغث ططضثق ءءظذض ثثغظض ذذضظث"] * 4)
    record = with_ocr(RawRecord("a.png", body=body, data=PNG), {1: [(body, 90)]})
    assert transform_record(replace(record, format=""), TODAY).record.held is not None


@needs_tesseract
def test_a_pdf_that_can_be_read_needs_no_ocr() -> None:
    assert parse_only("a.pdf", (FILES / "pango-plain-dejavu.pdf").read_bytes()).ocr_confidence is None
