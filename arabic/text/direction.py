"""The direction that a text runs in: that of most of its letters, not of its first one as in browsers."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import bidirectional

#: Letters of a text that decide its direction.
_DIRECTION_SAMPLE = 400


class _Sides(dict[int, str]):
    """Letters by number: "L" if it runs from left to right, else "R"; "" for what is no letter.

    A page asks for the direction of two texts a hit, so each letter is looked up once.
    """

    def __missing__(self, number: int) -> str:
        letter = chr(number)
        side = ("L" if bidirectional(letter) == "L" else "R") if letter.isalpha() else ""
        return self.setdefault(number, side)


_SIDES = _Sides()
#: A letter outside the blocks of Hebrew, Arabic and Syriac. Most texts here have none, which is soon seen.
_OTHER_LETTER = re.compile(r"[^\W\d_\u0590-\u08ff]")


def text_direction(text: str) -> Literal["rtl", "ltr"]:
    """Return the direction of most letters at the beginning of a text; "rtl" if it has none."""
    sample = text[:_DIRECTION_SAMPLE]
    if not _OTHER_LETTER.search(sample):
        return "rtl"
    sides = sample.translate(_SIDES)
    return "ltr" if sides.count("L") > len(sides) / 2 else "rtl"
