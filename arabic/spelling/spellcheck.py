"""The nearest words of an archive to one that it hardly knows: slips of hand and ear, the other keyboard
layout, names in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log10
from typing import Literal
from weakref import WeakKeyDictionary

from arabic.spelling import edit_costs
from arabic.spelling.keyboard import from_keyboard
from arabic.spelling.transliteration import transliterations
from arabic.text.tokenizer import exact_terms
from arabic.vocabulary.frequencies import is_listed
from arabic.vocabulary.vocabulary import Vocabulary

#: Shorter words have too many neighbours (قتل, قبل); words of so many letters are corrected only where the
#: letters sound alike or differ by a hamza (حماة is not حماس).
MIN_LETTERS, SHORT_LETTERS = 4, 4
SHORT_COST, MAX_COST = 0.4, 2.0
#: From so many letters on a word may hold two slips.
LONG_LETTERS = 7
#: What ten times as many articles are worth, as cost; and what a word is charged that stands in an article or
#: two and in no list: it may be a slip itself.
FREQUENCY_WEIGHT, ODD_COST, ODD_ARTICLES = 0.2, 0.3, 2
#: A word found behind clitics only.
CLITIC_COST = 0.4
_CLITICS = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
_ARTICLE = "ال"
#: Neighbours that are weighed.
_NEAR = 100
#: Corrections of a word at most.
_MOST = 20
_KEYBOARD_COST, _TRANSLITERATION_COST = 0.3, 0.4
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A folded word that may have been meant. `cost`: 0 (hardly a slip) to 2. `articles` has the word of the
    archive that it was found by: without the clitics, where it stands in no article with them."""

    word: str
    cost: float
    kind: Literal["spelling", "keyboard", "transliteration"]
    articles: int = 0

    @property
    def rank(self) -> float:
        """Lower is likelier: the cost, less for a frequent word."""
        odd = self.articles <= ODD_ARTICLES and not is_listed(self.word)
        return self.cost + ODD_COST * odd - FREQUENCY_WEIGHT * log10(1 + self.articles)


def corrections(exact: str, vocabulary: Vocabulary, limit: int = 5) -> list[Correction]:
    """Words that may have been meant by a folded token, best first, never the token itself. None for three
    letters or fewer; one slip in a word of four to six letters, two in longer ones. Of a token in Latin
    letters: what its keys are on the Arabic layout, then the names that it may spell."""
    known = _memo.setdefault(vocabulary, {})
    found = known.get(exact)
    if found is None:
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        found = known[exact] = _all(exact, vocabulary)
    return found[:limit]


#: A search asks twice, for its close hits and for its suggestions.
_memo: WeakKeyDictionary[Vocabulary, dict[str, list[Correction]]] = WeakKeyDictionary()
_MOST_REMEMBERED = 1000


def _all(exact: str, vocabulary: Vocabulary) -> list[Correction]:
    if _LATIN.fullmatch(exact):
        found = list(_of_latin(exact, vocabulary))
    else:
        found = [*_near(exact, vocabulary), *_behind_clitics(exact, vocabulary)]
        found = found or list(_with_article(exact, vocabulary))
    best: dict[str, Correction] = {}
    for each in sorted(found, key=lambda each: (each.rank, each.word)):
        if each.word != exact:
            best.setdefault(each.word, each)
    return list(best.values())[:_MOST]


def _near(word: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    if len(word) < MIN_LETTERS:
        return
    highest = SHORT_COST if len(word) <= SHORT_LETTERS else MAX_COST
    for other, _ in vocabulary.near(word, 1 if len(word) < LONG_LETTERS else 2, _NEAR):
        cost = edit_costs.cost(word, other)
        if cost <= highest:
            yield Correction(other, cost, "spelling", vocabulary.count(other))


def _behind_clitics(exact: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    """The rest corrected, with the clitic back before it."""
    for clitic in [clitic for clitic in _CLITICS if exact.startswith(clitic)]:
        rest = exact[len(clitic) :]
        if rest in vocabulary:  # only the clitic is new, and that is no slip
            return
        for each in _near(rest, vocabulary):
            yield Correction(clitic + each.word, each.cost + CLITIC_COST, "spelling", each.articles)


def _with_article(exact: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    """A word that the archive has with the article only, without it."""
    if len(exact) > SHORT_LETTERS:
        for each in _near(_ARTICLE + exact, vocabulary):
            if each.word.startswith(_ARTICLE) and len(each.word) > len(_ARTICLE):
                bare = each.word.removeprefix(_ARTICLE)
                yield Correction(bare, each.cost + CLITIC_COST, "spelling", each.articles)


def _of_latin(exact: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    if typed := from_keyboard(exact):
        for word in exact_terms(typed)[:1]:
            yield Correction(word, _KEYBOARD_COST, "keyboard", vocabulary.count(word))
    for place, name in enumerate(transliterations(exact, vocabulary)):
        words = exact_terms(name)
        if len(words) == 1:
            cost = _TRANSLITERATION_COST + place / 10
            yield Correction(words[0], cost, "transliteration", vocabulary.count(words[0]))
    yield from _near(exact, vocabulary)
