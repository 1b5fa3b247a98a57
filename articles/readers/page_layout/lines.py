"""Make the text of a page from its glyphs: words, cells of tables, columns, paragraphs.

Columns that stand side by side are read one after the other, the right one first in right-to-left pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from articles.readers.page_layout.cells import Cell, rows_of
from articles.readers.page_layout.columns import columns_of, split_at
from articles.readers.page_layout.glyphs import Glyph, with_marks_attached
from articles.readers.page_layout.reading_order import (
    is_right_to_left,
    reading_order,
    with_brackets_facing,
    with_edges_turned,
)

#: Between the cells of a row.
CELL_BORDER = " | "
#: A distance of lines that ends a paragraph, compared with the usual one.
_PARAGRAPH_GAP = 1.45
#: Least size of a line of a headline, as a multiple of that of the text; greatest difference of its two lines
#: in size, as a share; and greatest distance between them, in sizes of the letters.
_HEADLINE_SIZE, _SAME_SIZE, _HEADLINE_LEADING = 1.2, 0.05, 1.9
#: At the left end of a line without Arabic letters, they end a right-to-left sentence.
_STOPS = frozenset(".,:;!\u060c\u061b\u061f")


def page_text(directions: Sequence[Sequence[Glyph]]) -> str:
    """Return the text of a page whose glyphs come in a list for each direction of writing."""
    texts = []
    for glyphs in directions:
        letters = with_marks_attached(glyphs)
        right_to_left = is_right_to_left("".join(glyph.text for glyph in letters))
        texts.append(_rows_text(rows_of(letters, right_to_left), right_to_left))
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _rows_text(rows: list[list[Cell]], right_to_left: bool) -> str:
    lines: list[str] = []
    in_text = False
    distances = sorted(above[0].base - below[0].base for above, below in pairwise(rows))
    paragraph = _PARAGRAPH_GAP * (distances[len(distances) // 2] if distances else 0.0)
    breaks = [at for at in range(1, len(rows)) if rows[at - 1][0].base - rows[at][0].base > paragraph]
    below_breaks = set(breaks)
    body_size, ends_headline = _usual_size(rows), False
    columns = {each.begin: each for each in columns_of(rows, right_to_left, breaks)}
    at = 0
    while at < len(rows):
        goes_on = in_text and _is_headline_of_two(rows[at - 1], rows[at], body_size)
        if in_text and not goes_on and (at in below_breaks or ends_headline):
            lines.append("")
        ends_headline = goes_on
        if at in columns:
            found = columns[at]
            sides = split_at(rows[at : found.end], found.gutter)
            lines += [_rows_text(side, right_to_left) for side in (sides if right_to_left else sides[::-1])]
            lines.append("")
            in_text = False
            at = found.end
            continue
        text = _row_text(rows[at], right_to_left)
        if goes_on:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
        in_text = True
        at += 1
    return "\n".join(with_brackets_facing(lines) if right_to_left else lines)


def _usual_size(rows: list[list[Cell]]) -> float:
    """Return the size that most letters have."""
    letters: Counter[float] = Counter()
    for row in rows:
        for cell in row:
            letters[round(cell.size, 1)] += len(cell.units)
    return max(letters, key=lambda size: letters[size], default=0.0)


def _is_headline_of_two(above: list[Cell], below: list[Cell], body_size: float) -> bool:
    """Return whether two lines are of one headline: of one size, larger than the text, and close together."""
    if len(above) != 1 or len(below) != 1:
        return False
    size = above[0].size
    return (
        size > _HEADLINE_SIZE * body_size
        and abs(size - below[0].size) < _SAME_SIZE * size
        and above[0].base - below[0].base < _HEADLINE_LEADING * size
    )


def _row_text(row: list[Cell], right_to_left: bool) -> str:
    texts = [_cell_text(cell, right_to_left) for cell in row]
    return CELL_BORDER.join(reversed(texts) if right_to_left else texts)


def _cell_text(cell: Cell, right_to_left: bool) -> str:
    text = reading_order(cell.units, _turned(cell, right_to_left)).strip()
    return with_edges_turned(text) if right_to_left else text


def _turned(cell: Cell, right_to_left: bool) -> bool:
    """Return whether a cell reads right to left: as the page does, unless it is a line of another script."""
    text = "".join(cell.units)
    if text[-1] in _STOPS and text[0].isascii() and text[0].isalpha():
        return False
    if not right_to_left or is_right_to_left(text):
        return is_right_to_left(text)
    return any("\u0620" <= char <= "\u06ff" for char in text) or text[0] in _STOPS
