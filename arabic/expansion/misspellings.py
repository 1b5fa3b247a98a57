"""Misspelled place names: اللازقية is not a word and one letter away from اللاذقية, so it can only mean that.

Such a token of a text gets a marker term for the name it misspells ("≈" + the name's term). A query for the
name offers the marker as a labelled expansion, and a misspelled query finds the name. Neighbours are looked
up by deletion: two words are within one edit exactly if they share a word with at most one letter missing (as
in SymSpell), which costs one dictionary lookup for each letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import clitic_readings, name_term, protected_names
from arabic.tables.gazetteer import HOME_COUNTRY, gazetteer, read_word_set
from arabic.vocabulary.frequencies import is_frequent_word, probability

#: Precedes the term of the name that a token misspells.
MISSPELLING_MARKER = "≈"
#: Letters of a misspelling, with the article; shorter words are too close to others.
MIN_LETTERS = 5
#: The same for a word after a clitic, because the clitic's letter may belong to the word.
MIN_BEHIND_CLITIC = 6
#: From this length on any single edit may be an error; in shorter names, and after a supposed clitic, only
#: edits that typing or hearing explains.
LONG_NAME_LETTERS = 8
#: A misspelling is rarer than the name by this factor; otherwise it is a word or name of its own.
MIN_RARITY_FACTOR = 8.0
#: Probability of a name that the frequency list does not have, so that no listed word counts as misspelling
#: it.
UNLISTED_PROBABILITY = 1e-9
#: Letters that sound or look alike, any two of a group.
_ALIKE = (
    *("ذزدظض", "سصثز", "شس", "تطث", "قكغ", "حهخ", "جغق", "اعء", "ها"),
    *("عغ", "جحخ", "رز", "فق", "بتثني", "صض", "طظ", "نم"),  # a dot added, missing or misplaced; n before b
)
#: Letters that are left out or inserted by ear.
_OPTIONAL_LETTERS = frozenset("اويء")
_NISBA = ("ي", "يه")


@lru_cache(5_000)
def misspelling_term(token: str) -> str | None:
    """Return the marker term of the one protected name that a normalized token misspells, after clitics.

    None if the token is a word, a name, too short, or close to several names.
    """
    if unheard := {protected_names()[name] for name in _with_hamza(token)}:
        found = unheard
    else:
        found = {
            term for word in _candidates(token) for term in _nearby_name_terms(word, whole=word == token)
        }
    if len(found) != 1 or is_word(token) or name_term(token):
        return None
    if not _exceptions().isdisjoint(clitic_readings(token)):
        return None
    return MISSPELLING_MARKER + found.pop()


def _with_hamza(token: str) -> Iterator[str]:
    """Yield the names that lack only the hamza after their last alif, as in speech (السويدا)."""
    for word in _candidates(token):
        if word.endswith("ا") and word + "ء" in protected_names():
            yield word + "ء"


@cache
def _exceptions() -> frozenset[str]:
    """Return the words of not_misspellings.tsv."""
    return read_word_set("not_misspellings.tsv")


def intended_name_term(token: str) -> str | None:
    """Return the term of the name that a normalized token misspells, or None."""
    mark = misspelling_term(token)
    return mark[len(MISSPELLING_MARKER) :] if mark else None


def term_of_misspellings(term: str) -> str | None:
    """Return the marker term of a name's misspellings, or None if none are recognized.

    `term` is the name's own term. A name that is too short or has several words has no misspellings.
    """
    return MISSPELLING_MARKER + term if term in _misspellable_terms() else None


@cache
def _misspellable_terms() -> frozenset[str]:
    """Return the terms of all names that may be misspelled."""
    return frozenset(protected_names()[name] for names in _index().values() for name in names)


def _candidates(token: str) -> Iterator[str]:
    """Yield a token, and what remains after its clitics, if they are long enough."""
    if len(token) >= MIN_LETTERS and token.isalpha():
        yield token
        yield from (word for word in clitic_readings(token, MIN_BEHIND_CLITIC) if word != token)


def _nearby_name_terms(word: str, *, whole: bool) -> Iterator[str]:
    """Yield the terms of the names that the word may misspell; `whole`: no clitic was removed."""
    index = _index()
    for shorter in (word, *_deletions(word)):
        for name in index.get(shorter, ()):
            if (
                _is_plausible_typo(word, name, whole)
                and probability(word) * MIN_RARITY_FACTOR <= probability(name) + UNLISTED_PROBABILITY
            ):
                yield protected_names()[name]


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Map each name that may be misspelled, whole and without any one letter, to the names it may be."""
    found: dict[str, list[str]] = {}
    for name in protected_names():
        if (
            len(name) >= MIN_LETTERS
            and len(name.removeprefix(ARTICLE)) >= MIN_LETTERS - 1
            and _is_known(name)
        ):
            for shorter in {name, *_deletions(name)}:
                found.setdefault(shorter, []).append(name)
    return {shorter: tuple(names) for shorter, names in found.items()}


def _is_known(name: str) -> bool:
    """Return True if Arab news is likely to name the place.

    A distant town that news never names would only cause false matches.
    """
    if not name.isalpha():
        return False
    return is_frequent_word(name) or any(
        entry.country == HOME_COUNTRY for entry in gazetteer().by_name_key(name)
    )


def _deletions(word: str) -> set[str]:
    """Return all words made by leaving out one letter of the word."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_plausible_typo(word: str, name: str, whole: bool) -> bool:
    """Return True if one edit that typing or hearing explains leads from the name to the word.

    The first letter (after the article) must be the same, or one that sounds alike. A nisba adjective
    (برشلوني) is a word of its own.
    """
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    rest, wanted = word[start:], name[start:]
    if (not rest and not wanted) or _is_nisba(word, name):
        return False
    is_long = whole and min(len(word), len(name)) >= LONG_NAME_LETTERS
    first = start <= (len(ARTICLE) if name.startswith(ARTICLE) else 0)
    if len(rest) == len(wanted):
        if rest[1:] == wanted[1:]:
            # A short name with a different first letter is too often another name (الزويد, السويد).
            if first and len(name.removeprefix(ARTICLE)) < MIN_LETTERS:
                return False
            return _sound_or_look_alike(rest[0], wanted[0]) or (is_long and not first)
        return not first and rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    longer, shorter = (rest, wanted) if len(rest) > len(wanted) else (wanted, rest)
    if longer[1:] != shorter:
        return False
    doubled = start > 0 and longer[0] == word[start - 1]
    return doubled or (not first and (is_long or longer[0] in _OPTIONAL_LETTERS))


def _is_nisba(word: str, name: str) -> bool:
    """Return True if the word has the ending of a nisba adjective and the name has not."""
    return word.endswith(_NISBA) and not name.endswith(_NISBA)


def _sound_or_look_alike(one: str, other: str) -> bool:
    """Return True if two letters are in one group of `_ALIKE`."""
    return any(one in group and other in group for group in _ALIKE)
