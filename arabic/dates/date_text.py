"""The input of the date parsers: the normalized words and numbers of a text, and the gaps between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from arabic.dates.values import DateKind, Precision
from arabic.text.tokenized_text import TokenizedText

Value = TypeVar("Value")
#: May separate the words of one date; a full stop or the end of a line may not.
_NEAR = frozenset(" \t\u00a0_,،/()[]«»\"'-–—:\\")
_BLANK = frozenset(" \t\u00a0_")
#: Words of which a Persian text has one in four; Arabic has none of them, or «در» and «از» as other words.
_PERSIAN_WORDS = frozenset(
    (
        "از",
        "به",
        "در",
        "که",
        "كه",
        "این",
        "اين",
        "را",
        "با",
        "است",
        "شد",
        "می",
        "برای",
        "براى",
        "آن",
        "خود",
        "های",
    )
)
#: Characters of a text that show its language.
MAX_SAMPLE = 2000
#: Longest gap between two words of a date, in characters.
_WIDEST = 6


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date at the tokens [start, end)."""

    start: int
    end: int
    first: date
    last: date
    precision: Precision
    kind: DateKind = "absolute"
    note: str = ""
    hijri: bool = False  #: whether it is or includes a Hijri date
    has_year: bool = True  #: whether the text states its year
    confirmed: bool = False

    def with_changes(self, **changes: object) -> DateMatch:
        """Return a copy with changed fields."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the names are fields


def is_persian(text: str) -> bool:
    """Return True if a text has the most frequent words of Persian, as many as a Persian one has."""
    words = text[:MAX_SAMPLE].split()
    return sum(word in _PERSIAN_WORDS for word in words) * 8 > len(words)


class DateText:
    """The tokens of a text by index; a token past either end is ""."""

    def __init__(self, text: TokenizedText, published: date | None) -> None:
        self.text = text
        self.published = published
        self.words = text.words

    @cached_property
    def is_persian(self) -> bool:
        """Whether the text is Persian, in which a year like 1392 is one of the solar calendar."""
        return is_persian(self.text.original)

    def word(self, at: int) -> str:
        """Return the token at an index, or "" if there is none."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def gap(self, at: int) -> str:
        """Return the text between the tokens `at` - 1 and `at`; a line break at the ends of the text."""
        if not 0 < at < len(self.words):
            return "\n"
        return self.text.parts[2 * at]

    def is_near(self, at: int) -> bool:
        """Return True if only blanks, commas, brackets or dashes separate the token from the one before."""
        gap = self.gap(at)
        return len(gap) <= _WIDEST and _NEAR.issuperset(gap)

    def is_adjacent(self, at: int) -> bool:
        """Return True if only blanks separate the token from the one before."""
        gap = self.gap(at)
        return len(gap) <= _WIDEST and _BLANK.issuperset(gap)

    def match_name(
        self, at: int, names: Mapping[tuple[str, ...], Value], first: str = ""
    ) -> tuple[int, Value] | None:
        """Return (end, value) of the longest name at `at`, or None if there is none.

        `first` replaces the first token if the name follows a clitic.
        """
        start = first or self.word(at)
        for length in (3, 2, 1):
            words = (start, *self.words[at + 1 : at + length])
            if (
                len(words) == length
                and words in names
                and all(map(self.is_adjacent, range(at + 1, at + length)))
            ):
                return at + length, names[words]
        return None

    def number(self, at: int, digits: int = 2) -> int | None:
        """Return the value of a number of at most `digits` digits, or None if the token is not one."""
        word = self.word(at)
        return int(word) if word.isdigit() and len(word) <= digits else None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of the tokens [start, end), with the bracket that they open."""
        first, last = self.text.word_span(start)[0], self.text.word_span(end - 1)[1]
        inside = self.text.text[first:last]
        behind = self.text.text[last : last + 2]
        if inside.count("(") > inside.count(")") and behind.lstrip()[:1] == ")":
            last += behind.index(")") + 1
        return self.text.span(first, last)
