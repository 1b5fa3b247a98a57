"""RSS (0.9x, 1.0, 2.0) and Atom: every entry of the feed is an article.

Read with lxml, which recovers from broken XML and expands no entities; feedparser does not give back the
bytes of an entry (docs/decisions/0010-readers.md).
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from html.entities import name2codepoint
from itertools import islice
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.content.xml_bytes import xml_charset
from articles.readers.field_names import parse_rfc2822_day
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat
from articles.readers.web.html_page import looks_like_html
from articles.text.encoding import with_decoded_fields
from articles.text.limits import FEED_ENTRIES, RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem, rejected_record

_FEED_START = re.compile(rb"\s*+(?:<[?!][^>]*+>\s*+)*+<(?:rss[\s>]|feed[\s>]|rdf:RDF[\s>])", re.IGNORECASE)
_ROOTS = frozenset(("rss", "feed", "RDF"))
#: Elements with the text of an entry, fullest first: content:encoded, Atom's content, then summaries.
_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")
_AUTHORS = ("creator", "author")
_IDS = ("guid", "id")
#: Elements of today's backups of Blogger, and the kinds of entries that are texts of the blog.
_BLOGGER = "{http://schemas.google.com/blogger/2018}"
_POSTS = frozenset(("post", "page"))
_NAMED_ENTITY = re.compile(rb"&([A-Za-z]{2,8});")
_XML_ENTITIES = frozenset((b"lt", b"gt", b"amp", b"quot", b"apos"))


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every entry; its bytes are the XML of the entry, not yet parsed."""
    data = blob.read_all(RECORD_BYTES)
    root = _parse_xml(data)
    if root is None or _name(root) not in _ROOTS:
        yield rejected_record(blob.name, 0, "feed-unknown", _name(root)[:40] if root is not None else "")
        return
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _entries(blob.name, root, passed), passed)


def _entries(name: str, root: Any, passed: Counter[str]) -> Iterator[RawRecord]:
    paper = _feed_title(root)
    entries = (node for node in root.iter() if _name(node) in ("item", "entry"))
    for row, entry in enumerate(islice(entries, FEED_ENTRIES), start=1):
        if kind := _passed_kind(entry):
            passed[kind] += 1
            continue
        written = etree.tostring(entry, encoding="utf-8", with_tail=False)
        yield RawRecord(name, row, written, source=paper, format="feed", charset="utf-8")
    if next(entries, None) is not None:
        yield rejected_record(name, FEED_ENTRIES + 1, "feed-too-many", f"{FEED_ENTRIES:,}")


def _passed_kind(entry: Any) -> str:
    """Return what an entry in a backup of Blogger is that is no published post or page, else ""."""
    for child in entry:
        name, text = _name(child), "".join((child.text or "").split()).lower()
        term = child.get("term", "").rpartition("#")[2] if name == "category" else ""
        if term and child.get("scheme", "").endswith("g/2005#kind") and term not in _POSTS:
            return str(term)[:40]
        if child.tag == f"{_BLOGGER}type" and text and text not in _POSTS:
            return text[:40]
        if child.tag == f"{_BLOGGER}status" and text not in ("", "live"):
            return text[:40]
        if name == "control" and any(_name(each) == "draft" and each.text == "yes" for each in child):
            return "draft"
    return ""


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of the entry; its source is its own or else the feed's title."""
    entry = _parse_xml(record.data)
    if entry is None:
        return record.with_problems(RecordProblem("feed-broken", fatal=True))
    found: dict[str, Any] = {}
    for child in entry:
        found.setdefault(_name(child), child)
    values = {
        "title": " ".join(_html_text(found.get("title")).split()),
        "body": next((text for name in _TEXTS if (text := _html_text(found.get(name)))), ""),
        "url": _link(entry),
        "external_id": next((text for name in _IDS if (text := _text_content(found.get(name)))), "")[:200],
        "date": _iso_day(next((text for name in _DATES if (text := _text_content(found.get(name)))), "")),
        "byline": next((text for name in _AUTHORS if (text := _author(found.get(name)))), ""),
        "source": _source(found.get("source")) or record.source,
    }
    return with_decoded_fields(record, values)


