"""json: a list of objects, an object that holds such a list, or one object that is an article.

The file is read piece by piece, since a list may be larger than memory. A file of JSON lines is read as
such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.json_stream import BLANK, SEPARATOR, JsonStream
from articles.readers.exports import json_lines
from articles.readers.field_names import map_field_names
from articles.readers.registry import FileFormat
from articles.text.encoding import Charset
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every object, its fields not yet parsed. Stops at a value that cannot be read."""
    charset = blob.charset()
    text = JsonStream(blob, charset)
    try:
        first = text.skip(BLANK)
        if first == "[":
            text.position += 1
            yield from _read_list(blob, charset, text)
        elif first:
            yield from _read_single_value(blob, charset, text)
    finally:
        text.stream.close()


def _read_list(blob: Blob, charset: Charset, text: JsonStream) -> Iterator[RawRecord]:
    row = 0
    while (following := text.skip(SEPARATOR)) and following != "]":
        row += 1
        try:
            written, _value = text.read_value()
        except (ValueError, RecursionError) as error:
            yield _rejected(blob, row, text, error)
            return
        yield _record(blob, row, charset, written)
    if not following:
        yield rejected_record(blob.name, row + 1, "json-cut")


def _read_single_value(blob: Blob, charset: Charset, text: JsonStream) -> Iterator[RawRecord]:
    """Yield the records of a file that begins with an object: an article, a list inside it, or JSON lines."""
    try:
        written, value = text.read_value()
        more = bool(text.skip(BLANK))
    except (ValueError, RecursionError) as error:
        yield _rejected(blob, 0, text, error)
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
    """Return the record of an object, which is parsed as a line of jsonl is."""
    data = charset.encode(written)
    if len(data) > RECORD_BYTES:
        return rejected_record(blob.name, row, "record-too-large", format_size(RECORD_BYTES))
    return RawRecord(
        blob.name, row, data, format="json", charset=charset.name, problems=charset.problems
    )  # fmt: skip


def _rejected(blob: Blob, row: int, text: JsonStream, error: Exception) -> RawRecord:
    if len(text.buffer) - text.position > RECORD_BYTES:
        return rejected_record(blob.name, row, "record-too-large", format_size(RECORD_BYTES))
    if isinstance(error, json.JSONDecodeError):
        return rejected_record(blob.name, row, "json-broken-here", error.msg[:80])
    return rejected_record(blob.name, row, "json-too-much")


FORMAT = FileFormat(
    key="json",
    order=30,
    label="JSON",
    gives=_("a list of objects, or an object that holds one; fields as in JSON lines"),
    extensions=(".json",),
    is_text=True,
    read=read,
    parse=json_lines.parse,
)
