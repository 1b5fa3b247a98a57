"""What OCR refuses, holds, leaves out and says, and which of two readings it takes."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from articles.readers.documents import pdf
from articles.readers.ocr import page_ocr, tesseract
from articles.readers.ocr.ocr_confidence import with_ocr
from articles.readers.ocr.ocr_words import OcrWord
from articles.readers.ocr.page_ocr import read_page
from articles.readers.scans import page_image
from articles.text.records import RawRecord
from tests.articles.readers.ocr_words import READ, told, word_of, words_of
from tests.articles.readers.sample_files import parse_only, rejection_code
from tests.articles.readers.test_ocr import PNG, tiff

PICTURE = Path(__file__).parents[2] / "other.png"
TEXT = "وصلت القافلة إلى مدينة حمص مساء الخميس."
Reading = list[OcrWord] | None


def details(record: RawRecord) -> set[tuple[str, str]]:
    """Return the problems of a record with their details."""
    return {(problem.code, problem.detail) for problem in record.problems}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Tesseract seem to be installed."""
    monkeypatch.setattr(tesseract, "is_available", lambda: True)


def read_as(monkeypatch: pytest.MonkeyPatch, *pages: Reading) -> list[int]:
    """Let pages be read as these; return the list of those that will be asked for."""
    asked: list[int] = []

    def page(image: bytes, frame: int, end: float) -> Reading:
        asked.append(frame)
        return pages[frame]

    monkeypatch.setattr(page_ocr, "read_page", page)
    monkeypatch.setattr(page_ocr, "read_pdf_pages", lambda data, asked: list(pages[: len(asked)]))
    return asked


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "data",
    [
        str(PICTURE).encode(),  # Tesseract would read the picture of this name
        b"\x89PNG\n" + str(PICTURE).encode(),
        b"\xff\xd8\n" + str(PICTURE).encode(),
        b"II+\0\x08\0\0\0" + bytes(24),  # a tiff for large files
    ],
)
def test_what_is_no_picture_starts_no_program(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(tesseract, "_run", lambda *call: started.append(call))
    assert rejection_code(parse_only("a.png", data)) == "ocr-failed"
    assert not started


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("pages", "failed"),
    [([None, []], 1), ([[], []], 0), ([None, words_of(READ, 90)], 1), ([[], words_of(READ, 90)], 0)],
)
def test_pages_of_a_pdf_that_could_not_be_read_are_told_from_blank_ones(
    pages: list[Reading], failed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(TEXT, "", ""))
    read_as(monkeypatch, *pages)
    record = pdf.parse(RawRecord("a.pdf"))
    assert TEXT in record.body
    assert (("ocr-pages-failed", "1") in details(record)) == bool(failed)
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told("", ""))
    record = pdf.parse(RawRecord("a.pdf"))
    assert rejection_code(record) == ("" if pages[1] else "ocr-failed" if failed else "ocr-nothing")


@pytest.mark.usefixtures("installed")
def test_a_bad_first_page_of_a_tiff_does_not_reject_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    read_as(monkeypatch, None, words_of(READ, 90), [])
    record = page_image.parse(RawRecord("a.tiff", data=tiff()))
    assert (record.body, ("ocr-pages-failed", "1") in details(record)) == (READ, True)
    asked = read_as(monkeypatch, *[None] * 9)
    assert rejection_code(page_image.parse(RawRecord("a.tiff", data=tiff(pages=9)))) == "ocr-failed"
    assert asked == [0, 1, 2]


@pytest.mark.parametrize(("words", "held"), [(20, "ocr-pages-low-confidence"), (19, "")])
def test_one_page_of_garbage_holds_a_text(words: int, held: str) -> None:
    pages = {1: [("خبر", 95.0)] * 200, 3: [("سسلا", 40.0)] * words}
    found = with_ocr(RawRecord("a.tiff", body="خبر"), pages).held
    assert (found.code, found.detail) == (held, "3") if found else not held


