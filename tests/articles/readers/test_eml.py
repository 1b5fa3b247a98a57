"""E-mail messages: the message is an article, attachments are files of their own."""

from __future__ import annotations

from tests.articles.readers.sample_files import (
    MORE,
    TEXT,
    TITLE,
    docx_paragraphs,
    make_docx,
    make_eml,
    parse_file,
    parse_only,
)


def test_a_message_is_an_article_and_its_attachments_are_read() -> None:
    data = make_eml(
        TEXT,
        TITLE,
        {"خبر.docx": make_docx(docx_paragraphs(MORE)), "صورة.png": b"\x89PNG\0"},
    )
    message, document = parse_file("a.eml", data)
    assert (message.title, message.body) == (TITLE, TEXT)
    assert (message.byline, message.date, message.external_id) == (
        "مكتب الأخبار",
        "2013-05-24",
        "1@paper.example",
    )
    assert ("email-attachments", "خبر.docx، صورة.png") in [(p.code, p.detail) for p in message.problems]
    assert (document.file, document.body) == ("a.eml/خبر.docx", MORE)


def test_a_message_in_html_gives_its_text() -> None:
    assert (
        parse_only("a.eml", make_eml("", TITLE, html=f"<p>{TEXT}</p><p>{MORE}</p>")).body == f"{TEXT}\n{MORE}"
    )


def test_raw_windows_1256_headers_of_a_message_are_decoded() -> None:
    head = f"From: desk@paper.example\nSubject: {TITLE}\nContent-Type: text/plain\n\n{TEXT}"
    record = parse_only("a.eml", head.encode("cp1256"))
    assert (record.title, record.body) == (TITLE, TEXT)
