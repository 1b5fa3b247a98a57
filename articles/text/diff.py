"""Word diff of two texts, such as two versions of an article or a text before and after cleaning.

`diff_texts` is pure; `templates/_text_diff.html` renders its result with `static/css/differences.css`.
Words are compared as written, including diacritics and hamzas; white space is ignored.

The time is linear except for sorting: common beginnings and ends are removed first, words that occur once
in both texts divide the rest (the "patience" diff of Bram Cohen), and difflib compares only blocks of at
most `MAX_BLOCK_PAIRS` pairs of words. A larger block without a unique word is reported as replaced.
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
#: Pairs of words that difflib, whose time is quadratic, may compare in one block.
MAX_BLOCK_PAIRS = 40_000
#: Maximum number of times that a block may be divided again.
MAX_DEPTH = 8
_CHUNK = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class DiffRun:
    """A run of text that both sides have, or only one of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A paragraph of the first text and its counterpart in the second.

    A paragraph that one side split in two makes one row, with the line break in it.
    """

    before: tuple[DiffRun, ...]
    after: tuple[DiffRun, ...]

    @property
    def changed(self) -> bool:
        """True if a word differs."""
        return any(run.kind != "same" for run in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The rows in text order: the joined runs of `before` give the first text, those of `after` the second.

    The counts are numbers of words, without punctuation.
    """

    rows: tuple[DiffRow, ...]
    kept: int
    deleted: int
    inserted: int

    @property
    def changed(self) -> bool:
        """True if anything but white space differs."""
        return any(row.changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word or a run of other characters: comparison key, whether it is a word, text shown."""

    key: str
    word: bool
    text: str


def diff_texts(before: str, after: str) -> TextDiff:
    """Return the word diff of two texts."""
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
    """Split a text into units; their joined `text` gives the text again."""
    units: list[_Unit] = []
    for chunk in _CHUNK.findall(text):
        solid = chunk.rstrip()
        if not solid:  # white space at the very beginning
            units.append(_Unit("", word=False, text=chunk))
            continue
        units += _chunk_units(solid)
        if blank := chunk[len(solid) :]:
            units[-1] = _Unit(units[-1].key, units[-1].word, units[-1].key + blank)
    return units


def _chunk_units(chunk: str) -> tuple[_Unit, ...]:
    return _cached_split(chunk) if len(chunk) <= 40 else _split_chunk(chunk)


def _split_chunk(chunk: str) -> tuple[_Unit, ...]:
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


_cached_split = lru_cache(20_000)(_split_chunk)


def _pairs(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return the index pairs of equal units, ascending on both sides."""
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
        if (high - low) * (end - start) <= MAX_BLOCK_PAIRS:
            matcher = SequenceMatcher(None, left[low:high], right[start:end], autojunk=False)
            for block in matcher.get_matching_blocks():
                found += ((low + block.a + step, start + block.b + step) for step in range(block.size))
            continue
        anchors = _anchors(left, right, (low, high), (start, end)) if depth < MAX_DEPTH else []
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
    """Return the longest ascending sequence of units that occur exactly once in both parts."""
    (low, high), (start, end) = in_left, in_right
    once = {unit for unit, times in Counter(left[low:high]).items() if times == 1}
    once &= {unit for unit, times in Counter(right[start:end]).items() if times == 1}
    places = {right[at]: at for at in range(start, end) if right[at] in once}
    return _longest_ascending([(at, places[left[at]]) for at in range(low, high) if left[at] in once])


def _longest_ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence with ascending second values (the first ascend already).

    Patience sorting, O(n log n).
    """
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
    """Yield rows, ended where a common unit ends a line on both sides and where the texts end."""
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
    """Join neighbours of one kind; white space after a changed run counts as unchanged."""
    return tuple(DiffRun(kind, text) for kind, text in _join_runs(_separate_spaces(_join_runs(parts))))


def _join_runs(parts: Iterable[_Shown]) -> Iterator[_Shown]:
    for kind, group in groupby(parts, key=itemgetter(0)):
        yield kind, "".join(text for _kind, text in group)


def _separate_spaces(parts: Iterable[_Shown]) -> Iterator[_Shown]:
    for kind, text in parts:
        solid = text if kind == "same" else text.rstrip()
        yield kind, solid
        if len(solid) < len(text):
            yield "same", text[len(solid) :]
