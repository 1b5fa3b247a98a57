"""Telegram's export as JSON: every message with a text is an article, the channel is its source."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.chats.message_keys import keys_elsewhere, message_key
from articles.readers.content.json_stream import BLANK, SEPARATOR, JsonStream
from articles.readers.content.passed_over import with_passed_over
from articles.readers.registry import FileFormat
from articles.text.encoding import with_decoded_fields
from articles.text.records import RawRecord, RecordProblem

_EXPORT = re.compile(
    rb'"type"\s*:\s*"(?:public|private)_(?:channel|group|supergroup)"'
    rb'|"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|replies)"'
    rb'|"date_unixtime"\s*:\s*"|"from_id"\s*:\s*(?:"|\d{5})'
)
#: The export of an account begins with a sentence in the language of the program, and one of its parts.
_ACCOUNT = re.compile(
    rb'\{\s*+"about"\s*+:\s*+"(?:[^"\\]|\\.)*+"\s*+,\s*+"(?:personal_information|profile_pictures|stories|contacts'
    rb'|frequent_contacts|sessions|web_sessions|other_data|chats|left_chats)"\s*+:'
)
_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
#: Said in place of a file that was left out of the export.
_NOT_EXPORTED = "(File "
#: Keys of a message that name a file, in the order in which one is named; the last says only of what kind.
_MEDIA = ("file_name", "file", "photo", "sticker_emoji", "media_type")
_FORWARDED = ("forwarded_from", "saved_from")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Nesting depth of a chat in the export of an account.
_CHAT_DEPTH = 2
#: The internal number of a channel, which an address of its messages has.
_CHANNEL = re.compile(r"(?:channel)?(\d{1,20})")
#: Digits of a number of a chat at most.
_DIGITS = 20


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every message with a text; its bytes are the JSON of the message."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _messages(blob, passed), passed)


def _messages(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    charset = blob.charset()
    walk = _ExportWalk(blob.name, JsonStream(blob, charset, hex_escapes=True), passed)
    text = walk.text
    try:
        if text.skip(BLANK) == "{":
            for record in walk.iter_object():
                yield record.with_problems(*charset.problems)
    except (ValueError, RecursionError) as error:
        yield text.rejected_value(blob.name, walk.row + 1, error)
    finally:
        text.stream.close()


@dataclass(slots=True)
class _ExportWalk:
    """The way through an export, in which messages stand in a chat or in the chats of an account."""

    name: str
    text: JsonStream
    passed: Counter[str]
    row: int = 0

    def iter_object(self, depth: int = 0) -> Iterator[RawRecord]:
        """Yield the messages of a chat, or of the chats inside an object.

        Telegram writes name, kind and number of a chat before its messages.
        """
        chat: dict[str, Any] = {}
        for key in self.text.iter_keys():
            following = self.text.skip(BLANK)
            if key == "messages" and following == "[":
                yield from self._iter_messages(chat)
            elif following == "{" and depth < _CHAT_DEPTH:  # "chats": {"list": [chat, …]}
                yield from self.iter_object(depth + 1)
            elif key == "list" and following == "[":
                yield from self._iter_chats()
            else:
                chat[key] = self.text.read_value()[1]

    def _iter_messages(self, chat: Mapping[str, Any]) -> Iterator[RawRecord]:
        for _written, message in self.text.iter_list():
            self.row += 1
            if not isinstance(message, dict):
                continue
            if kind := _passed_kind(message):
                self.passed[kind] += 1
            else:
                yield _record(self.name, self.row, chat, message)

    def _iter_chats(self) -> Iterator[RawRecord]:
        self.text.position += 1
        while (following := self.text.skip(SEPARATOR)) != "]":
            if following == "{":
                yield from self.iter_object(_CHAT_DEPTH)
            else:
                self.text.read_value()
        self.text.position += 1


def _passed_kind(message: Mapping[str, Any]) -> str:
    """Return what a message is that is no article, "" for one with a text."""
    if message.get("type") not in (None, "message"):
        return str(message["type"])[:40]
    if plain_text(message.get("text")).strip() or plain_text(message.get("text_entities")).strip():
        return ""
    if "poll" in message:
        return "poll"
    return "media without text" if any(message.get(key) for key in _MEDIA) else "empty"


def _record(name: str, row: int, chat: Mapping[str, Any], message: Mapping[str, Any]) -> RawRecord:
    kept = {"chat": {key: chat.get(key) for key in ("name", "type", "id")}, "message": message}
    data = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return RawRecord(name, row, data, format="telegram", charset="utf-8")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with text, day, channel, author, number and address of the message."""
    kept = json.loads(record.data.decode("utf-8", "surrogatepass"))
    chat, message = kept["chat"], kept["message"]
    name = (
        " ".join(_string(chat.get("name")).split())
        or _string(message.get("from"))
        or _string(message.get("actor"))
    )
    author = _string(message.get("author")) or _string(message.get("from"))
    day = _DAY.match(_string(message.get("date")))
    number, known = _ids(chat, message, name)
    values = {
        "body": plain_text(message.get("text")).strip() or plain_text(message.get("text_entities")).strip(),
        "date": day[0] if day else "",
        "source": name[:200],
        "byline": author if author != name else "",
        "external_id": number,
        "url": _address(chat, message),
    }
    record = replace(record, known_as=known)
    return with_decoded_fields(record, values).with_problems(*_notes(message))


