"""MediaWiki's export (Special:Export, dumpBackup): the last state of every page with a text is an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.content.xml_tree import (
    child_text,
    children,
    iter_elements,
    local_name,
    parse_element,
    root_element,
    text_of,
    to_bytes,
)
from articles.readers.exports.wiki_text import is_redirect, wiki_text
from articles.readers.registry import FileFormat, by_head
from articles.text.encoding import with_decoded_fields
from articles.text.limits import FEED_ENTRIES
from articles.text.records import RawRecord, RecordProblem, rejected_record

#: Talk, users, files, templates, categories and help are no articles.
_ARTICLES = "0"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every article of the wiki; its bytes are the XML of the page."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _pages(blob, passed), passed)


def _pages(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    site = start = wiki = ""
    row = 0
    for node in iter_elements(blob, "siteinfo", "page"):
        if isinstance(node, RecordProblem):
            yield rejected_record(blob.name, row + 1, node.code, node.detail)
            return
        if local_name(node) == "siteinfo":
            site = child_text(node, "sitename")[:200]
            base = child_text(node, "base")
            start = _address_start(base)
            # Wikis of one name in several languages count their pages alike.
            wiki = child_text(node, "dbname")[:100] or _host(base)
            continue
        row += 1
        if row > FEED_ENTRIES:
            yield rejected_record(blob.name, row, "feed-too-many", f"{FEED_ENTRIES:,}")
            return
        if kind := _passed_kind(node):
            passed[kind] += 1
            continue
        title = child_text(node, "title")
        address = start + quote(title.replace(" ", "_"), safe="/:@!$*,();") if start else ""
        number = child_text(node, "id")
        yield RawRecord(
            blob.name, row, to_bytes(node), source=site, url=address, format="mediawiki", charset="utf-8",
            external_id=f"mediawiki:{wiki}:{number}" if wiki and number.isdecimal() else "",
        )  # fmt: skip
    if not row:
        passed["wiki without pages"] += 1


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _address_start(main_page: str) -> str:
    """Return what stands before a title in the addresses of a wiki, by the address of its main page."""
    parts = urlsplit(main_page) if main_page.startswith(("http://", "https://")) else None
    return main_page.rpartition("/")[0] + "/" if parts and parts.path.strip("/") and not parts.query else ""


def _passed_kind(page: Any) -> str:
    """Return what a page is that is no article, "" for one."""
    if next(map(text_of, children(page, "ns")), _ARTICLES) != _ARTICLES:
        return "page of another namespace"
    text = _last_text(page)
    if children(page, "redirect") or is_redirect(text):
        return "redirect"
    return "" if wiki_text(text) else "page without text"


def _last_text(page: Any) -> str:
    """Return the text of the last revision of a page; dumps hold them in the order of time."""
    texts = children(page, "revision", "text")
    return "".join(texts[-1].itertext()) if texts else ""


def parse(record: RawRecord) -> RawRecord:
    """Return the record with title and text of the page; the day is that of the last revision."""
    page = parse_element(record.data)
    if page is None:
        return record.with_problems(RecordProblem("feed-broken", fatal=True))
    days = [_DAY.match(text_of(node)) for node in children(page, "revision", "timestamp")]
    values = {
        "title": child_text(page, "title"),
        "body": wiki_text(_last_text(page)),
        "date": days[-1][0] if days and days[-1] else "",
    }
    return with_decoded_fields(record, values)


def looks_like_dump(head: bytes) -> bool:
    """Return True if a file is XML whose first element is that of MediaWiki's export."""
    return root_element(head)[0] == "mediawiki"


FORMAT = FileFormat(
    key="mediawiki",
    order=107,
    label="MediaWiki (XML)",
    gives=_(
        "every article in its last state, with the day of that; templates, tables and notes are left out"
    ),
    extensions=(),
    is_text=True,
    matches_head=looks_like_dump,
    overrules=frozenset({"txt", "feed"}),
    refines=frozenset({"feed"}),
    recognises=by_head(looks_like_dump),
    read=read,
    parse=parse,
)
