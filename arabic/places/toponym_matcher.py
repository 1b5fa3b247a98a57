"""Toponym matching: finds gazetteer names in a text, longest first, regardless of context."""

from __future__ import annotations

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
from arabic.text.normalization import normalize
from arabic.text.tokenized_text import TokenizedText
from arabic.text.tokenizer import MAX_TOKEN_CHARS
from arabic.vocabulary.frequencies import is_frequent_word

#: Largest share that analyses as a word may have of all analyses of a name without its article.
_MAX_WORD_SHARE = 0.1
#: Punctuation that separates phrases.
_PHRASE_BREAKS = frozenset('.!؟?:;؛\n()[]«»"“”،,')
#: Words that are found run together with a following name.
LEAD_WORDS = frozenset(
    normalize(lead)
    for lead in (
        *("في", "من", "إلى", "على", "عن", "وفي", "ومن", "وإلى", "وعلى", "نحو", "قرب", "ريف"),
        *("مدينة", "بمدينة", "محافظة", "بمحافظة", "بلدة", "ولاية"),
    )
)
_LIKE = "ك"
#: The meaning of a hidden phrase that names a club.
CLUB_PHRASE = "the football club"
#: A shorter word is not checked for words run together.
MIN_RUN_TOGETHER = 5


class RequiredContext(IntEnum):
    """The context that a name requires to count as the place."""

    NOTHING = 0
    LEAD = 1  #: a preposition or verb of movement is enough
    LOCATIVE = 2  #: "in" is enough
    CONTEXT = 3  #: a word like "town" or a list of places
    TITLE = 4  #: "town", "district" and the like, nothing else


@dataclass(slots=True)
class ToponymMatch:
    """A name at words [first, last) of a text."""

    first: int
    last: int
    start: int  #: offsets in the normalized text, without clitics
    end: int
    entries: list[GazetteerEntry]  #: Syrian places first, then by population
    needs: RequiredContext
    clitics: str  #: clitics removed from its first word: "", "و", "ب", "ول", ...


@dataclass(frozen=True, slots=True)
class ToponymMatches:
    """A normalized text as words and the gaps between them, with the names among them."""

    text: TokenizedText
    words: list[str]
    gaps: list[str]  #: before each word, and after the last
    matches: list[ToponymMatch]
    clubs: int = 0  #: names of clubs with the name of a city in them: ريال مدريد

    def is_phrase(self, second: int) -> bool:
        """Return True if a word is in one phrase with the word before it."""
        if not 0 < second < len(self.words):
            return False
        gap = self.gaps[second]
        return gap == " " or _PHRASE_BREAKS.isdisjoint(gap)


@dataclass(frozen=True, slots=True)
class _Toponym:
    """A name of the gazetteer with its places and the context that it requires."""

    key: str
    entries: list[GazetteerEntry]
    needs: RequiredContext


@cache
def _ambiguous_requirements() -> dict[str, RequiredContext]:
    """Map the name keys that are also words to the context that they require."""
    return {
        name_key(row["name"]): RequiredContext[row["needs"].upper()]
        for row in read_table("names_ambiguous.tsv")
    }


def _required_context(key: str, entries: list[GazetteerEntry]) -> RequiredContext:
    """Return how much context a name requires.

    The tables decide; a name that they do not mention requires more the fewer people would mean the place.
    """
    best = entries[0]
    if key in _ambiguous_requirements():
        return _ambiguous_requirements()[key]
    if key in {name_key(name) for name in best.weak_aliases}:
        return RequiredContext.CONTEXT
    if best.needs:
        # A longer form of the name tells which place it is: القنيطرة المغربية.
        is_specific = key.startswith(f"{name_key(best.name)} ") and key in map(name_key, best.aliases)
        return RequiredContext.NOTHING if is_specific else RequiredContext[best.needs.upper()]
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
    """Return True if a name of several words is recognized in its joined spelling."""
    best = name.entries[0]
    return best.protected or (best.country in ARAB_COUNTRIES and name.needs is RequiredContext.NOTHING)


