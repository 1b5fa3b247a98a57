"""The direction that a text runs in, and texts that keep theirs inside a sentence of another direction.

The direction is that of most letters, not of the first one as in browsers.
"""

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
#: Unicode isolates: text up to POP takes its direction from its first strong letter, or runs left to right.
FIRST_STRONG, LEFT_TO_RIGHT, POP = "\u2068", "\u2066", "\u2069"
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
#: A letter outside the blocks of Hebrew, Arabic and Syriac. Most texts here have none.
_OTHER_LETTER = re.compile(r"[^\W\d_\u0590-\u08ff]")
#: Ranges that hold each of these letters, and signs too, but neither quotation marks nor an ellipsis: a text
#: of two hundred letters is looked through in a third of the time.
_PERHAPS_OTHER = re.compile("[A-Za-z\xaa\xb5\xba\xc0-\u058f\u0900-\u1fff\u2071-\U0010ffff]")

_SIGN_OF_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
#: Addresses in ASCII: Arabic letters that follow without a space do not belong to them.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]++|(?<![\w.+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9.-]++", re.ASCII | re.IGNORECASE
)


def text_direction(text: str) -> Literal["rtl", "ltr"]:
    """Return the direction of most letters at the beginning of a text; "rtl" if it has none.

    Ignores web and mail addresses, unless the text has no other letters: a short Arabic paragraph may hold a
    long address.
    """
    sample = text[:_DIRECTION_SAMPLE]
    if not (_PERHAPS_OTHER.search(sample) and _OTHER_LETTER.search(sample)):
        return "rtl"
    if _SIGN_OF_ADDRESS.search(sample):
        words = _ADDRESS.sub(" ", sample)
        sample = words if any(map(str.isalpha, words)) else sample
    sides = sample.translate(_SIDES)
    return "ltr" if sides.count("L") > len(sides) / 2 else "rtl"


def isolated(text: str) -> str:
    """Return a text that keeps its own order inside any sentence; "" stays ""."""
    return f"{FIRST_STRONG}{text}{POP}" if text else ""


def isolated_path(path: str) -> str:
    """Return a path whose folders run from left to right, each name in its own direction.

    One without right-to-left letters is returned as it is.
    """
    if not _RIGHT_TO_LEFT.search(path):
        return path
    return LEFT_TO_RIGHT + "/".join(isolated(name) for name in path.split("/")) + POP
