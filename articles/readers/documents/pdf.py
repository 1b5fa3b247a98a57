"""pdf: a file is one article.

Its text is extracted in another process (`pdf_worker`), line by line as it stands on the page; lines whose
letters were drawn from left to right are reversed (`arabic.spelling.bidi`), and lines joined to paragraphs.
Pages without text, or with one that cannot be read, are recognized by machine (`text_recognition`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from arabic.spelling.bidi import to_logical_order
from arabic.text.tokenized_text import tokenize_text
from articles.readers import text_recognition
from articles.readers.blob import Blob
from articles.readers.page_layout.glyphs import LOST_LETTER
from articles.readers.page_layout.lines import CELL_BORDER
from articles.readers.registry import FileFormat
from articles.readers.text_recognition import RecognizedWord
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
from articles.text.records import RawRecord, RecordProblem

WORKER_PROGRAM = Path(__file__).resolve().parents[1] / "pdf_worker.py"
#: Seconds that the process may wait for a busy machine, beyond its limit of processor time.
_GRACE_SECONDS = 60
#: Ranges of pages that a message names.
_MOST_RANGES = 20
_BLANKS = re.compile(r"[ \t\xa0]+")
_BEFORE_SIGN = re.compile(r"(?<! ) +([.،؛؟!:)\]»,;?])")
_AFTER_OPENING = re.compile(r"([(\[«]) +")
_LETTER = re.compile(r"[^\W\d_]|\ufffd")
#: Most digits of a page that may be a stamp on a picture; more are a page of numbers.
_STAMPED_DIGITS = 20
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
    record = _with_pages(record, pages, frozenset(lost))
    notes = [RecordProblem("pdf-unread", number_ranges(lost))] if lost else []
    notes += [RecordProblem("pdf-cut", f"{PDF_PAGES:,}")] if len(texts) == PDF_PAGES else []
    notes += [RecordProblem("pdf-turned")] if any(turned for _page, turned in texts) else []
    body, broken = replace_undecodable(record.body)
    if not body:
        code = "ocr-nothing" if text_recognition.is_available() else "pdf-no-text"
        return record.with_problems(RecordProblem(found["error"] or code, fatal=True))
    untold = body.count(LOST_LETTER)
    notes += [RecordProblem("pdf-letters", str(untold))] if untold else []
    return replace(record, body=body).with_problems(*notes, *broken)


def _with_pages(record: RawRecord, pages: list[str], lost: frozenset[int]) -> RawRecord:
    """Return the record with these pages as its body.

    Those without a text that can be read are recognized by machine, but for those with these numbers, which
    are damaged or too heavy.
    """
    unread = [at for at, page in enumerate(pages) if at + 1 not in lost and not _is_readable(page)]
    given = "\n\n".join(filter(None, pages))
    if not unread:
        return replace(record, body=given)
    if not text_recognition.is_available():
        empty = sum(not pages[at] for at in unread)
        notes = [RecordProblem("ocr-pages-missing", str(empty))] if given and empty else []
        return replace(record, body=given).with_problems(*notes)
    images = (text_recognition.pdf_page_image(record.data, at + 1) for at in unread[:OCR_PAGES])
    words, failed, known = [], len(unread), [pages[at] for at in range(len(pages)) if at not in unread]
    for at, page in zip(unread, text_recognition.recognize_pages(images), strict=False):
        if page and (not pages[at] or _is_better(page, pages[at])):
            pages[at], failed = text_recognition.page_text(page), failed - 1
            words += page
    record = replace(record, body="\n\n".join(filter(None, pages)))
    return text_recognition.with_recognition(record, words, " ".join(known), failed) if words else record


def _is_readable(page: str) -> bool:
    """Return whether a page has text, and no wrong one."""
    if not _LETTER.search(page):
        return sum(map(str.isdigit, page)) > _STAMPED_DIGITS
    return find_doubt("", page, tokenize_text(page).words) is None


def _is_better(words: Sequence[RecognizedWord], layer: str) -> bool:
    """Return whether a reading replaces a doubtful layer of text: it is sure, and has more known words.

    A layer that stays is left to the judge of readability.
    """
    if text_recognition.confidence(words) < text_recognition.SURE_TEXT:
        return False
    return known_share(text_recognition.page_text(words)) > known_share(layer)


def extract_pages(data: bytes) -> dict[str, Any]:
    """Return what `pdf_worker` tells of a file: `pages`, the text of each or None, and `error`, a code or "".

    If the process was stopped or crashed, the pages after those it told of are None.
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
    for line in output.splitlines():
        try:
            told = json.loads(line)
        except ValueError:  # the process was stopped while it wrote
            break
        count = told.get("count", count)
        pages += [told["page"]] if "page" in told else []
        error = told.get("error", error)
    return {"pages": [*pages, *[None] * (count - len(pages))], "error": error}


def number_ranges(numbers: list[int]) -> str:
    """Return ascending numbers as text: 3, 7–9; the first ranges of many."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    texts = ["–".join(map(str, each)) for each in ranges[:_MOST_RANGES]]
    return ", ".join(texts + ["…"] * (len(ranges) > _MOST_RANGES))


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
    gives=_("the text of all pages; those without one are read by machine where Tesseract is installed"),
    extensions=(".pdf",),
    signatures=((0, b"%PDF-"),),
    read=read,
    parse=parse,
)
