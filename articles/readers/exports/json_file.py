"""json: a list of objects, articles anywhere below an object (`json_shapes`), or one article.

The file is read piece by piece, since a list may be larger than memory. A file of JSON lines is read as
such.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.json_stream import BLANK, SEPARATOR, JsonStream
from articles.readers.content.passed_over import with_passed_over
from articles.readers.exports import json_lines
from articles.readers.exports.json_shapes import (
    find_articles,
    find_rows,
    has_body,
    is_article,
    is_head_of,
    is_shell_output,
    rows_below_header,
    section_articles,
    shell_documents,
)
from articles.readers.exports.large_json import iter_large
from articles.readers.filetype import file_extension
from articles.readers.registry import FileFormat
from articles.text.encoding import Charset, detect_encoding
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record

#: Names of which every article has one; others are looked for only if it has none of these.
_PLAIN_NAMES = frozenset(("title", "body", "text", "headline", "content"))
#: Characters behind the first value that tell whether the next one is on a line of its own.
_GLANCE = 200
_DOCUMENT = re.compile(rb"\s*(?:\[\s*[\[{]|\{\s*?\n)")
_OBJECT = re.compile(rb'\s*(?:(?:\[\s*)?\{\s*"[^"\n]{1,80}"\s*:|\[\s*\[\s*")')


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
    header: list[Any] = []
    while following := text.skip(SEPARATOR):
        if following == "]":
            text.position += 1
            if text.skip(SEPARATOR) != "[":
                return
            text.position += 1  # a list in each line
            continue
        row += 1
        try:
            written, value = text.read_value()
        except (ValueError, RecursionError) as error:
            yield from _read_unreadable(blob, row, charset, text, error)
            return
        if isinstance(value, list) and (header or row == 1):
            if not header and not rows_below_header([value, value]):
                yield rejected_record(blob.name, row, "json-unnamed")
                return
            yield from (_made_record(blob, row, item) for item in rows_below_header([header, value]))
            header = header or value
        elif isinstance(value, dict) and value.keys().isdisjoint(_PLAIN_NAMES) and not is_article(value):
            # An answer among the answers of a service; what holds no articles is rejected when it is parsed.
            found = [_made_record(blob, row, item) for item in find_articles(value)]
            yield from found or [_record(blob, row, charset, written)]
        elif isinstance(value, dict) and (inside := section_articles(value)):
            yield from (_made_record(blob, row, item) for item in inside)
        else:
            yield _record(blob, row, charset, written)
    yield rejected_record(blob.name, row + 1, "json-cut")


def _read_single_value(blob: Blob, charset: Charset, text: JsonStream) -> Iterator[RawRecord]:
    """Yield the records of a file that begins with an object: an article, articles inside, or JSON lines."""
    try:
        written, value = text.read_value()
        behind = text.buffer[text.position : text.position + _GLANCE].lstrip(" \t\r")[:1]
        more = bool(text.skip(SEPARATOR))
    except (ValueError, RecursionError) as error:
        if text.is_too_long:
            yield from _read_large(blob, charset)
        else:
            yield from _read_unreadable(blob, 0, charset, text, error)
        return
    if more and behind == "\n" and "\n" not in written:
        yield from json_lines.read(blob)
    elif more:
        yield _record(blob, 1, charset, written)
        yield from _read_further_values(blob, charset, text)
    elif isinstance(value, dict):
        yield from _read_object(blob, charset, written, value)
    else:
        yield rejected_record(blob.name, 0, "json-not-object")


def _read_object(blob: Blob, charset: Charset, written: str, value: dict[str, Any]) -> Iterator[RawRecord]:
    """Yield the records of a file that is one object: an article, or articles inside it."""
    found = find_articles(value)
    if is_article(value) and not is_head_of(value, found) and not find_rows(value):
        yield _record(blob, 0, charset, written)
    elif found:
        for row, item in enumerate(found, start=1):
            yield _made_record(blob, row, item)
    elif _holds_unnamed_rows(value):
        yield rejected_record(blob.name, 0, "json-unnamed")
    else:
        yield rejected_record(blob.name, 0, "json-no-articles", ", ".join(value)[:80])


def _read_further_values(blob: Blob, charset: Charset, text: JsonStream) -> Iterator[RawRecord]:
    """Yield the objects of a file that follow each other without a list around them."""
    row = 1
    while text.skip(SEPARATOR):
        row += 1
        try:
            written, _value = text.read_value()
        except (ValueError, RecursionError) as error:
            yield _rejected(blob, row, text, error)
            return
        yield _record(blob, row, charset, written)


def _read_large(blob: Blob, charset: Charset) -> Iterator[RawRecord]:
    """Yield the articles of an object that is too large to be read at once, and count titles without a text.

    Titles without any text beside them, as of sections, are articles only if there are no others.
    """
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _large_records(blob, charset, has_body, passed), passed)


def _large_records(
    blob: Blob, charset: Charset, has_text: Callable[[object], bool], passed: Counter[str]
) -> Iterator[RawRecord]:
    text = JsonStream(blob, charset)
    row = 0
    try:
        text.skip(BLANK)
        for written in iter_large(text, has_text, passed):
            row += 1
            yield _record(blob, row, charset, written)
    except (ValueError, RecursionError) as error:
        yield _rejected(blob, row + 1, text, error)
    else:
        if not row and passed:
            passed.clear()
            yield from _large_records(blob, charset, is_article, passed)
        elif not row:
            yield rejected_record(blob.name, 0, "record-too-large", format_size(RECORD_BYTES))
    finally:
        text.stream.close()


def _read_unreadable(
    blob: Blob, row: int, charset: Charset, text: JsonStream, error: Exception
) -> Iterator[RawRecord]:
    """Yield what a value that is no JSON gives: the documents of a file by MongoDB's shell, or the reason."""
    if row <= 1 and is_shell_output(text.buffer[text.position : text.position + RECORD_BYTES]):
        yield from _read_shell_output(blob, charset)
    else:
        yield _rejected(blob, row, text, error)


