"""Make the text of a page from its glyphs: words, cells of tables, columns, paragraphs.

A gap is a space, a wide gap the border of a cell. Columns that stand side by side are read one after the
other, the right one first in right-to-left pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from articles.readers.page_layout.glyphs import Glyph, with_marks_attached
from articles.readers.page_layout.reading_order import is_right_to_left, reading_order, with_brackets_facing

#: Between the cells of a row.
CELL_BORDER = " | "
#: The following are parts of the size of the letters.
_SAME_LINE = 0.45
_SPACE = 0.14
_CELL_GAP = 1.1
#: Spaces that are drawn may be stretched to fill a line.
_CELL_GAP_WITH_SPACE = 2.2
#: In a page whose spaces are drawn, a gap without one is a border if a line nearby has one at the same place.
_UNDRAWN_GAP = 0.26
_LETTERS_PER_SPACE = 10
_NEARBY = 3
#: Lines above and below in which a gutter must be free. A headline makes the lines of two columns uneven.
_AROUND = 6
_GUTTER = 0.8
#: A distance of lines that ends a paragraph, compared with the usual one.
_PARAGRAPH_GAP = 1.45
#: Columns have so many lines at least, and both together so many; their lines have so many characters, and
#: most of them fill this part of the width.
_COLUMN_LINES = 2
_COLUMN_LINES_TOGETHER = 5
_COLUMN_CHARACTERS = 14
_COLUMN_FULL = 0.7
#: At the left end of a line without Arabic letters, they end a right-to-left sentence.
_STOPS = frozenset(".,:;!\u060c\u061b\u061f")
#: Lines in which columns are looked for; beyond it, a page is not one of print.
_MOST_LINES = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """Letters without a wide gap between them, from left to right; spaces are units of their own."""

    units: tuple[str, ...]
    left: float
    right: float
    base: float
    size: float


def page_text(directions: Sequence[Sequence[Glyph]]) -> str:
    """Return the text of a page whose glyphs come in a list for each direction of writing."""
    texts = []
    for glyphs in directions:
        letters = with_marks_attached(glyphs)
        right_to_left = is_right_to_left("".join(glyph.text for glyph in letters))
        texts.append(_rows_text(rows_of(letters), right_to_left))
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def rows_of(letters: Sequence[Glyph]) -> list[list[Cell]]:
    """Return the lines from top to bottom, each as its cells from left to right."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(letters, key=lambda each: -each.base):
        if lines and lines[-1][0].base - glyph.base < _SAME_LINE * min(glyph.size, lines[-1][0].size):
            lines[-1].append(glyph)
        elif not glyph.text.isspace():
            lines.append([glyph])
    spaces = sum(glyph.text.isspace() for glyph in letters)
    gap = _UNDRAWN_GAP if spaces * _LETTERS_PER_SPACE > len(letters) else _CELL_GAP
    rows = [_cells(line, gap) for line in lines]
    return [
        _without_lone_borders(row, rows[max(at - _AROUND, 0) : at], rows[at + 1 : at + 1 + _AROUND])
        for at, row in enumerate(rows)
    ]


def _cells(line: list[Glyph], widest: float) -> list[Cell]:
    """Return the cells of a line; `widest` is the widest gap without a drawn space inside a cell."""
    ordered = sorted(line, key=lambda each: each.left)
    cells: list[Cell] = []
    units: list[str] = []
    drawn: list[Glyph] = []
    spaced = False
    for glyph in ordered:
        if glyph.text.isspace():
            spaced = True
            continue
        if drawn:
            gap = glyph.left - max(each.right for each in drawn[-3:])
            size = min(glyph.size, drawn[-1].size)
            if gap > size * (_CELL_GAP_WITH_SPACE if spaced else widest):
                cells.append(_cell(units, drawn))
                units, drawn = [], []
            elif spaced or gap > size * _SPACE:
                units.append(" ")
        units.append(glyph.text)
        drawn.append(glyph)
        spaced = False
    return [*cells, _cell(units, drawn)] if drawn else cells


def _without_lone_borders(row: list[Cell], above: list[list[Cell]], below: list[list[Cell]]) -> list[Cell]:
    """Return the cells of a line, joined where a narrow gap stands alone among the lines nearby."""
    nearby = above[-_NEARBY:] + below[:_NEARBY]
    joined = row[:1]
    for cell in row[1:]:
        left = joined[-1]
        narrow = cell.left - left.right < _CELL_GAP * cell.size
        bordered = any(_has_border(other, left.right, cell.left) for other in nearby)
        if narrow and not bordered and not _is_gutter(above + below, (left.right + cell.left) / 2):
            joined[-1] = Cell((*left.units, " ", *cell.units), left.left, cell.right, left.base, left.size)
        else:
            joined.append(cell)
    return joined


