"""Edit costs: how likely writers are to confuse two words because of sound, shape or the keyboard.

A weighted Damerau-Levenshtein distance (optimal string alignment, each letter edited at most once) over
normalized words. The costs are judgements, ordered by how writers err: the seat of a hamza, letters that
sound alike, a doubled letter, two letters swapped, a long vowel, an adjacent key, any other letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

#: Letters that sound alike to many writers, any two of a group.
_ALIKE, _ALIKE_COST = ("ضظذ", "زذظ", "سصث", "تطث", "هح", "اع", "قك", "دض", "غق", "خح"), 0.3
#: Letters that differ only in their dots.
_DOTTED, _DOTTED_COST = ("بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق"), 0.55
#: Normalization turns ة into ه and ى into ي; at the end of a word these are confused with each other.
_FINAL, _FINAL_COST = ({"ه", "ت"}, {"ي", "ا"}, {"ه", "ا"}), 0.45
_HAMZA, _HAMZA_COST = "ء", 0.2
_SEATS = frozenset("اوي")
_VOWELS, _VOWEL_COST = "اوي", 0.5
_DOUBLED_COST, _SWAPPED_COST = 0.45, 0.35
_NEIGHBOUR_COST, _OTHER_COST = 0.65, 0.85
_DROPPED_COST = 0.8
#: The first letter is seldom mistaken.
_FIRST_FACTOR = 1.3
#: Keys of the Arabic layout (Windows and Linux "101"), normalized; each row is offset half a key to the
#: right.
_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ءءءرايهوزظ")


def edit_cost(typed: str, meant: str) -> float:
    """Return the cost of typing `typed` for `meant`, both normalized; 0.0 if they are equal.

    A letter that neither sound nor shape nor the keyboard explains costs 0.85. Symmetric except for doubled
    letters.
    """
    rows = [[0.0] * (len(meant) + 1) for _ in range(len(typed) + 1)]
    for at in range(1, len(typed) + 1):
        rows[at][0] = rows[at - 1][0] + _insertion_cost(typed, at - 1)
    for at in range(1, len(meant) + 1):
        rows[0][at] = rows[0][at - 1] + _insertion_cost(meant, at - 1)
    for i in range(1, len(typed) + 1):
        for j in range(1, len(meant) + 1):
            rows[i][j] = min(
                rows[i - 1][j - 1] + _substitution_cost(typed, i - 1, meant, j - 1),
                rows[i - 1][j] + _insertion_cost(typed, i - 1),
                rows[i][j - 1] + _insertion_cost(meant, j - 1),
            )
            if i > 1 and j > 1 and typed[i - 2] == meant[j - 1] and typed[i - 1] == meant[j - 2]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + _SWAPPED_COST)
    return rows[-1][-1]


def _substitution_cost(typed: str, i: int, meant: str, j: int) -> float:
    """Return the cost of one letter in place of another."""
    one, other = typed[i], meant[j]
    if one == other:
        return 0.0
    if i == len(typed) - 1 and j == len(meant) - 1 and {one, other} in _FINAL:
        return _FINAL_COST
    return _letter_costs().get((one, other), _OTHER_COST) * (_FIRST_FACTOR if i == j == 0 else 1.0)


def _insertion_cost(word: str, at: int) -> float:
    """Return the cost of an extra or missing letter."""
    letter = word[at]
    if letter == _HAMZA:
        return _HAMZA_COST
    if letter in word[max(0, at - 1) : at]:
        return _DOUBLED_COST
    if letter in _VOWELS and at:
        return _VOWEL_COST
    return _DROPPED_COST * (1.0 if at else _FIRST_FACTOR)


@cache
def _letter_costs() -> dict[tuple[str, str], float]:
    """Return the cost of each pair of letters that are confused for a reason."""
    costs: dict[tuple[str, str], float] = {}
    pairs = [
        *(((one, other), _NEIGHBOUR_COST) for one, other in _adjacent_keys()),
        *((pair, _DOTTED_COST) for group in _DOTTED for pair in combinations(group, 2)),
        *((pair, _ALIKE_COST) for group in _ALIKE for pair in combinations(group, 2)),
        *(((_HAMZA, seat), _HAMZA_COST) for seat in _SEATS),
    ]
    for (one, other), price in pairs:
        costs[one, other] = costs[other, one] = min(price, costs.get((one, other), price))
    return costs


def _adjacent_keys() -> Iterator[tuple[str, str]]:
    """Yield pairs of letters on adjacent keys."""
    for row in _ROWS:
        yield from pairwise(row)
    for upper, lower in pairwise(_ROWS):
        for at, key in enumerate(lower):
            yield from ((key, other) for other in upper[at : at + 2])
