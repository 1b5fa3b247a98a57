"""Glyph, a drawn letter with its place; what must be known of one before lines are made of many."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

#: Stands for a letter whose character the file does not tell.
LOST_LETTER = "\ufffd"
_SHADDA, _TANWIN = "\u0651", "\u064b"
#: Letters that are never doubled.
_WITHOUT_SHADDA = frozenset("\u0621\u0622\u0623\u0625\u0627\u0629\u0649")
_LAM, _ALEFS = "\u0644", "\u0627\u0623\u0625\u0622"
#: Parts of the size of a letter: glyphs nearer to each other are one that was drawn twice, for a bold look.
_DRAWN_TWICE = 0.12
#: Part of the size by which the second letter of a shape stands left of the first.
_EDGE = 0.001
#: Part of the size by which places are rounded.
_ROUNDED = 0.02


@dataclass(frozen=True, slots=True)
class Glyph:
    """Characters drawn as one shape, in units of the page; `left` to `right` along the line, `base` upwards.

    A ligature holds several characters, in the order of reading.
    """

    text: str
    left: float
    right: float
    base: float
    size: float

    @property
    def is_mark(self) -> bool:
        """Whether it is a vowel mark, which belongs to the letter above or below which it is drawn."""
        return bool(self.text) and all(unicodedata.category(char) == "Mn" for char in self.text)


def plain_text(text: str) -> str:
    """Return the text of one glyph with standard letters; the space around single marks is dropped."""
    if any("\ufb50" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufefc" for char in text):
        return unicodedata.normalize("NFKC", text).strip()
    return text


def with_marks_attached(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Return the letters in their given order, each with the marks that are drawn over or under it.

    A mark has no width, and its origin lies somewhere about its letter, in some fonts over the next one.
    Shaped text has a mark before its letter in the order of drawing, other programs draw it after; the whole
    page decides which: by marks that only one of their neighbours can bear, else by the way in which letters
    follow each other, else by the distances.
    """
    kept = _with_lost_letters_found(_without_repeats(glyphs))
    letters = [at for at, glyph in enumerate(kept) if not glyph.is_mark]
    if len(letters) == len(kept) or not letters:
        return _with_ligatures_parted([kept[at] for at in letters])
    before: list[int | None] = []
    last: int | None = None
    for at, glyph in enumerate(kept):
        before.append(last)
        last = last if glyph.is_mark else at
    after: list[int | None] = []
    last = None
    for at in range(len(kept) - 1, -1, -1):
        after.append(last)
        last = last if kept[at].is_mark else at
    after.reverse()
    marks = [at for at, glyph in enumerate(kept) if glyph.is_mark]
    chosen, other = (after, before) if _marks_come_first(kept, marks, before, after) else (before, after)
    texts = {at: kept[at].text for at in letters}
    for at in marks:
        owner = chosen[at] if chosen[at] is not None else other[at]
        if owner is not None and not texts[owner].endswith(kept[at].text):
            texts[owner] += kept[at].text
    return _with_ligatures_parted([replace(kept[at], text=_shadda_first(texts[at])) for at in letters])


def _marks_come_first(
    glyphs: list[Glyph], marks: list[int], before: list[int | None], after: list[int | None]
) -> bool:
    """Return True if the marks of a page are drawn before their letters."""
    borne = [(_can_bear(glyphs, at, before[at]), _can_bear(glyphs, at, after[at])) for at in marks]
    if certain := borne.count((False, True)) - borne.count((True, False)):
        return certain > 0
    if _is_drawn_from_the_right(glyphs):
        return False
    telling = [at for at in marks if not _is_over_alef(glyphs, at, before[at], after[at])] or marks
    return sum(_distance(glyphs, at, after[at]) - _distance(glyphs, at, before[at]) for at in telling) < 0


def _can_bear(glyphs: list[Glyph], mark: int, letter: int | None) -> bool:
    """Return whether a mark may belong to a neighbour: to a letter of its line, and a shadda not to any."""
    if letter is None or abs(glyphs[letter].base - glyphs[mark].base) > glyphs[letter].size:
        return False
    text = glyphs[letter].text
    return text[-1].isalpha() and not (glyphs[mark].text == _SHADDA and text[-1] in _WITHOUT_SHADDA)


