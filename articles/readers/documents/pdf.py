"""pdf: a file is one article.

Its text is extracted in another process (`pdf_worker`), line by line as it stands on the page; lines whose
letters were drawn from left to right are reversed (`arabic.spelling.bidi`), and lines joined to paragraphs.
Pages without text, or with one that cannot be read or is a stamp on a picture, are read by OCR
(`articles.readers.ocr`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from arabic.spelling.bidi import to_logical_order
from arabic.text.tokenized_text import tokenize_text
from articles.readers.blob import Blob
from articles.readers.ocr import page_ocr, tesseract
from articles.readers.ocr.ocr_confidence import (
    MIN_TEXT_CONFIDENCE,
    failed_pages,
    is_text,
    mean_confidence,
    with_ocr,
    word_confidences,
)
from articles.readers.ocr.ocr_words import OcrWord, page_text
from articles.readers.page_layout.glyphs import LOST_LETTER
from articles.readers.page_layout.lines import CELL_BORDER
from articles.readers.registry import FileFormat
from articles.text.encoding import replace_undecodable
from articles.text.limits import (
    OCR_PAGES,
    PDF_MEMORY,
    PDF_PAGE_SECONDS,
    PDF_PAGES,
    PDF_SECONDS,
    RECORD_BYTES,
)
from articles.text.readability.judge import find_doubt
from articles.text.readability.repair import known_share
from articles.text.records import RawRecord, RecordProblem, number_ranges

WORKER_PROGRAM = Path(__file__).resolve().parents[1] / "pdf_worker.py"
#: Seconds that the process may wait for a busy machine, beyond its limit of processor time.
_GRACE_SECONDS = 60
_BLANKS = re.compile(r"[ \t\xa0]+")
_BEFORE_SIGN = re.compile(r"(?<! ) +([.،؛؟!:)\]»,;?])")
_AFTER_OPENING = re.compile(r"([(\[«]) +")
_LETTER = re.compile(r"[^\W\d_]|\ufffd")
#: Most digits of a page that may be a stamp on a picture; more are a page of numbers.
_STAMPED_DIGITS = 20
#: Most words of a stamp of letters: what the scanner or the library says on each page.
_STAMPED_WORDS = 20
#: A reading replaces a stamp if it is at least this many times as long: it includes the stamp.
_LONGER = 2
_NUMBER = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!؟?:…][»\"”)]*$")
#: A line at least this full, compared with the longest of the page, continues in the next one.
_FULL_LINE_RATIO = 0.75


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet opened."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="pdf")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the text of all pages.

    Title, author and date in the file's properties mostly come from the program that wrote it and are not
    read.
    """
    found = extract_pages(record.data)
    texts = [to_logical_order(page or "") for page in found["pages"]]
    pages = [join_paragraphs(page) for page, _ in texts]
    if found["error"] and all(page is None for page in found["pages"]):
        return record.with_problems(RecordProblem(found["error"], fatal=True))
    lost = [number for number, page in enumerate(found["pages"], start=1) if page is None]
    record = _with_pages(record, pages, frozenset(lost), found["pictures"])
    notes = [RecordProblem("pdf-unread", number_ranges(lost))] if lost else []
    notes += [RecordProblem("pdf-cut", f"{PDF_PAGES:,}")] if len(texts) == PDF_PAGES else []
    notes += [RecordProblem("pdf-turned")] if any(turned for _page, turned in texts) else []
    body, broken = replace_undecodable(record.body)
    if not body:
        return record.with_problems(RecordProblem(found["error"] or _why_empty(record), fatal=True))
    untold = body.count(LOST_LETTER)
    notes += [RecordProblem("pdf-letters", str(untold))] if untold else []
    return replace(record, body=body).with_problems(*notes, *broken)


def _why_empty(record: RawRecord) -> str:
    if any(problem.code == "ocr-pages-failed" for problem in record.problems):
        return "ocr-failed"
    return "ocr-nothing" if tesseract.is_available() else "pdf-no-text"


def _with_pages(
    record: RawRecord, pages: list[str], lost: Collection[int], pictures: Collection[int]
) -> RawRecord:
    """Return the record with these pages as its body.

    Those without a text that can be read, or with a stamp alone, are read by OCR, but for those
    with the numbers `lost`, which are damaged or too heavy. `pictures` are the numbers of pictures of pages.
    """
    wrong = {at for at, page in enumerate(pages) if at + 1 not in lost and not _is_readable(page)}
    stamped = _stamped_pages(pages, pictures) - wrong
    unread = sorted(wrong | stamped)
    given = "\n\n".join(filter(None, pages))
    if not unread:
        return replace(record, body=given)
    if not tesseract.is_available():
        empty = sum(not pages[at] or at in stamped for at in unread)
        notes = [RecordProblem("ocr-pages-missing", str(empty))] if given and empty else []
        return replace(record, body=given).with_problems(*notes)
    known = [page for at, page in enumerate(pages) if at not in unread]
    found = page_ocr.read_pdf_pages(record.data, [at + 1 for at in unread[:OCR_PAGES]])
    failed = len(unread) - len(found) + found.count(None)
    if not given and not is_text(found):
        return record.with_problems(*failed_pages(failed))
    read = {}
    for at, page in zip(unread, found, strict=False):
        if page and (not pages[at] or _is_better(page, pages[at], stamp=at in stamped)):
            pages[at], read[at + 1] = page_text(page), word_confidences(page)
        elif at in stamped and is_text([page]) and not _has_confidence(page or []):
            failed += 1
    record = replace(record, body="\n\n".join(filter(None, pages)))
    record = with_ocr(record, read, " ".join(known)) if read else record
    return record.with_problems(*failed_pages(failed))