def _without_article(starts: Mapping[str, list[tuple[tuple[str, ...], _Toponym]]]) -> Iterator[_Toponym]:
    """Yield names of large towns without their article (إسكندرية, قامشلي), unless that is another word."""
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
    """Map from a word to (clitics removed, names that begin so) for each of its clitic readings.

    The names are sorted, longest first. Filled as words are seen, and cleared when there are too many; most
    words have no entry.
    """

    def __init__(self) -> None:
        super().__init__()
        #: Parts of the seen words that are several words run together, one of them a name: فيحمص.
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
                (tuple(rest), _Toponym(row["meaning"], [], RequiredContext.NOTHING))
            )
        #: Names of one word that require no context.
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
        if len(word) > MAX_TOKEN_CHARS:  # no name; and trying its parts takes the square of its length
            return ()
        found = []
        # Most words begin neither with a clitic nor with a name.
        readings = clitic_readings(word, MIN_FIRST_WORD_LETTERS) if word[0] in CLITIC_LETTERS else (word,)
        for reading in readings:
            tails = self.starts.get(reading, [])
            if len(reading) < MIN_STRIPPED_LETTERS and reading != word:
                tails = [tail for tail in tails if tail[0]]
            if tails:
                found.append((_stripped_clitics(word, reading), tails))
        if len(self) >= _MAX_CACHED_WORDS:
            self.clear()  # `run_together` stays: the current text may use entries made before
        if not found and len(word) >= MIN_RUN_TOGETHER and (parts := self._parts(word)):
            self.run_together[word] = parts
        self[word] = tuple(found)
        return self[word]

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the parts of a word that is an unambiguous name run together with a common word, else ().

        Every new word is checked, so a cheap test runs before the decompounder.
        """
        sure = self.sure
        for at in range(2, len(word) - 2):
            first, second = word[:at], word[at:]
            if (
                second in sure and (first in LEAD_WORDS or (len(second) > 3 and is_frequent_word(first)))
            ) or (first in sure and len(first) > 3 and is_frequent_word(second)):
                return SHIPPED_DECOMPOUNDER.parts(word)
        return ()


def _stripped_clitics(word: str, reading: str) -> str:
    """Return the clitics of `word` that `reading` lacks (the article hidden in لل belongs to the reading)."""
    if word.endswith(reading):
        return word[: len(word) - len(reading)]
    return word[: word.index("لل") + 1]


@cache
def _index() -> _Index:
    """Return the index, built on first use."""
    return _Index()


def match_toponyms(text: TokenizedText) -> ToponymMatches:
    """Return the words and names of a text; a run-together word counts as its parts."""
    parts, words = text.parts, text.words
    index = _index()
    begins = list(map(index.__getitem__, words))
    if not index.run_together.keys().isdisjoint(words):
        parts = list(_split_run_together(parts, index.run_together))
        words = parts[1::2]
        begins = list(map(index.__getitem__, words))
    matches = []
    ends: list[int] = []
    done = clubs = 0
    for at in compress(range(len(words)), begins):
        if at < done:
            continue
        best = _best_match_at(words, at)
        if best is None:
            continue
        clitics, last, name = best
        done = last
        clubs += name.key == CLUB_PHRASE
        if name.entries:  # a hidden phrase has no entries
            ends = ends or list(accumulate(map(len, parts)))
            start, end = ends[2 * at] + len(clitics), ends[2 * last - 1]
            matches.append(ToponymMatch(at, last, start, end, name.entries, name.needs, clitics))
    return ToponymMatches(text, words, parts[::2], matches, clubs)


def _split_run_together(parts: list[str], run_together: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield gaps and words in turn, with empty gaps between words that were run together."""
    for part in parts:
        first, *rest = run_together.get(part, (part,))
        yield first
        for word in rest:
            yield from ("", word)


def _best_match_at(words: list[str], at: int) -> tuple[str, int, _Toponym] | None:
    """Return (clitics, end, name) of the best name that begins at a word, or None if there is none.

    More words are better, then a name that is the whole word over one behind "like" (كسلا), then less
    required context (وجدة is rather "and Jeddah" than Oujda), then fewer clitics.
    """
    found = [
        (clitics, at + 1 + len(tail), name)
        for clitics, tails in _index()[words[at]]
        for tail, name in tails
        if not tail or tuple(words[at + 1 : at + 1 + len(tail)]) == tail
    ]
    if len(found) > 1:
        return min(found, key=lambda each: (-each[1], each[0].endswith(_LIKE), each[2].needs, len(each[0])))
    return found[0] if found else None
