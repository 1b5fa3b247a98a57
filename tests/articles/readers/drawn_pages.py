"""Glyphs of invented pages, as they stand in a PDF file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from articles.readers.page_layout.glyphs import Glyph

SIZE, LEADING = 10.0, 14
#: The width of a letter that is not stretched.
LETTER = 5.0
_NUMBER = re.compile(r"\d[\d-]*")


def drawn_column(lines: Iterable[tuple[str, float, int]], left: float, right: float) -> list[Glyph]:
    """Return the glyphs of lines (text, size, height) of a column; the first letter is the rightmost."""
    glyphs = []
    for text, size, base in lines:
        step = (right - left) / max(len(text), 12)
        glyphs += [
            Glyph(char, right - (at + 1) * step, right - at * step, base, size)
            for at, char in enumerate(text)
        ]
    return glyphs


def drawn_text(text: str, right: float, base: float, space: float = LETTER) -> list[Glyph]:
    """Return the glyphs of a line that begins at `right`; numbers are drawn from left to right."""
    glyphs = []
    for char in _NUMBER.sub(lambda number: number[0][::-1], text):
        width = space if char == " " else LETTER
        glyphs.append(Glyph(char, right - width, right, base, SIZE))
        right -= width
    return glyphs


def drawn_rows(rows: Iterable[Iterable[str]], rights: Iterable[float], top: float = 700) -> list[Glyph]:
    """Return the glyphs of rows whose cells, the right one first, begin at the places `rights`."""
    places = list(rights)
    return [
        glyph
        for at, row in enumerate(rows)
        for cell, right in zip(row, places, strict=False)
        for glyph in drawn_text(cell, right, top - LEADING * at)
    ]


def drawn_justified(text: str, left: float, right: float, base: float) -> list[Glyph]:
    """Return the glyphs of a line whose spaces are stretched until it fills the measure."""
    letters = len(text) - text.count(" ")
    return drawn_text(text, right, base, (right - left - letters * LETTER) / text.count(" "))