def _stamped_pages(pages: Sequence[str], pictures: Collection[int]) -> set[int]:
    """Return the indexes of pages whose short text may be a stamp on a picture of the text.

    They are pictures, or have the same text as most pages, but for its numbers.
    """
    short = {
        at: _NUMBER.sub("", page)
        for at, page in enumerate(pages)
        if page and len(page.split()) <= _STAMPED_WORDS
    }
    count = Counter(short.values())
    most = max(2, len(pages) // 2)
    return {at for at, text in short.items() if at + 1 in pictures or count[text] > most}


def _is_readable(page: str) -> bool:
    """Return whether a page has text, and no wrong one."""
    if not _LETTER.search(page):
        return sum(map(str.isdigit, page)) > _STAMPED_DIGITS
    return find_doubt("", page, tokenize_text(page).words) is None


def _is_better(words: Sequence[OcrWord], layer: str, *, stamp: bool) -> bool:
    """Return whether a reading replaces a layer of text: it has the confidence, and is longer than a stamp.

    Than another layer in doubt it has more known words. A layer that stays is left to the judge of
    readability.
    """
    if not _has_confidence(words):
        return False
    text = page_text(words)
    if stamp:
        return len(text) >= _LONGER * len(layer)
    return known_share(text) > known_share(layer)


def _has_confidence(words: Sequence[OcrWord]) -> bool:
    return mean_confidence(word_confidences(words)) >= MIN_TEXT_CONFIDENCE


def extract_pages(data: bytes) -> dict[str, Any]:
    """Return what `pdf_worker` tells of a file: `pages`, the text of each or None, and `error`, a code or "".

    `pictures` are the numbers of pages that are a picture. If the process was stopped or crashed, the pages
    after those it told of are None.
    """
    limits = map(str, (PDF_SECONDS, PDF_MEMORY, PDF_PAGES, PDF_PAGE_SECONDS))
    command = [sys.executable, "-I", str(WORKER_PROGRAM), *limits]
    try:
        done = subprocess.run(  # noqa: S603  our own program; the file goes to its standard input
            command, input=data, capture_output=True, timeout=PDF_SECONDS + _GRACE_SECONDS, check=False
        )
        output, error = done.stdout, "pdf-heavy" if done.returncode < 0 else "pdf-broken"
    except subprocess.TimeoutExpired as stopped:
        output, error = stopped.stdout or b"", "pdf-heavy"
    count = 0
    pages: list[str | None] = []
    pictures: set[int] = set()
    for line in output.splitlines():
        try:
            told = json.loads(line)
        except ValueError:  # the process was stopped while it wrote
            break
        count = told.get("count", count)
        pages += [told["page"]] if "page" in told else []
        pictures |= {len(pages)} if told.get("picture") else set()
        error = told.get("error", error)
    return {"pages": [*pages, *[None] * (count - len(pages))], "pictures": pictures, "error": error}


def join_paragraphs(page: str) -> str:
    """Return the text of a page with its lines joined to paragraphs.

    A full line that does not end a sentence continues in the next one, unless it is a row of a table. Spaces
    before punctuation, which stem from the positions of glyphs, are removed.
    """
    lines = [_normalize_spaces(line) for line in page.split("\n")]
    full = max(map(len, lines), default=0) * _FULL_LINE_RATIO
    text: list[str] = []
    for at, line in enumerate(lines):
        rows = any(CELL_BORDER in each for each in lines[at : at + 2])
        ends = rows or _SENTENCE_END.search(line) or at + 1 == len(lines)
        text.append(line + (" " if len(line) >= full and line and not ends else "\n"))
    return re.sub(r"\n{3,}", "\n\n", "".join(text)).strip()


def _normalize_spaces(line: str) -> str:
    line = _BLANKS.sub(" ", line).strip()
    return _AFTER_OPENING.sub(r"\1", _BEFORE_SIGN.sub(r"\1", line))


FORMAT = FileFormat(
    key="pdf",
    order=80,
    label="PDF",
    gives=_("the text of all pages; those without one are read by OCR where Tesseract is installed"),
    extensions=(".pdf",),
    signatures=((0, b"%PDF-"),),
    read=read,
    parse=parse,
)
