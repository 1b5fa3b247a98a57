"""WhatsApp's exported chat: the messages of a day are an article, the chat is its source.

A single message is a few words without a subject, and a whole chat has no date: a day is what somebody looks
for and cites (docs/decisions/0062-exports-of-other-programs.md). Times and senders stand in the text.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.chats.whatsapp_marks import (
    FILE,
    MARKS,
    START,
    chat_name,
    own_text,
    passed_kind,
    plain_line,
    stands_for_file,
    text_behind,
)
from articles.readers.content.passed_over import with_passed_over
from articles.readers.registry import FileFormat
from articles.readers.text_lines import iter_lines
from articles.text.encoding import Charset, detect_encoding, replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

_SENDER = re.compile(r"([^:\n]{1,80}): ?")
#: Orders of day, month and year.
_ORDERS = ("dmy", "mdy", "ymd")
#: Bytes in which a chat shows two messages: the first may be a long report.
_BEGINNING_BYTES = 64 * 1024
#: Lines that tell one chat without a name from another; the shortest chat has as many.
_FIRST_LINES = 2
#: Characters of a chat's name in the number of an article, which ends with the day.
_NAME_CHARACTERS = 150


@dataclass(frozen=True, slots=True)
class _Chat:
    """The name of the chat, "" if nothing says it, and what tells the chat from others."""

    name: str
    key: str


@dataclass(slots=True)
class _Day:
    """The lines of a day in the file."""

    row: int
    day: date
    lines: list[str] = field(default_factory=list)
    size: int = 0
    #: How often the day came before: telephones whose clock was set write some days twice.
    again: int = 0


@dataclass(slots=True)
class _Message:
    """A message; what the program itself says has no sender."""

    time: str
    sender: str
    lines: list[str]

    @property
    def text(self) -> str:
        """All lines of the message."""
        return "\n".join(self.lines)

    def passed_kind(self, chat: str) -> str:
        """Return what it is if it has no text, else ""; `chat` is the name of the chat, "" if it has none."""
        return passed_kind(self.sender, self.text, (chat,))


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for each day with a text. `row` is its first line; its bytes are its lines."""
    passed: Counter[str] = Counter()
    charset = blob.charset()
    order, is_certain = _field_order(blob, charset)
    note = () if is_certain else (RecordProblem("chat-day-first"),)
    for record in with_passed_over(blob.name, _days(blob, charset, order, passed), passed):
        yield record.with_problems(*note)


def _days(blob: Blob, charset: Charset, order: str, passed: Counter[str]) -> Iterator[RawRecord]:
    name = chat_name(blob.name)
    chat = _Chat(name, name[:_NAME_CHARACTERS] or f":{_beginning_hash(blob, charset)}")
    current: _Day | None = None
    met: Counter[date] = Counter()
    for line in iter_lines(blob, charset):
        start = START.match(plain_line(line.text))
        day = _to_date(start, order) if start else None
        if day and (current is None or day != current.day):
            yield from _to_record(blob.name, chat, current, charset, passed)
            current = _Day(line.number, day, again=met[day])
            met[day] += 1
        if current is not None:
            current.lines.append(line.text)
            current.size += len(line.text)
            if line.too_long or current.size > RECORD_BYTES:
                yield rejected_record(blob.name, line.number, "record-too-large", format_size(RECORD_BYTES))
                current.lines, current.size = [], 0
    yield from _to_record(blob.name, chat, current, charset, passed)


def _beginning_hash(blob: Blob, charset: Charset) -> str:
    """Return a hash of the first lines: every chat without a name comes in a file of the same name.

    A later export of the same chat begins as the first one did.
    """
    lines = (plain_line(line.text).strip() for line in islice(iter_lines(blob, charset), _FIRST_LINES))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _messages(lines: Iterable[str]) -> Iterator[_Message]:
    """Yield the messages of some lines; those without a beginning continue the one before."""
    message: _Message | None = None
    for line in lines:
        start = START.match(plain_line(line))
        if start is None:
            if message:
                message.lines.append(line.rstrip("\r\n"))
            continue
        if message:
            yield message
        rest = MARKS.sub("", line).lstrip()[start.end() :].rstrip("\r\n")
        sender = _SENDER.match(rest)
        name = sender[1].strip(" ~\u00a0\u202f") if sender else ""
        text = rest[sender.end() :] if sender else rest
        if start[0].startswith("["):  # the marks of iOS tell what the program says
            text = text_behind(line.rstrip("\r\n"), start.end() + (sender.end() if sender else 0))
        message = _Message(start[4].strip(), name, [text])
    if message:
        yield message


