"""Protected names: place names that no other word's stem may match, and that are recognized after clitics.

حلب is not حلبات, الرقة is not ورقة, and بحمص names حمص. The term of a name begins with `NAME_MARKER`, which
no tokenizer or stemmer can produce, so that it equals nothing but itself. Spellings and aliases of one place
(سوريا/سورية, كوباني/عين العرب) share one term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from arabic.morphology.affixes import ARTICLE
from arabic.tables.gazetteer import GazetteerEntry, ambiguous_names, gazetteer, name_key, read_word_set

NAME_MARKER = "§"
_CONJUNCTIONS = "وف"
_PREPOSITIONS = "بلك"
#: A word that begins with any other letter has no clitic.
CLITIC_LETTERS = frozenset(_CONJUNCTIONS + _PREPOSITIONS)
#: A shorter rest is more often a word than a name (بكان, وقم), unless more words of the name follow it (بتل
#: أبيض).
MIN_STRIPPED_LETTERS, MIN_FIRST_WORD_LETTERS = 3, 2
#: A shorter name of several words is not recognized as one word: فو لي is not فولي.
MIN_JOINED = 5
_CACHE_SIZE = 15_000


@dataclass(frozen=True, slots=True)
class MultiwordName:
    """A name of several words at tokens [start, end); one token if its words were written together."""

    start: int
    end: int
    term: str


def clitic_readings(token: str, shortest: int = MIN_STRIPPED_LETTERS) -> Iterator[str]:
    """Yield the token itself, then what remains without و ف and ب ل ك, with the article restored after لل.

    A word of not_clitics.tsv only looks like a clitic and a name: it stays whole, also after و and ف. Rests
    shorter than `shortest` letters are left out.
    """
    yield token
    if token in unsplittable_words():
        return
    rests = [token[1:]] if token[:1] and token[0] in _CONJUNCTIONS else []
    for rest in (token, *rests):
        if rest[:1] and rest[0] in _PREPOSITIONS and rest not in unsplittable_words():
            rests.append(rest[1:])
            if rest.startswith("لل"):
                rests.append(ARTICLE + rest[2:])
    for rest in rests:
        if len(rest) >= shortest:
            yield rest


@cache
def unsplittable_words() -> frozenset[str]:
    """Return the words that must not be split into clitics and a name."""
    return read_word_set("not_clitics.tsv")


def is_joined_spelling(key: str) -> bool:
    """Return True if a name of several words is recognized when they are run together (ديرالزور).

    Exceptions: numbers (الفرقة 17), short names, and what is also a word (names_ambiguous.tsv: لا سرنا and
    لأسرنا).
    """
    joined = key.replace(" ", "")
    return joined.isalpha() and len(joined) >= MIN_JOINED and joined not in ambiguous_names()


class _Names:
    """Lookup tables of the gazetteer's protected names."""

    def __init__(self) -> None:
        self.single: dict[str, str] = {}
        #: Names that are also words: recognized after clitics like the others, but not protected.
        self.ambiguous: dict[str, str] = {}
        #: Names of several words by their joined spelling.
        self.joined: dict[str, str] = {}
        #: First word → (the other words, term), longest first.
        self.runs: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for key, term in _protected_terms():
            first, *rest = key.split(" ")
            if not rest:
                (self.ambiguous if key in ambiguous_names() else self.single)[first] = term
                continue
            if is_joined_spelling(key):
                self.joined.setdefault(key.replace(" ", ""), term)
            self.runs.setdefault(first, []).append((tuple(rest), term))
        for tails in self.runs.values():
            tails.sort(key=lambda tail: -len(tail[0]))

    def term_of(self, word: str) -> str | None:
        """Return the term of a word without clitics, or None if it is not a name."""
        return self.single.get(word) or self.joined.get(word) or self.ambiguous.get(word)


def _protected_terms() -> Iterator[tuple[str, str]]:
    """Yield each name key of a protected place with its term.

    The term is made of the canonical name of the best place with that name, or of the name itself where one
    of the two is also a word.
    """
    ambiguous = ambiguous_names()
    for key, entries in gazetteer().name_keys():
        best = next((entry for entry in entries if entry.protected), None)
        if best is None:
            continue
        strong = {name_key(name) for name in (best.name, *best.aliases)}
        if key in strong:
            yield key, NAME_MARKER + _term_name(best, key, ambiguous).replace(" ", "")


def _term_name(entry: GazetteerEntry, key: str, ambiguous: frozenset[str]) -> str:
    """Return the name key that the term of `key` is made of."""
    canonical = name_key(entry.name)
    return key if canonical in ambiguous or key in ambiguous else canonical


@cache
def _names() -> _Names:
    """Return the lookup tables, built on first use."""
    return _Names()


@lru_cache(_CACHE_SIZE)
def _term_through_clitics(token: str) -> str | None:
    """Return the term of the name in a token after clitics, or None if there is none."""
    names = _names()
    return next((term for word in clitic_readings(token) if (term := names.term_of(word))), None)


def is_protected(token: str) -> bool:
    """Return True if a normalized token is a protected name as it stands, without clitics."""
    return token in _names().single or token in _names().joined


def is_ambiguous_name(token: str) -> bool:
    """Return True if a token is, after clitics, a name that is a dictionary word as well (وتدمر)."""
    names = _names()
    named = next((word for word in clitic_readings(token) if names.term_of(word)), None)
    return named in names.ambiguous and named not in names.single and named not in names.joined


@cache
def protected_names() -> dict[str, str]:
    """Map every protected name of one token (joined spellings too) to its term. Do not change the dict."""
    return _names().joined | _names().single


def name_term(token: str) -> str | None:
    """Return the term of the name in a normalized token, after clitics: بحمص → §حمص; else None.

    Names that are also words (تدمر) have a term too, without being protected.
    """
    return _term_through_clitics(token)


@lru_cache(_CACHE_SIZE)
def _name_continuations(token: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return (further words, term) of the names of several words that may begin at a token."""
    runs = _names().runs
    readings = clitic_readings(token, MIN_FIRST_WORD_LETTERS)
    return tuple(tail for word in readings for tail in runs.get(word, ()))


def may_begin_name(token: str) -> bool:
    """Return True if a name of several words may begin at a normalized token."""
    return bool(_name_continuations(token) or _joined_term(token))


def find_multiword_names(tokens: Sequence[str], at: Iterable[int] | None = None) -> list[MultiwordName]:
    """Return names of several words among normalized tokens, the longest at each position, not overlapping.

    `at`: indexes of the tokens for which `may_begin_name` is true, ascending, if they are known.
    """
    found = []
    done = 0
    for start in range(len(tokens)) if at is None else at:
        word = tokens[start]
        if start < done:
            continue
        for tail, term in _name_continuations(word):
            end = start + 1 + len(tail)
            if tuple(tokens[start + 1 : end]) == tail:
                found.append(MultiwordName(start, end, term))
                done = end
                break
        else:
            joined = _joined_term(word)
            if joined:
                found.append(MultiwordName(start, start + 1, joined))
    return found


@lru_cache(_CACHE_SIZE)
def _joined_term(token: str) -> str | None:
    """Return the term of a name of several words that a token has in its joined spelling, else None."""
    joined = _names().joined
    return next((joined[word] for word in clitic_readings(token) if word in joined), None)
