"""Numbers in words and in digits: ثلاثين and 30, مئة, مائة and 100, ألف, 1000 and 1,000."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from arabic.tables.gazetteer import name_key

#: The names of a number, the one before a counted noun last. Years and long figures are not spelled out in
#: words.
_UNITS = {
    3: ("ثلاثة", "ثلاث"),
    4: ("أربعة", "أربع"),
    5: ("خمسة", "خمس"),
    6: ("ستة", "ست"),
    7: ("سبعة", "سبع"),
    8: ("ثمانية", "ثماني", "ثمان"),
    9: ("تسعة", "تسع"),
    10: ("عشرة", "عشر"),
}
_ONES_IN_COMPOUNDS = {1: ("واحد", "إحدى"), 2: ("اثنان", "اثنين", "اثنتان", "اثنتين")}
_TEENS = {
    11: ("أحد عشر", "إحدى عشرة"),
    12: ("اثنا عشر", "اثني عشر", "اثنتا عشرة", "اثنتي عشرة"),
    **{
        10 + unit: tuple(f"{names[0]} عشر" if at == 0 else f"{name} عشرة" for at, name in enumerate(names))
        for unit, names in _UNITS.items()
        if unit < 10
    },
}
_TENS = {
    20: "عشر", 30: "ثلاث", 40: "أربع", 50: "خمس", 60: "ست", 70: "سبع", 80: "ثمان", 90: "تسع",
}  # fmt: skip
_HUNDRED, _HUNDREDS = ("مئة", "مائة", "مية"), ("ئتان", "ئتين", "ائتان", "ائتين")
_LARGE = {1_000: ("ألف", "ألفان", "ألفين", "آلاف"), 1_000_000: ("مليون", "مليونان", "مليونين", "ملايين")}
#: Years are not written with grouped digits.
_YEARS = range(1800, 2200)
#: Longer runs of digits are phone numbers and hashes.
_MAX_DIGITS = 12


def _names() -> Iterator[tuple[int, str]]:
    """Yield (number, name) for every name of a number."""
    for table in (_UNITS, _TEENS):
        yield from ((number, name) for number, names in table.items() for name in names)
    for ten, stem in _TENS.items():
        for ending in ("ون", "ين"):
            yield ten, stem + ending
            for unit, names in (_ONES_IN_COMPOUNDS | _UNITS).items():
                if unit < 10:
                    yield from ((ten + unit, f"{name} و{stem}{ending}") for name in names)
    yield from ((100, name) for name in _HUNDRED)
    yield from ((200, f"م{rest}") for rest in _HUNDREDS)
    for unit in range(3, 10):
        stem = _UNITS[unit][1]
        for hundred in _HUNDRED[:2]:
            yield unit * 100, stem + hundred
            yield unit * 100, f"{stem} {hundred}"
    for size, (one, two, two_more, many) in _LARGE.items():
        yield from ((size, one), (2 * size, two), (2 * size, two_more))
        for unit in range(3, 11):
            yield unit * size, f"{_UNITS[unit][0]} {many}"


@cache
def _by_words() -> dict[tuple[str, ...], int]:
    """Map the normalized words of each name to its number."""
    return {tuple(name_key(name).split(" ")): number for number, name in _names()}


@cache
def _by_number() -> dict[int, dict[tuple[str, ...], str]]:
    """Map each number to its names: normalized words to the name as written."""
    found: dict[int, dict[tuple[str, ...], str]] = {}
    for number, name in _names():
        found.setdefault(number, {}).setdefault(tuple(name_key(name).split(" ")), name)
    return found


@cache
def _longest() -> int:
    """Return the number of words of the longest name."""
    return max(map(len, _by_words()))


def find_numbers(tokens: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, number) for the numbers at tokens [start, end).

    Numbers in words, in digits, and in digits grouped by three (1,000 makes two tokens).
    """
    at = 0
    while at < len(tokens):
        end, number = _number_at(tokens, at)
        if end > at:
            yield at, end, number
        at = max(end, at + 1)


def _number_at(tokens: Sequence[str], at: int) -> tuple[int, int]:
    """Return (end, number); end is `at` where no number begins."""
    first = tokens[at]
    if first.isdigit():
        end = at + 1
        while first[0] != "0" and len(first) <= 3 and end < len(tokens) and _is_group(tokens[end]):
            end += 1
        digits = "".join(tokens[at:end])
        return (end, int(digits)) if len(digits) <= _MAX_DIGITS and digits[0] != "0" else (at, 0)
    for end in range(min(len(tokens), at + _longest()), at, -1):
        number = _by_words().get(tuple(tokens[at:end]))
        if number is not None:
            return end, number
    return at, 0


def _is_group(token: str) -> bool:
    """Return True if a token is a group of three digits."""
    return len(token) == 3 and token.isdigit()


def other_number_spellings(typed: Sequence[str], number: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (normalized tokens, written) for the ways to write a number other than the typed one.

    In digits, in grouped digits, in words.
    """
    digits = str(number)
    grouped = f"{number:,}" if number not in _YEARS else digits
    ways = {(digits,): digits, tuple(grouped.split(",")): grouped, **_by_number().get(number, {})}
    yield from ((words, shown) for words, shown in ways.items() if words != tuple(typed))
