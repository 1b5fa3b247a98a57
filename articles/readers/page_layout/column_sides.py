"""Tell lines of columns from the cells of a table and from the halves of verses.

Lines of columns whose heights differ are columns. Where they stand at the same heights, so do the cells of a
table and the halves of a verse: then each side must have one cell a line and text that runs on.
Where lines of both sides alternate, the cells of a table stand around the same middle; columns do not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter

from articles.readers.page_layout.cells import Cell
from articles.readers.page_layout.reading_order import reading_order

Row = list[Cell]

#: Columns have so many lines at least, and both together so many; their lines have so many characters, and
#: most of them fill this part of the width.
_COLUMN_LINES = 2
_COLUMN_LINES_TOGETHER = 5
_COLUMN_CHARACTERS = 14
_COLUMN_FULL = 0.7
#: Lines stand at the same height if their heights differ by less than this part of their size; sides do if
#: half of the lines of the shorter one do.
_SAME_HEIGHT = 0.2
_PAIRED = 0.5
#: Lines alternate if their distance is below this share of the distance between lines of one side.
#: Alternating lines are columns if each side has at least this many, and the middles of the sides differ by
#: more than this share of the size of the letters.
_NEARER = 0.9
_ALTERNATING_LINES = 2
_OTHER_MIDDLE = 0.3
#: For sides of the same heights: the share of lines that may have several cells, that of the lines after
#: which the next word had no room, and that of the lines which show that they are part of a sentence.
MOST_TORN = 0.3
_RUNS_ON = 0.5
_SHOWN = 1 / 12
#: Where each of so many lines shows it, they are entries of one form: street and town.
_FORM_LINES = 4
#: A line so long is neither a cell nor half a verse.
_LONG_LINE = 45
#: The share of lines whose last letter is the same, and the number that tells.
_RHYMED = 0.75
_RHYMED_LINES = 3
#: A line that is filled to this part of the width, and one that ends a paragraph.
_FULL_LINE, _SHORT_LINE = 0.85, 0.75
_BETWEEN_WORDS = 0.25
_MARKS = re.compile("[\u064b-\u0655\u0670\u0640]")
#: A stop or comma within a line, after a word.
_INSIDE = re.compile(r"[^\W\d_]{2}[»\")\]]* ?[.،؛؟!,][»\")\]]* +[^\W\d_]")
_STOPS = frozenset(".؟!")
_STOPPED = re.compile(r"[.؟!][»\")\]]*$")
_LAST_LETTER = re.compile(r"([^\W\d_])[\W\d_]*$")
#: Words that no cell and no verse ends with.
_UNFINISHED = re.compile(
    r"(?<!\S)(?:من|[إا]لى|عن|على|في|[أإا]ن|[أا]و|ثم|لم|لن|قد|ال(?:تي|ذي|ذين)|دون|بين|كل|غير|هذ[اه]|ذلك|بعد|قبل|خلال|حتى"
    "|the|an?|of|in|on|at|to|for|and|or|by|with|from|that|which)$"
)
_SAME_SOUND = str.maketrans("ةىأإآ", "هاااا")


class GutterSides:
    """What is known of the lines at both sides of a gutter."""

    def __init__(self, right_to_left: bool) -> None:
        self.right, self.left = GutterSide(right_to_left), GutterSide(right_to_left)
        self.second = self.left if right_to_left else self.right
        #: The numbers at both sides of lines that stand at the same height.
        self.pairs: list[tuple[int, int]] = []
        self.last_is_torn = False
        self.run = AlternatingRun()
        #: Whether lines of both sides alternate as those of columns do.
        self.alternate = False

    def add(self, row: Row, gutter: float) -> None:
        """Add a line; no cell of it stands in the gutter."""
        right = [cell for cell in row if cell.left > gutter]
        left = row[: len(row) - len(right)]
        is_pair = right and left and abs(right[0].base - left[0].base) < _SAME_HEIGHT * right[0].size
        if is_pair:
            self.pairs.append((self.right.lines, self.left.lines))
        for side, part in ((self.right, right), (self.left, left)):
            if part:
                side.add(part)
        if is_pair or row[0].base < self.run.base - _NEARER * min(self.right.leading, self.left.leading):
            self._end_run()
        self.run.add(row[0].base, at_right=bool(right), at_left=bool(left))
        self.last_is_torn = len(right) > 1 or len(left) > 1

    def _end_run(self) -> None:
        self.alternate = self.alternate or self.run.is_of_columns(self.right.size)
        self.run = AlternatingRun()

    @property
    def are_paired(self) -> bool:
        """Whether the lines of both sides stand at the same heights."""
        return len(self.pairs) >= _PAIRED * min(self.right.lines, self.left.lines)

    def have_lines(self) -> bool:
        """Return whether both sides have enough lines for columns, and lines of their length."""
        return (
            self.right.lines + self.left.lines >= _COLUMN_LINES_TOGETHER
            and self.right.has_lines()
            and self.left.has_lines()
        )

    def may_be_columns(self) -> bool:
        """Return whether both sides have the lines of columns, rather than short cells."""
        filled = self.alternate or (self.right.is_filled() and self.left.is_filled())
        return filled and self.have_lines()

    def are_columns(self) -> bool:
        """Return whether both sides hold lines of running text, rather than cells or half verses."""
        if not self.may_be_columns():
            return False
        if self.alternate or not self.are_paired:
            return True
        sides = (self.right, self.left)
        return (
            not self.last_is_torn
            and all(side.runs_on() for side in sides)
            and all(side.shows_sentences() for side in sides)
            and not self._are_verses()
        )

    def are_columns_at_end(self) -> bool:
        """Return whether both sides are columns, once the last line is added."""
        self._end_run()
        return self.are_columns()

    def _are_verses(self) -> bool:
        """Return whether lines rhyme: those of the second side, or both halves of each."""
        most = max(Counter(filter(None, self.second.last_letters)).values(), default=0)
        right, left = self.right.last_letters, self.left.last_letters
        alike = sum(right[one] == left[other] != "" for one, other in self.pairs)
        return (self.second.lines >= _RHYMED_LINES and most >= _RHYMED * self.second.lines) or (
            len(self.pairs) >= _RHYMED_LINES and alike >= _RHYMED * len(self.pairs)
        )


class AlternatingRun:
    """Lines of both sides of which each is nearer to the next than lines of one side are."""

    def __init__(self) -> None:
        #: The heights of lines at both sides, and of the last one.
        self.right: list[float] = []
        self.left: list[float] = []
        self.base = float("inf")

    def add(self, base: float, *, at_right: bool, at_left: bool) -> None:
        """Add a line at the sides on which it has letters."""
        self.right += [base] if at_right else []
        self.left += [base] if at_left else []
        self.base = base

    def is_of_columns(self, size: float) -> bool:
        """Return whether the lines are those of columns, rather than cells around one middle."""
        if min(len(self.right), len(self.left)) < _ALTERNATING_LINES:
            return False
        middles = [(heights[0] + heights[-1]) / 2 for heights in (self.right, self.left)]
        return abs(middles[0] - middles[1]) > _OTHER_MIDDLE * size


class GutterSide:
    """What is known of the lines at one side of a gutter."""

    def __init__(self, right_to_left: bool) -> None:
        self.right_to_left = right_to_left
        self.lines = self.cells = self.torn = self.shown = 0
        self.characters: list[int] = []
        self.widths: list[float] = []
        self.first, self.last = float("inf"), float("-inf")
        #: The least distance of two lines, the height of the last one, and its size.
        self.leading, self.base, self.size = float("inf"), float("inf"), 0.0
        #: How near each line comes to the end of the measure with the first word of the next, unless it ends
        #: a sentence.
        self.reaches: list[float] = []
        self.end, self.full_before, self.stopped = 0.0, False, False
        #: Lines whose text is not yet read, and whether a paragraph may end there; last letters of others.
        self.unread: list[tuple[Row, bool]] = []
        self.last_letters: list[str] = []

    def add(self, cells: Row) -> None:
        """Add the cells of a line."""
        left, right = cells[0].left, cells[-1].right
        if self.lines and not self.stopped:
            insort(self.reaches, self.end - self._width_of_first_word(cells))
        self.end = left if self.right_to_left else -right
        self.leading = min(self.leading, self.base - cells[0].base)
        self.base, self.size = cells[0].base, cells[0].size
        units = cells[0].units if self.right_to_left else cells[-1].units[::-1]
        self.stopped = units[0] in _STOPS
        self.first, self.last = min(self.first, left), max(self.last, right)
        self.lines += 1
        self.cells += len(cells)
        self.torn += len(cells) > 1
        insort(self.characters, sum(len(cell.units) for cell in cells))
        insort(self.widths, right - left)
        full = (right - left) / (self.last - self.first)
        self.unread.append((cells, full < _SHORT_LINE and self.full_before))
        self.full_before = full > _FULL_LINE

    def has_lines(self) -> bool:
        """Return whether there are lines as long as those of a column."""
        return self.lines >= _COLUMN_LINES and _middle(self.characters) >= _COLUMN_CHARACTERS

    def is_filled(self) -> bool:
        """Return whether most lines fill the width."""
        return _middle(self.widths) >= _COLUMN_FULL * (self.last - self.first)

    def is_torn(self) -> bool:
        """Return whether many lines have several cells."""
        return self.torn > MOST_TORN * self.lines

    def may_hold_columns(self) -> bool:
        """Return whether the cells are long enough for lines of columns."""
        return self.lines * _middle(self.characters) >= _SHORT_LINE * _COLUMN_CHARACTERS * self.cells

    def runs_on(self) -> bool:
        """Return whether the lines have one cell each and go on in the next."""
        measure = self.first if self.right_to_left else -self.last
        least = max(1, _RUNS_ON * len(self.reaches))
        return not self.is_torn() and bisect_left(self.reaches, measure) >= least

    def shows_sentences(self) -> bool:
        """Return whether the lines are parts of sentences."""
        for cells, may_end in self.unread:
            self._read(cells, may_end)
        self.unread.clear()
        if _middle(self.characters) >= _LONG_LINE:
            return True
        return self.shown >= max(1, _SHOWN * self.lines) and (
            self.shown < self.lines or self.lines < _FORM_LINES
        )

    def _read(self, cells: Row, may_end: bool) -> None:
        ordered = cells[::-1] if self.right_to_left else cells
        words = " ".join(reading_order(cell.units, self.right_to_left) for cell in ordered)
        text = _MARKS.sub("", words).strip()
        ends = may_end and _STOPPED.search(text)
        self.shown += bool(ends or _INSIDE.search(text) or _UNFINISHED.search(text))
        found = _LAST_LETTER.search(text)
        self.last_letters.append(found[1].translate(_SAME_SOUND) if found else "")

    def _width_of_first_word(self, cells: Row) -> float:
        cell = cells[-1] if self.right_to_left else cells[0]
        units = cell.units[::-1] if self.right_to_left else cell.units
        letters = units.index(" ") if " " in units else len(units)
        return (cell.right - cell.left) * letters / len(units) + _BETWEEN_WORDS * cell.size


def _middle(ordered: list[float] | list[int]) -> float:
    """Return the median of numbers in their order."""
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
