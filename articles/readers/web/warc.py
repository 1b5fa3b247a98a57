"""WARC and warc.gz, what web archives write: every page that was fetched is an article's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]  # has no stubs
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]  # has no stubs

from articles.readers.archives.zip_archive import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.text.limits import RECORD_BYTES, WARC_RECORDS
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

_HTML_TYPES = ("text/html", "application/xhtml+xml")
#: Only an answer of this kind is the page that was asked for.
_STATUS_OK = "200"
#: How the records of the file itself are called, which nobody would look for.
_BOOKKEEPING_TYPES = frozenset(("warcinfo", "request", "metadata", "conversion", "continuation"))


def read(blob: Blob) -> Iterator[RawRecord]:
    """A record for every page, with its address; its bytes are the page as it was sent, unpacked. `row`
    counts the records of the WARC. What is no page is passed over; the last page, or a rejected record where
    there is none, says how much that was.

    The day of the fetch is no day of publication: it is said and not taken for the article's."""
    passed: Counter[str] = Counter()
    held: RawRecord | None = None
    for record in _records(blob, passed):
        if held is not None:
            yield held
        held = record
    told = ", ".join(f"{kind} {count:,}" for kind, count in passed.most_common(8))
    if held is not None:
        yield held.noting(RecordProblem("warc-passed", told)) if told else held
    elif told:
        yield rejected_record(blob.name, 0, "warc-no-pages", told)


def _records(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    row = 0
    with blob.open() as stream:
        try:
            for row, record in enumerate(ArchiveIterator(_Stream(stream)), start=1):
                if row > WARC_RECORDS:
                    yield rejected_record(blob.name, row, "warc-too-many", f"{WARC_RECORDS:,}")
                    return
                kind = _skip_reason(record)
                if kind is None:
                    yield _page(blob.name, row, record)
                elif kind not in _BOOKKEEPING_TYPES:
                    passed[kind] += 1
        except (
            ArchiveLoadFailed,
            *ARCHIVE_ERRORS,
            ValueError,
            AttributeError,
            TypeError,
            IndexError,
            KeyError,
        ):
            # What warcio raises for damaged headers is as varied as the damage.
            yield rejected_record(blob.name, row + 1, "warc-broken")


class _Stream:
    """What warcio asks of a file."""

    def __init__(self, stream: Any) -> None:
        self.read = stream.read
        self.readline = stream.readline


def _skip_reason(record: Any) -> str | None:
    """What a record is if it is no page, None if it is one."""
    if record.rec_type != "response":
        return str(record.rec_type or "?")[:40]
    if record.http_headers is None:
        return "response without HTTP"
    if not record.http_headers.statusline.startswith(_STATUS_OK):
        return f"HTTP {record.http_headers.statusline[:3]}"
    kind = (record.http_headers.get_header("Content-Type") or "?").partition(";")[0].strip().lower()
    return None if kind in _HTML_TYPES else kind[:40]


def _page(name: str, row: int, record: Any) -> RawRecord:
    address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    fetched = (record.rec_headers.get_header("WARC-Date") or "")[:10]
    data = _decoded_body(record)
    if data is None:
        return rejected_record(name, row, "record-too-large", format_size(RECORD_BYTES))
    notes = (RecordProblem("warc-fetched", fetched),) if fetched else ()
    return RawRecord(name, row, data, url=address, format="html", problems=notes)


def _decoded_body(record: Any) -> bytes | None:
    """The bytes of a page without what packed them for the way; None if they are too many."""
    stream, parts, size = record.content_stream(), [], 0
    while block := stream.read(256 * 1024):
        parts.append(block)
        size += len(block)
        if size > RECORD_BYTES:
            return None
    return b"".join(parts)
