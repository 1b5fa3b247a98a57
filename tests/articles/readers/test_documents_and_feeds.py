"""Documents, tables and feeds: what of them becomes an article."""

from __future__ import annotations

import gzip
import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from tests.articles import makers
from tests.articles.formats import MORE, PAGE, TEXT, TITLE, codes, only, read_of, refusal

# -- docx


def test_a_docx_gives_its_paragraphs_and_the_one_that_is_set_as_its_title() -> None:
    record = only("خبر.docx", makers.docx_of(makers.docx_body(TEXT, MORE, title=TITLE)))
    assert (record.title, record.body) == (TITLE, f"{TEXT}\n{MORE}")
    assert not record.problems


def test_a_docx_gives_tables_and_insertions_and_leaves_out_deletions() -> None:
    body = (
        "<w:p><w:r><w:t>بدأ</w:t></w:r><w:ins><w:r><w:t> التوزيع</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> القصف</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>حمص</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>حلب</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert only("a.docx", makers.docx_of(body)).body == "بدأ التوزيع\nحمص\nحلب"


def test_a_docx_that_declares_entities_is_refused_and_nothing_of_them_is_read() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "حمص"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    record = only("a.docx", makers.docx_of("<w:p><w:r><w:t>&a;&f;</w:t></w:r></w:p>", before=bomb))
    assert refusal(record) == "office-broken"
    assert not record.body


def locked_office_file() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 99
    )


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", locked_office_file(), "encrypted"),
        ("a.xlsx", locked_office_file(), "encrypted"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 900, "office-old"),
        ("a.docx", makers.docx_of(""), "office-empty"),
        ("a.docx", makers.zipped({"word/document.xml": b"0" * 8_000_000}), "archive-bomb"),
        ("a.docx", b"PK\x03\x04 and then nothing", "office-broken"),
        ("a.xlsx", makers.zipped({"xl/workbook.xml": b"<workbook/>"}), "office-broken"),
        ("a.pdf", b"%PDF-1.4 and then nothing", "pdf-broken"),
        ("a.pdf", makers.pdf_of(), "pdf-no-text"),
        ("a.xml", b"<note><title>x</title></note>", "feed-unknown"),
        ("a.rss", b"no xml at all", "feed-unknown"),
        ("a.eml", b"no letter\n\nat all", "email-broken"),
        ("a.warc", b"no warc at all", "warc-broken"),
        ("a.warc", makers.warc_of(("http://x.example/a.png", "image/png", b"x")), "warc-no-pages"),
        ("a.tar", b"no tar", "archive-broken"),
        ("a.tgz", gzip.compress(b"no tar" * 200, mtime=0), "archive-broken"),
        ("a.json", b'[{"title": "x"}, {"title"', "json-broken-here"),
        ("a.json", b'{"name": "x"}', "json-no-articles"),
        ("a.json", b"7", "json-not-object"),
        ("a.json", b"[" * 100_000, "json-too-much"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_says_why(name: str, data: bytes, code: str) -> None:
    assert refusal(read_of(name, data)[-1]) == code


# -- pdf


def on_the_page(line: str) -> str:
    """A line as a printing program lays it: joined shapes, left to right, numbers as they are read."""
    shapes = {"حمص": "ﺣﻤﺺ", "إلى": "إﻟﻰ", "لا": "ﻻ", "الأحياء": "اﻷﺣﻴﺎء"}
    words = [shapes.get(word, word) for word in line.split(" ")]
    swapped = (
        word if word.isdigit() else word[::-1].translate(str.maketrans("()«»", ")(»«")) for word in words
    )
    return " ".join(reversed(list(swapped)))


def test_the_letters_of_a_pdf_come_in_the_order_of_reading_with_numbers_brackets_and_plain_letters() -> None:
    lines = [
        "وصلت القافلة إلى حمص في 24 أيار 2013 (بعد يومين)",
        "وقال الهلال الأحمر إن الطريق لا يزال مغلقا.",
    ]
    record = only("خبر.pdf", makers.pdf_of(*map(on_the_page, lines)))
    assert record.body == " ".join(lines)
    assert codes(record) == {"pdf-turned"}


def test_a_pdf_that_keeps_letters_in_the_order_of_reading_stays_as_it_is() -> None:
    record = only("a.pdf", makers.pdf_of(TEXT))
    assert record.body == TEXT
    assert not record.problems


def test_a_pdf_in_latin_letters_is_read_too() -> None:
    assert only("a.pdf", makers.pdf_of("The convoy reached Homs.")).body == "The convoy reached Homs."


# -- xlsx


def test_the_rows_of_an_xlsx_are_articles_with_their_days_and_numbers_as_text() -> None:
    data = makers.xlsx_of(
        ["id", "العنوان", "النص", "التاريخ", "المدن"],
        [7, TITLE, TEXT, datetime(2013, 5, 24), "حمص، حلب"],
        [],
        [8.0, "=cmd|'/c calc'!A1", MORE, "2013-05", None],
    )
    first, second = read_of("أخبار.xlsx", data)
    assert (first.row, first.external_id, first.title, first.body) == (2, "7", TITLE, TEXT)
    assert (first.date, first.cities) == ("2013-05-24", ("حمص", "حلب"))
    assert (second.row, second.external_id, second.date) == (4, "8", "2013-05")


def test_every_visible_sheet_of_an_xlsx_is_read_and_one_without_our_columns_is_named() -> None:
    book = Workbook()
    book.active.append(["title"])
    book.active.append([TITLE])
    book.create_sheet("أرقام").append(["كم", "متى"])
    hidden = book.create_sheet("مخفي")
    hidden.append(["title"])
    hidden.append(["لا يقرأ"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    found = read_of("a.xlsx", out.getvalue())
    assert [(record.title, refusal(record)) for record in found] == [(TITLE, ""), ("", "csv-header")]
    assert found[1].file == "a.xlsx/أرقام"


def test_the_same_row_of_an_xlsx_has_the_same_bytes_whatever_stands_around_it() -> None:
    one = only("a.xlsx", makers.xlsx_of(["title"], [TITLE]))
    two = read_of("b.xlsx", makers.xlsx_of(["title"], [TEXT], [TITLE]))[1]
    assert one.data == two.data


# -- feeds

ITEM = (
    "<item><title>{title}</title><link>http://paper.example/7</link><guid isPermaLink='false'>n7</guid>"
    "<pubDate>Fri, 24 May 2013 23:30:00 +0300</pubDate><dc:creator>سلمى الحداد</dc:creator>"
    "<description>موجز</description>"
    "<content:encoded><![CDATA[<p>{text}</p><script>x()</script><p>{more}&nbsp;&#1575;</p>]]></content:encoded></item>"
)


def test_every_entry_of_an_rss_file_is_an_article() -> None:
    first, second = read_of(
        "أخبار.xml",
        makers.rss_of(ITEM.format(title=TITLE, text=TEXT, more=MORE), "<item><title>ثان</title></item>"),
    )
    assert (first.title, first.body) == (TITLE, f"{TEXT}\n{MORE}\xa0ا")
    assert (first.date, first.byline, first.source) == ("2013-05-24", "سلمى الحداد", "صحيفة الضفاف")
    assert (first.url, first.external_id, first.row) == ("http://paper.example/7", "n7", 1)
    assert (second.title, second.row) == ("ثان", 2)


def test_every_entry_of_an_atom_file_is_an_article() -> None:
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title><entry><title type="html">&lt;b&gt;'
        f"{TITLE}&lt;/b&gt;</title><link rel='self' href='http://x.example/self'/>"
        "<link href='http://x.example/1'/><id>urn:1</id><published>2013-05-24T01:00:00+03:00</published>"
        "<author><name>سلمى</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        f"<p>{TEXT}</p><p>{MORE}</p></div></content></entry></feed>"
    )
    record = only("a.atom", data.encode())
    assert (record.title, record.body) == (TITLE, f"{TEXT}\n{MORE}")
    assert (record.url, record.external_id, record.byline) == ("http://x.example/1", "urn:1", "سلمى")
    assert record.date == "2013-05-24"


def test_entities_of_a_feed_are_never_expanded_or_fetched() -> None:
    declared = (
        '<!DOCTYPE rss [<!ENTITY a "حمص"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )
    record = only(
        "a.rss",
        makers.rss_of("<item><title>نص</title><description>&b;&f;</description></item>", before=declared),
    )
    assert (record.title, record.body) == ("نص", "")


def test_a_feed_with_a_broken_end_gives_what_was_before() -> None:
    data = makers.rss_of(ITEM.format(title=TITLE, text=TEXT, more=MORE))
    assert only("a.rss", data[: data.index(b"</channel>")]).title == TITLE


def test_a_control_byte_in_a_page_costs_nothing_but_itself() -> None:
    found = only("a.html", PAGE.replace("القديمة", "القديمة\x01", 1).replace(TEXT, f"\x0b{TEXT}").encode())
    assert TEXT in found.body
