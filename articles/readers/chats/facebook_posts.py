"""Posts of Facebook as its download of an account or page has them (JSON): each with a text is an article."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.chats.post_keys import keys_of_moment
from articles.readers.content.json_stream import BLANK, JsonStream
from articles.readers.content.passed_over import with_passed_over
from articles.readers.registry import FileFormat
from articles.text.encoding import with_decoded_fields
from articles.text.records import RawRecord, RecordProblem

#: A list whose first object has a time in seconds, and keys that only posts have.
_LIST = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\[\s*+\{\s*+"(?:timestamp|data|attachments)"\s*+:')
_TIME = re.compile(rb'"timestamp"\s*+:\s*+\d{9,11}\b')
_KEYS = re.compile(rb'"(?:post|external_context|media_metadata|update_timestamp)"\s*+:')


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every post with a text; its bytes are the JSON of the post."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _posts(blob, passed), passed)


def _posts(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    text = JsonStream(blob, blob.charset())
    row = 0
    try:
        text.skip(BLANK)
        for written, post in text.iter_list():
            row += 1
            if isinstance(post, dict) and _texts(post):
                data = written.encode("utf-8", "surrogatepass")
                yield RawRecord(blob.name, row, data, format="facebook", charset="utf-8")
            else:
                passed["media without text"] += 1
    except (ValueError, RecursionError) as error:
        yield text.rejected_value(blob.name, row + 1, error)
    finally:
        text.stream.close()


def parse(record: RawRecord) -> RawRecord:
    """Return the record with text and day of the post. Its "title" says that something was posted."""
    post = json.loads(record.data.decode("utf-8", "surrogatepass"))
    attached = list(_attached(post))
    shared = next((each for each in attached if isinstance(each.get("external_context"), dict)), {})
    address = _string(shared.get("external_context", {}).get("url"))
    files = [_string(each["media"].get("uri")) for each in attached if isinstance(each.get("media"), dict)]
    names = "، ".join(filter(None, [name.rpartition("/")[2] for name in files] + [address]))
    notes = (RecordProblem("message-media", names[:200]),) if names else ()
    texts, moment = _texts(post), _moment(post)
    keys = keys_of_moment(texts, moment) if moment else ("",)
    values = {
        "body": "\n\n".join(texts),
        "date": moment.date().isoformat() if moment else "",
        "external_id": keys[0],
    }
    return with_decoded_fields(replace(record, known_as=keys[1:]), values).with_problems(*notes)


def _texts(post: Mapping[str, Any]) -> list[str]:
    """Return the text of a post and what it says of each of its pictures.

    The description of a single picture repeats the text of its post: what is said twice is kept once.
    """
    parts = post.get("data")
    texts = [
        _string(each.get("post"))
        for each in (parts if isinstance(parts, list) else ())
        if isinstance(each, dict)
    ]
    media = (each.get("media") for each in _attached(post))
    texts += [_string(each.get("description")) for each in media if isinstance(each, dict)]
    return list(dict.fromkeys(filter(None, map(str.strip, texts))))


def _attached(post: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    groups = post.get("attachments")
    for group in groups if isinstance(groups, list) else ():
        parts = group.get("data") if isinstance(group, dict) else None
        yield from (each for each in (parts if isinstance(parts, list) else ()) if isinstance(each, dict))


def _moment(post: Mapping[str, Any]) -> datetime | None:
    """Return the time of a post in UTC: the file has no other."""
    seconds = post.get("timestamp")
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def _string(value: object) -> str:
    """Return a text, in which every byte of UTF-8 is written as a character; "" for other values."""
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def looks_like_posts(blob: Blob, head: bytes) -> bool:
    """Return True if JSON is a list of posts of Facebook."""
    return bool(_LIST.match(head) and _TIME.search(head) and _KEYS.search(head))


FORMAT = FileFormat(
    key="facebook",
    order=36,
    label="Facebook (JSON)",
    gives=_("every post with a text, and its day; pictures and links are named"),
    extensions=(),
    is_text=True,
    refines=frozenset({"json"}),
    recognises=looks_like_posts,
    read=read,
    parse=parse,
)
