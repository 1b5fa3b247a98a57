"""Put the letters of a line, known by their places, into the order of reading."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u04ff]")
_DIGIT = re.compile("[0-9\u0660-\u0669\u06f0-\u06f9]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]")
#: A single one of these between two digits does not end a number.
_INSIDE_NUMBERS = frozenset(".,:/\u066b\u066c")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_BRACKET_WITH_NEIGHBOURS = re.compile(r"(?<!\S)([(\[«)\]»])(?=\w)|(?<=\w)([(\[«)\]»])(?=[\s.،,]|$)")
#: A percent sign before its number, where right-to-left text has it drawn.
_SIGN_BEFORE = re.compile(
    "(?<![\\d\u0660-\u0669])([%\u066a])([\\d\u0660-\u0669]+(?:[.,\u066b\u066c][\\d\u0660-\u0669]+)*)(?![\\d%\u066a])"
)
#: What stands about a number that is alone on a line or in a cell.
_BRACKETS, _SIGNS = "()[]«»", "+-\u2212"
_NUMBER_ALONE = re.compile("\\d[\\d.,:/\u066b\u066c%\u066a \u2212+-]*+")


def is_right_to_left(text: str) -> bool:
    """Return whether text has at least as many Arabic letters as Latin ones, and any."""
    arabic = len(_ARABIC_LETTER.findall(text))
    return arabic > 0 and arabic >= len(_LATIN.findall(text))


def reading_order(drawn: Sequence[str], right_to_left: bool) -> str:
    """Return the text of units that are given from left to right; a unit itself is in reading order.

    In a right-to-left line, Latin words with what is between them, and numbers, read left to right.
    """
    if not right_to_left:
        return _left_to_right(drawn)
    runs: list[str] = []
    at = 0
    while at < len(drawn):
        end = _end_of_left_to_right_run(drawn, at)
        runs.append("".join(drawn[at:end]) if end > at else drawn[at])
        at = max(end, at + 1)
    return _SIGN_BEFORE.sub(r"\2\1", "".join(reversed(runs)))


def with_edges_turned(text: str) -> str:
    """Return a number that is alone in a right-to-left page with its brackets and sign where they are read.

    The number itself is drawn as everywhere. A bracket behind it stands at its left, a sign before it at its
    right: «(النشرة» with «)323» below it, «12%+» in a table.
    """
    without_left = text.lstrip(_BRACKETS)
    drawn = without_left.rstrip(_BRACKETS)
    number = drawn.rstrip(_SIGNS)
    if not _NUMBER_ALONE.fullmatch(number):
        return text
    left = text[: len(text) - len(without_left)]
    return without_left[len(drawn) :] + drawn[len(number) :] + number + left


def with_brackets_facing(lines: list[str]) -> list[str]:
    """Return right-to-left lines with their brackets mirrored if most of them face away from their words.

    Some programs store the bracket that is drawn, others the one that was typed.
    """
    facing = 0
    for line in lines:
        for before, after in _BRACKET_WITH_NEIGHBOURS.findall(line):
            facing += 1 if (before or after) in ("([«" if before else ")]»") else -1
    return [line.translate(_MIRRORED) for line in lines] if facing < 0 else lines


def _left_to_right(drawn: Sequence[str]) -> str:
    """Return a left-to-right line with the order of its Arabic runs reversed."""
    units = list(drawn)
    at = 0
    while at < len(units):
        if _ARABIC.search(units[at]):
            end = at + 1
            for further in range(at + 1, len(units)):
                if _ARABIC.search(units[further]):
                    end = further + 1
                elif _LATIN.search(units[further]) or _DIGIT.search(units[further]):
                    break
            units[at:end] = units[at:end][::-1]
            at = end
        at += 1
    return "".join(units)


def _end_of_left_to_right_run(drawn: Sequence[str], start: int) -> int:
    """Return where the run of Latin letters and digits ends that begins here; `start` if none does."""
    latin = bool(_LATIN.search(drawn[start]))
    if not latin and not _is_digit(drawn[start]):
        return start
    end = start + 1
    for at in range(start + 1, len(drawn)):
        unit = drawn[at]
        if _LATIN.search(unit):
            if not latin and at > end:
                return end
            latin = True
        elif _ARABIC.search(unit) and not _is_digit(unit) and unit not in _INSIDE_NUMBERS:
            return end
        elif not _is_digit(unit):
            if latin or (unit in _INSIDE_NUMBERS and at == end):
                continue
            return end
        elif not latin and at > end + 1:
            return end
        end = at + 1
    return end


def _is_digit(unit: str) -> bool:
    return bool(_DIGIT.match(unit))
