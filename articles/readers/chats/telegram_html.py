"""Telegram's export as HTML (messages.html): every message with a text is an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.readers.chats.message_keys import keys_elsewhere, message_key
from articles.readers.content.element_classes import (
    has_class,
    is_inside,
    iter_with_class,
    separate_elements,
)
from articles.readers.content.page_tree import parse_page
from articles.readers.content.passed_over import with_passed_over
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem, rejected_record

#: "03.08.2013 23:30:00 UTC+03:00"; old exports have no zone.
_DATE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})(?: (\d\d):(\d\d):(\d\d)(?: UTC([+-])(\d\d):?(\d\d))?)?")
_NUMBER = re.compile(r"message(\d{1,18})$")
_REPLY = re.compile(r"#go_to_message(\d{1,18})")
_VIA = re.compile(r" via @\w{1,64}$")
#: Addresses that are none of a file of the export.
_ELSEWHERE = re.compile(r"[a-z][a-z+.-]*+:|[#?]|[^#]*+#go_to_message", re.I)
#: Titles of what is not named after its file.
_UNNAMED = frozenset(
    ("Photo", "Video file", "Animation", "Sticker", "File", "Voice message", "Video message", "Audio file")
)


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every message with a text; its bytes are the HTML of the message."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _messages(blob, passed), passed)


def _messages(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    tree, _is_whole = parse_page(blob.read_all(RECORD_BYTES).decode("utf-8", "replace"))
    if tree is None:
        yield rejected_record(blob.name, 0, "html-empty")
        return
    head = next(iter_with_class(tree, "page_header"), None)
    chat = "" if head is None else _text(next(iter_with_class(head, "text"), None))
    sender = ""
    row = 0
    for row, message in enumerate(separate_elements(tree, "message"), start=1):
        # A message that follows another one of the same sender does not repeat the name.
        own = [
            each
            for each in iter_with_class(message, "from_name")
            if not is_inside(each, message, "forwarded")
        ]
        sender = _own_text(own[0]) if own else sender
        if has_class(message, "service"):
            passed["service"] += 1
        elif not any(_text(each) for each in iter_with_class(message, "text")):
            passed["media without text"] += 1
        else:
            data = etree.tostring(message, encoding="utf-8", method="html", with_tail=False)
            signed = _text(next(iter_with_class(message, "signature"), None))
            byline = signed or (sender if sender != chat else "")
            yield RawRecord(
                blob.name, row, data, source=(chat or sender)[:200], byline=byline, format="telegram-html",
                charset="utf-8",
            )  # fmt: skip
    if not row:  # a list of chats, contacts or sessions in the export of an account
        passed["page without messages"] += 1


def parse(record: RawRecord) -> RawRecord:
    """Return the record with text, day and number of the message; chat and sender are those of the file."""
    tree, _is_whole = parse_page(record.data.decode("utf-8", "replace"))
    message = next(iter_with_class(tree, "message"), None) if tree is not None else None
    if message is None:
        return record.with_problems(RecordProblem("html-empty", fatal=True))
    texts = [
        html_to_text(etree.tostring(each, encoding="unicode", method="html", with_tail=False))
        for each in iter_with_class(message, "text")
    ]
    # The time of a message that was forwarded stands behind that of the message itself.
    told = next((each.get("title", "").strip() for each in iter_with_class(message, "date")), "")
    day = _DATE.search(told)
    number = _NUMBER.search(message.get("id", ""))
    keys = _keys(record.source, number[1], day) if number else ("",)
    values = {
        "body": "\n".join(filter(None, texts)),
        "date": f"{day[3]}-{day[2]}-{day[1]}" if day else told[:80],
        "external_id": keys[0],
    }
    return replace(record, known_as=keys[1:]).with_fields(values).with_problems(*_notes(message))


def _keys(chat: str, number: str, day: re.Match[str] | None) -> tuple[str, ...]:
    """Return what identifies a message: by its second in UTC, and in other time zones.

    Pages of before 2022 tell no zone: theirs is the computer's. Without a time it is only name and number.
    """
    if day is None or day[4] is None:
        return (message_key(chat, number),)
    try:
        year, month, date, hour, minute, second = (int(day[at]) for at in (3, 2, 1, 4, 5, 6))
        local = datetime(year, month, date, hour, minute, second)
        ahead = timedelta(hours=int(day[8]), minutes=int(day[9])) if day[7] else timedelta()
        moment = local - ahead if day[7] == "+" else local + ahead
        is_utc = day[7] is not None or day.string[day.end() :].startswith(" UTC")
        elsewhere = keys_elsewhere(chat, number, moment, is_utc=is_utc)
        return tuple(dict.fromkeys((message_key(chat, number, moment), *elsewhere)))
    except (ValueError, OverflowError):
        return (message_key(chat, number),)


def _notes(message: Any) -> Iterator[RecordProblem]:
    """Yield what belongs to a message and is not in its text."""
    for forwarded in iter_with_class(message, "forwarded"):
        if not has_class(forwarded, "body"):  # the picture of its sender
            continue
        name = _own_text(next(iter_with_class(forwarded, "from_name"), None))
        yield RecordProblem("message-forwarded", name[:200] or "?")
    for reply in iter_with_class(message, "reply_to"):
        target = _REPLY.search(etree.tostring(reply, encoding="unicode"))
        yield RecordProblem("message-reply", target[1] if target else "?")
    files = [each.get("href", "") for each in message.iter("a")]
    names = [name.rpartition("/")[2] for name in files if name and not _ELSEWHERE.match(name)]
    for media in iter_with_class(message, "media"):
        title = _text(next(iter_with_class(media, "title"), None))
        if not _text(next(iter_with_class(media, "description"), None)):
            continue
        if title not in _UNNAMED:
            names.append(title)
        elif has_class(media, "media_photo"):
            yield RecordProblem("message-photo-missing")
        else:
            yield RecordProblem("message-file-missing")
    if names:
        yield RecordProblem("message-media", "، ".join(dict.fromkeys(names))[:200])


def _text(node: Any) -> str:
    return "" if node is None else " ".join(node.text_content().split())


def _own_text(node: Any) -> str:
    """Return a name without the date, which is in an element inside it, and the bot that helped to write."""
    return "" if node is None else _VIA.sub("", " ".join((node.text or "").split()))


def looks_like_export(blob: Blob, head: bytes) -> bool:
    """Return True if a web page is an export of Telegram."""
    return b'class="page_wrap"' in head and (b"page_header" in head or b"Exported Data" in head)


FORMAT = FileFormat(
    key="telegram-html",
    order=62,
    label="Telegram (HTML)",
    gives=_("as from Telegram's JSON"),
    extensions=(),
    is_text=True,
    refines=frozenset({"html"}),
    recognises=looks_like_export,
    read=read,
    parse=parse,
)
