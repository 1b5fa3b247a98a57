"""WARC (ISO 28500), also as warc.gz: every archived HTML page that is no list of others is an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext_noop as _
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]  # has no stubs
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # has no stubs

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.registry import FileFormat
from articles.readers.web.list_page import list_kind
from articles.text.limits import RECORD_BYTES, WARC_RECORDS
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

_VERSION_LINE = re.compile(rb"WARC/[01]\.\d+\r?\n")
_HTML_TYPES = ("text/html", "application/xhtml+xml")
#: Said of a response that does not say what it is; it is a page if it begins like one.
_NO_TYPE = "?"
_PAGE_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<!doctype html|<html|<\?xml[^>]{0,200}>\s*+<(?:!doctype )?html)", re.I
)
#: Only a response with this status is the requested page.
_STATUS_OK = "200"
#: Types of records about the crawl itself, which are skipped without being counted.
_BOOKKEEPING_TYPES = frozenset(("warcinfo", "request", "metadata", "conversion", "continuation"))


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every page, with its URL; its bytes are the page as sent, decompressed.

    `row` counts the records of the WARC. Other records are skipped and counted in a note of the last page,
    or in a rejected record if there is no page. The day of the crawl is noted, but it is not the day of
    publication.
    """
    skipped: Counter[str] = Counter()
    pages = iter_articles(iter_pages(blob, skipped), skipped)
    yield from with_passed_over(blob.name, pages, skipped, ("warc-passed", "warc-no-pages"))


def iter_articles(pages: Iterable[RawRecord], skipped: Counter[str]) -> Iterator[RawRecord]:
    """Yield the pages but front pages, sections, tags and results of a search; count those in `skipped`."""
    for page in pages:
        if not page.rejected and (kind := list_kind(page.data, page.url)):
            skipped[kind] += 1
        else:
            yield page


def iter_pages(
    blob: Blob, skipped: Counter[str], on_redirect: Callable[[str, str], None] | None = None
) -> Iterator[RawRecord]:
    """Yield the pages; count the other records in `skipped`.

    Calls `on_redirect` with the address and the target of each redirect.
    """
    row = 0
    with blob.open() as stream:
        try:
            for row, record in enumerate(ArchiveIterator(_Stream(stream)), start=1):
                if row > WARC_RECORDS:
                    yield rejected_record(blob.name, row, "warc-too-many", f"{WARC_RECORDS:,}")
                    return
                kind = _skip_reason(record)
                if kind is None or kind == _NO_TYPE:
                    page = _page_record(blob.name, row, record)
                    if kind and not page.rejected and not _PAGE_START.match(page.data):
                        skipped[kind] += 1
                    else:
                        yield page
                elif kind not in _BOOKKEEPING_TYPES:
                    skipped[kind] += 1
                    if on_redirect and kind.startswith("HTTP 3") and (target := _redirect_target(record)):
                        on_redirect(_target_address(record), target)
        except (
            ArchiveLoadFailed,
            *ARCHIVE_ERRORS,
            ValueError,
            AttributeError,
            TypeError,
            IndexError,
            KeyError,
        ):
            # warcio raises any of these for damaged headers.
            yield rejected_record(blob.name, row + 1, "warc-broken")


class _Stream:
    """The methods of a file that warcio calls."""

    def __init__(self, stream: Any) -> None:
        self.read = stream.read
        self.readline = stream.readline


def _skip_reason(record: Any) -> str | None:
    """Return the kind of a record that is not a page; None for a page."""
    if record.rec_type == "resource":
        address = _target_address(record)
        given = record.rec_headers.get_header("Content-Type") or ""
        is_page = address.startswith(("http://", "https://")) and _media_type(given) in _HTML_TYPES
        return None if is_page else "resource"
    if record.rec_type != "response":
        return str(record.rec_type or "?")[:40]
    if record.http_headers is None:
        return "response without HTTP"
    if not record.http_headers.statusline.startswith(_STATUS_OK):
        return f"HTTP {record.http_headers.statusline[:3]}"
    kind = _media_type(record.http_headers.get_header("Content-Type") or "")
    return None if kind in _HTML_TYPES else kind[:40] or _NO_TYPE


def _target_address(record: Any) -> str:
    return str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")


def _redirect_target(record: Any) -> str:
    """Return the whole address that a redirect leads to, "" if it cannot be read."""
    try:
        return urljoin(_target_address(record), str(record.http_headers.get_header("Location") or ""))
    except ValueError:
        return ""


def _media_type(written: str) -> str:
    return written.partition(";")[0].strip().lower()


def _page_record(name: str, row: int, record: Any) -> RawRecord:
    address = _target_address(record)
    fetched = (record.rec_headers.get_header("WARC-Date") or "")[:10]
    data = _read_body(record)
    if data is None:
        return rejected_record(name, row, "record-too-large", format_size(RECORD_BYTES))
    notes = (RecordProblem("warc-fetched", fetched),) if fetched else ()
    return RawRecord(name, row, data, url=address, format="html", problems=notes)


def _read_body(record: Any) -> bytes | None:
    """Return the bytes of a page without transfer and content encoding, or None if there are too many."""
    stream, parts, size = record.content_stream(), [], 0
    while block := stream.read(256 * 1024):
        parts.append(block)
        size += len(block)
        if size > RECORD_BYTES:
            return None
    return b"".join(parts)


def _has_version_line(head: bytes) -> bool:
    """Return True if a file begins with the version line of a WARC record."""
    return _VERSION_LINE.match(head) is not None


FORMAT = FileFormat(
    key="warc",
    order=110,
    label="WARC",
    gives=_(
        "every archived page but lists of articles, as from HTML, with its address and the day of the crawl"
    ),
    extensions=(".warc",),
    matches_head=_has_version_line,
    read=read,
)
