"""JSON Feed (jsonfeed.org, 1.0 and 1.1): every item is an article, the feed is its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.json_stream import BLANK, JsonStream
from articles.readers.exports.json_lines import fill_from_object, read_object
from articles.readers.exports.json_shapes import author_names
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat
from articles.text.limits import FEED_ENTRIES, MAX_BYLINE, MAX_SOURCE
from articles.text.records import RawRecord, RecordProblem, rejected_record

_FEED = re.compile(rb"\"version\"\s*+:\s*+\"https?:\\?/\\?/jsonfeed\.org\\?/version")
_WEB = ("http://", "https://")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every item; its bytes are the JSON of the item, not yet parsed."""
    charset = blob.charset()
    row = 0
    text = JsonStream(blob, charset)
    try:
        head = _head(JsonStream(blob, charset))
        source, authors = _one_line(head.get("title"))[:MAX_SOURCE], author_names(head)
        byline = authors[:MAX_BYLINE] if authors != source else ""
        for written in _items(text):
            row += 1
            if row > FEED_ENTRIES:
                yield rejected_record(blob.name, row, "feed-too-many", f"{FEED_ENTRIES:,}")
                return
            yield RawRecord(
                blob.name, row, charset.encode(written), source=source, byline=byline, format="json-feed",
                charset=charset.name, problems=charset.problems,
            )  # fmt: skip
    except (ValueError, RecursionError) as error:
        yield text.rejected_value(blob.name, row + 1, error)
    finally:
        text.stream.close()


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of its item; source and author are those of the feed if it has none.

    An item without a text has a summary at most.
    """
    item = read_object(record)
    if isinstance(item, RecordProblem):
        return record.with_problems(item)
    found = fill_from_object(record, item)
    if found.rejected:
        return found
    written = next((text for name in ("content_html", "summary") if (text := _string(item.get(name)))), "")
    body = html_to_text(written) if _string(item.get("content_html")) else _string(item.get("content_text"))
    values = {
        "body": body or written,
        "source": found.source or record.source,
        "byline": author_names(item) or record.byline,
        "url": found.url
        or next(filter(_is_web, map(_string, (item.get("external_url"), item.get("id")))), ""),
    }
    return found.with_fields(values)


def _head(text: JsonStream) -> dict[str, Any]:
    """Return what the feed says of itself; most say it before their items."""
    found: dict[str, Any] = {}
    try:
        text.skip(BLANK)
        for key in text.iter_keys():
            if key != "items" or text.skip(BLANK) != "[":
                found[key] = text.read_value()[1]
            elif "title" in found:
                break
            else:
                for _item in text.iter_list():
                    pass
    finally:
        text.stream.close()
    return found


def _items(text: JsonStream) -> Iterator[str]:
    text.skip(BLANK)
    for key in text.iter_keys():
        if key == "items" and text.skip(BLANK) == "[":
            yield from (written for written, _value in text.iter_list())
        else:
            text.read_value()


def _is_web(address: str) -> bool:
    return address.startswith(_WEB)


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _one_line(value: object) -> str:
    return " ".join(_string(value).split())


def looks_like_feed(blob: Blob, head: bytes) -> bool:
    """Return True if JSON says that it is a JSON Feed."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _FEED.search(head) is not None


FORMAT = FileFormat(
    key="json-feed",
    order=101,
    label="JSON Feed",
    gives=_("as from RSS"),
    extensions=(),
    is_text=True,
    refines=frozenset({"json", "jsonl", "txt"}),
    recognises=looks_like_feed,
    read=read,
    parse=parse,
)
