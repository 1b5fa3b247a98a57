"""Finds given names in a text through clitics, independently of the geoparser.

Used for the names that an archive's librarians gave to places (articles/geotagging/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from arabic.morphology.protected_words import MIN_FIRST_WORD_LETTERS, clitic_readings
from arabic.tables.gazetteer import read_table
from arabic.text.normalization import normalize
from arabic.text.sentences import sentence_around
from arabic.text.tokenized_text import TokenizedText, tokenized, trimmed_end
from arabic.text.tokenizer import TOKEN_PATTERN

_TOKEN = re.compile(TOKEN_PATTERN)
#: May separate "town" from its name: مدينة «الباب».
_BETWEEN = re.compile(r"[\s«\"“‘'(]*")
#: No word is longer.
_WORD_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class NameOccurrence:
    """A name (a `name_key`) at [start, end) of a text, and the sentence around it."""

    key: str
    start: int
    end: int
    evidence: str


class NameFinder:
    """Finds any of some names, given as `name_key`s."""

    def __init__(self, keys: Iterable[str]) -> None:
        #: First word → the names that begin so, longest first.
        self._starts: dict[str, list[tuple[str, ...]]] = {}
        for key in sorted(set(keys)):
            if words := tuple(key.split()):
                self._starts.setdefault(words[0], []).append(words)
        for names in self._starts.values():
            names.sort(key=lambda words: -len(words))

    def __bool__(self) -> bool:
        return bool(self._starts)

    def find(self, text: str | TokenizedText) -> list[NameOccurrence]:
        """Return all occurrences in order, not overlapping; the longest where several begin at one word."""
        if not self._starts:
            return []
        words = tokenized(text)
        return [
            self._occurrence(
                words.original,
                " ".join(name),
                *words.span(words.word_span(at)[0] + cut, words.word_span(at + len(name) - 1)[1]),
            )
            for at, cut, name in self._hits(words.words)
        ]

    def matches(self, text: str) -> bool:
        """Return True if the text contains one of the names."""
        return bool(self._starts) and next(self._hits(_TOKEN.findall(normalize(text))), None) is not None

    def _hits(self, words: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield (index of the first word, letters of clitics before it, words of the name)."""
        done = 0
        for at, word in enumerate(words):
            if at >= done and (hit := next(self._at(words, at, word), None)):
                yield at, *hit
                done = at + len(hit[1])

    def _at(self, words: Sequence[str], at: int, word: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (letters of clitics, words) of the names that begin at a word."""
        for reading in clitic_readings(word, MIN_FIRST_WORD_LETTERS):
            for name in self._starts.get(reading, ()):
                if tuple(words[at + 1 : at + len(name)]) == name[1:]:
                    # The article hidden in لل belongs to the name.
                    cut = len(word) - len(reading) if word.endswith(reading) else word.index("لل") + 1
                    yield cut, name

    @staticmethod
    def _occurrence(text: str, key: str, start: int, end: int) -> NameOccurrence:
        """Return an occurrence with its evidence."""
        end = trimmed_end(text, start, end)
        first, last = sentence_around(text, start, end)
        return NameOccurrence(key, start, end, text[first:last])


@cache
def _titles() -> frozenset[str]:
    """Return the normalized words for kinds of places."""
    return frozenset(
        normalize(row["word"]) for row in read_table("place_cues.tsv") if row["effect"] == "titles"
    )


def has_place_title(text: str, start: int) -> bool:
    """Return True if the word before a name at `start` calls it a town, village or province (مدينة الباب)."""
    before = normalize(text[max(0, start - _WORD_CHARACTERS) : start])
    words = list(_TOKEN.finditer(before))
    if not words or not _BETWEEN.fullmatch(before, words[-1].end()):
        return False
    return any(reading in _titles() for reading in clitic_readings(words[-1][0]))
