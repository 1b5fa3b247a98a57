"""The words of a page as Tesseract's table has them, and the text that they make."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

_WORD_LEVEL = "5"


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word with its OCR confidence in percent, its block and line, and its box in pixels from the top."""

    text: str
    confidence: float
    block: tuple[int, int]
    line: tuple[int, int]
    box: tuple[int, int, int, int]


def read_table(table: str) -> list[OcrWord]:
    """Return the words of Tesseract's table (TSV), in its order."""
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row) for row in rows if row["level"] == _WORD_LEVEL and (row["text"] or "").strip()]


def _word(row: dict[str, str]) -> OcrWord:
    left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
    page = int(row["page_num"])
    return OcrWord(
        row["text"].strip("\u200e\u200f \t"),
        float(row["conf"]),
        (page, int(row["block_num"])),
        (int(row["par_num"]), int(row["line_num"])),
        (left, top, left + width, top + height),
    )


def page_text(words: Sequence[OcrWord]) -> str:
    """Return the text of a page: a paragraph for each of Tesseract's, its lines joined."""
    paragraphs = []
    for _key, group in groupby(words, key=lambda word: (word.block, word.line[0])):
        paragraphs.append(" ".join(word.text for word in group))
    return "\n".join(paragraphs)