def _to_record(
    name: str, chat: _Chat, day: _Day | None, charset: Charset, passed: Counter[str]
) -> Iterator[RawRecord]:
    if day is None:
        return
    senders: dict[str, None] = {}
    for message in _messages(day.lines):
        if kind := message.passed_kind(chat.name):
            passed[kind] += 1
        else:
            senders[message.sender] = None
    if not senders:
        return
    byline = next(iter(senders)) if len(senders) == 1 and chat.name not in senders else ""
    number = f"{day.day.isoformat()}:{day.again}" if day.again else day.day.isoformat()
    yield RawRecord(
        name, day.row, charset.encode("".join(day.lines)), date=day.day.isoformat(), source=chat.name,
        byline=replace_undecodable(byline)[0], external_id=f"whatsapp:{chat.key}:{number}",
        format="whatsapp", charset=charset.name, problems=charset.problems,
    )  # fmt: skip


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the messages as its text: a paragraph for each, with its time and sender.

    Messages that are only a file stay among the others: they name it.
    """
    text, broken = replace_undecodable(Charset(record.charset).decode(record.data))
    told = [
        each
        for each in _messages(text.split("\n"))
        if each.passed_kind(record.source) != "service" and not stands_for_file(each.text)
    ]
    files = [found[1] or found[2] for found in FILE.finditer(MARKS.sub("", text))]
    notes = (RecordProblem("message-media", "، ".join(files)[:200]),) if files else ()
    body = "\n".join(f"{each.time} {each.sender}: {own_text(each.text)}" for each in told)
    values = {"title": f"{record.source} {record.date}".strip(), "body": body}
    return record.with_fields(values).with_problems(*broken, *notes)


def _field_order(blob: Blob, charset: Charset) -> tuple[str, bool]:
    """Return "dmy", "mdy" or "ymd", and whether the file shows it.

    A number above 12 is no month, days of a chat follow each other, and not a month apart; if all that fits
    twice the day comes first.
    """
    found = {order: _OrderFit() for order in _ORDERS}
    for line in iter_lines(blob, charset):
        if start := START.match(plain_line(line.text[:80])):
            for order, fit in found.items():
                fit.add(_to_date(start, order))
    best = min(found, key=lambda order: found[order].faults)
    rest = [fit.faults for order, fit in found.items() if order != best]
    is_certain = all(
        faults[:2] > found[best].faults[:2] or faults[2] > 3 * found[best].faults[2] + 3 for faults in rest
    )
    fits_too = found["dmy"].faults[:2] == found[best].faults[:2]
    return ("dmy" if fits_too and not is_certain else best), is_certain


@dataclass(slots=True)
class _OrderFit:
    """How well an order fits: days that are none, days that go back, days from the first to the last."""

    impossible: int = 0
    back: int = 0
    days: int = 0
    last: date | None = None

    def add(self, day: date | None) -> None:
        """Count the day of the next message, None if it is none."""
        if day is None:
            self.impossible += 1
            return
        if self.last is not None:
            self.back += day < self.last
            self.days += abs((day - self.last).days)
        self.last = day

    @property
    def faults(self) -> tuple[int, int, int]:
        return self.impossible, self.back, self.days


def _to_date(start: re.Match[str], order: str) -> date | None:
    """Return the day of a line in this order, None if there is no such day."""
    values = dict(zip(order, (start[1], start[2], start[3]), strict=True))
    if len(values["y"]) not in {2, 4} or len(values["m"]) > 2 or len(values["d"]) > 2:
        return None
    if order == "ymd" and len(values["y"]) != 4:
        return None
    year = int(values["y"]) + (2000 if len(values["y"]) == 2 else 0)
    try:
        return date(year, int(values["m"]), int(values["d"])) if 2009 <= year < 2100 else None
    except ValueError:
        return None


def looks_like_chat(blob: Blob, head: bytes) -> bool:
    """Return True if a text begins as a message does, and two of its lines are messages with a sender.

    One is enough for a file that is named as chats are: a report may begin with its day, time and place.
    """
    if not (b":" in head[:200] and (b"/" in head[:60] or b"." in head[:60] or b"-" in head[:60])):
        return False
    charset = detect_encoding(head)
    first, _end, _rest = charset.decode(head[charset.mark :]).lstrip().partition("\n")
    if _message_start(plain_line(first)) is None:
        return False
    with blob.open() as stream:
        beginning = stream.read(_BEGINNING_BYTES)
    lines = map(plain_line, charset.decode(beginning[charset.mark :]).splitlines())
    starts = ((line, start) for line in lines if (start := _message_start(line)))
    signed = (line for line, start in starts if _SENDER.match(line[start.end() :]))
    fewest = 1 if chat_name(blob.name) else 2
    return len(list(islice(signed, fewest))) == fewest


def _message_start(line: str) -> re.Match[str] | None:
    """Return the beginning of a plain line if it is that of a message, with a day that exists."""
    start = START.match(line)
    return start if start and any(_to_date(start, order) for order in _ORDERS) else None


FORMAT = FileFormat(
    key="whatsapp",
    order=15,
    label="WhatsApp (txt)",
    gives=_("the messages of a day are an article; day, chat as source, times and senders; files are named"),
    extensions=(),
    is_text=True,
    refines=frozenset({"txt"}),
    recognises=looks_like_chat,
    read=read,
    parse=parse,
)
