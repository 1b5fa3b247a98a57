"""Read the text of page images with Tesseract, if it is installed (Debian: tesseract-ocr-ara).

Pictures and pages of others run through programs in C: each page has a process of its own, with limits on
processor time, memory and waiting.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from itertools import combinations, groupby
from statistics import fmean

from arabic.text.tokenizer import normalized_terms
from articles.text.limits import OCR_MEMORY, OCR_PAGE_SECONDS, OCR_SECONDS
from articles.text.records import RawRecord, RecordProblem

_LANGUAGE = "ara"
#: Dots per inch of the pages of a PDF: Tesseract is trained on 300, and reads 200 in half the time.
_RESOLUTION = 200
#: Confidence in percent below which a word tells neither a date nor a place.
SURE_WORD = 70
#: A text that is read with less is held for review.
SURE_TEXT = 65
#: Parts of a block: blocks that share less height stand one above the other.
_SIDE_BY_SIDE = 0.3
#: Blocks among which columns are looked for.
_MOST_BLOCKS = 100
#: Tesseract's modes of page segmentation; the second with a threshold of grey for each part of the page.
_BY_BLOCKS, _AS_ONE_BLOCK = ("--psm", "3"), ("--psm", "6", "-c", "thresholding_method=2")
_WORD_LEVEL = "5"


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word with its confidence in percent, its block and line, and the box of it in pixels from the top."""

    text: str
    confidence: float
    block: tuple[int, int]
    line: tuple[int, int]
    box: tuple[int, int, int, int]


def is_available() -> bool:
    """Return whether Tesseract is installed with its model of Arabic."""
    program = shutil.which("tesseract")
    if program is None or shutil.which("pdftoppm") is None:
        return False
    listed = _run((program, "--list-langs"), b"")
    return listed is not None and _LANGUAGE in listed.decode(errors="replace").split()


def recognize_pages(images: Iterable[bytes | None]) -> list[list[RecognizedWord]]:
    """Return the words of each picture, none for one that cannot be read or comes after the time is up."""
    return _until_time_is_up((recognize_page(image) if image else None) or [] for image in images)


def recognize_frames(image: bytes, frames: Iterable[int]) -> list[list[RecognizedWord]]:
    """Return the words of these pages of a picture that has several, as `recognize_pages` does."""
    return _until_time_is_up(recognize_page(image, frame) or [] for frame in frames)


def _until_time_is_up(pages: Iterable[list[RecognizedWord]]) -> list[list[RecognizedWord]]:
    end = time.monotonic() + OCR_SECONDS
    read: list[list[RecognizedWord]] = []
    for page in pages:
        read.append(page)
        if time.monotonic() > end:
            break
    return read


def with_recognition(
    record: RawRecord, words: Sequence[RecognizedWord], known: str = "", failed: int = 0
) -> RawRecord:
    """Return the record with what is known of the words that are read by machine in its body.

    `known` is the rest of the text; `failed` is the number of pages that could not be read.
    """
    percent = confidence(words)
    notes = [RecordProblem("read-by-machine", f"{percent}%")]
    if percent < SURE_TEXT:
        notes = [RecordProblem("ocr-unsure", str(percent), holds=True)]
    if failed:
        notes.append(RecordProblem("ocr-pages-failed", str(failed)))
    doubtful = doubtful_words((word.text, word.confidence) for word in words)
    doubtful -= frozenset(normalized_terms(known))
    return replace(record, recognition=percent, doubtful=doubtful).with_problems(*notes)


def confidence(words: Sequence[RecognizedWord]) -> int:
    """Return the mean confidence of some words in percent, 0 for none."""
    return round(fmean(word.confidence for word in words)) if words else 0


def doubtful_words(words: Iterable[tuple[str, float]]) -> frozenset[str]:
    """Return the normalized words that were nowhere read with confidence, from (word, percent)."""
    sure: set[str] = set()
    unsure: set[str] = set()
    for text, percent in words:
        (sure if percent >= SURE_WORD else unsure).update(normalized_terms(text))
    return frozenset(unsure - sure)


