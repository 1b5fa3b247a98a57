"""What two texts have and have not in common, word by word: of two versions of an article, of a revision and
the text now, of an original and its cleaned text.

`differences` is pure; `templates/_differences.html` shows what it gives, with `static/css/differences.css`.
Words are compared as they are written, marks and hamzas included; white space is not compared.

The time is linear but for sorting, whatever the texts: equal ends are cut off, words that stand once in
both texts part the rest (the "patience" diff of Bram Cohen), and only blocks of at most `BLOCK` pairs of
words go to difflib. A larger block in which nothing is unique is given as replaced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Literal

from arabic.text.tokenizer import tokenize

Kind = Literal["same", "deleted", "inserted"]
#: Pairs of words that difflib, which is quadratic, may compare at a time.
BLOCK = 40_000
#: How often a part may be parted again.
DEPTH = 8
_CHUNK = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class DiffRun:
    """Text that both sides have, or one of them alone."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A paragraph of the one text and what stands for it in the other. A paragraph that one side cut in two
    makes one row, with the line end in it."""

    before: tuple[DiffRun, ...]
    after: tuple[DiffRun, ...]

    @property
    def changed(self) -> bool:
        """Whether a word differs."""
        return any(run.kind != "same" for run in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class TextDiff:
    """Rows in the order of the texts: all runs of `before` joined are the first text, of `after` the second.
    Counts are of words; a mark of punctuation counts as none."""

    rows: tuple[DiffRow, ...]
    kept: int
    deleted: int
    inserted: int

    @property
    def changed(self) -> bool:
        """Whether anything but white space differs."""
        return any(row.changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word or a run of other signs: what is compared, whether it is a word, what is shown."""

    key: str
    word: bool
    text: str


def diff_texts(before: str, after: str) -> TextDiff:
    """What `after` has otherwise than `before`."""
    left, right = _units(before), _units(after)
    pairs = _pairs([unit.key for unit in left], [unit.key for unit in right])
    kept = sum(left[at].word for at, _ in pairs)
    return TextDiff(
        rows=tuple(_rows(left, right, pairs)),
        kept=kept,
        deleted=sum(unit.word for unit in left) - kept,
        inserted=sum(unit.word for unit in right) - kept,
    )


def _units(text: str) -> list[_Unit]:
    """Joined by their `text`, the units give the text again."""
    units: list[_Unit] = []
    for chunk in _CHUNK.findall(text):
        solid = chunk.rstrip()
        if not solid:  # white space at the very beginning
            units.append(_Unit("", word=False, text=chunk))
            continue
        units += _of_chunk(solid)
        if blank := chunk[len(solid) :]:
            units[-1] = _Unit(units[-1].key, units[-1].word, units[-1].key + blank)
    return units


def _of_chunk(chunk: str) -> tuple[_Unit, ...]:
    return _cached(chunk) if len(chunk) <= 40 else _cut(chunk)


def _cut(chunk: str) -> tuple[_Unit, ...]:
    units: list[_Unit] = []
    at = 0
    for token in tokenize(chunk):
        if token.start > at:
            units.append(_Unit(chunk[at : token.start], word=False, text=chunk[at : token.start]))
        if token.end > max(at, token.start):  # tokens of one ligature share it
            start = max(at, token.start)
            units.append(_Unit(chunk[start : token.end], word=True, text=chunk[start : token.end]))
        at = max(at, token.end)
    if at < len(chunk):
        units.append(_Unit(chunk[at:], word=False, text=chunk[at:]))
    return tuple(units)


_cached = lru_cache(20_000)(_cut)


def _pairs(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Places of units that are the same in both, ascending on both sides."""
    found: list[tuple[int, int]] = []
    waiting = [(0, len(left), 0, len(right), 0)]
    while waiting:
        low, high, start, end, depth = waiting.pop()
        while low < high and start < end and left[low] == right[start]:
            found.append((low, start))
            low, start = low + 1, start + 1
        while low < high and start < end and left[high - 1] == right[end - 1]:
            high, end = high - 1, end - 1
            found.append((high, end))
        if low == high or start == end:
            continue
        if (high - low) * (end - start) <= BLOCK:
            matcher = SequenceMatcher(None, left[low:high], right[start:end], autojunk=False)
            for block in matcher.get_matching_blocks():
                found += ((low + block.a + step, start + block.b + step) for step in range(block.size))
            continue
        anchors = _anchors(left, right, (low, high), (start, end)) if depth < DEPTH else []
        if not anchors:
            continue
        found += anchors
        befores, behinds = [(low - 1, start - 1), *anchors], [*anchors, (high, end)]
        for before, behind in zip(befores, behinds, strict=True):
            waiting.append((before[0] + 1, behind[0], before[1] + 1, behind[1], depth + 1))
    return sorted(found)


def _anchors(
    left: Sequence[str], right: Sequence[str], in_left: tuple[int, int], in_right: tuple[int, int]
) -> list[tuple[int, int]]:
    """The longest ascending row of units that stand exactly once in each of the two parts."""
    (low, high), (start, end) = in_left, in_right
    once = {unit for unit, times in Counter(left[low:high]).items() if times == 1}
    once &= {unit for unit, times in Counter(right[start:end]).items() if times == 1}
    places = {right[at]: at for at in range(start, end) if right[at] in once}
    return _longest_ascending([(at, places[left[at]]) for at in range(low, high) if left[at] in once])


def _longest_ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence ascending in its second place (the first ascends already); by patience sorting,
    n log n."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(ends[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            ends.append(at)
        else:
            tops[pile], ends[pile] = place, at
    row: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        row.append(pairs[at])
        at = before[at]
    return row[::-1]


def _rows(
    left: Sequence[_Unit], right: Sequence[_Unit], pairs: Sequence[tuple[int, int]]
) -> Iterator[DiffRow]:
    """Cut where both sides end a line behind a unit that they share, and where the texts end."""
    before: list[_Shown] = []
    after: list[_Shown] = []
    at_left = at_right = 0
    for pair in [*pairs, (len(left), len(right))]:
        before += (("deleted" if unit.key else "same", unit.text) for unit in left[at_left : pair[0]])
        after += (("inserted" if unit.key else "same", unit.text) for unit in right[at_right : pair[1]])
        at_left, at_right = pair[0] + 1, pair[1] + 1
        if pair[0] == len(left):
            break
        texts = left[pair[0]].text, right[pair[1]].text
        before.append(("same", texts[0]))
        after.append(("same", texts[1]))
        if "\n" in texts[0] and "\n" in texts[1]:
            yield DiffRow(_runs(before), _runs(after))
            before, after = [], []
    if before or after:
        yield DiffRow(_runs(before), _runs(after))


_Shown = tuple[Kind, str]


def _runs(parts: Iterable[_Shown]) -> tuple[DiffRun, ...]:
    """Neighbours of one kind together; the white space behind what one side has alone is nobody's mark."""
    return tuple(DiffRun(kind, text) for kind, text in _joined(_blanks_apart(_joined(parts))))


def _joined(parts: Iterable[_Shown]) -> Iterator[_Shown]:
    for kind, group in groupby(parts, key=itemgetter(0)):
        yield kind, "".join(text for _kind, text in group)


def _blanks_apart(parts: Iterable[_Shown]) -> Iterator[_Shown]:
    for kind, text in parts:
        solid = text if kind == "same" else text.rstrip()
        yield kind, solid
        if len(solid) < len(text):
            yield "same", text[len(solid) :]