def looks_like_feed(head: bytes) -> bool:
    """Return True if a file with these first bytes is a feed and not a web page."""
    return (
        not looks_like_html(head) and _FEED_START.match(head.removeprefix(codecs.BOM_UTF8)[:2048]) is not None
    )


def _iso_day(date: str) -> str:
    """Return the day of an RFC 2822 or ISO 8601 date, other texts unchanged."""
    return parse_rfc2822_day(date) or (date[:10] if date[10:11] == "T" else date)


def _parse_xml(data: bytes) -> Any:
    """Return the root of the XML, or None if there is none.

    Recovers from broken XML; entities are never expanded and nothing is fetched.
    """
    charset = xml_charset(data)
    # In UTF-8, because libxml2 does not know each encoding by the name that Python has for it.
    data = data[charset.mark :].decode(charset.name, "replace").encode("utf-8", "replace")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    if b"<!ENTITY" not in data:
        data = _NAMED_ENTITY.sub(_to_numeric_entity, data)
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    if tree is not None:
        etree.strip_elements(tree, etree.Entity, with_tail=False)
    return tree


def _to_numeric_entity(entity: re.Match[bytes]) -> bytes:
    """Return the numeric form of an HTML entity (&nbsp; → &#160;), which many feeds use undeclared."""
    code = name2codepoint.get(entity[1].decode())
    return entity[0] if code is None or entity[1] in _XML_ENTITIES else b"&#%d;" % code


def _name(node: Any) -> str:
    """Return the local name of an element, "" for other nodes."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _text_content(node: Any) -> str:
    """Return all text in an element. Entities that were not expanded leave nothing behind."""
    return "" if node is None else "".join(node.itertext(tag=None, with_tail=True)).strip()


def _html_text(node: Any) -> str:
    """Return the text of an element that holds HTML, escaped, in CDATA or as child elements."""
    if node is None:
        return ""
    if len(node) and any(isinstance(child.tag, str) for child in node):
        return html_to_text(etree.tostring(node, encoding="unicode", method="html", with_tail=False))
    return html_to_text(_text_content(node))


def _link(entry: Any) -> str:
    """Return the URL of the article: Atom's "alternate" link, RSS's link, or an id that is a URL."""
    for child in entry:
        name = _name(child)
        if name == "link":
            address = child.get("href", "") if child.get("rel", "alternate") == "alternate" else ""
            if address or _text_content(child):
                return (address or _text_content(child)).strip()
    for child in entry:
        if _name(child) in _IDS and child.get("isPermaLink") != "false":
            address = _text_content(child)
            if address.startswith(("http://", "https://")):
                return address
    return ""


def _author(node: Any) -> str:
    """Return the author's name: in brackets after an address in RSS, in <name> in Atom."""
    if node is None:
        return ""
    name = next((child for child in node if _name(child) == "name"), None)
    text = " ".join(_text_content(name if name is not None else node).split())
    if "@" in text and text.endswith(")"):
        return text[text.index("(") + 1 : -1] if "(" in text else text
    return text


def _source(node: Any) -> str:
    """Return the name in RSS's <source url="…">name</source>, or the title inside Atom's <source>."""
    if node is None:
        return ""
    title = next((child for child in node if _name(child) == "title"), None)
    return " ".join(_text_content(title if title is not None else node).split())[:200]


def _feed_title(root: Any) -> str:
    """Return the title of the feed."""
    head = next((child for child in root if _name(child) == "channel"), root)
    title = next((child for child in head if _name(child) == "title"), None)
    return " ".join(_html_text(title).split())[:200]


FORMAT = FileFormat(
    key="feed",
    order=100,
    label="RSS, Atom",
    gives=_("every entry; the feed is the source"),
    extensions=(".rss", ".atom", ".xml", ".rdf"),
    is_text=True,
    matches_head=looks_like_feed,
    overrules=frozenset({"txt"}),
    read=read,
    parse=parse,
)
