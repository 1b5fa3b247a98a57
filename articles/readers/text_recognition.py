"""Read the text of page images with Tesseract, if it is installed (Debian: tesseract-ocr-ara).

Pictures and pages of others run through programs in C: each page has a process of its own, with limits on
processor time, memory and waiting.
"""

from __future__ import annotations

import csv
import io
import math
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from itertools import combinations, groupby
from statistics import fmean

from arabic.text.tokenizer import normalized_terms
from articles.text.limits import OCR_MEMORY, OCR_PAGE_SECONDS, OCR_SECONDS
from articles.text.records import RawRecord, RecordProblem, number_ranges

#: First bytes of png, jpeg and tiff. Tesseract takes what is no picture for a list of names of pictures.
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_LANGUAGE = "ara"
#: prlimit (util-linux) sets the limits of the other two.
_PROGRAMS = ("tesseract", "pdftoppm", "prlimit")
#: Dots per inch of the pages of a PDF: Tesseract is trained on 300, and reads 200 in half the time.
_RESOLUTION = 200
#: Confidence in percent below which a word tells neither a date nor a place.
SURE_WORD = 70
#: A text read with less confidence is held for review; so is one that has a page of _PAGE_WORDS or more words
#: read with less.
SURE_TEXT, _PAGE_WORDS = 65, 20
#: What a text has at least: sure words of two letters, and their letters. A logo has less, and so has what is
#: read into a photograph; most headlines have more.
_LEAST_WORDS, _LEAST_LETTERS = 5, 20
#: Two readings whose shorter one has this share of the other say about the same.
_SAME_LENGTH = 0.85
#: Failed pages at the head of a tiff after which the others are not tried.
_FAILED_AT_FIRST = 3
#: Parts of a block: blocks that share less height stand one above the other.
_SIDE_BY_SIDE = 0.3
#: Blocks among which columns are looked for.
_MOST_BLOCKS = 100
#: Tesseract's modes of page segmentation; the second with a threshold of grey for each part of the page.
_BY_BLOCKS, _AS_ONE_BLOCK = ("--psm", "3"), ("--psm", "6", "-c", "thresholding_method=2")
_WORD_LEVEL = "5"
#: Seconds that a process of a page may take on a busy machine, and the one that lists the models.
_PAGE_PATIENCE, _LIST_PATIENCE = 3.0 * OCR_PAGE_SECONDS, 10.0

