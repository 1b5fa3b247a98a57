"""No unreadable text is published without a word, whatever its format; good texts are not held."""

from __future__ import annotations

import base64
import codecs
import re
from datetime import date
from itertools import cycle, islice

import pytest
from django.test import Client

from articles.ingest.transform import transform_record
from articles.models import Article, ErasedRecord, Erasure, ImportBatch
from articles.text.records import RawRecord
from tests.articles.admin.test_upload import file, upload
from tests.articles.conftest import Import, jsonl_line, records_of
from tests.articles.readers import document_dumps, dump_files
from tests.articles.readers.sample_files import make_eml, make_rss
from tests.articles.readers.stories import Story
from tests.articles.text.damaged_texts import DAMAGES, files_of, good_texts, sample_articles

ARTICLES = [each for each in sample_articles() if "\u0627" in each[0] and len(each[1]) > 300]
#: The whole is measured by `python -m tools.measure_readability`.
GOOD = list(good_texts())[::45]
BODY = "أعلن المجلس البلدي أمس بدء صيانة الجسر القديم على النهر، وقال رئيسه إن العمل يستمر شهرين."
#: Notes of the judge of texts and of their repair; others say nothing of whether a text can be read.
_SAYS = re.compile(r"unread-|mojibake|order-mended")
LOST = "????? ?????? ?????? ??? ??? ????? ????? ?????? ??? ?????? ???? ????? ?? ????? ????? ?????."


def outcome(record: RawRecord, text: str = "no text") -> str:
    """Return what becomes of a record: rejected, held, right (it has the text), said (noted) or silent."""
    made = transform_record(record, date(2026, 12, 1)).record
    if made.rejected or made.held:
        return "rejected" if made.rejected else "held"
    if text in made.body:
        return "right"
    return "said" if any(_SAYS.match(problem.code) for problem in made.problems) else "silent"


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_text_is_repaired_with_a_note_held_or_rejected(kind: str) -> None:
    number = list(DAMAGES).index(kind)
    title, body = ARTICLES[number % len(ARTICLES)]
    files = files_of(DAMAGES[kind](title), DAMAGES[kind](body))
    for name, data in islice(cycle(files.items()), number % len(files), number % len(files) + 3):
        assert "silent" not in {outcome(record, body[:99]) for record in records_of(name, data)}, name


def test_good_texts_are_not_held() -> None:
    made = [RawRecord("a", title=title, body=body, format="jsonl-read") for title, body in GOOD]
    assert [record.body[:60] for record in made if outcome(record) in ("held", "rejected")] == []


@pytest.mark.parametrize(
    "kind", ["utf-8 as cp437", "cp1256 as mac_roman", "iso8859_6 as cp1256", "visual order"]
)
def test_a_repaired_text_is_what_it_was(kind: str) -> None:
    damaged = DAMAGES[kind](BODY)
    made = transform_record(RawRecord("a", body=damaged, format="jsonl-read"), date(2026, 12, 1)).record
    assert made.body == BODY
    assert {problem.code for problem in made.problems} & {"mojibake", "order-mended"}


@pytest.mark.django_db
def test_a_repaired_source_does_not_change_what_a_record_is_known_by(
    import_lines: Import, desk: Client
) -> None:
    right = {"id": "7", "source": "جريدة المدينة", "title": "صيانة الجسر القديم", "body": BODY}
    damage = DAMAGES["cp1256 as mac_roman"]
    damaged = right | {name: damage(right[name]) for name in ("source", "title", "body")}
    read = [
        transform_record(record, date(2026, 12, 1))
        for line in (right, damaged)
        for record in records_of("a.jsonl", jsonl_line(**line).encode())
    ]
    assert read[1].record.source == right["source"], "or the test would prove nothing"
    assert read[1].key != read[0].key == read[1].repaired_key
    import_lines(right)
    assert import_lines(damaged)["created"] == 0, "an archive knows it by the repaired name"
    Article.objects.all().delete()
    assert (import_lines(damaged)["created"], import_lines(damaged)["unchanged"]) == (1, 1)
    assert Article.objects.get().record_key == read[1].key

    erasure = Erasure.objects.create(article_number=99, ground="court", reason="حكم")
    ErasedRecord.objects.create(erasure=erasure, known_by=read[0].key)
    assert import_lines(damaged)["rejected"] == 1
    upload(desk, file("later.jsonl", jsonl_line(**damaged)))
    assert ImportBatch.objects.latest("pk").preview[0]["rejected"] == 1


