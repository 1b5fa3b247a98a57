"""Read pages of pictures and PDF files by OCR, twice where that helps, within the time of a file."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence

from articles.readers.ocr import tesseract
from articles.readers.ocr.block_order import has_columns, in_reading_order
from articles.readers.ocr.ocr_confidence import MIN_TEXT_CONFIDENCE, is_text
from articles.readers.ocr.ocr_words import OcrWord, read_table
from articles.text.limits import OCR_SECONDS

#: Two readings whose shorter one has this share of the other say about the same.
_SAME_LENGTH = 0.85
#: Failed pages at the head of a tiff after which the others are not tried.
_FAILED_AT_FIRST = 3


def read_pdf_pages(data: bytes, pages: Iterable[int]) -> list[list[OcrWord] | None]:
    """Return the words of these pages of a PDF file, which count from 1.

    A page is None if it cannot be read, or comes after the time of the file is up.
    """
    end = time.monotonic() + OCR_SECONDS
    images = (tesseract.pdf_page_image(data, page, end) for page in pages)
    return [read_page(image, end=end) if image else None for image in images]


def read_frames(image: bytes, frames: Iterable[int]) -> list[list[OcrWord] | None]:
    """Return the words of these pages of a picture that may have several, as `read_pdf_pages` does.

    A file whose first pages all fail is damaged, and the others are left out.
    """
    end = time.monotonic() + OCR_SECONDS
    read: list[list[OcrWord] | None] = []
    for frame in frames:
        if len(read) == _FAILED_AT_FIRST and read.count(None) == _FAILED_AT_FIRST:
            break
        read.append(read_page(image, frame, end))
    return read


def read_page(image: bytes, frame: int = 0, end: float = math.inf) -> list[OcrWord] | None:
    """Return the words of a picture in the order in which they are read, or None if it cannot be read.

    `frame` is the page of a picture that has several, from 0; `end` is the time at which reading stops. A
    page without columns is read a second time, as one block: the search for blocks loses lines of pages that
    lie a little askew. The better reading is taken. A page without a text is read once more
    as one that lies on its side.
    """
    by_blocks = _read(image, frame, tesseract.BY_BLOCKS, end)
    if by_blocks is None:
        return None
    upright = by_blocks
    if not has_columns(by_blocks):
        upright = _better(by_blocks, _read(image, frame, tesseract.AS_ONE_BLOCK, end) or [])
    if is_text([upright]):
        return upright
    # Boxes are those of the page as it lies, so the order of blocks is Tesseract's.
    turned = read_table(tesseract.word_table(image, frame, tesseract.TURNED, end) or "")
    return turned if is_text([turned]) else upright


def _read(image: bytes, frame: int, segmentation: tuple[str, ...], end: float) -> list[OcrWord] | None:
    table = tesseract.word_table(image, frame, segmentation, end)
    return None if table is None else in_reading_order(read_table(table))


def _better(one: list[OcrWord], other: list[OcrWord]) -> list[OcrWord]:
    """Return the reading with more text; of two with about the same, the one with more confidence."""
    less, more = sorted((one, other), key=_length)
    if _length(less) < _SAME_LENGTH * _length(more):
        return more
    return max(one, other, key=_worth)


def _length(words: Sequence[OcrWord]) -> float:
    """Return the letters of a reading; words of low confidence count little, as noise of a photograph."""
    return sum(len(word.text) * (word.confidence / 100) ** 3 for word in words)


def _worth(words: Sequence[OcrWord]) -> float:
    """Return what a reading is worth: its letters of enough confidence, less the others."""
    return sum(len(word.text) * (word.confidence - MIN_TEXT_CONFIDENCE) for word in words)