@pytest.mark.parametrize(
    ("one", "other", "second"),
    [
        (words_of("كلمة " * 200, 60), [], False),
        (words_of("كلمة " * 200, 60), None, False),
        (words_of("كلمة " * 200, 64), words_of("كلمة " * 3, 66), False),
        (words_of("كلمة " * 3, 66), words_of("كلمة " * 200, 64), True),
        (words_of("كلمة " * 150, 88), words_of("كلمة " * 200, 86), True),  # lines that were lost
        (words_of("كلمة " * 200, 80), words_of("كلمة " * 195, 90), True),
        (words_of("كلمة " * 50, 90), words_of("كلمة " * 50, 90) + words_of("شسي " * 200, 30), False),
    ],
)
def test_the_reading_with_more_text_is_taken_and_of_equals_the_surer(
    one: list[OcrWord], other: Reading, second: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = iter([one, other])
    monkeypatch.setattr(page_ocr, "_read", lambda *call: next(readings))
    assert read_page(PNG) is (other if second else one)


@pytest.mark.parametrize(("confidence", "taken"), [(90, True), (30, False)])
def test_a_page_without_a_text_is_read_as_one_on_its_side(
    confidence: int, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = [
        "level",
        "page_num",
        "block_num",
        "par_num",
        "line_num",
        "word_num",
        "left",
        "top",
        "width",
        "height",
        "conf",
        "text",
    ]

    def table(words: str, percent: int) -> str:
        rows = [
            "\t".join(map(str, (5, 1, block, 1, 1, 1, 100 * block, 0, 9, 900, percent, word)))
            for block, word in enumerate(words.split(), start=1)
        ]
        return "\n".join(("\t".join(head), *rows))

    tables = {tesseract.TURNED: table(READ, confidence)}
    monkeypatch.setattr(
        tesseract, "word_table", lambda image, frame, how, end: tables.get(how, table("سسلا", 20))
    )
    assert [word.text for word in read_page(PNG) or []] == (READ.split() if taken else ["سسلا"])


def test_all_processes_of_a_file_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []

    def hang(command: Any, timeout: float, **options: Any) -> None:
        given.append(timeout)
        time.sleep(min(timeout, 0.04))
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(tesseract.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(tesseract.subprocess, "run", hang)
    monkeypatch.setattr(page_ocr, "OCR_SECONDS", 0.1)
    begun = time.monotonic()
    assert page_ocr.read_pdf_pages(b"", range(1, 50)) == [None] * 49
    assert (len(given) <= 4, max(given) <= 0.1, time.monotonic() - begun < 10) == (True, True, True)


def test_nothing_is_run_without_the_program_that_sets_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        tesseract.shutil, "which", lambda name: None if name == "prlimit" else f"/usr/bin/{name}"
    )
    monkeypatch.setattr(tesseract.subprocess, "run", lambda *call, **options: pytest.fail("was run"))
    assert (tesseract.is_available(), read_page(PNG)) == (False, None)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("words", "article"),
    [
        (words_of(READ, 90), True),
        (words_of("وكالة الأنباء السورية سانا", 95), False),  # a logo
        (words_of("ا ل و ن م ب س ت", 95), False),
        (words_of("في من عن لا ما", 95), False),
        (words_of("عادت القافلة", 90) + words_of(READ, 50), False),
        ([*words_of(READ, 90), word_of("سسلا", 5)], True),
    ],
)
def test_a_logo_and_a_photograph_are_no_articles(
    words: list[OcrWord], article: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_as(monkeypatch, words)
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(""))
    for record in (page_image.parse(RawRecord("a.png", data=PNG)), pdf.parse(RawRecord("a.pdf"))):
        assert rejection_code(record) == ("" if article else "ocr-nothing")


LONG = f"{READ} ثم غادرت المدينة بعد يومين وقال السائق إن الطريق إلى الحدود كان مغلقا"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("layers", "pictures", "reading", "body"),
    [
        (["Scanned by CamScanner"], {1}, words_of(LONG, 90), LONG),
        (["Scanned by CamScanner"], {}, words_of(LONG, 90), "Scanned by CamScanner"),
        (["Scanned by CamScanner"], {1}, words_of("Scanned by CamScanner", 90), "Scanned by CamScanner"),
        (["Scanned by CamScanner"], {1}, words_of(LONG, 60), "Scanned by CamScanner"),
        (["صفحة ١", "صفحة ٢", "صفحة ٣"], {}, words_of(LONG, 90), "\n\n".join([LONG] * 3)),
        (["صفحة ١", "مقدمة", "خاتمة"], {}, words_of(LONG, 90), "صفحة ١\n\nمقدمة\n\nخاتمة"),
        ([LONG * 2], {1}, words_of(LONG * 5, 90), LONG * 2),
    ],
)
def test_a_stamp_on_the_picture_of_a_page_is_not_its_text(
    layers: list[str], pictures: set[int], reading: Reading, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told(*layers, pictures=pictures))
    read_as(monkeypatch, *[reading] * len(layers))
    assert pdf.parse(RawRecord("a.pdf")).body == body


@pytest.mark.usefixtures("installed")
def test_an_unsure_reading_under_a_stamp_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "extract_pages", lambda data: told("Scanned by CamScanner", pictures={1}))
    read_as(monkeypatch, words_of(READ, 75) + words_of("سسلا " * 20, 50))
    assert ("ocr-pages-failed", "1") in details(pdf.parse(RawRecord("a.pdf")))