def _read_shell_output(blob: Blob, charset: Charset) -> Iterator[RawRecord]:
    """Yield the documents that MongoDB's shell printed, or say how to export them."""
    documents = shell_documents(charset.decode(blob.read_all(RECORD_BYTES)[charset.mark :]))
    if not documents:
        yield rejected_record(blob.name, 0, "json-shell")
    for row, written in enumerate(documents, start=1):
        yield _record(blob, row, Charset("utf-8"), written)


def _holds_unnamed_rows(value: dict[str, Any]) -> bool:
    return any(
        isinstance(each, list) and bool(each) and all(isinstance(item, list) for item in each)
        for each in value.values()
    )


def _made_record(blob: Blob, row: int, item: dict[str, Any]) -> RawRecord:
    """Return the record of an article that was put together from a table or an answer."""
    return _record(blob, row, Charset("utf-8"), json.dumps(item, ensure_ascii=False))


def _record(blob: Blob, row: int, charset: Charset, written: str) -> RawRecord:
    """Return the record of an object, which is parsed as a line of jsonl is."""
    data = charset.encode(written)
    if len(data) > RECORD_BYTES:
        return rejected_record(blob.name, row, "record-too-large", format_size(RECORD_BYTES))
    return RawRecord(
        blob.name, row, data, format="json", charset=charset.name, problems=charset.problems
    )  # fmt: skip


def _rejected(blob: Blob, row: int, text: JsonStream, error: Exception) -> RawRecord:
    if text.is_too_long:
        return rejected_record(blob.name, row, "record-too-large", format_size(RECORD_BYTES))
    if not isinstance(error, json.JSONDecodeError):
        return rejected_record(blob.name, row, "json-too-much")
    if error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()):
        return rejected_record(blob.name, row, "json-cut")
    return rejected_record(blob.name, row, "json-broken-here", error.msg[:80])


def looks_like_json(head: bytes) -> bool:
    """Return True if a file, whatever its name, begins with an object or a list of objects or of rows."""
    return _OBJECT.match(_as_utf8(head)) is not None


def looks_like_document(blob: Blob, head: bytes) -> bool:
    """Return True for JSON that is named like JSON lines or like a text."""
    if file_extension(blob.name) in json_lines.EXTENSIONS:
        return _DOCUMENT.match(_as_utf8(head)) is not None
    return looks_like_json(head)


def _as_utf8(head: bytes) -> bytes:
    """Return the first bytes without their mark; what is UTF-16 or UTF-32 has a NUL among the first ones."""
    if b"\0" in head[:8]:
        charset = detect_encoding(head)
        return charset.decode(head[charset.mark :]).encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


FORMAT = FileFormat(
    key="json",
    order=30,
    label="JSON",
    gives=_(
        "articles in a list or below any object, as search engines, databases, web services and pandas write "
        "them; fields as in JSON lines"
    ),
    extensions=(".json",),
    is_text=True,
    matches_head=looks_like_json,
    overrules=frozenset({"txt", "markdown", "csv", "html", "feed", "eml"}),
    refines=frozenset({"jsonl", "txt"}),
    recognises=looks_like_document,
    read=read,
    parse=json_lines.parse,
)
