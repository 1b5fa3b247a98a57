"""A page of a PDF that cannot be read costs the others nothing, and is named."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, NumberObject, PdfObject, StreamObject

from articles.readers import pdf_worker
from articles.readers.documents import pdf
from articles.readers.page_layout.glyphs import Glyph
from articles.text.records import number_ranges
from tests.articles.readers.sample_files import MORE, TEXT, make_pdf, parse_only, problem_codes

#: Far more than a page holds.
MANY_LINES = ["ابجد هوز"] * 6_000
#: Makes the objects that a page draws, by name; what it is given adds an object to the file.
Draw = Callable[[Callable[[PdfObject], PdfObject]], dict[str, PdfObject]]


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
    told = told_of_pictures(text, lambda add: {"/I": add(picture_of(width, height))})
    assert told.get("picture", False) is picture


def picture_of(width: int, height: int) -> StreamObject:
    """Return a picture without bytes."""
    drawn = StreamObject()
    drawn[NameObject("/Subtype")] = NameObject("/Image")
    drawn[NameObject("/Width")], drawn[NameObject("/Height")] = NumberObject(width), NumberObject(height)
    return drawn


def form_of(drawn: dict[str, PdfObject]) -> StreamObject:
    """Return a form that draws these; one that draws nothing has a font."""
    resources = {"/XObject": dictionary(drawn)} if drawn else {"/Font": dictionary({})}
    form = StreamObject()
    form[NameObject("/Subtype")], form[NameObject("/Resources")] = NameObject("/Form"), dictionary(resources)
    return form


def dictionary(values: Mapping[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in values.items()})


def told_of_pictures(text: str, draw: Draw, seconds: float = 10) -> dict[str, object]:
    """Return what the process tells of a page with this text on which these objects are drawn."""
    writer, made = pypdf.PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(make_pdf(text)))
    resources = writer.pages[0]["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    resources[NameObject("/XObject")] = dictionary(draw(writer._add_object))
    writer.write(made)
    return list(pdf_worker.read_pages(made.getvalue(), 10, 1e9, seconds))[1]


def test_a_picture_is_found_behind_a_stamp_that_is_a_form() -> None:
    page = picture_of(1240, 1754)
    stamped = told_of_pictures("CamScanner", lambda add: {"/F": add(form_of({})), "/I": add(page)})
    inside = told_of_pictures("CamScanner", lambda add: {"/F": add(form_of({"/I": add(page)}))})
    assert (stamped.get("picture"), inside.get("picture")) == (True, True)


def test_a_page_keeps_its_text_whatever_its_pictures_are() -> None:
    def draw(add: Callable[[PdfObject], PdfObject]) -> dict[str, PdfObject]:
        drawn: dict[str, PdfObject] = {f"/I{at}": add(picture_of(5, 5)) for at in range(3)}
        for _depth in range(3):  # each form of a level draws all of the level below
            form = add(form_of(drawn))
            drawn = {f"/F{at}": form for at in range(300)}
        return drawn

    assert told_of_pictures("CamScanner", draw, seconds=2)["page"]


def test_a_text_is_kept_if_the_look_at_the_pictures_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(page: object) -> bool:
        raise pdf_worker._TooHeavy

    monkeypatch.setattr(pdf_worker, "_is_picture", too_long)
    told = list(pdf_worker.read_pages(make_pdf(TEXT), 10, 1e9, 10))
    assert told[1]["page"]
    assert told[-1] == {"error": ""}
