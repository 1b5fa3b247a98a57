"""html: a saved web page is one article; `story` separates its text from menus and advertisements."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import trafilatura
from django.utils.translation import gettext_noop as _
from lxml_html_clean import Cleaner

from articles.readers.blob import Blob
from articles.readers.content.page_tree import parse_page
from articles.readers.registry import FileFormat
from articles.readers.web.page_author import author_name
from articles.readers.web.page_date import (
    extract_address_date,
    extract_counted_date,
    extract_declared_date,
    extract_written_date,
    remove_footers,
)
from articles.readers.web.page_head import PageHead, extract_page_head, remove_file_properties
from articles.readers.web.page_runs import read_runs
from articles.readers.web.story import MIN_COVERAGE, find_story
from articles.text.encoding import Charset, detect_encoding, replace_undecodable
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem

#: A comment is an atomic group: it ends at its first "-->" and is never tried again, so that the time does
#: not double with each comment of a file that is no web page.
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE
)
_BLANKS = re.compile(r"(?<![ \t])[ \t]*+\n\s*+")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the page as one record, not yet parsed."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="html")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with title, text, date, byline, site and URL of the page.

    A URL or source that the record already has (from a WARC) is kept.
    """
    charset = detect_html_charset(record.data)
    page, broken = replace_undecodable(charset.decode(record.data[charset.mark :]))
    record = replace(record, charset=charset.name).with_problems(*charset.problems, *broken)
    values, notes = _extract(page, record.url, _fetched_day(record))
    if not values.get("body"):
        return record.with_problems(RecordProblem("html-empty", fatal=True))
    known = {"url": record.url or values["url"], "source": record.source or values["source"]}
    return record.with_fields(values | known).with_problems(*notes)


def parse_page_head(data: bytes) -> PageHead | None:
    """Return the head of a page from its bytes, or None if they are not a web page.

    Called by `articles.backfill.infer_metadata`.
    """
    tree = page_tree(data) if looks_like_html(data) else None
    return None if tree is None else extract_page_head(tree)


def page_tree(data: bytes) -> Any:
    """Return the parsed page, or None if it cannot be parsed."""
    charset = detect_html_charset(data)
    page, _broken = replace_undecodable(charset.decode(data[charset.mark :]))
    return parse_page(page)[0]


def looks_like_html(head: bytes) -> bool:
    """Return True if a file with these first bytes is a web page."""
    return _HTML.match(head.removeprefix(codecs.BOM_UTF8)[:2048]) is not None


def detect_html_charset(data: bytes) -> Charset:
    """Return the detected encoding, or the one that the page declares if detection is not certain."""
    found = detect_encoding(data)
    declared = _DECLARED.search(data[:4096])
    if not declared or found.mark or found.name.startswith("utf"):
        return found
    try:
        named = Charset(codecs.lookup(declared[1].decode("ascii")).name)
        data.decode(named.name)
    except (LookupError, UnicodeError):
        return found
    return named


def _fetched_day(record: RawRecord) -> date | None:
    """Return the day on which a crawler fetched the page, or None if that is not known."""
    noted = next((problem.detail for problem in record.problems if problem.code == "warc-fetched"), "")
    try:
        return date.fromisoformat(noted)
    except ValueError:
        return None


def _extract(page: str, address: str, fetched: date | None) -> tuple[dict[str, str], list[RecordProblem]]:
    """Return the fields of the article and notes about them; there is no body if no text is found."""
    tree, is_whole = parse_page(page)
    if tree is None:
        return {}, []
    remove_file_properties(tree)
    head = extract_page_head(tree)
    declared, runs = extract_declared_date(tree, head), read_runs(tree)
    found: Any = trafilatura.bare_extraction(
        remove_footers(tree), with_metadata=True, include_comments=False, fast=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    title = head.headline((found.title or "") if found else "")
    story = find_story(runs, title, (found.text or "") if found else "")
    url = (found.url or "") if found else ""
    values = {"title": title, "url": url, "source": head.site, "page_title": head.title}
    values["byline"] = author_name((found.author or "") if found else "", head.site)
    notes = [] if is_whole else [RecordProblem("html-too-deep")]
    if story:
        values["body"] = story.text
        if story.coverage < MIN_COVERAGE:
            notes.append(RecordProblem("html-left-out", f"{100 - round(100 * story.coverage)} %"))
        values["date"] = declared or extract_written_date(story.above, story.below)
        if not values["date"] and fetched and (day := extract_counted_date(story.above, fetched)):
            values["date"] = day
            notes.append(RecordProblem("date-counted", f"{day}, {fetched.isoformat()}"))
    else:
        values["body"] = (found.text or "") if found else _all_text(tree)
        values["date"] = declared
    titles = {title, (found.title or "") if found else ""}
    values["body"] = _strip_title(values["body"], titles)
    if not values["date"] and (day := extract_address_date(address) or extract_address_date(url)):
        values["date"] = day
        notes.append(RecordProblem("date-from-address", day))
    return values, notes


def _all_text(tree: Any) -> str:
    """Return all text of a page that trafilatura finds no article in, without scripts and styles."""
    body = Cleaner(style=True, page_structure=False).clean_html(tree).find("body")
    return "" if body is None else _BLANKS.sub("\n", body.text_content()).strip()


def _strip_title(body: str, titles: Collection[str]) -> str:
    """Return the text without the headline that trafilatura repeats as its first line."""
    first, _, rest = body.partition("\n")
    return rest if rest and first.strip() in {title.strip() for title in titles if title} else body


FORMAT = FileFormat(
    key="html",
    order=60,
    label="HTML",
    gives=_("the article without menus; headline, author, day, site and address of the page"),
    extensions=(".html", ".htm", ".xhtml", ".shtml"),
    is_text=True,
    matches_head=looks_like_html,
    overrules=frozenset({"txt", "feed"}),
    read=read,
    parse=parse,
)
