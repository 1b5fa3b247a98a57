"""Find columns of text that stand side by side."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.readers.page_layout.column_sides import MOST_TORN, GutterSides, Row

Span = tuple[float, float]

#: Lines in which columns are looked for; beyond it, a page is not one of print.
_MOST_LINES = 600
#: How often columns are looked for in lines that leave the same place free.
_TRIES = 8
#: The least width of a gutter, in sizes of the letters.
_GUTTER = 0.8
#: Part of the size by which a last line of a column may begin or lie otherwise than those above it.
_SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Columns:
    """Lines from `begin` up to `end`, which is none of them, stand in part at each side of a gutter."""

    begin: int
    end: int
    gutter: float


def columns_of(
    rows: Sequence[Row], right_to_left: bool, breaks: Sequence[int] = (), tries: int = _TRIES
) -> list[Columns]:
    """Return the columns among the lines of a page, from top to bottom; `breaks` are lines below a wide gap.

    Lines that leave a gutter free are added one by one to what is known of both sides. If they are no
    columns, those that begin further down are tried, but few times, so that a table costs no more than its
    cells.
    """
    found: list[Columns] = []
    at = stop = tried = 0
    while at < len(rows):
        tried = tried + 1 if at < stop else 1
        search = _GutterSearch(rows, at, right_to_left)
        stop = max(stop, search.stop)
        if columns := search.found():
            found.append(columns)
            at = columns.end
        else:
            at = search.again(breaks) if tried < tries else max(search.stop, at + 1)
    return found


def split_at(rows: Sequence[Row], gutter: float) -> tuple[list[Row], list[Row]]:
    """Return the lines right of a gutter, and those left of it."""
    right = [[cell for cell in row if cell.left > gutter] for row in rows]
    left = [[cell for cell in row if cell.right < gutter] for row in rows]
    return [row for row in right if row], [row for row in left if row]


class _GutterSearch:
    """The lines from a start on that leave a gutter free, up to `stop`."""

    def __init__(self, rows: Sequence[Row], start: int, right_to_left: bool) -> None:
        self.rows, self.start, self.right_to_left = rows, start, right_to_left
        self.sides: GutterSides | None = None
        #: The columns that one cell a line tells of, and the line from which this gutter is the widest.
        self.plain: Columns | None = None
        self.since = start
        taken: list[Span] = []
        gap: Span | None = None
        self.stop = start
        for at in range(start, min(len(rows), _MOST_LINES)):
            taken = _merged([*taken, *((cell.left, cell.right) for cell in rows[at])])
            free = _widest_gap(taken, _GUTTER * rows[at][0].size)
            if free is None and at > start:
                break
            self.stop = at + 1
            if free is None:
                continue
            if self.sides is None or gap is None or not gap[0] <= free[0] <= free[1] <= gap[1]:
                self.since = at if gap else start
                self.sides = GutterSides(right_to_left)
                for row in rows[start:at]:
                    self.sides.add(row, sum(free) / 2)
            gap = free
            self.gutter = sum(gap) / 2
            self.sides.add(rows[at], self.gutter)
            if self.sides.are_columns():
                self.plain = Columns(start, at + 1, self.gutter)
        if self.sides and self.sides.are_columns_at_end():
            self.plain = Columns(start, self.stop, self.gutter)
        elif self.plain:
            self.plain = self._with_last_lines(self.plain)
        if self.plain and self.sides and self.sides.are_paired:
            self.plain = self._without_table_above(self.plain)

    def found(self) -> Columns | None:
        """Return the columns of the whole run if a side of it is made of columns, or `plain`."""
        if self.sides is None or (self.plain and self.plain.end == self.stop):
            return self.plain
        sides = (self.sides.right, self.sides.left)
        wide = [side for side in sides if side.is_torn() or not side.is_filled()]
        if not wide or not self.sides.have_lines() or not all(side.may_hold_columns() for side in wide):
            return self.plain
        parts = split_at(self.rows[self.start : self.stop], self.gutter)
        if all(
            self._holds_columns(part) if side in wide else side.runs_on() and side.shows_sentences()
            for part, side in zip(parts, sides, strict=True)
        ):
            return Columns(self.start, self.stop, self.gutter)
        return self.plain

    def again(self, breaks: Sequence[int]) -> int:
        """Return the first line below the start from which columns may still be found."""
        after = [self.since, *breaks[bisect_right(breaks, self.start) :][:1]]
        if self.sides and _is_torn(self.rows[self.start], self.gutter):
            lines = range(self.start + 1, self.stop)
            after += [at for at in lines if not _is_torn(self.rows[at], self.gutter)][:1]
        return min([at for at in after if at > self.start] + [max(self.stop, self.start + 1)])

    def _holds_columns(self, rows: list[Row]) -> bool:
        """Return whether most lines of several cells are parts of columns."""
        found = columns_of(rows, self.right_to_left, tries=1)
        inside = {at for each in found for at in range(each.begin, each.end)}
        torn = sum(len(row) > 1 for at, row in enumerate(rows) if at not in inside)
        return bool(found) and torn <= MOST_TORN * len(rows)

    def _with_last_lines(self, found: Columns) -> Columns:
        """Return the columns with the lines below that go on at both sides, however short they are."""
        parts = split_at(self.rows[found.begin : found.end], found.gutter)
        sides = [_ColumnEnd(rows, self.right_to_left) for rows in parts]
        end = found.end
        while end < self.stop and self._goes_on(sides, self.rows[end], found.gutter):
            end += 1
        return Columns(found.begin, end, found.gutter)

    def _goes_on(self, sides: list[_ColumnEnd], row: Row, gutter: float) -> bool:
        parts = split_at([row], gutter)
        free = sum(len(cells) for part in parts for cells in part) == len(row)
        return free and all(
            side.takes(cells) for side, part in zip(sides, parts, strict=True) for cells in part
        )

    def _without_table_above(self, found: Columns) -> Columns:
        lines = range(found.begin, found.end)
        begin = next((at for at in lines if not _is_torn(self.rows[at], found.gutter)), found.begin)
        return Columns(begin, found.end, found.gutter)


class _ColumnEnd:
    """The last line of a column, below which others may follow."""

    def __init__(self, rows: list[Row], right_to_left: bool) -> None:
        self.right_to_left = right_to_left
        self.begins = [self._begin(row) for row in rows]
        self.base = rows[-1][0].base
        self.most = max((above[0].base - below[0].base for above, below in pairwise(rows)), default=0.0)

    def takes(self, row: Row) -> bool:
        """Return whether a line goes on the column: one cell that is near and begins where others do."""
        slack, above = _SLACK * row[0].size, self.base
        self.base = row[0].base
        return (
            len(row) == 1
            and above - self.base < self.most + slack
            and any(abs(self._begin(row) - begin) < slack for begin in self.begins)
        )

    def _begin(self, row: Row) -> float:
        return row[-1].right if self.right_to_left else -row[0].left


def _is_torn(row: Row, gutter: float) -> bool:
    right = sum(cell.left > gutter for cell in row)
    return right > 1 or len(row) - right > 1


def _widest_gap(taken: list[Span], least: float) -> Span | None:
    """Return the widest place between the spans that is wider than `least`."""
    free = [(left[1], right[0]) for left, right in pairwise(taken) if right[0] - left[1] > least]
    return max(free, key=lambda gap: (gap[1] - gap[0], sum(gap)), default=None)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged
