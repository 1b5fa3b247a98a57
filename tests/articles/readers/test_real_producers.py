"""What programs and telephones write that others do not: found by importing files made with them."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from articles.readers.page_layout.glyphs import Glyph, with_marks_attached
from articles.text.readability.judge import find_doubt
from tests.articles.readers.sample_files import (
    docx_paragraphs,
    make_docx,
    make_zip,
    parse_file,
    parse_only,
    problem_codes,
    rejection_code,
)

TEXT = "أُعيد أمس افتتاح المتحف الوطني بحضور مئات الزوار بعد أعمال ترميم دامت عامين."
MESSAGE = "Return-Path: <a@b.example>\nSubject: News\nFrom: Hala <a@b.example>\nMIME-Version: 1.0\n"


@pytest.mark.parametrize("name", ["Maildir/cur/1512.M1P2.host,U=5:2,S", "cur/1512", "message.txt"])
def test_a_message_is_known_by_its_headers(name: str) -> None:
    message = f"{MESSAGE}Content-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
    (record,) = parse_file("mail.zip", make_zip({name: message.encode()}))
    assert (record.format, record.title, record.body.strip()) == ("eml", "News", TEXT)


def test_a_text_with_labels_like_headers_is_no_message() -> None:
    assert parse_only("a.txt", f"Subject: News\nFrom: Hala\n\n{TEXT}".encode()).format == "txt"


def test_files_on_an_arabic_iphone_and_its_notice_are_no_messages() -> None:
    lines = (
        "\u200f١\u200f/٣\u200f/٢٠١٤، ٩:٠٠:٠٠ ص - الأخبار: \u200fالرسائل والمكالمات مشفّرة تمامًا بين الطرفين.",
        f"\u200f٢٥\u200f/٣\u200f/٢٠١٤، ٩:١٥:٢٢ م - هالة: {TEXT}",
        "\u200f٢٥\u200f/٣\u200f/٢٠١٤، ٩:١٦:٢٢ م - هالة: \u200f<المُرفق: 0041-PHOTO.jpg>",
    )
    (record,) = parse_file("WhatsApp.txt", "\n".join(lines).encode())
    assert record.date == "2014-03-25"
    assert {(each.code, each.detail) for each in record.problems} == {
        ("message-media", "0041-PHOTO.jpg"),
        ("passed-over", "service 1, media without text 1"),
    }


def test_a_table_whose_texts_have_several_lines_is_known_by_its_content() -> None:
    rows = f'"العنوان"\t"النص"\t"التاريخ"\n"متحف"\t"{TEXT}\nسطر ثان"\t02/09/2014\n'
    (record,) = parse_file("calc.txt", rows.encode())
    assert (record.format, record.title, record.date) == ("csv", "متحف", "02/09/2014")


def test_the_columns_of_news_databases_are_known() -> None:
    row = f"Headline,Full Text,Publication Date\nمتحف,{TEXT},2012-03-18\n"
    assert parse_only("a.csv", row.encode()).body == TEXT


def test_notes_of_a_word_document_stand_below_the_text() -> None:
    note = make_docx(docx_paragraphs(" بحسب بيان البلدية."))
    with zipfile.ZipFile(BytesIO(make_docx(docx_paragraphs(TEXT)))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(BytesIO(note)) as package:
        parts["word/footnotes.xml"] = package.read("word/document.xml")
    assert parse_only("a.docx", make_zip(parts)).body == f"{TEXT}\nبحسب بيان البلدية."


def flat_document(kind: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><office:document '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:body><office:text>'
        f'<text:h text:outline-level="1">متحف</text:h><text:p>{TEXT}</text:p>'
        "</office:text></office:body></office:document>"
    ).encode()


def test_an_open_document_that_is_one_xml_file_is_read() -> None:
    record = parse_only("a.fodt", flat_document("text"))
    assert (record.title, record.body) == ("متحف", TEXT)
    assert rejection_code(parse_only("a.fods", flat_document("spreadsheet"))) == "odf-other"
    assert rejection_code(parse_only("a.fodt", flat_document("text")[:300])) == "office-broken"


def test_headers_footers_and_pictures_of_a_flat_document_are_no_text() -> None:
    picture = "<draw:image><office:binary-data>iVBORw0KGgo=</office:binary-data></draw:image>"
    styles = (
        '<office:styles><style:style style:name="P1" style:parent-style-name="Title"/></office:styles>'
        "<office:master-styles><style:master-page>"
        "<style:header><text:p>أعلى</text:p></style:header><style:footer><text:p>أسفل</text:p></style:footer>"
        "</style:master-page></office:master-styles>"
    )
    data = flat_document("text").decode().replace("<office:body>", f"{styles}<office:body>")
    data = data.replace("<text:h ", f'<text:p text:style-name="P1">العنوان{picture}</text:p><text:h ')
    data = data.replace("<office:document ", '<office:document xmlns:draw="d" xmlns:style="s" ')
    record = parse_only("a.fodt", data.encode())
    assert (record.title, record.body) == ("العنوان", f"متحف\n{TEXT}")


def make_book(title: str, page: str, creator: str = "") -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
        '<dc:date>2026-12-01</dc:date></metadata><manifest><item id="a" href="a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>'
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    parts |= {"a.opf": package, "a.xhtml": f"<html><body>{page}</body></html>"}
    return make_zip({name: text.encode() for name, text in parts.items()})


def test_the_day_below_a_headline_beats_the_day_of_the_book() -> None:
    page = f"<h1>متحف</h1><h2>24 أيار 2019</h2><p>{TEXT}</p><p>{TEXT}</p>"
    record = parse_only("a.epub", make_book("كتاب المدن", page, "هالة الناصر"))
    assert (record.date, record.source, record.byline) == ("2019-05-24", "كتاب المدن", "هالة الناصر")
    assert "date-from-text" in problem_codes(record)
    assert parse_only("a.epub", make_book("كتاب", page.replace("24 أيار 2019", "فصل"))).date == "2026-12-01"


def test_a_book_of_one_article_is_not_its_source_and_nobody_is_its_author() -> None:
    record = parse_only(
        "a.epub", make_book("متحف", f"<p>متحف</p><p>{TEXT}</p><p>{TEXT}</p>", "Unknown Author")
    )
    assert (record.source, record.byline) == ("", "")


def test_the_lower_bytes_of_utf16_are_not_taken_for_a_text() -> None:
    halves = "".join(chr(ord(char) & 0xFF) for char in f"{TEXT} {TEXT}".replace("،", ""))
    assert find_doubt("", halves, halves.split()) is not None
    capitals = "THE CHILDREN OF THE CAMP DIDN'T HAVE BREAD AND MILK FOR A WEEK, IT IS CALLED 'DIFFICULT'."
    assert find_doubt("", capitals, capitals.lower().split()) is None


def test_an_alef_without_width_stands_left_of_the_lam_that_it_is_drawn_with() -> None:
    drawn = [Glyph("إِ", 11, 11, 0, 10), Glyph("ل", 10, 16, 0, 10), Glyph("ا", 16, 19, 0, 10)]
    placed = sorted(with_marks_attached(drawn), key=lambda each: -each.left)
    assert "".join(glyph.text for glyph in placed) == "الإِ"


def test_a_letter_that_is_told_of_two_of_its_parts_is_one() -> None:
    drawn = [Glyph("أَ", 11, 11, 0, 10), Glyph("أ", 10, 14, 0, 10)]
    assert [glyph.text for glyph in with_marks_attached(drawn)] == ["أَ"]