#: A word and its confidence in percent.
JudgedWord = tuple[str, float]


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word with its confidence in percent, its block and line, and the box of it in pixels from the top."""

    text: str
    confidence: float
    block: tuple[int, int]
    line: tuple[int, int]
    box: tuple[int, int, int, int]


def is_available() -> bool:
    """Return whether Tesseract is installed with its model of Arabic, and what it is run with."""
    if not all(map(shutil.which, _PROGRAMS)):
        return False
    listed = _run(("tesseract", "--list-langs"), b"", time.monotonic() + _LIST_PATIENCE)
    return listed is not None and _LANGUAGE in listed.decode(errors="replace").split()


def recognize_pdf_pages(data: bytes, pages: Iterable[int]) -> list[list[RecognizedWord] | None]:
    """Return the words of these pages of a PDF file, which count from 1.

    A page is None if it cannot be read, or comes after the time of the file is up.
    """
    end = time.monotonic() + OCR_SECONDS
    images = (_pdf_page_image(data, page, end) for page in pages)
    return [recognize_page(image, end=end) if image else None for image in images]


def recognize_frames(image: bytes, frames: Iterable[int]) -> list[list[RecognizedWord] | None]:
    """Return the words of these pages of a picture that may have several, as `recognize_pdf_pages` does.

    A file whose first pages all fail is damaged, and the others are left out.
    """
    end = time.monotonic() + OCR_SECONDS
    read: list[list[RecognizedWord] | None] = []
    for frame in frames:
        if len(read) == _FAILED_AT_FIRST and read.count(None) == _FAILED_AT_FIRST:
            break
        read.append(recognize_page(image, frame, end))
    return read


def with_recognition(
    record: RawRecord, pages: Mapping[int, Sequence[JudgedWord]], known: str = ""
) -> RawRecord:
    """Return the record with what is known of the words that are read by machine in its body, by page.

    `known` is the rest of the text. The record is held if the text, or a whole page of it, is unsure.
    """
    words = [word for page in pages.values() for word in page]
    percent = confidence(words)
    unsure = [
        number
        for number, page in pages.items()
        if len(page) >= _PAGE_WORDS and len(pages) > 1 and confidence(page) < SURE_TEXT
    ]
    notes = [RecordProblem("read-by-machine", f"{percent}%")]
    if percent < SURE_TEXT:
        notes = [RecordProblem("ocr-unsure", str(percent), holds=True)]
    if unsure:
        notes.append(RecordProblem("ocr-pages-unsure", number_ranges(unsure), holds=True))
    doubtful = doubtful_words(words) - frozenset(normalized_terms(known))
    return replace(record, recognition=percent, doubtful=doubtful).with_problems(*notes)


def failed_pages(number: int) -> tuple[RecordProblem, ...]:
    """Return a note of how many pages could not be read, nothing for none. Blank pages do not count."""
    return (RecordProblem("ocr-pages-failed", str(number)),) if number else ()


def is_text(pages: Iterable[Sequence[RecognizedWord] | None]) -> bool:
    """Return whether what was read in a picture is a text, and no logo or photograph."""
    words = [word for page in pages for word in page or () if word.confidence >= SURE_WORD]
    sizes = [size for word in words if (size := sum(map(str.isalnum, word.text))) > 1]
    return len(sizes) >= _LEAST_WORDS and sum(sizes) >= _LEAST_LETTERS


def judged(words: Iterable[RecognizedWord]) -> list[JudgedWord]:
    """Return the words with their confidence alone."""
    return [(word.text, word.confidence) for word in words]


def confidence(words: Sequence[JudgedWord]) -> int:
    """Return the mean confidence of some words in percent, 0 for none."""
    return round(fmean(percent for _text, percent in words)) if words else 0


def doubtful_words(words: Iterable[JudgedWord]) -> frozenset[str]:
    """Return the normalized words that were nowhere read with confidence."""
    sure: set[str] = set()
    unsure: set[str] = set()
    for text, percent in words:
        (sure if percent >= SURE_WORD else unsure).update(normalized_terms(text))
    return frozenset(unsure - sure)


def recognize_page(image: bytes, frame: int = 0, end: float = math.inf) -> list[RecognizedWord] | None:
    """Return the words of a picture in the order in which they are read, or None if it cannot be read.

    `frame` is the page of a picture that has several, from 0; `end` is the time at which reading stops. A
    page without columns is read a second time, as one block: the search for blocks loses lines of pages that
    lie a little askew. The better reading is taken.
    """
    by_blocks = _read(image, frame, _BY_BLOCKS, end)
    if by_blocks is None or _has_columns(by_blocks):
        return by_blocks
    return _better(by_blocks, _read(image, frame, _AS_ONE_BLOCK, end) or [])


def _read(image: bytes, frame: int, segmentation: tuple[str, ...], end: float) -> list[RecognizedWord] | None:
    if not image.startswith(SIGNATURES):
        return None
    page = ("-c", f"tessedit_page_number={frame}")
    found = _run(("tesseract", "-", "-", "-l", _LANGUAGE, *segmentation, *page, "tsv"), image, end)
    return None if found is None else list(_words(found.decode("utf-8", errors="replace")))


def _better(one: list[RecognizedWord], other: list[RecognizedWord]) -> list[RecognizedWord]:
    """Return the reading with more text; of two with about the same, the surer one."""
    less, more = sorted((one, other), key=_length)
    if _length(less) < _SAME_LENGTH * _length(more):
        return more
    return max(one, other, key=_worth)


def _length(words: Sequence[RecognizedWord]) -> float:
    """Return the letters of a reading. Those of unsure words count little: noise is read into photographs."""
    return sum(len(word.text) * (word.confidence / 100) ** 3 for word in words)


def _worth(words: Sequence[RecognizedWord]) -> float:
    """Return what a reading is worth: the letters it is sure of, less those it is not."""
    return sum(len(word.text) * (word.confidence - SURE_TEXT) for word in words)


def _has_columns(words: Sequence[RecognizedWord]) -> bool:
    boxes = [_box(list(group)) for _key, group in groupby(words, key=lambda word: word.block)]
    return any(_share_height(one, other) for one, other in combinations(boxes[:_MOST_BLOCKS], 2))


def _share_height(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > _SIDE_BY_SIDE * min(one[3] - one[1], other[3] - other[1])


def _pdf_page_image(data: bytes, page: int, end: float) -> bytes | None:
    number = str(page)
    command = ("pdftoppm", "-r", str(_RESOLUTION), "-gray", "-png", "-f", number, "-l", number, "-")
    return _run(command, data, end)


def _run(command: tuple[str, ...], data: bytes, end: float) -> bytes | None:
    """Run a program under limits until this time; return its output, None if it fails or exceeds them.

    Without a program that sets the limits, nothing is run.
    """
    prlimit = shutil.which("prlimit")
    left = min(end - time.monotonic(), _PAGE_PATIENCE)
    if prlimit is None or left <= 0:
        return None
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
            timeout=left,
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
