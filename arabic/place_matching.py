"""Gazetteer names among the words of a text, longest first, before any judgement about their context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from arabic.gazetteer import (
    ARAB_COUNTRIES,
    Entry,
    gazetteer,
    name_key,
    read_table,
)
from arabic.letters import fold
from arabic.names import MIN_FIRST_OF_SEVERAL, MIN_REST, clitic_readings, is_joined_spelling
from arabic.tokens import TOKEN_PATTERN

_TOKEN = re.compile(TOKEN_PATTERN)


class Needs(IntEnum):
    """What must stand around a name before it counts as the place."""

    NOTHING = 0
    LEAD = 1  #: a preposition or verb of movement is enough
    CONTEXT = 2  #: a word like "town" or a list of places
    TITLE = 3  #: "town", "district" and the like, nothing else


@dataclass(slots=True)
class Match:
    """A name at words [first, last) of a reading."""

    first: int
    last: int
    start: int  #: offsets in the folded text
    end: int
    entries: list[Entry]  #: Syrian first, then the most populous
    needs: Needs
    clitics: str  #: what was cut from its first word: "", "و", "ب", "ول", ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded text as words and the names among them."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]
    matches: list[Match]


@dataclass(frozen=True, slots=True)
class _Name:
    key: str
    entries: list[Entry]
    needs: Needs


@cache
def _judged() -> dict[str, Needs]:
    """What the names need that are words as well, by name key."""
    return {name_key(row["name"]): Needs[row["needs"].upper()] for row in read_table("names_ambiguous.tsv")}


def _needs(key: str, entries: list[Entry]) -> Needs:
    """How sure a name is by itself; a name that nobody judged is less so where few would mean it."""
    best = entries[0]
    if key in _judged():
        return _judged()[key]
    if key in {name_key(name) for name in best.weak_aliases}:
        return Needs.CONTEXT
    if best.protected or " " in key:
        return Needs.NOTHING
    letters = len(key)
    if best.country in ARAB_COUNTRIES:
        return Needs.NOTHING if letters >= 5 else Needs.LEAD if letters == 4 else Needs.CONTEXT
    return Needs.LEAD if letters >= 6 else Needs.CONTEXT


class _Index(dict[str, tuple[tuple[str, list[tuple[tuple[str, ...], _Name]]], ...]]):
    """Word → for each reading of it the clitics cut and the names that begin so, longest first. Filled as
    words are met; most words have none."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[str, list[tuple[tuple[str, ...], _Name]]] = {}
        for key, entries in gazetteer().name_keys():
            if "(" in key:
                continue
            name = _Name(key, entries, _needs(key, entries))
            first, *rest = key.split(" ")
            self.starts.setdefault(first, []).append((tuple(rest), name))
            if rest and entries[0].protected and is_joined_spelling(key):
                self.starts.setdefault(key.replace(" ", ""), []).append(((), name))
        for row in read_table("hidden_phrases.tsv"):
            first, *rest = name_key(row["phrase"]).split(" ")
            self.starts.setdefault(first, []).append((tuple(rest), _Name(row["phrase"], [], Needs.NOTHING)))
        for tails in self.starts.values():
            tails.sort(key=lambda tail: -len(tail[0]))

    def __missing__(self, word: str) -> tuple[tuple[str, list[tuple[tuple[str, ...], _Name]]], ...]:
        found = []
        for reading in clitic_readings(word, MIN_FIRST_OF_SEVERAL):
            tails = self.starts.get(reading, [])
            if len(reading) < MIN_REST and reading != word:
                tails = [tail for tail in tails if tail[0]]
            if tails:
                found.append((_cut(word, reading), tails))
        self[word] = tuple(found)
        return self[word]


def _cut(word: str, reading: str) -> str:
    """The clitics of `word` that `reading` is without (the article that لل hides belongs to the reading)."""
    if word.endswith(reading):
        return word[: len(word) - len(reading)]
    return word[: word.index("لل") + 1]


@cache
def _index() -> _Index:
    return _Index()


def read(text: str) -> Reading:
    """The words and names of a text."""
    folded = fold(text)
    words: list[str] = _TOKEN.findall(folded)
    index = _index()
    hits = [at for at, word in enumerate(words) if index[word]]
    if not hits:
        return Reading(folded, words, [], [])
    spans = [match.span() for match in _TOKEN.finditer(folded)]
    matches = []
    done = 0
    for at in hits:
        if at < done:
            continue
        best = next(_at(words, at), None)
        if best is None:
            continue
        clitics, last, name = best
        done = last
        if name.entries:  # a hidden phrase has none
            start = spans[at][0] + len(clitics)
            matches.append(Match(at, last, start, spans[last - 1][1], name.entries, name.needs, clitics))
    return Reading(folded, words, spans, matches)


def _at(words: list[str], at: int) -> Iterator[tuple[str, int, _Name]]:
    """Names that begin at a word, the best first: more words, then the surer (وجدة is rather "and
    Jeddah" than Oujda), then fewer clitics."""
    found = [
        (clitics, at + 1 + len(tail), name)
        for clitics, tails in _index()[words[at]]
        for tail, name in tails
        if not tail or tuple(words[at + 1 : at + 1 + len(tail)]) == tail
    ]
    found.sort(key=lambda each: (-each[1], each[2].needs, len(each[0])))
    yield from found
