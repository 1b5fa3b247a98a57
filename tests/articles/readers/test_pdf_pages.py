"""A page of a PDF that cannot be read costs the others nothing, and is named."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

from articles.readers import pdf_worker
from articles.readers.documents import pdf
from articles.readers.page_layout.glyphs import Glyph
from articles.text.records import number_ranges
from tests.articles.readers.sample_files import MORE, TEXT, make_pdf, parse_only, problem_codes

#: Far more than a page holds.
MANY_LINES = ["ابجد هوز"] * 6_000


def joined(*files: bytes) -> bytes:
    """Return a PDF with the pages of all files."""
    writer, made = pypdf.PdfWriter(), io.BytesIO()
    for data in files:
        writer.append(io.BytesIO(data))
    writer.write(made)
    return made.getvalue()


def test_a_page_that_takes_too_long_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PDF_PAGE_SECONDS", 0.3)
    record = parse_only("a.pdf", joined(make_pdf(TEXT), make_pdf(*MANY_LINES), make_pdf(MORE)))
    assert record.body == f"{TEXT}\n\n{MORE}"
    assert [each.detail for each in record.problems if each.code == "pdf-unread"] == ["2"]


def test_a_page_that_is_damaged_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    read = pdf_worker.page_glyphs

    def fails_on_the_first(page: pypdf.PageObject) -> list[list[Glyph]]:
        if page.page_number == 0:
            raise KeyError
        return read(page)

    monkeypatch.setattr(pdf_worker, "page_glyphs", fails_on_the_first)
    told = list(pdf_worker.read_pages(joined(make_pdf(TEXT), make_pdf(MORE)), 10, 1e9, 10))
    assert told[:2] == [{"count": 2}, {"page": None}]
    assert told[2]["page"]
    assert told[3] == {"error": "pdf-broken"}


def test_no_page_is_begun_when_the_time_is_up() -> None:
    told = list(pdf_worker.read_pages(make_pdf(TEXT), 10, 0, 10))
    assert told == [{"count": 1}, {"page": None}, {"error": "pdf-heavy"}]


def test_pages_that_were_read_before_the_process_was_stopped_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "stopped.py"
    told = f'{{"count": 4}}\\n{{"page": "{TEXT}"}}\\n{{"pag'
    program.write_text(f"import os\nprint('{told}', flush=True)\nos.kill(os.getpid(), 9)\n", encoding="utf-8")
    monkeypatch.setattr(pdf, "WORKER_PROGRAM", program)
    record = parse_only("a.pdf", make_pdf(TEXT))
    assert (record.body, problem_codes(record)) == (pdf.to_logical_order(TEXT)[0], {"pdf-unread"})
    pages = [TEXT, None, None, None]
    assert pdf.extract_pages(b"") == {"pages": pages, "pictures": set(), "error": "pdf-heavy"}


def test_numbers_of_pages_are_told_as_ranges() -> None:
    assert number_ranges([3, 7, 8, 9, 12, 13]) == "3, 7–9, 12–13"
    assert number_ranges(list(range(1, 99, 2))).endswith("37, 39, …")


@pytest.mark.parametrize(
    ("width", "height", "text", "picture"),
    [
        (1240, 1754, "CamScanner", True),
        (1754, 1240, "CamScanner", True),  # the page may be turned
        (400, 566, "CamScanner", False),  # a small one
        (1754, 1754, "CamScanner", False),  # a photograph
        (1240, 1754, "ابجد هوز " * 50, False),
    ],
)
def test_a_picture_of_the_page_is_told_from_others(width: int, height: int, text: str, picture: bool) -> None:
    writer, made, drawn = pypdf.PdfWriter(), io.BytesIO(), StreamObject()
    writer.append(io.BytesIO(make_pdf(text)))
    drawn[NameObject("/Subtype")] = NameObject("/Image")
    drawn[NameObject("/Width")], drawn[NameObject("/Height")] = NumberObject(width), NumberObject(height)
    resources = writer.pages[0]["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I"): writer._add_object(drawn)})
    writer.write(made)
    told = list(pdf_worker.read_pages(made.getvalue(), 10, 1e9, 10))
    assert told[1].get("picture", False) is picture
