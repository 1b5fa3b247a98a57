"""E-mail messages: the message is an article, attachments are files of their own."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage

import pytest

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


def mail_with_picture(**headers: str) -> bytes:
    """Return mail in HTML whose text has a picture, as programs for newsletters send it."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"<p>{TEXT}</p><img src='cid:1'><p>{MORE}</p>", subtype="html")
    message.add_related(b"\x89PNG\0", "image", "png", cid="<1>", filename="logo.png")
    message.set_param("type", "text/html")
    return message.as_bytes()


SENDER = {"From": "مكتب الأخبار <desk@paper.example>"}
SENT = {"Subject": TITLE, "Date": "Fri, 24 May 2013 09:00:00 +0300"}


@pytest.mark.parametrize(
    "head",
    [
        SENDER | {"To": "list@paper.example", "Message_ID": "<1@paper.example>", "X_Mailer": "PHPMailer 6.8"},
        SENDER,
        {"Received": "from a.example by b.example; Fri, 24 May 2013 09:00:00 +0300"},
        {"X_Spam_2": "no", "To": "list@paper.example"},
    ],
)
def test_mail_with_pictures_in_its_text_is_no_saved_page(head: dict[str, str]) -> None:
    data = mail_with_picture(**head, **SENT)
    for name, content in (
        ("a.eml", data),
        ("a.mbox", b"From desk@paper.example Fri May 24 09:00:00 2013\n" + data + b"\n"),
    ):
        (found,) = parse_file(name, content)
        assert (found.format, found.title, found.date) == ("eml", TITLE, "2013-05-24")
        assert found.body == f"{TEXT}\n{MORE}"
        assert found.byline == ("مكتب الأخبار" if "From" in head else "")


@pytest.mark.parametrize("head", [{"From": "<Saved by Windows Internet Explorer 8>"}, {}])
def test_a_page_saved_as_mail_is_a_page(head: dict[str, str]) -> None:
    (found,) = parse_file("a.eml", mail_with_picture(**head, **SENT))
    assert found.format == "mhtml"


def test_a_message_is_an_article_and_its_attachments_are_read() -> None:
    data = make_eml(
        TEXT,
        TITLE,
        {"خبر.docx": make_docx(docx_paragraphs(MORE)), "صورة.gif": b"GIF89a\0"},
    )
    message, document = parse_file("a.eml", data)
    assert (message.title, message.body) == (TITLE, TEXT)
    assert (message.byline, message.date, message.external_id) == (
        "مكتب الأخبار",
        "2013-05-24",
        "1@paper.example",
    )
    assert ("email-attachments", "خبر.docx، صورة.gif") in [(p.code, p.detail) for p in message.problems]
    assert (document.file, document.body) == ("a.eml/خبر.docx", MORE)


def test_a_picture_is_read_if_it_was_attached_and_not_if_it_stands_in_the_text() -> None:
    message = EmailMessage()
    message["Subject"] = TITLE
    message.set_content(TEXT)
    for where in ("inline", "attachment"):
        message.add_attachment(b"\x89PNG\0", "image", "png", filename=f"{where}.png", disposition=where)
    records = parse_file("a.eml", message.as_bytes())
    assert [record.file for record in records] == ["a.eml", "a.eml/attachment.png"]


def test_a_message_in_html_gives_its_text() -> None:
    assert (
        parse_only("a.eml", make_eml("", TITLE, html=f"<p>{TEXT}</p><p>{MORE}</p>")).body == f"{TEXT}\n{MORE}"
    )


def test_raw_windows_1256_headers_of_a_message_are_decoded() -> None:
    head = f"From: desk@paper.example\nSubject: {TITLE}\nContent-Type: text/plain\n\n{TEXT}"
    record = parse_only("a.eml", head.encode("cp1256"))
    assert (record.title, record.body) == (TITLE, TEXT)


