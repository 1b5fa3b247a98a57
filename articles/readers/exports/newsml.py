"""NewsML-G2 (IPTC): every news item with a text is an article, its provider is the source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.readers.content.bylines import without_label
from articles.readers.content.passed_over import with_passed_over
from articles.readers.content.xml_tree import (
    children,
    iter_elements,
    local_name,
    parse_element,
    root_element,
    text_of,
    to_bytes,
)
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat, by_head
from articles.text.encoding import with_decoded_fields
from articles.text.limits import FEED_ENTRIES
from articles.text.records import RawRecord, RecordProblem, rejected_record

_ROOTS = frozenset(("newsItem", "newsMessage"))
#: Items that the provider took back or holds back, by the ends of the codes of their status.
_NOT_PUBLISHED = frozenset(("canceled", "cancelled", "withheld"))
#: Days of an item, the one of its publication first.
_DAYS = (("itemMeta", "firstCreated"), ("contentMeta", "contentCreated"), ("itemMeta", "versionCreated"))
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Parts of a text in NITF that repeat its head.
_NITF_HEADS = ("hedline", "byline", "dateline", "distributor")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every item with a text; its bytes are the XML of the item."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _items(blob, passed), passed)


def _items(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    names = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem")
    for row, item in enumerate(iter_elements(blob, *names), start=1):
        if isinstance(item, RecordProblem):
            yield rejected_record(blob.name, row, item.code, item.detail)
            return
        if row > FEED_ENTRIES:
            yield rejected_record(blob.name, row, "feed-too-many", f"{FEED_ENTRIES:,}")
            return
        status = next((_code(node) for node in children(item, "itemMeta", "pubStatus")), "")
        if local_name(item) != "newsItem":
            passed[local_name(item)] += 1
        elif status in _NOT_PUBLISHED:
            passed[status] += 1
        elif not _body(item):
            passed["item without text"] += 1
        else:
            yield RawRecord(blob.name, row, to_bytes(item), format="newsml", charset="utf-8")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of the item."""
    item = parse_element(record.data)
    if item is None:
        return record.with_problems(RecordProblem("feed-broken", fatal=True))
    head = children(item, "contentMeta")
    titles = [text_of(node) for part in head for node in children(part, "headline")]
    titles += [text_of(node) for node in children(item, "itemMeta", "title")]
    writers = [text_of(node) for part in head for node in children(part, "by")]
    writers += [_name(node) for part in head for node in children(part, "creator")]
    providers = [_name(node) for node in children(item, "itemMeta", "provider")]
    providers += [text_of(node) for part in head for node in children(part, "creditline")]
    providers += [_name(node) for part in head for node in children(part, "infoSource")]
    days = (_DAY.match(text_of(node)) for path in _DAYS for node in children(item, *path))
    day = next(filter(None, days), None)
    values = {
        "title": next(filter(None, titles), ""),
        "body": _body(item),
        "byline": without_label(next(filter(None, writers), "")),
        "source": next(filter(None, providers), "")[:200],
        "date": day[0] if day else "",
        "external_id": (item.get("guid") or "").strip()[:200],
        "url": next(
            (
                node.get("href")
                for node in children(item, "itemMeta", "link")
                if "html" in node.get("contenttype", "")
            ),
            "",
        ),
    }
    return with_decoded_fields(record, {name: value or "" for name, value in values.items()})


def _body(item: Any) -> str:
    """Return the text of the first content that has one: HTML, NITF or plain text inside the item."""
    for content in children(item, "contentSet"):
        for part in content:
            if local_name(part) == "inlineXML":
                text = _markup_text(part)
            elif local_name(part) == "inlineData" and _is_text(part):
                text = html_to_text("".join(part.itertext()).strip())
            else:
                continue
            if text:
                return text
    return ""


def _is_text(part: Any) -> bool:
    """Return True if the data of an item are a text and no picture or sound in letters."""
    kind = (part.get("contenttype") or "text/plain").strip().lower()
    return not (part.get("encoding") or "").strip() and kind.startswith(("text/", "application/xhtml"))


def _markup_text(part: Any) -> str:
    bodies = [node for node in part.iter() if local_name(node) in ("body.content", "body")]
    # In NITF <body> holds a head with title and author, and <body.content>.
    found = next(
        (node for node in bodies if local_name(node) == "body.content"), bodies[0] if bodies else part
    )
    plain = parse_element(to_bytes(found))
    if plain is None:
        return ""
    for node in plain.iter():
        if isinstance(node.tag, str):
            node.tag = local_name(node)
    etree.strip_elements(plain, *_NITF_HEADS, with_tail=False)
    return html_to_text(etree.tostring(plain, encoding="unicode", method="html"))


def _name(node: Any) -> str:
    """Return the name of a party: in its text, in <name>, or as it is in an attribute."""
    names = [text_of(child) for child in node if local_name(child) == "name"]
    return next(filter(None, names), "") or text_of(node) or node.get("literal") or _code(node)


def _code(node: Any) -> str:
    """Return a code without its scheme: "stat:canceled" is "canceled"."""
    return str(node.get("qcode") or node.get("uri") or "").rpartition(":")[2].rpartition("/")[2].strip()


def looks_like_newsml(head: bytes) -> bool:
    """Return True if a file is XML whose first element is an item or a message of NewsML-G2."""
    return root_element(head)[0] in _ROOTS


FORMAT = FileFormat(
    key="newsml",
    order=106,
    label="NewsML-G2",
    gives=_(
        "every item with a text; headline, author, day, provider as source; cancelled items are passed over"
    ),
    extensions=(),
    is_text=True,
    matches_head=looks_like_newsml,
    overrules=frozenset({"txt", "feed"}),
    refines=frozenset({"feed"}),
    recognises=by_head(looks_like_newsml),
    read=read,
    parse=parse,
)
