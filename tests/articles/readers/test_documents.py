"""docx, rtf, epub and pdf files: their text and title, and the reasons for which some are rejected."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.articles.readers.document_dumps import epub
from tests.articles.readers.sample_files import (
    MORE,
    TEXT,
    TITLE,
    docx_paragraphs,
    make_docx,
    make_pdf,
    make_zip,
    parse_only,
    problem_codes,
    rejection_code,
)
from tests.articles.readers.stories import draw_stories


def test_a_docx_has_the_text_of_its_paragraphs_and_the_title_of_the_one_in_title_style() -> None:
    record = parse_only("خبر.docx", make_docx(docx_paragraphs(TEXT, MORE, title=TITLE)))
    assert (record.title, record.body) == (TITLE, f"{TEXT}\n{MORE}")
    assert not record.problems


def test_the_style_of_a_title_is_told_by_its_name() -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    body = docx_paragraphs(TEXT, title=TITLE).replace('w:val="Title"', 'w:val="1"')
    with zipfile.ZipFile(packed := io.BytesIO(make_docx(body)), "a") as package:
        package.writestr("word/styles.xml", styles)
    record = parse_only("a.docx", packed.getvalue())
    assert (record.title, record.body) == (TITLE, TEXT)


def test_tables_and_tracked_insertions_of_a_docx_are_read_and_deletions_are_not() -> None:
    body = (
        "<w:p><w:r><w:t>بدأ</w:t></w:r><w:ins><w:r><w:t> التوزيع</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> القصف</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>حمص</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>حلب</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert parse_only("a.docx", make_docx(body)).body == "بدأ التوزيع\nحمص\nحلب"


def test_a_docx_that_declares_entities_is_rejected_unread() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "حمص"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    record = parse_only("a.docx", make_docx("<w:p><w:r><w:t>&a;&f;</w:t></w:r></w:p>", before=bomb))
    assert rejection_code(record) == "office-broken"
    assert not record.body


def visual_line(line: str) -> str:
    """Return a line as printing programs draw it: presentation forms, left to right, numbers unchanged."""
    shapes = {"حمص": "ﺣﻤﺺ", "إلى": "إﻟﻰ", "لا": "ﻻ", "الأحياء": "اﻷﺣﻴﺎء"}
    words = [shapes.get(word, word) for word in line.split(" ")]
    swapped = (
        word if word.isdigit() else word[::-1].translate(str.maketrans("()«»", ")(»«")) for word in words
    )
    return " ".join(reversed(list(swapped)))


def test_the_visual_order_of_a_pdf_becomes_logical_order_with_numbers_and_brackets() -> None:
    lines = [
        "وصلت القافلة إلى حمص في 24 أيار 2013 (بعد يومين)",
        "وقال الهلال الأحمر إن الطريق لا يزال مغلقا.",
    ]
    record = parse_only("خبر.pdf", make_pdf(*map(visual_line, lines)))
    assert record.body == " ".join(lines)
    assert problem_codes(record) == set()


def test_a_pdf_whose_letters_were_drawn_in_logical_order_gives_it() -> None:
    record = parse_only("a.pdf", make_pdf(TEXT))
    assert record.body == TEXT
    assert problem_codes(record) == {"pdf-turned"}


def test_a_pdf_in_latin_script_is_read() -> None:
    assert parse_only("a.pdf", make_pdf("The convoy reached Homs.")).body == "The convoy reached Homs."


def test_a_footnote_of_an_rtf_follows_its_paragraph() -> None:
    note = r"{\super\chftn}{\footnote \pard {\super\chftn} Said on Monday.\par And again.}"
    for mark in (r"{\footnote ", r"{\*\footnote\ftnalt "):
        text = (
            r"{\rtf1\ansi\pard The convoy"
            + note.replace(r"{\footnote ", mark)
            + r" arrived.\par It left.\par}"
        )
        body = parse_only("a.rtf", text.encode()).body
        assert body == "The convoy arrived.\nSaid on Monday.\nAnd again.\nIt left."


def test_a_footnote_in_which_a_file_ends_is_read_and_one_in_a_header_is_not() -> None:
    cut = rb"{\rtf1\ansi{\header {\footnote No.}}The convoy{\footnote Said on"
    assert parse_only("a.rtf", cut).body == "The convoy\nSaid on"


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ('<dc:date opf:event="modification">2019-02-03</dc:date><dc:date>2012-05-06</dc:date>', "2012-05-06"),
        (
            '<dc:date>2019-02-03</dc:date><dc:date opf:event="creation">2018-01-01</dc:date>'
            '<dc:date opf:event="publication">2012-05-06</dc:date>',
            "2012-05-06",
        ),
        ('<dc:date opf:event="modification">2019-02-03</dc:date>', ""),
        (
            "<dc:date>2026-12-02T04:17:58Z</dc:date>"
            '<meta property="dcterms:modified">2026-12-02T04:17:59Z</meta>',
            "",
        ),
        (
            "<dc:date>2012-05-06T00:00:00Z</dc:date>"
            '<meta property="dcterms:modified">2012-05-06T00:00:00Z</meta>',
            "2012-05-06",
        ),
    ],
)
def test_the_day_of_a_book_is_that_of_its_publication(dates: str, day: str) -> None:
    (story,) = draw_stories(1, seed=3)
    with zipfile.ZipFile(io.BytesIO(epub([story]))) as book:
        files = {name: book.read(name) for name in book.namelist()}
    package = re.sub("<dc:date>.*</dc:date>", dates, files["OEBPS/content.opf"].decode())
    package = package.replace("<metadata>", '<metadata xmlns:opf="http://www.idpf.org/2007/opf">')
    assert parse_only("a.epub", make_zip({**files, "OEBPS/content.opf": package.encode()})).date == day


def rtf_letters(text: str) -> str:
    return "".join(f"\\u{ord(char)}?" if ord(char) > 127 else char for char in text)


def test_the_unicode_form_of_a_text_in_rtf_is_read_and_not_the_question_marks_beside_it() -> None:
    inside = f"{{\\upr{{???? ????}}{{\\*\\ud{{{rtf_letters(TEXT)}}}}}}}"
    data = f"{{\\rtf1\\ansi {inside}\\par {rtf_letters(MORE)}\\par}}".encode()
    assert parse_only("a.rtf", data).body == f"{TEXT}\n{MORE}"
    hidden = f"{{\\rtf1\\ansi{{\\header {inside}}}{rtf_letters(MORE)}\\par}}".encode()
    assert parse_only("a.rtf", hidden).body == MORE


LOOKS = [
    "\\pard \\qc \\f0 \\sa180 \\li0 \\fi0 \\b \\fs36 ",
    "\\pard \\ql \\f0 \\sa180 \\li0 \\fi0 \\outlinelevel0 \\b \\fs36 ",
]


@pytest.mark.parametrize("looks", LOOKS, ids=["title", "heading"])
def test_a_headline_that_pandoc_writes_without_a_style_is_the_title(looks: str) -> None:
    def page(beginning: str) -> bytes:
        text = f"{{\\pard \\ql \\f0 {rtf_letters(TEXT)}\\par}}"
        return f"{{\\rtf1\\ansi {{{beginning}{rtf_letters(TITLE)}\\par}}{text}}}".encode()

    record = parse_only("a.rtf", page(looks))
    assert (record.title, record.body) == (TITLE, TEXT)
    assert parse_only("a.rtf", page("\\pard \\b ")).title == ""


@pytest.mark.parametrize("title", ["Unknown Title", "Unknown", "Untitled", "unknown title"])
def test_a_title_that_a_program_wrote_for_a_missing_one_is_no_source(title: str) -> None:
    (story,) = draw_stories(1, seed=3)
    with zipfile.ZipFile(io.BytesIO(epub([story]))) as book:
        files = {name: book.read(name) for name in book.namelist()}
    package = files["OEBPS/content.opf"].decode().replace(f"<dc:publisher>{story.source}</dc:publisher>", "")
    package = package.replace(">كتاب<", f">{title}<").replace(f">{story.author}<", ">Unknown Author<")
    found = parse_only("a.epub", make_zip({**files, "OEBPS/content.opf": package.encode()}))
    assert (found.source, found.byline) == ("", "")