@pytest.mark.parametrize("damage", [b"\x01", b"\x7f", b"*", b"\x01\x01\x01"])
@pytest.mark.parametrize("sender", ["{}", "{} <desk@paper.example>", "desk at paper.example ({})"])
def test_a_damaged_encoded_word_of_a_header_leaves_the_others_and_the_message(
    damage: bytes, sender: str
) -> None:
    good = f"=?utf-8?b?{b64encode(TITLE.encode()).decode()}?="
    damaged = good.replace("?b?" + good[10 : 10 + len(damage)], f"?b?{damage.decode()}", 1)
    header = f"{damaged} {good}"
    record = parse_only("a.eml", f"From: {sender.format(header)}\nSubject: {header}\n\n{TEXT}".encode())
    assert (record.title.endswith(TITLE), record.body) == (True, TEXT)
    assert record.problems  # what was lost is said


def test_html_is_read_if_the_plain_part_only_says_to_look_at_it() -> None:
    hint = "يرجى عرض الرسالة بصيغة HTML"
    long = " ".join([TEXT] * 4)
    assert parse_only("a.eml", make_eml(hint, TITLE, html=f"<p>{long}</p>")).body == long
    assert parse_only("a.eml", make_eml(TEXT, TITLE, html=f"<p>{TEXT}</p><p>-</p>")).body == TEXT
    assert parse_only("a.eml", make_eml(TEXT, TITLE, html=f"<p>{'?? ' * 200}</p>")).body == TEXT


def test_a_damaged_part_beside_a_good_plain_part_costs_nothing() -> None:
    message = "\n".join((
        f"Subject: {TITLE}", "MIME-Version: 1.0", 'Content-Type: multipart/alternative; boundary="b"', "",
        "--b", "Content-Type: text/plain; charset=utf-8", "", TEXT,
        "--b", "Content-Type: multipart/related", "", "x", "--b--", "",
    ))  # fmt: skip
    assert parse_only("a.eml", message.encode()).body == TEXT


HEAD = f"From: desk@paper.example\nSubject: {TITLE}\nMIME-Version: 1.0\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n"
FILE = f'{PLAIN}Content-Disposition: attachment; filename="a.txt"\n\n{MORE}'


def multipart(kind: str, boundary: str, *parts: str) -> str:
    lines = (f"--{boundary}\n{part}" for part in parts)
    return "\n".join(
        (f"Content-Type: multipart/{kind}; boundary={boundary}", "", *lines, f"--{boundary}--", "")
    )


MESSAGES_IN_DIGEST = (f"\nSubject: أول\n{PLAIN}\n{TEXT}", f"\nSubject: ثان\n{PLAIN}\n{MORE}")
PARTS = {
    "a digest below its contents": (
        multipart("mixed", "m", f"{PLAIN}\nالمحتويات", multipart("digest", "d", *MESSAGES_IN_DIGEST)),
        ["المحتويات", TEXT, MORE],
    ),
    "a file in a part of parts": (
        multipart("mixed", "m", multipart("mixed", "d", f"{PLAIN}\n{TEXT}", FILE)), [TEXT, MORE],
    ),
    "a file beside one form of the text": (
        multipart(
            "alternative", "m", f"{PLAIN}\n{TEXT}",
            multipart("mixed", "d", f"Content-Type: text/html; charset=utf-8\n\n<p>{TEXT}</p>", FILE),
        ),
        [TEXT, MORE],
    ),
    "a file in a signed message": (
        multipart("signed", "m", multipart("mixed", "d", f"{PLAIN}\n{TEXT}", FILE)), [TEXT, MORE],
    ),
    "a text that goes on behind a file": (
        multipart("mixed", "m", f"{PLAIN}\n{TEXT}", FILE, f"{PLAIN}\nوبعد"), [f"{TEXT}\n\nوبعد", MORE],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "bodies"), PARTS.values(), ids=PARTS)
def test_parts_of_parts_are_read(parts: str, bodies: list[str]) -> None:
    assert [record.body for record in parse_file("a.eml", f"{HEAD}{parts}".encode())] == bodies


def test_a_message_in_html_is_read_however_deep_its_elements_stand() -> None:
    deep = f"<p>{TEXT}</p>{'<div>' * 400}<p>{MORE}</p>"
    assert parse_only("a.eml", make_eml("", TITLE, html=deep)).body == f"{TEXT}\n{MORE}"