def one(name: str, data: bytes) -> RawRecord:
    """Return the only record of a file as it would be saved."""
    [record] = records_of(name, data)
    return transform_record(record, date(2026, 12, 1)).record


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "us-ascii"])
def test_a_feed_whose_bytes_contradict_its_declaration_is_read_by_its_bytes(declared: str) -> None:
    feed = make_rss(f"<item><title>صيانة الجسر</title><description>{BODY}</description></item>").decode()
    feed = feed.replace("UTF-8", declared, 1)
    assert one("a.xml", feed.encode("cp1256")).body == BODY
    assert one("a.xml", feed.encode("utf-8")).body == BODY


@pytest.mark.parametrize("declared", ["utf-8", "windows-1256"])
@pytest.mark.parametrize("written", ["utf-8", "cp1256"])
def test_what_a_file_says_of_its_encoding_loses_against_its_bytes(declared: str, written: str) -> None:
    story = Story(1, "صيانة الجسر", BODY, date(2012, 3, 4))
    for name, data in (
        ("a.wxr", dump_files.wordpress([story])),
        ("news.xml", document_dumps.newsml([story])),
        ("page.xml", document_dumps.alto([story])),
    ):
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode())
        file = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(written, "xmlcharrefreplace")
        assert BODY in one(name, file).body, name
    sheet = f'<meta charset="{declared}"><table><tr><td>text</td></tr><tr><td>{BODY}</td></tr></table>'
    assert one("a.xls", sheet.encode(written)).body == BODY
    assert (
        one("a.csv", codecs.BOM_UTF8 * (declared == "utf-8") + f"title,text\nx,{BODY}".encode(written)).body
        == BODY
    )
    page, font = (65001, 0) if declared == "utf-8" else (1256, 178)
    escaped = "".join(f"\\'{byte:02x}" if byte > 127 else chr(byte) for byte in BODY.encode(written))
    fonts = f"{{\\fonttbl{{\\f0\\fcharset{font} Arial;}}}}"
    assert one("a.rtf", f"{{\\rtf1\\ansi\\ansicpg{page}{fonts}\\f0 {escaped}\\par}}".encode()).body == BODY
    word = base64.b64encode(BODY.encode(written)).decode()
    mail = f"Subject: =?{declared}?B?{word}?= =?us-ascii?Q?_x?=\nFrom: a@paper.example\n\n{BODY}".encode(
        written
    )
    assert (one("a.eml", mail).title, one("a.eml", mail).body) == (f"{BODY} x", BODY)


def test_a_mail_whose_plain_part_was_lost_is_read_from_its_html() -> None:
    assert one("a.eml", make_eml(LOST, "صيانة الجسر", html=f"<p>{BODY}</p>")).body == BODY
    assert one("a.eml", make_eml(LOST, "صيانة الجسر")).held


@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", "us-ascii"])
@pytest.mark.parametrize("written", ["utf-8", "cp1256"])
def test_a_mail_is_read_by_its_bytes(declared: str, written: str) -> None:
    head = f"Subject: x\nFrom: a@paper.example\nContent-Type: text/plain; charset={declared}\n"
    mail = f"{head}Content-Transfer-Encoding: 8bit\n\n{BODY}\n".encode(written)
    assert one("a.eml", mail).body == BODY


def test_a_page_of_the_macintosh_is_read() -> None:
    page = f'<!doctype html><html><head><meta charset="x-mac-arabic"></head><body><p>{BODY}</p></body></html>'
    assert one("a.html", page.encode("mac_arabic")).body.replace(",", "،") == BODY
