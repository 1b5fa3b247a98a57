"""Put the glyphs of a page into lines, and each line into cells: a gap is a space, a wide gap a border."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from articles.readers.page_layout.glyphs import Glyph

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
_GUTTER_LINES = 2
#: A gap is part of a gutter if it is so wide and if the line behind it begins where the lines of its column
#: do, give or take a part, in sizes of the letters nearby.
_LEAST_GUTTER, _BEGINS = 0.8, 0.5
#: The words of a stretched line stand at even distances: the least is this part of the widest, and that is
#: at most this part of the line. It ends where the lines nearby end, but for an indent at one side.
_EVEN = 0.6
_MOST_OF_LINE = 0.5
_FILLS, _INDENT = 1.0, 3.0
_MOST_WORDS = 40
#: So many gaps are equal by no chance if the least is this part of the widest.
_EQUAL_GAPS, _EQUAL = 2, 0.97
#: Cells of a table begin, end or are centred at the same place, give or take a part of the size.
_ALIGNED = 0.15


@dataclass(frozen=True, slots=True)
class Cell:
    """Letters without a wide gap between them, from left to right; spaces are units of their own.

    `narrowest` is the least distance of two words, infinite for one.
    """

    units: tuple[str, ...]
    left: float
    right: float
    base: float
    size: float
    narrowest: float = float("inf")


def rows_of(letters: Sequence[Glyph], right_to_left: bool) -> list[list[Cell]]:
    """Return the lines from top to bottom, each as its cells from left to right."""
    spaces = [glyph for glyph in letters if glyph.text.isspace()]
    gap = _UNDRAWN_GAP if len(spaces) * _LETTERS_PER_SPACE > len(letters) else _CELL_GAP
    rows = [_cells(line, gap) for line in _lines(letters, spaces)]
    return [
        _without_lone_borders(
            row, rows[max(at - _AROUND, 0) : at], rows[at + 1 : at + 1 + _AROUND], right_to_left
        )
        for at, row in enumerate(rows)
    ]


def _lines(letters: Sequence[Glyph], spaces: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return the letters of each line from top to bottom, with the spaces drawn on it.

    A line is made of letters alone: some programs draw its spaces first.
    """
    lines: list[list[Glyph]] = []
    for glyph in sorted(letters, key=lambda each: -each.base):
        if glyph.text.isspace():
            continue
        if lines and _is_on(lines[-1], glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    at = 0
    for space in sorted(spaces, key=lambda each: -each.base):
        while at + 1 < len(lines) and _distance(lines[at + 1], space) <= _distance(lines[at], space):
            at += 1
        if at < len(lines) and _is_on(lines[at], space):
            lines[at].append(space)
    return lines


def _is_on(line: list[Glyph], glyph: Glyph) -> bool:
    return _distance(line, glyph) < _SAME_LINE * min(glyph.size, line[0].size)


def _distance(line: list[Glyph], glyph: Glyph) -> float:
    return abs(line[0].base - glyph.base)


def _cells(line: list[Glyph], widest: float) -> list[Cell]:
    """Return the cells of a line; `widest` is the widest gap without a drawn space inside a cell."""
    # A font may draw a narrow letter under the left edge of the one that is read before it.
    ordered = sorted(line, key=lambda each: (each.left, each.right))
    cells: list[Cell] = []
    units: list[str] = []
    drawn: list[Glyph] = []
    narrowest = float("inf")
    spaced = False
    for glyph in ordered:
        if glyph.text.isspace():
            spaced = True
            continue
        if drawn:
            gap = glyph.left - max(each.right for each in drawn[-3:])
            size = min(glyph.size, drawn[-1].size)
            if gap > size * (_CELL_GAP_WITH_SPACE if spaced else widest):
                cells.append(_cell(units, drawn, narrowest))
                units, drawn, narrowest = [], [], float("inf")
            elif spaced or gap > size * _SPACE:
                units.append(" ")
                narrowest = min(narrowest, gap)
        units.append(glyph.text)
        drawn.append(glyph)
        spaced = False
    return [*cells, _cell(units, drawn, narrowest)] if drawn else cells


def _cell(units: list[str], drawn: list[Glyph], narrowest: float) -> Cell:
    return Cell(
        tuple(units),
        drawn[0].left,
        max(each.right for each in drawn),
        median(each.base for each in drawn),
        median(each.size for each in drawn),
        narrowest,
    )


def _without_lone_borders(
    row: list[Cell], above: list[list[Cell]], below: list[list[Cell]], right_to_left: bool
) -> list[Cell]:
    """Return the cells of a line, joined where a gap stands alone among the lines nearby.

    A wide gap is joined only in a line that was stretched.
    """
    nearby = above[-_NEARBY:] + below[:_NEARBY]
    joined = row[:1]
    for at in range(1, len(row)):
        left, cell = joined[-1], row[at]
        if cell.left - left.right < _CELL_GAP * cell.size:
            bordered = any(_has_border(other, left.right, cell.left) for other in nearby)
            lone = not bordered and not _is_gutter(above + below, left.right, cell.left, right_to_left)
        else:
            lone = _is_stretched(row, at, nearby)
        if lone:
            joined[-1] = _joined(left, cell)
        else:
            joined.append(cell)
    return joined


def _joined(left: Cell, right: Cell) -> Cell:
    narrowest = min(left.narrowest, right.narrowest, right.left - left.right)
    return Cell((*left.units, " ", *right.units), left.left, right.right, left.base, left.size, narrowest)


def _has_border(row: list[Cell], left: float, right: float) -> bool:
    """Return whether a border of a line lies in part between two places."""
    behind = max(bisect_right(row, left, key=lambda cell: cell.left), 1)
    return behind < len(row) and row[behind].left > left and row[behind - 1].right < right


def _is_gutter(nearby: list[list[Cell]], left: float, right: float, right_to_left: bool) -> bool:
    """Return whether lines nearby end and begin at both sides of a gap, and none of them runs across it.

    The word behind the gap must begin where they do: a word of a headline may end above a gutter.
    """
    middle = (left + right) / 2
    before: list[Cell] = []
    behind: list[Cell] = []
    for row in nearby:
        ending = bisect_right(row, middle, key=lambda cell: cell.right)
        beginning = bisect_left(row, middle, key=lambda cell: cell.left)
        if ending < beginning:
            return False
        before += row[:ending][-1:]
        behind += row[beginning:][:1]
    if min(len(before), len(behind)) < _GUTTER_LINES:
        return False
    size = min(cell.size for cell in (*before, *behind))
    if right_to_left:
        begins = left < max(cell.right for cell in before) + _BEGINS * size
    else:
        begins = right > min(cell.left for cell in behind) - _BEGINS * size
    return begins and right - left >= _LEAST_GUTTER * size


def _is_stretched(row: list[Cell], at: int, nearby: list[list[Cell]]) -> bool:
    """Return whether the gap before a cell is one of a line that was stretched to fill the measure.

    Lines nearby run across the gap and end where this one ends, the words stand at even distances, and no
    table nearby has its cells at the same places. A headline of equal distances may end elsewhere.
    """
    if len(row) > _MOST_WORDS:
        return False
    others = ((other, one, two) for other in nearby for one, two in pairwise(row))
    if _has_equal_gaps(row) and not any(
        _has_border(other, one.right, two.left) for other, one, two in others
    ):
        return True
    gap, cell = (row[at - 1].right, row[at].left), row[at]
    runs = (_cell_at(other, gap[0]) for other in nearby)
    across = [run for run in runs if run and run.left < gap[0] and run.right > gap[1]]
    if not across or sum(_has_border(other, *gap) for other in nearby) > len(across):
        return False
    slack, indent = _FILLS * cell.size, _INDENT * cell.size
    left, right = min(each.left for each in across), max(each.right for each in across)
    inside = [each for each in row if each.left > left - slack and each.right < right + slack]
    nearer, farther = sorted((inside[0].left - left, right - inside[-1].right)) if inside else (slack, slack)
    borders = list(pairwise(inside))
    if not borders or nearer > slack or farther > indent:
        return False
    widths = [other.left - one.right for one, other in borders]
    least = min(*widths, *(each.narrowest for each in inside))
    if least < _EVEN * max(widths) or max(widths) > _MOST_OF_LINE * (right - left):
        return False
    return not any(
        2 * sum(_is_aligned(one, other, each) for one, other in borders) > len(borders) for each in nearby
    )


def _has_equal_gaps(row: list[Cell]) -> bool:
    """Return whether three words or more stand at the same distances."""
    gaps = [right.left - left.right for left, right in pairwise(row)]
    narrowest = min(*gaps, *(cell.narrowest for cell in row))
    return len(gaps) >= _EQUAL_GAPS and narrowest > _EQUAL * max(gaps)


def _cell_at(row: list[Cell], place: float) -> Cell | None:
    """Return the last cell of a line that begins left of a place."""
    behind = bisect_left(row, place, key=lambda cell: cell.left)
    return row[behind - 1] if behind else None


def _is_aligned(left: Cell, right: Cell, row: list[Cell]) -> bool:
    """Return whether a line has a border between two cells that begins, ends or is centred like theirs."""
    slack = _ALIGNED * left.size
    for one, other in pairwise(row):
        if one.right >= right.left or other.left <= left.right:
            continue
        places = (
            (one.right, left.right),
            (other.left, right.left),
            ((one.left + one.right) / 2, (left.left + left.right) / 2),
            ((other.left + other.right) / 2, (right.left + right.right) / 2),
        )
        if any(abs(first - second) < slack for first, second in places):
            return True
    return False