def recognize_page(image: bytes, frame: int = 0) -> list[RecognizedWord] | None:
    """Return the words of a picture in the order in which they are read, or None if it cannot be read.

    `frame` is the page of a picture that has several, from 0. A page without columns is read a second time,
    as one block: the search for blocks loses lines of pages that lie a little askew. The better reading is
    taken.
    """
    by_blocks = _read(image, frame, _BY_BLOCKS)
    if by_blocks is None or _has_columns(by_blocks):
        return by_blocks
    return max(by_blocks, _read(image, frame, _AS_ONE_BLOCK) or [], key=_worth)


def _read(image: bytes, frame: int, segmentation: tuple[str, ...]) -> list[RecognizedWord] | None:
    page = ("-c", f"tessedit_page_number={frame}")
    found = _run(("tesseract", "-", "-", "-l", _LANGUAGE, *segmentation, *page, "tsv"), image)
    return None if found is None else list(_words(found.decode("utf-8", errors="replace")))


def _worth(words: Sequence[RecognizedWord]) -> float:
    """Return what a reading is worth: the letters it is sure of, less those it is not."""
    return sum(len(word.text) * (word.confidence - SURE_TEXT) for word in words)


def _has_columns(words: Sequence[RecognizedWord]) -> bool:
    boxes = [_box(list(group)) for _key, group in groupby(words, key=lambda word: word.block)]
    return any(_share_height(one, other) for one, other in combinations(boxes[:_MOST_BLOCKS], 2))


def _share_height(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > _SIDE_BY_SIDE * min(one[3] - one[1], other[3] - other[1])


def pdf_page_image(data: bytes, page: int) -> bytes | None:
    """Return a page of a PDF file as a picture; pages count from 1."""
    number = str(page)
    command = ("pdftoppm", "-r", str(_RESOLUTION), "-gray", "-png", "-f", number, "-l", number, "-")
    return _run(command, data) or None


def _run(command: tuple[str, ...], data: bytes) -> bytes | None:
    """Run a program under limits; return its output, None if it fails, is missing or exceeds them."""
    limits: tuple[str, ...] = ()
    if prlimit := shutil.which("prlimit"):
        limits = (
            prlimit,
            f"--cpu={OCR_PAGE_SECONDS}",
            f"--as={OCR_MEMORY}",
            f"--fsize={OCR_MEMORY}",
            "--core=0",
        )
    try:
        done = subprocess.run(  # noqa: S603  programs named above; the data is their input
            (*limits, *command),
            input=data,
            capture_output=True,
            timeout=3 * OCR_PAGE_SECONDS,
            check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _words(table: str) -> Iterator[RecognizedWord]:
    """Yield the words of Tesseract's table in the order of its blocks, right ones before left ones."""
    rows = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["level"] == _WORD_LEVEL and (row["text"] or "").strip()
    ]
    words = [_word(row) for row in rows]
    blocks = [list(group) for _key, group in groupby(words, key=lambda word: word.block)]
    for block in sorted(blocks, key=cmp_to_key(_compare)):
        yield from block


def _word(row: dict[str, str]) -> RecognizedWord:
    left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
    page = int(row["page_num"])
    return RecognizedWord(
        row["text"].strip("\u200e\u200f \t"),
        float(row["conf"]),
        (page, int(row["block_num"])),
        (int(row["par_num"]), int(row["line_num"])),
        (left, top, left + width, top + height),
    )


def _compare(one: list[RecognizedWord], other: list[RecognizedWord]) -> int:
    """Return -1 if a block is read before another: it stands right of it, or above."""
    if one[0].block[0] != other[0].block[0]:
        return one[0].block[0] - other[0].block[0]
    first, second = _box(one), _box(other)
    if _share_height(first, second):
        return -1 if first[0] + first[2] > second[0] + second[2] else 1
    return -1 if first[1] < second[1] else 1


def _box(words: list[RecognizedWord]) -> tuple[int, int, int, int]:
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def page_text(words: Sequence[RecognizedWord]) -> str:
    """Return the text of a page: a paragraph for each of Tesseract's, its lines joined."""
    paragraphs = []
    for _key, group in groupby(words, key=lambda word: (word.block, word.line[0])):
        paragraphs.append(" ".join(word.text for word in group))
    return "\n".join(paragraphs)
