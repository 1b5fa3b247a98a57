"""Synonyms: other names of places and organisations.

المرصد السوري is المرصد السوري لحقوق الإنسان, أ ف ب is فرانس برس. `SynonymMap` finds them in a sequence of
normalized tokens. The shipped ones are read from the tables; an archive adds those that its librarians wrote
(search/store/).

Bynames of places, such as الشام for دمشق, are one-way synonyms: a query for one also finds the place. The
reverse holds only for a few (`back` in place_bynames.tsv), and only where the text does not use the byname
for something else: the index marks it there (not in بلاد الشام, the Levant, nor in معضمية الشام, a town).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from arabic.expansion.foreign_names import multiword_spellings
from arabic.morphology.affixes import ARTICLE
from arabic.morphology.protected_words import clitic_readings, find_multiword_names, name_term
from arabic.tables.gazetteer import gazetteer, name_key, read_table

BYNAME_MARKER = "@"
#: و is not among them: after "and", الشام is a country in a list (مصر والشام).
_CLITICS = ("", "ف", "ب", "ل", "ك", "وب", "ول")


def read_bynames() -> Iterator[tuple[str, str, bool]]:
    """Yield (byname, place, whether the place's own name also finds the byname), as written."""
    for row in read_table("place_bynames.tsv"):
        yield row["byname"], row["place"], row["back"] == "1"


def byname_term(byname: str) -> str:
    """Return the marker term of a byname of one word."""
    return BYNAME_MARKER + name_key(byname)


@cache
def _terms_by_token() -> dict[str, str]:
    """Map each token to the marker term of the byname in it."""
    found: dict[str, str] = {}
    for byname, _place, back in read_bynames():
        key = name_key(byname)
        if back and " " not in key:
            found |= {clitic + key: byname_term(byname) for clitic in _CLITICS}
            if key.startswith(ARTICLE):
                found |= {f"{clitic}لل{key[len(ARTICLE) :]}": byname_term(byname) for clitic in ("", "و")}
    return found


@cache
def _hiding_phrases() -> dict[str, list[tuple[str, ...]]]:
    """Map the last word of each phrase that names something else to the words before it."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in read_table("hidden_phrases.tsv"):
        *before, last = name_key(row["phrase"]).split(" ")
        if last in _terms_by_token() and before:
            found.setdefault(last, []).append(tuple(before))
    return found


def may_be_byname(token: str) -> bool:
    """Return True if a normalized token may be a byname."""
    return token in _terms_by_token()


def iter_byname_terms(tokens: Sequence[str], at: Iterable[int] | None = None) -> Iterator[tuple[int, str]]:
    """Yield (index, term) for the tokens of a text that are a byname here.

    `at`: indexes of the tokens for which `may_be_byname` is true, if they are known.
    """
    surfaces = _terms_by_token()
    for here in range(len(tokens)) if at is None else at:
        token = tokens[here]
        if token in surfaces and not _is_hidden(tokens, here):
            yield here, surfaces[token]


def _is_hidden(tokens: Sequence[str], at: int) -> bool:
    """Return True if the byname at `at` belongs to a phrase or a longer name."""
    for before in _hiding_phrases().get(tokens[at], ()):
        start = at - len(before)
        same = start >= 0 and tuple(tokens[start + 1 : at]) == before[1:]
        if same and before[0] in clitic_readings(tokens[start], 2):
            return True
    near = max(0, at - 2)
    runs = find_multiword_names(tokens[near : at + 2])
    return any(run.start <= at - near < run.end and run.end - run.start > 1 for run in runs)


#: Longer names are probably headlines.
MAX_NAME_WORDS = 8


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name for a typed name."""

    shown: str  #: as it is written
    words: tuple[str, ...]  #: normalized tokens; () if `term` is searched instead
    term: str = ""  #: the term of a protected place name, as the lemma field has it
    kind: Literal["alias", "nationality"] = "alias"


@dataclass(frozen=True, slots=True)
class SynonymMatch:
    """A name at tokens [start, end) and its other names."""

    start: int
    end: int
    name: tuple[str, ...]  #: normalized tokens, without the clitics before the first
    synonyms: tuple[Synonym, ...]


def make_synonym(name: str) -> Synonym | None:
    """Return a synonym for a written name; None if it has no word or too many.

    A protected place name is searched by its term.
    """
    words = tuple(name_key(name).split(" ")) if name_key(name) else ()
    if not words or len(words) > MAX_NAME_WORDS:
        return None
    term = protected_term(words)
    return Synonym(name, () if term else words, term)


def protected_term(words: Sequence[str]) -> str:
    """Return the term of the protected place that these normalized tokens name, all of them; else ""."""
    if len(words) == 1:
        return name_term(words[0]) or "" if name_term(words[0]) and gazetteer().by_name_key(words[0]) else ""
    return next(
        (run.term for run in find_multiword_names(words) if (run.start, run.end) == (0, len(words))), ""
    )


class SynonymMap:
    """Names → their other names.

    `groups` are sets of names of the same thing. `bynames` are one-way pairs (name, other name): الشام is
    searched as دمشق too, but not دمشق as الشام.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = (), bynames: Iterable[tuple[str, str]] = ()) -> None:
        self._others: dict[tuple[str, ...], dict[Synonym, None]] = {}
        for group in groups:
            for name in group:
                if " " in (key := name_key(name)):  # a name of several words is one, also without other names
                    self._others.setdefault(tuple(key.split(" ")), {})
                for other in group:
                    self.add(name, make_synonym(other))
        for name, other in bynames:
            self.add(name, make_synonym(other))

    def add(self, name: str, other: Synonym | None) -> None:
        """Add `other` as a synonym to search for `name`, unless they are the same name already."""
        key = tuple(name_key(name).split(" "))
        if not key[0] or other is None or key == tuple(name_key(other.shown).split(" ")):
            return
        if other.term and other.term == protected_term(key):  # two spellings of one place
            return
        self._others.setdefault(key, {})[other] = None

    def __or__(self, other: SynonymMap) -> SynonymMap:
        """Return both maps as one; names of the right one come first."""
        both = SynonymMap()
        for synonym_map in (other, self):
            for key, targets in synonym_map._others.items():
                both._others.setdefault(key, {}).update(targets)
        return both

    def __len__(self) -> int:
        return len(self._others)

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Map the first word of names to the number of words of the longest name that begins with it."""
        longest: dict[str, int] = {}
        for key in self._others:
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
        return longest

    def find(self, tokens: Sequence[str]) -> Iterator[SynonymMatch]:
        """Yield the names among normalized tokens, the longest at each position, not overlapping.

        Clitics are removed from the first word (لرويترز).
        """
        at = 0
        while at < len(tokens):
            found = self._at(tokens, at)
            if found:
                yield found
            at = found.end if found else at + 1

    def _at(self, tokens: Sequence[str], at: int) -> SynonymMatch | None:
        """Return the longest name that begins at a token, or None if there is none."""
        for first in clitic_readings(tokens[at]):
            for length in range(min(self._longest.get(first, 0), len(tokens) - at), 0, -1):
                key = (first, *tokens[at + 1 : at + length])
                if key in self._others:
                    return SynonymMatch(at, at + length, key, tuple(self._others[key]))
        return None


def shipped_organisations() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (name, its other names and abbreviations) of organisations.tsv."""
    for row in read_table("organisations.tsv"):
        yield row["name"], tuple(row["other_names"].split("|"))


@cache
def shipped_name_synonyms() -> SynonymMap:
    """Return the shipped synonyms of names.

    Bynames and Latin names of places, nationalities, and foreign names of which one spelling is two words.
    """
    by_key = gazetteer().by_key
    latin = (
        (name, by_key[row["key"]].name)
        for row in read_table("latin_names.tsv")
        for name in row["names"].split("|")
        if row["key"] in by_key
    )
    synonym_map = SynonymMap(
        multiword_spellings(), [*((name, place) for name, place, _back in read_bynames()), *latin]
    )
    for name, place, back in read_bynames():
        if back:
            synonym_map.add(place, Synonym(name, (), byname_term(name)))
    for row in read_table("nationalities.tsv"):
        country, adjective = by_key[f"country-{row['code']}"], row["adjective"]
        for name in (country.name, *country.aliases):
            synonym_map.add(
                name, Synonym(adjective, tuple(name_key(adjective).split(" ")), kind="nationality")
            )
    return synonym_map


@cache
def shipped_synonyms() -> SynonymMap:
    """Return all shipped synonyms, of names and of organisations."""
    return shipped_name_synonyms() | SynonymMap((name, *others) for name, others in shipped_organisations())
