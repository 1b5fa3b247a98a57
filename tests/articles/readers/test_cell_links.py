"""Links behind the text of cells are the address of the article, whichever program wrote the table."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook

from articles.identity.record_keys import older_record_keys
from articles.readers.tables.cell_links import formula_address, linked_address, web_address
from articles.text.fingerprints import content_mark, sha256_of
from tests.articles.readers.document_dumps import ods, ods_row
from tests.articles.readers.sample_files import TEXT, TITLE, parse_file

FIRST, SECOND = "https://example.org/1?a=1&b=2", "https://example.org/2"
HEADER = ("title", "body", "date", "رابط الخبر")
ROW = (TITLE, TEXT, "2013-08-03", "اقرأ")


def workbook(links: dict[str, str], *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    """Return an xlsx with these links behind its cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(row)
    for cell, address in links.items():
        sheet[cell].hyperlink = address
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def addresses(name: str, data: bytes) -> list[str]:
    return [record.url for record in parse_file(name, data)]


def test_links_of_excel_are_the_addresses_of_their_rows() -> None:
    data = workbook({"A2": FIRST, "D3": SECOND}, ROW, ROW, ROW)
    assert addresses("a.xlsx", data) == [FIRST, SECOND, ""]


def test_an_address_that_is_written_in_the_row_counts_more_than_a_link() -> None:
    header = (*HEADER[:3], "url")
    data = workbook({"A2": FIRST, "D3": SECOND}, (*ROW[:3], SECOND), (*ROW[:3], "هنا"), header=header)
    assert addresses("a.xlsx", data) == [SECOND, SECOND]


def test_links_of_the_text_or_several_of_other_columns_are_no_address_of_the_article() -> None:
    header = (*HEADER, "الكاتب", "صورة")
    row = (*ROW, "ليلى", "صورة")
    data = workbook({"B2": FIRST, "D3": FIRST, "F3": SECOND, "E4": FIRST}, row, row, row, header=header)
    assert addresses("a.xlsx", data) == ["", "", ""]


def test_the_formula_of_a_link_is_its_address() -> None:
    formulas = {
        "A2": f'HYPERLINK("{SECOND}", "{TITLE}")',
        "D3": f'IF(A2="","",HYPERLINK("{FIRST}","اقرأ"))',
        "D4": "1+1",
    }
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({}, ROW, ROW, ROW))) as book,
        zipfile.ZipFile(out, "w") as changed,
    ):
        for name in book.namelist():
            part = book.read(name).decode()
            for cell, formula in formulas.items():
                part = re.sub(rf'(<c r="{cell}"[^<>]*>)', rf"\1<f>{escape(formula)}</f>", part)
            changed.writestr(name, part)
    assert addresses("a.xlsx", out.getvalue()) == [SECOND, FIRST, ""]


def test_links_of_calc_are_the_addresses_of_their_rows() -> None:
    link = f'<text:p><text:a xlink:href="{SECOND}">{TITLE}</text:a></text:p>'
    link = f"<table:table-cell>{link}</table:table-cell>"
    formula = f"""<table:table-cell table:formula='of:=HYPERLINK("{SECOND}";"اقرأ")'
        office:value-type="string"><text:p>اقرأ</text:p></table:table-cell>"""
    rows = (ods_row(*HEADER), ods_row(link, *ROW[1:]), ods_row(*ROW[:3], formula), ods_row(*ROW))
    assert addresses("a.ods", ods("".join(rows))) == [SECOND, SECOND, ""]


@pytest.mark.parametrize("cell", [f'<td><a href="{SECOND}">{TITLE}</a></td>', f"<td>{TITLE}</td>"])
def test_links_of_a_table_in_html_are_the_addresses_of_their_rows(cell: str) -> None:
    head = "".join(f"<th>{name}</th>" for name in HEADER)
    rest = "".join(f"<td>{text}</td>" for text in ROW[1:])
    page = f"<html><body><table><tr>{head}</tr><tr>{cell}{rest}</tr></table></body></html>"
    assert addresses("a.xls", page.encode()) == [SECOND if "href" in cell else ""]


def test_an_article_stored_before_its_link_was_read_is_found_by_its_bytes() -> None:
    (before,) = parse_file("a.xlsx", workbook({}, ROW))
    (now,) = parse_file("a.xlsx", workbook({"A2": SECOND}, ROW))
    assert before.data == now.data
    assert content_mark(sha256_of(before.data)) in older_record_keys(now)


@pytest.mark.parametrize("text", ["mailto:a@example.org", "#Sheet2!A1", "file:///c:/a.docx", "../a.html", ""])
def test_what_is_no_address_of_the_web_is_none(text: str) -> None:
    assert web_address(text) == ""
    assert formula_address(f'=HYPERLINK("{text}"; "x")') == ""
    assert linked_address(["title"], ["x"], {}) == ""