def _ids(chat: Mapping[str, Any], message: Mapping[str, Any], name: str) -> tuple[str, tuple[str, ...]]:
    """Return what identifies a message as in the pages, and its other ids.

    Exports of before 2022 have no second in UTC, but one of the computer's time zone. Earlier releases knew
    their messages by the number of the chat.
    """
    number = str(message.get("id"))
    by_chat = tuple(f"telegram:{each or name}:{number}"[:200] for each in _chat_numbers(chat))
    try:
        is_utc, moment = True, datetime.fromtimestamp(int(_string(message.get("date_unixtime"))), UTC)
    except (ValueError, OverflowError, OSError):
        try:
            is_utc, moment = False, datetime.fromisoformat(_string(message.get("date"))).replace(tzinfo=None)
        except ValueError:
            return by_chat[0], by_chat[1:]
    return message_key(name, number, moment), (
        *by_chat,
        *keys_elsewhere(name, number, moment, is_utc=is_utc),
    )


def _chat_numbers(chat: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the number of a chat as today's exports have it, then as those of before 2022 do.

    Those added 2^32 to the number of a group, and 2^33 to that of a channel or large group.
    """
    kind, given = _string(chat.get("type")), str(chat.get("id") or "")
    added = 2**33 if kind.endswith(("channel", "supergroup")) else 2**32 if kind.endswith("group") else 0
    if not added or not given.isdecimal() or len(given) > _DIGITS:
        return (given,)
    plain = int(given) - added if added < int(given) < added + 2**32 else int(given)
    return str(plain), str(plain + added)


def _notes(message: Mapping[str, Any]) -> Iterator[RecordProblem]:
    """Yield what belongs to a message and is not in its text."""
    if not message.keys().isdisjoint(_FORWARDED):  # the name is null where the account was deleted
        name = next(filter(None, (_string(message.get(key)) for key in _FORWARDED)), "?")
        yield RecordProblem("message-forwarded", name[:200])
    if reply := message.get("reply_to_message_id"):
        yield RecordProblem("message-reply", str(reply)[:40])
    named = next(((key, name) for key in _MEDIA if (name := _string(message.get(key)))), None)
    if named:
        yield _media_note(*named)


def _media_note(key: str, name: str) -> RecordProblem:
    """Return the note on the file of a message, which the export has under this key."""
    if name.startswith(_NOT_EXPORTED) or key == _MEDIA[-1]:
        return RecordProblem("message-photo-missing" if key == "photo" else "message-file-missing")
    return RecordProblem("message-media", name.rpartition("/")[2][:200] or name[:200])


def plain_text(text: object) -> str:
    """Return a text that is a string or a list of strings and formatted parts; links keep their address."""
    if isinstance(text, str):
        return text
    parts = []
    for part in text if isinstance(text, list) else ():
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, dict):
            written, href = _string(part.get("text")), _string(part.get("href"))
            parts.append(f"{written} ({href})" if href and href != written else written)
    return "".join(parts)


def _address(chat: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """Return the address of a message in a channel or large group, which its members can open."""
    number = _CHANNEL.fullmatch(_chat_numbers(chat)[0])
    kind = _string(chat.get("type"))
    if not number or not kind.endswith(("channel", "supergroup")) or not isinstance(message.get("id"), int):
        return ""
    return f"https://t.me/c/{number[1]}/{message['id']}"


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def looks_like_export(blob: Blob, head: bytes) -> bool:
    """Return True if JSON is an export of Telegram."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"{"):
        return False
    return bool(_ACCOUNT.match(start) or (_EXPORT.search(head) and _MESSAGES.search(head)))


FORMAT = FileFormat(
    key="telegram",
    order=32,
    label="Telegram (JSON)",
    gives=_(
        "every message with a text; day, channel as source, address; forwards, replies and media are named"
    ),
    extensions=(),
    is_text=True,
    refines=frozenset({"json", "jsonl", "txt"}),
    recognises=looks_like_export,
    read=read,
    parse=parse,
)
