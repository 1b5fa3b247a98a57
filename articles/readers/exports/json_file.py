"""json: a list of objects, an object that holds such a list, or one object that is an article. Read piece by
piece: a list may be larger than memory. What is jsonl under another ending is read as that."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from articles.readers.blob import Blob
from articles.readers.exports import json_lines
from articles.readers.field_names import map_field_names
from articles.text.encoding import Charset
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record

_BLOCK = 256 * 1024
_BLANK = re.compile(r"[\s\ufeff\x1a]*")
_SEPARATOR = re.compile(r"[\s,]*")
_decode = json.JSONDecoder().raw_decode


class _JsonStream:
    """The text of a file from where one stands; more is read when it is asked for."""

    def __init__(self, blob: Blob, charset: Charset) -> None:
        self.stream = blob.open()
        self.stream.read(charset.mark)
        self.decoder = codecs.getincrementaldecoder(charset.name)(charset.errors)
        self.held, self.at, self.ended = "", 0, False

    def more(self) -> bool:
        """Read as much again as is held (so that a long value is tried few times); False at the end."""
        if self.ended:
            return False
        block = self.stream.read(max(_BLOCK, len(self.held) - self.at))
        self.ended = not block
        try:
            text = self.decoder.decode(block, final=False)
        except UnicodeDecodeError:  # a number that is no character
            self.decoder.reset()
            text = "\N{REPLACEMENT CHARACTER}"
        self.held, self.at = self.held[self.at :] + text, 0
        return True

    def skip(self, what: re.Pattern[str]) -> str:
        """Pass over blanks; the character that follows, "" at the end."""
        while True:
            found = what.match(self.held, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.held):
                return self.held[self.at]
            if not self.more():
                return ""

    def value(self) -> tuple[str, object]:
        """The next JSON value, as it is written and as it is. Raises ValueError for one that is broken, cut
        off or too long, and RecursionError."""
        while True:
            try:
                found, end = _decode(self.held, self.at)
            except json.JSONDecodeError:
                if len(self.held) - self.at > RECORD_BYTES or not self.more():
                    raise
                continue
            if end == len(self.held) and self.more():  # a number may go on
                continue
            text = self.held[self.at : end]
            self.at = end
            return text, found


def read(blob: Blob) -> Iterator[RawRecord]:
    """A record for every object, its fields not yet looked into. After a value that cannot be read nothing
    more of the file is."""
    charset = blob.charset()
    text = _JsonStream(blob, charset)
    try:
        first = text.skip(_BLANK)
        if first == "[":
            text.at += 1
            yield from _list(blob, charset, text)
        elif first:
            yield from _read_single_value(blob, charset, text)
    finally:
        text.stream.close()


def _list(blob: Blob, charset: Charset, text: _JsonStream) -> Iterator[RawRecord]:
    row = 0
    while (follows := text.skip(_SEPARATOR)) and follows != "]":
        row += 1
        try:
            written, _value = text.value()
        except (ValueError, RecursionError) as error:
            yield _refused(blob, row, text, error)
            return
        yield _record(blob, row, charset, written)
    if not follows:
        yield rejected_record(blob.name, row + 1, "json-cut")


def _read_single_value(blob: Blob, charset: Charset, text: _JsonStream) -> Iterator[RawRecord]:
    """One object; or an object on every line."""
    try:
        written, value = text.value()
        more = bool(text.skip(_BLANK))
    except (ValueError, RecursionError) as error:
        yield _refused(blob, 0, text, error)
        return
    if more:
        yield from json_lines.read(blob)
    elif not isinstance(value, dict):
        yield rejected_record(blob.name, 0, "json-not-object")
    elif {"title", "body"} & set(map_field_names(value)):
        yield _record(blob, 0, charset, written)
    elif len(lists := [each for each in value.values() if _is_object_list(each)]) == 1:
        for row, item in enumerate(lists[0], start=1):
            yield _record(blob, row, Charset("utf-8"), json.dumps(item, ensure_ascii=False))
    else:
        yield rejected_record(blob.name, 0, "json-no-articles", ", ".join(value)[:80])


def _is_object_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _record(blob: Blob, row: int, charset: Charset, written: str) -> RawRecord:
    """Parsed later as a line of jsonl is."""
    data = charset.encode(written)
    if len(data) > RECORD_BYTES:
        return rejected_record(blob.name, row, "record-too-large", format_size(RECORD_BYTES))
    return RawRecord(
        blob.name, row, data, format="json", charset=charset.name, problems=charset.problems
    )  # fmt: skip


def _refused(blob: Blob, row: int, text: _JsonStream, error: Exception) -> RawRecord:
    if len(text.held) - text.at > RECORD_BYTES:
        return rejected_record(blob.name, row, "record-too-large", format_size(RECORD_BYTES))
    if isinstance(error, json.JSONDecodeError):
        return rejected_record(blob.name, row, "json-broken-here", error.msg[:80])
    return rejected_record(blob.name, row, "json-too-much")
