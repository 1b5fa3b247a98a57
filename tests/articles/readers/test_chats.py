"""Exports of messengers: what is a chat, which order its days have, and what tells its articles apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from articles.identity.record_keys import older_record_keys, record_key
from articles.ingest.transform import transform_record
from articles.text.problem_messages import MESSAGES
from articles.text.records import RawRecord
from tests.articles.readers.sample_files import MORE, TEXT, parse_file, problem_codes

NAMED = "WhatsApp Chat with النهر.txt"
LEFT_OUT = "(File not included. Change data exporting settings to download.)"


def chat(*messages: tuple[str, str]) -> bytes:
    """Return a chat of Android; a message is its day and its text."""
    return "".join(f"{day}, 10:00 - ليلى ناصر: {text}\n" for day, text in messages).encode()


def test_two_chats_without_a_name_do_not_replace_each_other() -> None:
    first, second = chat(("13/08/2013", TEXT), ("14/08/2013", MORE)), chat(("13/08/2013", MORE))
    keys = [record.external_id for data in (first, second) for record in parse_file("_chat.txt", data)]
    assert len(set(keys)) == len(keys) == 3


def test_a_later_export_of_a_chat_brings_the_same_articles() -> None:
    early = [(f"{day}/08/2013", TEXT) for day in range(13, 15)]
    for name in ("_chat.txt", NAMED):
        first, later = parse_file(name, chat(*early)), parse_file(name, chat(*early, ("20/08/2013", MORE)))
        assert [record.external_id for record in later[:-1]] == [record.external_id for record in first]


def test_days_of_a_chat_with_a_long_name_stay_apart() -> None:
    name = f"WhatsApp Chat with {'النهر ' * 40}.txt"
    first, second = parse_file(name, chat(("13/08/2013", TEXT), ("14/08/2013", TEXT)))
    assert first.external_id != second.external_id


@pytest.mark.parametrize(
    "text",
    [
        f"13/08/2013 10:00 - دمشق: {TEXT}\n{MORE}\n",
        f"13/08/2013, 10:00 - {MORE}\n13/08/2013, 11:00 - دمشق: {TEXT}\n",
        f"45/88/2013, 10:00 - دمشق: {TEXT}\n46/88/2013, 10:00 - حمص: {MORE}\n",
        f"{MORE}\n13/08/2013, 10:00 - دمشق: {TEXT}\n13/08/2013, 11:00 - حمص: {TEXT}\n",
    ],
)
def test_a_report_that_begins_with_its_day_and_place_is_no_chat(text: str) -> None:
    (found,) = parse_file("a.txt", text.encode())
    assert found.format == "txt"


def test_two_messages_with_senders_are_a_chat_and_one_in_a_file_that_is_named_so() -> None:
    long = "\n".join([TEXT] * 60)
    for name, data in (
        ("a.txt", chat(("13/08/2013", TEXT), ("13/08/2013", MORE))),
        ("a.txt", chat(("13/08/2013", long), ("13/08/2013", MORE))),
        (NAMED, chat(("13/08/2013", TEXT))),
    ):
        (found,) = parse_file(name, data)
        assert (found.format, found.date) == ("whatsapp", "2013-08-13")


@pytest.mark.parametrize(
    ("days", "first", "is_certain"),
    [
        (["02/01/2013", "03/02/2013"], "2013-01-02", False),
        (["04/05/2013"], "2013-05-04", False),
        (["03/08/2013", "05/08/2013"], "2013-08-03", True),
        (["08/03/2013", "08/14/2013"], "2013-08-03", True),
    ],
)
def test_the_day_comes_first_where_the_file_does_not_show_the_order(
    days: Sequence[str], first: str, is_certain: bool
) -> None:
    found = parse_file(NAMED, chat(*((day, TEXT) for day in days)))
    assert found[0].date == first
    assert ("chat-day-first" in problem_codes(found[0])) is not is_certain


def telegram_page(time: str) -> bytes:
    return (
        '<html><head><title>Exported Data</title></head><body><div class="page_wrap">'
        '<div class="page_header"><div class="text bold">النهر</div></div>'
        '<div class="message default" id="message7"><div class="from_name">النهر</div>'
        f'<div class="date details" title="{time}">23:30</div>'
        f'<div class="text">{TEXT}</div></div></div></body></html>'
    ).encode()


def test_the_text_of_a_telegram_page_is_read_however_deep_it_stands() -> None:
    deep = telegram_page("03.08.2013 23:30:00").replace(TEXT.encode(), b"<b>" * 400 + TEXT.encode())
    assert [record.body for record in parse_file("messages.html", deep)] == [TEXT]


def test_a_telegram_message_inside_another_is_read_once() -> None:
    inner = '<div class="message" id="message8"><div class="text">وصلت القافلة إلى حماة.</div></div>'
    page = telegram_page("03.08.2013 23:30:00")
    text = b'<div class="text">'
    outside, inside = parse_file("messages.html", page.replace(text, inner.encode() + text))
    assert outside.body == TEXT
    assert inside.body == "وصلت القافلة إلى حماة."


def test_messages_of_two_telegram_channels_with_one_name_stay_apart() -> None:
    times = [
        "03.08.2013 23:30:00 UTC+03:00", "03.08.2013 20:30:00 UTC", "03.08.2013 16:00:00 UTC-04:30",
        "03.08.2013 23:30:01 UTC+03:00", "03.08.2013", "99.99.2013 23:30:00",
    ]  # fmt: skip
    keys = [parse_file("messages.html", telegram_page(time))[0].external_id for time in times]
    assert keys[:3] == ["telegram:النهر:7:20130803T203000"] * 3  # the same moment, exported elsewhere
    assert keys[3] == "telegram:النهر:7:20130803T203001"
    assert keys[4:] == ["telegram:النهر:7"] * 2


def telegram_export(*, id_of_chat: int = 1234, **more: object) -> bytes:
    message = {"id": 7, "type": "message", "date": "2013-08-03T23:30:00", "from": "النهر", "text": TEXT}
    chat = {"name": "النهر", "type": "public_channel", "id": id_of_chat, "messages": [message | more]}
    return json.dumps(chat, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("media", "told"),
    [
        ({"photo": "photos/1.jpg"}, ("message-media", "1.jpg")),
        ({"photo": LEFT_OUT}, ("message-photo-missing", "")),
        ({"file": LEFT_OUT, "media_type": "voice_message"}, ("message-file-missing", "")),
        ({"file": LEFT_OUT, "file_name": "بيان.pdf"}, ("message-media", "بيان.pdf")),
        ({"media_type": "animation"}, ("message-file-missing", "")),
    ],
)
def test_a_file_of_a_message_is_told_by_its_name_or_in_words(
    media: dict[str, object], told: tuple[str, str]
) -> None:
    (record,) = parse_file("result.json", telegram_export(**media))
    (note,) = record.problems
    assert (note.code, note.detail) == told
    assert note.code in MESSAGES


def test_a_message_of_telegram_is_one_article_whether_it_comes_from_json_or_from_the_pages() -> None:
    def key_of(name: str, data: bytes) -> tuple[str, RawRecord]:
        (found,) = parse_file(name, data)
        made = transform_record(found, date(2026, 12, 1))
        return made.key, made.record

    paged, _record = key_of("messages.html", telegram_page("03.08.2013 23:30:00 UTC+03:00"))
    told, record = key_of("result.json", telegram_export(date_unixtime="1375561800"))
    assert told == paged
    older, old = key_of("result.json", telegram_export())
    # The pages of before 2022 have the same local time; earlier releases knew both by the number of the chat.
    local, old_page = key_of("messages.html", telegram_page("03.08.2013 23:30:00"))
    assert older == local
    by_chat = record_key(replace(old, external_id="telegram:1234:7"))
    assert {by_chat, older} < set(older_record_keys(record))
    assert {by_chat, told} < set(older_record_keys(old))
    assert told in older_record_keys(old_page)
    new_page = key_of("messages.html", telegram_page("03.08.2013 23:30:00 UTC+03:00"))[1]
    assert local in older_record_keys(new_page)
    assert record_key(record) != older
    for wrong in ("99999999999999999999", "x", 5, None):
        assert key_of("result.json", telegram_export(date_unixtime=wrong))[1].external_id == old.external_id
    undated = telegram_export(id_of_chat=2**33 + 1234, date="")
    assert key_of("result.json", undated)[1].external_id == "telegram:1234:7"


def test_a_list_of_chats_holds_no_articles_and_says_so() -> None:
    page = (
        '<html><head><title>Exported Data</title></head><body><div class="page_wrap">'
        '<div class="page_header"><div class="text bold">Chats</div></div></div></body></html>'
    )
    (record,) = parse_file("chats.html", page.encode())
    assert record.rejected is not None
    assert (record.rejected.code, record.rejected.detail) == ("no-articles", "page without messages 1")


def test_a_date_that_telegram_wrote_otherwise_is_not_lost() -> None:
    (record,) = parse_file("messages.html", telegram_page("3 August 2013, 23:30"))
    assert transform_record(record, date(2026, 12, 1)).publication_date.first == date(2013, 8, 3)
