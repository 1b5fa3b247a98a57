"""jpg, png, tiff: a picture of a page (tiff: or several) is one article, read by OCR."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.ocr import page_ocr, tesseract
from articles.readers.ocr.ocr_confidence import failed_pages, is_text, with_ocr, word_confidences
from articles.readers.ocr.ocr_words import page_text
from articles.readers.registry import FileFormat
from articles.text.limits import OCR_PAGES, RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem

_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
#: Bytes of the head of a tiff, and of an entry in the directory of a page.
_HEAD_BYTES, _ENTRY_BYTES = 8, 12
#: More are not counted.
_MOST_FRAMES = 10_000


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet read."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="image")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the text of the picture."""
    if not tesseract.is_available():
        return record.with_problems(RecordProblem("ocr-missing", fatal=True))
    frames = count_frames(record.data)
    pages = page_ocr.read_frames(record.data, range(min(frames, OCR_PAGES)))
    if all(page is None for page in pages):
        return record.with_problems(RecordProblem("ocr-failed", fatal=True))
    failed = failed_pages(frames - len(pages) + pages.count(None))
    if not is_text(pages):
        return record.with_problems(RecordProblem("ocr-nothing", fatal=True), *failed)
    record = replace(record, body="\n\n".join(page_text(page) for page in pages if page))
    words = {number: word_confidences(page) for number, page in enumerate(pages, start=1) if page}
    return with_ocr(record, words).with_problems(*failed)


def count_frames(data: bytes) -> int:
    """Return the number of pages of a tiff, 1 for other pictures and damaged ones; at most `_MOST_FRAMES`."""
    order = _BYTE_ORDERS.get(data[:4])
    if order is None or len(data) < _HEAD_BYTES:
        return 1
    seen: set[int] = set()  # a damaged file may go round in circles
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    while 0 < at <= len(data) - 2 and at not in seen and len(seen) < _MOST_FRAMES:
        seen.add(at)
        # The directory of a page says at its end where the next one is.
        end = at + 2 + struct.unpack_from(f"{order}H", data, at)[0] * _ENTRY_BYTES
        at = struct.unpack_from(f"{order}I", data, end)[0] if end <= len(data) - 4 else 0
    return max(1, len(seen))


FORMAT = FileFormat(
    key="image",
    order=85,
    label="JPEG, PNG, TIFF",
    gives=_("the text of the page, read by OCR where Tesseract is installed; the original is kept"),
    extensions=(".jpg", ".jpeg", ".png", ".tif", ".tiff"),
    signatures=tuple((0, signature) for signature in tesseract.SIGNATURES),
    read=read,
    parse=parse,
)
