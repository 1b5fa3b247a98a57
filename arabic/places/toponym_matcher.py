"""Gazetteer names among the words of a text, longest first, before any judgement about their context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import accumulate, compress

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER
from arabic.morphology.lemmatizer import morph_analyses
from arabic.morphology.protected_words import (
    CLITIC_LETTERS,
    MIN_FIRST_WORD_LETTERS,
    MIN_STRIPPED_LETTERS,
    clitic_readings,
    is_joined_spelling,
)
from arabic.tables.gazetteer import (
    ARAB_COUNTRIES,
    GazetteerEntry,
    gazetteer,
    name_key,
    read_table,
)
from arabic.text.normalization import NormalizedText, normalize, normalize_with_offsets
from arabic.text.tokenizer import TOKEN_PATTERN
from arabic.vocabulary.frequencies import is_frequent_word

#: Its group is what splitting keeps: gap, word, gap, word, ..., gap.
_TOKEN = re.compile(f"({TOKEN_PATTERN})")


#: Of the readings of a name without its article those that are words have this share at most.
_MAX_WORD_SHARE = 0.1
#: Between two words that belong to one phrase.
_PHRASE_BREAKS = frozenset('.!؟?:;؛\n()[]«»"“”،,')
#: What is found run together with the name behind it.
LEAD_WORDS = frozenset(
    normalize(lead)
    for lead in (
        *("في", "من", "إلى", "على", "عن", "وفي", "ومن", "وإلى", "وعلى", "نحو", "قرب", "ريف"),
        *("مدينة", "بمدينة", "محافظة", "بمحافظة", "بلدة", "ولاية"),
    )
)
#: A shorter word is not looked at for words run together.
MIN_RUN_TOGETHER = 5


class RequiredContext(IntEnum):
    """What must stand around a name before it counts as the place."""

    NOTHING = 0
    LEAD = 1  #: a preposition or verb of movement is enough
    CONTEXT = 2  #: a word like "town" or a list of places
    TITLE = 3  #: "town", "district" and the like, nothing else


@dataclass(slots=True)
class ToponymMatch:
    """A name at words [first, last) of a reading."""

    first: int
    last: int
    start: int  #: offsets in the folded text, without clitics
    end: int
    entries: list[GazetteerEntry]  #: Syrian first, then the most populous
    needs: RequiredContext
    clitics: str  #: what was cut from its first word: "", "و", "ب", "ول", ...


@dataclass(frozen=True, slots=True)
class ToponymMatches:
    """A folded text as words, what stands between them, and the names among them."""

    normalized: NormalizedText
    words: list[str]
    gaps: list[str]  #: before each word, and after the last
    matches: list[ToponymMatch]

    def is_phrase(self, second: int) -> bool:
        """Whether a word stands in one phrase with the one before it."""
        if not 0 < second < len(self.words):
            return False
        gap = self.gaps[second]
        return gap == " " or _PHRASE_BREAKS.isdisjoint(gap)


@dataclass(frozen=True, slots=True)
class _Toponym:
    key: str
    entries: list[GazetteerEntry]
    needs: RequiredContext


@cache
def _ambiguous_requirements() -> dict[str, RequiredContext]:
    """What the names need that are words as well, by name key."""
    return {
        name_key(row["name"]): RequiredContext[row["needs"].upper()]
        for row in read_table("names_ambiguous.tsv")
    }


def _required_context(key: str, entries: list[GazetteerEntry]) -> RequiredContext:
    """How sure a name is by itself; a name that nobody judged is less so where few would mean it."""
    best = entries[0]
    if key in _ambiguous_requirements():
        return _ambiguous_requirements()[key]
    if key in {name_key(name) for name in best.weak_aliases}:
        return RequiredContext.CONTEXT
    if best.needs:
        # The name with more words to it says which place it is: القنيطرة المغربية.
        told = key.startswith(f"{name_key(best.name)} ") and key in map(name_key, best.aliases)
        return RequiredContext.NOTHING if told else RequiredContext[best.needs.upper()]
    if best.protected or " " in key:
        return RequiredContext.NOTHING
    letters = len(key)
    if best.country in ARAB_COUNTRIES:
        return (
            RequiredContext.NOTHING
            if letters >= 5
            else RequiredContext.LEAD
            if letters == 4
            else RequiredContext.CONTEXT
        )
    return RequiredContext.LEAD if letters >= 6 else RequiredContext.CONTEXT


def _may_be_joined(name: _Toponym) -> bool:
    best = name.entries[0]
    return best.protected or (best.country in ARAB_COUNTRIES and name.needs is RequiredContext.NOTHING)


def _without_article(starts: Mapping[str, list[tuple[tuple[str, ...], _Toponym]]]) -> Iterator[_Toponym]:
    """Names of large towns as some write them (إسكندرية, قامشلي), where that is no other word or name."""
    for key, entries in gazetteer().name_keys():
        best, bare = entries[0], key[len(ARTICLE) :]
        known = (
            best.protected
            and best.country in ARAB_COUNTRIES
            and best.kind == "city"
            and key not in _ambiguous_requirements()
        )
        if known and key.startswith(ARTICLE) and len(bare) >= 4 and " " not in key and bare not in starts:
            found = morph_analyses(bare)
            words = sum(reading.weight for reading in found if reading.kind != "P")
            if words <= _MAX_WORD_SHARE * sum(reading.weight for reading in found):
                yield _Toponym(bare, entries, RequiredContext.LEAD)


_MAX_CACHED_WORDS = 100_000


class _Index(dict[str, tuple[tuple[str, list[tuple[tuple[str, ...], _Toponym]]], ...]]):
    """Word → for each reading of it the clitics cut and the names that begin so, longest first. Filled as
    words are met, and emptied when they are many; most words have none."""

    def __init__(self) -> None:
        super().__init__()
        #: Of the words that were met those that are several run together, one of them a name: فيحمص.
        self.run_together: dict[str, tuple[str, ...]] = {}
        self.starts: dict[str, list[tuple[tuple[str, ...], _Toponym]]] = {}
        for key, entries in gazetteer().name_keys():
            if "(" in key:
                continue
            name = _Toponym(key, entries, _required_context(key, entries))
            first, *rest = key.split(" ")
            self.starts.setdefault(first, []).append((tuple(rest), name))
            if rest and _may_be_joined(name) and is_joined_spelling(key):
                self.starts.setdefault(key.replace(" ", ""), []).append(((), name))
        for row in read_table("hidden_phrases.tsv"):
            first, *rest = name_key(row["phrase"]).split(" ")
            self.starts.setdefault(first, []).append(
                (tuple(rest), _Toponym(row["phrase"], [], RequiredContext.NOTHING))
            )
        #: Names of one word that need nothing.
        self.sure = {
            first
            for first, tails in self.starts.items()
            for tail, name in tails
            if not tail and name.entries and name.needs is RequiredContext.NOTHING
        }
        for name in list(_without_article(self.starts)):
            self.starts[name.key] = [((), name)]
        for tails in self.starts.values():
            tails.sort(key=lambda tail: -len(tail[0]))

    def __missing__(self, word: str) -> tuple[tuple[str, list[tuple[tuple[str, ...], _Toponym]]], ...]:
        found = []
        # Most words begin with no clitic, and with no name.
        readings = clitic_readings(word, MIN_FIRST_WORD_LETTERS) if word[0] in CLITIC_LETTERS else (word,)
        for reading in readings:
            tails = self.starts.get(reading, [])
            if len(reading) < MIN_STRIPPED_LETTERS and reading != word:
                tails = [tail for tail in tails if tail[0]]
            if tails:
                found.append((_stripped_clitics(word, reading), tails))
        if len(self) >= _MAX_CACHED_WORDS:
            self.clear()  # `run_together` stays: the text at hand may have its words from before
        if not found and len(word) >= MIN_RUN_TOGETHER and (parts := self._parts(word)):
            self.run_together[word] = parts
        self[word] = tuple(found)
        return self[word]

    def _parts(self, word: str) -> tuple[str, ...]:
        """The parts of a word that is a sure name behind a preposition or beside a common word, if it is cut
        there. Every new word comes here: so little is asked of it."""
        sure = self.sure
        for at in range(2, len(word) - 2):
            first, second = word[:at], word[at:]
            if (
                second in sure and (first in LEAD_WORDS or (len(second) > 3 and is_frequent_word(first)))
            ) or (first in sure and len(first) > 3 and is_frequent_word(second)):
                return SHIPPED_DECOMPOUNDER.parts(word)
        return ()


def _stripped_clitics(word: str, reading: str) -> str:
    """The clitics of `word` that `reading` is without (the article that لل hides belongs to the reading)."""
    if word.endswith(reading):
        return word[: len(word) - len(reading)]
    return word[: word.index("لل") + 1]


@cache
def _index() -> _Index:
    return _Index()


def match_toponyms(text: str) -> ToponymMatches:
    """The words and names of a text. A word that is several run together is read as these."""
    normalized = normalize_with_offsets(text)
    parts: list[str] = _TOKEN.split(normalized.text)
    words = parts[1::2]
    index = _index()
    begins = list(map(index.__getitem__, words))
    if not index.run_together.keys().isdisjoint(words):
        parts = list(_split_run_together(parts, index.run_together))
        words = parts[1::2]
        begins = list(map(index.__getitem__, words))
    matches = []
    ends: list[int] = []
    done = 0
    for at in compress(range(len(words)), begins):
        if at < done:
            continue
        best = _best_match_at(words, at)
        if best is None:
            continue
        clitics, last, name = best
        done = last
        if name.entries:  # a hidden phrase has none
            ends = ends or list(accumulate(map(len, parts)))
            start, end = ends[2 * at] + len(clitics), ends[2 * last - 1]
            matches.append(ToponymMatch(at, last, start, end, name.entries, name.needs, clitics))
    return ToponymMatches(normalized, words, parts[::2], matches)


def _split_run_together(parts: list[str], run_together: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Gaps and words in turn, with nothing between words that were run together."""
    for part in parts:
        first, *rest = run_together.get(part, (part,))
        yield first
        for word in rest:
            yield from ("", word)


def _best_match_at(words: list[str], at: int) -> tuple[str, int, _Toponym] | None:
    """(clitics, end, name) of the best name that begins at a word: more words, then the surer (وجدة is rather
    "and Jeddah" than Oujda), then fewer clitics."""
    found = [
        (clitics, at + 1 + len(tail), name)
        for clitics, tails in _index()[words[at]]
        for tail, name in tails
        if not tail or tuple(words[at + 1 : at + 1 + len(tail)]) == tail
    ]
    if len(found) > 1:
        return min(found, key=lambda each: (-each[1], each[2].needs, len(each[0])))
    return found[0] if found else None
