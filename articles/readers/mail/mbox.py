"""mbox: a folder of e-mails in one file, as mail programs, mailing lists and Google Takeout write it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES, Limits
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record

#: The line before each message: "From ", an address, and a date that ends with a year or a zone.
_FROM_LINE = re.compile(
    rb"From [^\r\n]{0,200}\b\d\d:\d\d(?::\d\d)?\b[^\r\n]{0,60}\b(?:19|20)\d\d\b[^\r\n]{0,20}\r?\n"
)
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:|>From ")
#: A line of a text that looks like the line before a message is written with ">" before it.
_QUOTED_FROM = re.compile(rb"^>(?=>{0,100}From )", re.MULTILINE)


def iter_members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """Yield every message as an eml file, named by its number, or a rejected record for a huge one."""
    number, size = 0, 0
    lines: list[bytes] = []
    for line, begins in _marked_lines(blob):
        if begins:
            if number:
                yield _message(blob, number, lines, size)
            number, lines, size = number + 1, [], 0
            continue
        size += len(line)
        if size <= RECORD_BYTES:
            lines.append(line)
    if number:
        yield _message(blob, number, lines, size)


def _marked_lines(blob: Blob) -> Iterator[tuple[bytes, bool]]:
    """Yield every line, and whether a message begins there.

    It does after a blank line and before a header, since a text may hold such a line.
    """
    with blob.open() as stream:
        held, after_blank = b"", True
        while line := stream.readline(RECORD_BYTES):
            if held:
                yield held, _HEADER_LINE.match(line) is not None
                held = b""
            if after_blank and _FROM_LINE.fullmatch(line):
                held = line
            else:
                yield line, False
            after_blank = not line.strip()
        if held:
            yield held, False


def _message(blob: Blob, number: int, lines: list[bytes], size: int) -> Blob | RawRecord:
    name = f"{blob.name}/{number}.eml"
    if size > RECORD_BYTES:
        return rejected_record(name, 0, "record-too-large", format_size(RECORD_BYTES))
    data = _QUOTED_FROM.sub(b"", b"".join(lines))
    return blob.member(name, partial(io.BytesIO, data), RECORD_BYTES, len(data))


def looks_like_mbox(head: bytes) -> bool:
    """Return True if a file begins with the line before a message and a header."""
    start = _FROM_LINE.match(head.lstrip(b"\r\n"))
    return start is not None and _HEADER_LINE.match(head.lstrip(b"\r\n")[start.end() :]) is not None


FORMAT = FileFormat(
    key="mbox",
    order=95,
    label="mbox",
    gives=_("every message as from eml, with its attachments"),
    extensions=(".mbox", ".mbx"),
    is_text=True,
    matches_head=looks_like_mbox,
    overrules=frozenset({"txt", "eml"}),
    same_depth_extensions=frozenset({".eml"}),
    iter_members=iter_members,
)
