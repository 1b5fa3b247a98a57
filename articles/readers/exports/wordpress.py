"""WordPress's own export (WXR): every published post is an article; drafts and files are passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.content.xml_tree import iter_elements, local_name, parse_element, text_of, to_bytes
from articles.readers.field_names import parse_rfc2822_day
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat
from articles.text.encoding import with_decoded_fields
from articles.text.limits import FEED_ENTRIES
from articles.text.records import RawRecord, RecordProblem, rejected_record

#: With drafts and pictures.
_MAX_ITEMS = 4 * FEED_ENTRIES
_MARK = b"wordpress.org/export/"
#: What is written in one of these types is a post: plugins for newsrooms have types of their own.
_POST_TYPE = re.compile(
    r"^(?:post|.*(?:news|article|report|story|blog|press|interview|opinion|column).*)$", re.I
)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
#: A shortcode of a plugin has a closing tag, attributes or a known name; "[sic]" and "[1]" are text.
_SHORTCODE = re.compile(
    r"\[(?:/[a-z][\w-]{1,60}"
    r"|(?:caption|gallery|embed|audio|video|playlist|youtube|vimeo|toc|ads?|vc_\w{1,60}|et_pb_\w{1,60}|fusion_\w{1,60}"
    r"|\w{1,60}[_-](?:code|shortcode|form|row|column|section))\b[^\]\[]{0,2000}"
    r"|[a-z][\w-]{1,60}(?:\s+[\w-]{1,60}\s*=\s*(?:\"[^\"\[\]]{0,2000}\"|'[^'\[\]]{0,2000}'|[^\s\]\[\"']{1,200})){1,40}\s*/?"
    r"|[a-z][\w-]{1,60}\s*/)\]",
    re.I | re.A,
)
#: The beginning of one without attributes, if its end follows somewhere.
_PLAIN_SHORTCODE = re.compile(r"\[([a-z][\w-]{1,60})\]", re.I | re.A)
_SHORTCODE_END = re.compile(r"\[/([a-z][\w-]{1,60})\]", re.I | re.A)
#: Tags, in which a line may end anywhere, blank lines and ends of lines.
_LINE_END = re.compile(r"(<[a-zA-Z/!][^<>]*+>)|\n[ \t\r]*+(\n)\s*+|\n")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every published post; its bytes are the XML of the post, not yet parsed."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _posts(blob, passed), passed)


def _posts(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    site, row = "", 0
    authors: dict[str, str] = {}
    for node in iter_elements(blob, "title", "author", "item"):
        if isinstance(node, RecordProblem):
            yield rejected_record(blob.name, row + 1, node.code, node.detail)
        elif local_name(node) == "title":
            parent = node.getparent()
            if not site and parent is not None and local_name(parent) == "channel":
                site = text_of(node)[:200]
        elif local_name(node) == "author":
            values = {local_name(child): text_of(child) for child in node}
            authors[values.get("author_login", "")] = values.get("author_display_name", "")
        elif local_name(node) == "item":
            row += 1
            if row > _MAX_ITEMS:
                yield rejected_record(blob.name, row, "feed-too-many", f"{_MAX_ITEMS:,}")
                return
            if kind := _passed_kind(node):
                passed[kind] += 1
                continue
            login = next((text_of(child) for child in node if local_name(child) == "creator"), "")
            yield RawRecord(
                blob.name, row, to_bytes(node), source=site, byline=authors.get(login) or login,
                format="wordpress", charset="utf-8",
            )  # fmt: skip


def _passed_kind(node: Any) -> str:
    """Return what an item is that is no published post, "" for a post."""
    values = {local_name(child): text_of(child) for child in node}
    kind, status = values.get("post_type") or "post", values.get("status") or "publish"
    if not _POST_TYPE.match(kind):
        return kind[:40]
    if values.get("post_password"):
        return "password"
    return "" if status == "publish" else status[:40]


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of the post; site and author's name are those of the file."""
    item = parse_element(record.data)
    if item is None:
        return record.with_problems(RecordProblem("feed-broken", fatal=True))
    found: dict[str, str] = {}
    for child in item:
        name = local_name(child)
        if name == "encoded" and "excerpt" in str(child.tag):
            name = "excerpt"
        found.setdefault(name, "".join(child.itertext(tag=None, with_tail=True)))
    texts = (_text(found.get(name, "")) for name in ("encoded", "excerpt", "description"))
    values = {
        "title": " ".join(html_to_text(found.get("title", "")).split()),
        "body": next(filter(None, texts), ""),
        "url": found.get("link", "").strip(),
        "external_id": found.get("post_id", "").strip() or found.get("guid", "").strip()[:200],
        "date": _day(found),
    }
    return with_decoded_fields(record, values)


def _text(content: str) -> str:
    """Return the text of a post: WordPress makes a paragraph of what stands between two blank lines."""
    content = _without_shortcodes(content).replace("\r\n", "\n").strip()
    return html_to_text("<p>" + _LINE_END.sub(_with_markup, content)) if content else ""


def _without_shortcodes(content: str) -> str:
    """Replace shortcodes by the ends of paragraphs; what they enclose stays."""
    if "[" not in content:
        return content
    closed = {found[1].lower() for found in _SHORTCODE_END.finditer(content)}
    plain = _PLAIN_SHORTCODE.sub(lambda found: "\n\n" if found[1].lower() in closed else found[0], content)
    return _SHORTCODE.sub("\n\n", plain)


def _with_markup(found: re.Match[str]) -> str:
    return found[1] or ("<p>" if found[2] else "<br>")


def _day(found: dict[str, str]) -> str:
    """Return the local day of publication; a post that was never published has 0000 or a year before 1."""
    for name in ("post_date", "post_date_gmt"):
        day = _DAY.match(found.get(name, "").strip())
        if day and int(day[1]) > 1:
            return day[0]
    written = found.get("pubDate", "").strip()
    return "" if " -0" in written else parse_rfc2822_day(written)


def looks_like_export(blob: Blob, head: bytes) -> bool:
    """Return True if a feed is WordPress's own export."""
    return _MARK in head


FORMAT = FileFormat(
    key="wordpress",
    order=103,
    label="WordPress (WXR)",
    gives=_(
        "every published post, with author, date, address and the site as source; drafts are passed over"
    ),
    extensions=(".wxr",),
    is_text=True,
    refines=frozenset({"feed"}),
    recognises=looks_like_export,
    read=read,
    parse=parse,
)