def _has_border(row: list[Cell], left: float, right: float) -> bool:
    return any(one.right < right and other.left > left for one, other in pairwise(row))


def _is_gutter(nearby: list[list[Cell]], middle: float) -> bool:
    """Return whether lines end and begin at both sides of a place, and none of them runs across it."""
    cells = [cell for row in nearby for cell in row]
    before, behind = (
        sum(cell.right <= middle for cell in cells),
        sum(cell.left >= middle for cell in cells),
    )
    return before + behind == len(cells) and min(before, behind) >= _COLUMN_LINES


def _cell(units: list[str], drawn: list[Glyph]) -> Cell:
    return Cell(
        tuple(units),
        drawn[0].left,
        max(each.right for each in drawn),
        median(each.base for each in drawn),
        median(each.size for each in drawn),
    )


def _rows_text(rows: list[list[Cell]], right_to_left: bool) -> str:
    lines: list[str] = []
    previous: Cell | None = None
    distances = sorted(above[0].base - below[0].base for above, below in pairwise(rows))
    usual = distances[len(distances) // 2] if distances else 0.0
    at = 0
    while at < len(rows):
        if previous and previous.base - rows[at][0].base > usual * _PARAGRAPH_GAP:
            lines.append("")
        end, gutter = _region(rows, at)
        if gutter is not None:
            sides = _sides(rows[at:end], gutter)
            lines += [_rows_text(side, right_to_left) for side in (sides if right_to_left else sides[::-1])]
            lines.append("")
            previous = None
            at = end
            continue
        lines.append(_row_text(rows[at], right_to_left))
        previous = rows[at][0]
        at += 1
    return "\n".join(with_brackets_facing(lines) if right_to_left else lines)


def _row_text(row: list[Cell], right_to_left: bool) -> str:
    texts = [reading_order(cell.units, _turned(cell, right_to_left)).strip() for cell in row]
    return CELL_BORDER.join(reversed(texts) if right_to_left else texts)


def _turned(cell: Cell, right_to_left: bool) -> bool:
    """Return whether a cell reads right to left: as the page does, unless it is a line of another script."""
    text = "".join(cell.units)
    if text[-1] in _STOPS and text[0].isascii() and text[0].isalpha():
        return False
    if not right_to_left or is_right_to_left(text):
        return is_right_to_left(text)
    return any("\u0620" <= char <= "\u06ff" for char in text) or text[0] in _STOPS


def _region(rows: list[list[Cell]], start: int) -> tuple[int, float | None]:
    """Return where the lines end that stand in two columns from `start` on, and the place of the gutter."""
    taken: list[tuple[float, float]] = []
    end, gutter = start, None
    for at in range(start, min(len(rows), _MOST_LINES)):
        taken = _merge([*taken, *((cell.left, cell.right) for cell in rows[at])])
        free = [
            (right[0] - left[1], (right[0] + left[1]) / 2)
            for left, right in pairwise(taken)
            if right[0] - left[1] > _GUTTER * rows[at][0].size
        ]
        if free and _are_columns(_sides(rows[start : at + 1], widest := max(free)[1])):
            end, gutter = at + 1, widest
        elif not free and at > start:
            break
    return end, gutter


def _merge(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _sides(rows: list[list[Cell]], gutter: float) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """Return the lines right of a gutter, and those left of it."""
    right = [[cell for cell in row if cell.left > gutter] for row in rows]
    left = [[cell for cell in row if cell.right < gutter] for row in rows]
    return [row for row in right if row], [row for row in left if row]


def _are_columns(sides: tuple[list[list[Cell]], list[list[Cell]]]) -> bool:
    """Return whether both sides hold lines of running text, rather than the cells of a table."""
    if sum(map(len, sides)) < _COLUMN_LINES_TOGETHER:
        return False
    for rows in sides:
        if len(rows) < _COLUMN_LINES:
            return False
        if median(sum(len(cell.units) for cell in row) for row in rows) < _COLUMN_CHARACTERS:
            return False
        width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
        if median(row[-1].right - row[0].left for row in rows) < _COLUMN_FULL * width:
            return False
    return True
