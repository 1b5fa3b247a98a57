"""The order in which the blocks of a page are read: blocks side by side are columns, the right one first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key
from itertools import combinations, groupby

from articles.readers.ocr.ocr_words import OcrWord

#: Parts of a block: blocks that share less height stand one above the other.
_SIDE_BY_SIDE = 0.3
#: Blocks among which columns are looked for.
_MOST_BLOCKS = 100


def in_reading_order(words: Sequence[OcrWord]) -> list[OcrWord]:
    """Return the words block by block, right ones before left ones."""
    return [word for block in sorted(_blocks(words), key=cmp_to_key(_compare)) for word in block]


def has_columns(words: Sequence[OcrWord]) -> bool:
    """Return whether blocks of a page stand side by side."""
    boxes = list(map(_box, _blocks(words)))
    return any(_share_height(one, other) for one, other in combinations(boxes[:_MOST_BLOCKS], 2))


def _blocks(words: Sequence[OcrWord]) -> list[list[OcrWord]]:
    return [list(group) for _key, group in groupby(words, key=lambda word: word.block)]


def _share_height(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > _SIDE_BY_SIDE * min(one[3] - one[1], other[3] - other[1])


def _compare(one: list[OcrWord], other: list[OcrWord]) -> int:
    """Return -1 if a block is read before another: it stands right of it, or above."""
    if one[0].block[0] != other[0].block[0]:
        return one[0].block[0] - other[0].block[0]
    first, second = _box(one), _box(other)
    if _share_height(first, second):
        return -1 if first[0] + first[2] > second[0] + second[2] else 1
    return -1 if first[1] < second[1] else 1


def _box(words: Sequence[OcrWord]) -> tuple[int, int, int, int]:
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
