"""MHTML (mht, mhtml): a web page that a browser saved as an e-mail, with its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.field_names import parse_rfc2822_day
from articles.readers.registry import FileFormat
from articles.readers.web import html_page
from articles.text.encoding import detect_encoding
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem

_POLICY = policy.default.clone(raise_on_defect=False)
_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[A-Za-z0-9_-]{1,76}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,20}){1,40}"
)
_MULTIPART_RELATED = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_SAVED = re.compile(rb"^(?:from:\s*<saved by|snapshot-content-location:)", re.IGNORECASE | re.MULTILINE)
#: A page is the root of the parts. Old browsers say only that, and so does mail with pictures in its text.
_PAGE_ROOT = re.compile(rb"\btype=\"?text/html", re.IGNORECASE)
#: Headers of what was sent.
_SENT_MAIL = re.compile(
    rb"^(?:(?:to|cc|received|return-path|delivered-to|reply-to|message-id):|from:(?:[^\n]|\n[ \t]){0,500}@)",
    re.IGNORECASE | re.MULTILINE,
)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet parsed."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="mhtml")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of the page; the day on which it was saved is noted."""
    try:
        message: Any = BytesParser(policy=_POLICY).parsebytes(record.data)
        page, place = _page(message)
        saved = parse_rfc2822_day(str(message.get("Date", "")))
        place = place or str(message.get("Snapshot-Content-Location", ""))
    except Exception:  # a damaged head makes the standard library raise anything
        return record.with_problems(RecordProblem("email-broken", fatal=True))
    if page is None:
        return record.with_problems(RecordProblem("html-empty", fatal=True))
    address = place.strip("<> \t\r\n") if place.startswith(("http://", "https://")) else ""
    notes = (RecordProblem("warc-fetched", saved),) if saved else ()
    read_page = html_page.parse(replace(record, data=page, url=record.url or address))
    return replace(read_page, data=record.data, format="mhtml").with_problems(*notes)


def _page(message: EmailMessage) -> tuple[bytes | None, str]:
    """Return the bytes of the page, in UTF-8 with its mark, and its address.

    The page is the part that the message names as its place, else the first page.
    """
    parts = [part for part in message.walk() if part.get_content_type() in _HTML_TYPES]
    wanted = str(message.get("Snapshot-Content-Location", "")).strip()
    named = [part for part in parts if wanted and str(part.get("Content-Location", "")).strip() == wanted]
    for part in [*named, *parts][:1]:
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            return _to_utf8(data, part.get_content_charset() or ""), str(part.get("Content-Location", ""))
    return None, ""


def _to_utf8(data: bytes, declared: str) -> bytes:
    """Return a page in UTF-8: the head of its part may say the encoding, and the page itself nothing."""
    try:
        text = data.decode(declared)
    except (LookupError, UnicodeDecodeError):
        charset = detect_encoding(data)
        text = charset.decode(data[charset.mark :])
    return b"\xef\xbb\xbf" + text.removeprefix("\ufeff").encode("utf-8", "replace")


def looks_like_mhtml(head: bytes) -> bool:
    """Return True if a file begins with the head of a page saved as an e-mail, not of mail that was sent."""
    start = _HEADER.match(head)
    if start is None or not _MULTIPART_RELATED.search(start[0]):
        return False
    return bool(_SAVED.search(start[0]) or (_PAGE_ROOT.search(start[0]) and not _SENT_MAIL.search(start[0])))


FORMAT = FileFormat(
    key="mhtml",
    order=65,
    label="MHTML",
    gives=_("the page as from HTML, its address, and the day on which it was saved"),
    extensions=(".mht", ".mhtml"),
    is_text=True,
    matches_head=looks_like_mhtml,
    overrules=frozenset({"txt", "html", "eml"}),
    read=read,
    parse=parse,
)