def _is_drawn_from_the_right(glyphs: list[Glyph]) -> bool:
    """Return True if most Arabic letters stand left of the one drawn before them: in the order of reading."""
    letters = [glyph for glyph in glyphs if "\u0621" <= glyph.text[:1] <= "\u064a"]
    steps = [
        (one.left > other.left) - (one.left < other.left)
        for one, other in pairwise(letters)
        if abs(one.base - other.base) < _EDGE * one.size
    ]
    return sum(steps) > 0


def _with_ligatures_parted(letters: list[Glyph]) -> list[Glyph]:
    """Return the letters, each alef without a width at the left edge of the lam whose shape it shares.

    Some fonts draw lam and alef as one shape, and the file tells the alef of a second one that has no width.
    Others draw a hamza apart, and the file tells the letter for both: it is one.
    """
    parted = list(letters)
    for at, glyph in enumerate(letters):
        if glyph.right - glyph.left > _EDGE * glyph.size or not "\u0621" <= glyph.text[:1] <= "\u064a":
            continue
        for near in (at - 1, at + 1):
            shape = letters[near] if 0 <= near < len(letters) else glyph
            slack = _ROUNDED * shape.size
            if (
                shape.right - shape.left <= slack
                or not shape.left - slack <= glyph.left < shape.right + slack
            ):
                continue
            if glyph.text[0] == shape.text[0]:
                parted[near] = replace(shape, text=max(glyph.text, shape.text, key=len))
                parted[at] = replace(glyph, text="")
            elif shape.text[0] == _LAM and glyph.text[0] in _ALEFS:
                edge = shape.left - _EDGE * shape.size
                parted[at] = replace(glyph, left=edge, right=edge, base=shape.base)
    return [glyph for glyph in parted if glyph.text]


def _is_over_alef(glyphs: list[Glyph], mark: int, *beside: int | None) -> bool:
    """Return True for a tanwin beside an alef, over which fonts draw it whichever letter it belongs to."""
    return glyphs[mark].text == _TANWIN and any(
        at is not None and glyphs[at].text[-1] == _ALEFS[0] for at in beside
    )


def _distance(glyphs: list[Glyph], mark: int, letter: int | None) -> float:
    """Return how far a mark's origin is from the middle of a letter, in widths of it; at most 2."""
    if letter is None:
        return 2.0
    one, other = glyphs[letter], glyphs[mark]
    if one.text.isspace() or abs(one.base - other.base) > one.size:
        return 2.0
    width = max(one.right - one.left, one.size / 10)
    return min(abs(other.left - (one.left + one.right) / 2) / width, 2.0)


def _shadda_first(text: str) -> str:
    if _SHADDA not in text[2:]:
        return text
    start = next(at for at, char in enumerate(text) if unicodedata.category(char) == "Mn")
    marks = sorted(text[start:], key=lambda char: char != _SHADDA)
    return text[:start] + "".join(marks)


def _with_lost_letters_found(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs with letters that were told of a mark given to the shape they stand at.

    HarfBuzz shapes letters in clusters; some programs tell the characters of a cluster for one of its glyphs,
    which may be that of the mark.
    """
    found = list(glyphs)
    for at, glyph in enumerate(glyphs):
        if glyph.right > glyph.left or glyph.is_mark or not glyph.text.strip(LOST_LETTER + " "):
            continue
        for near in (at - 1, at + 1):
            if 0 <= near < len(found) and found[near].text == LOST_LETTER:
                found[near] = replace(found[near], text=glyph.text)
                found[at] = replace(glyph, text="")
                break
    return [glyph for glyph in found if glyph.text]


def _without_repeats(glyphs: Iterable[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    seen: dict[tuple[str, int], list[Glyph]] = {}
    for glyph in glyphs:
        near = seen.setdefault((glyph.text, round(glyph.base)), [])
        if glyph.text.isspace() or not any(
            abs(other.left - glyph.left) + abs(other.base - glyph.base) < _DRAWN_TWICE * glyph.size
            for other in near[-8:]
        ):
            kept.append(glyph)
            near.append(glyph)
    return kept
