"""Spelling correction: the nearest words of an archive's vocabulary to a rare or unknown word.

Covers typing errors, words typed on the other keyboard layout, and names in Latin letters. Used for
suggestions (search/suggest/) and for close hits (search/query/relaxation.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log10
from typing import Literal
from weakref import WeakKeyDictionary

from arabic.morphology.affixes import ARTICLE, NOUN_CLITICS
from arabic.spelling import edit_costs
from arabic.spelling.keyboard import fix_keyboard_layout
from arabic.spelling.transliteration import transliterations
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import is_frequent_word
from arabic.vocabulary.vocabulary import Vocabulary

#: Shorter words have too many neighbours (قتل, قبل). Words of SHORT_LETTERS are corrected only where the
#: letters sound alike or differ by a hamza (حماة is not حماس).
MIN_LETTERS, SHORT_LETTERS = 4, 4
MAX_SHORT_COST, MAX_COST = 0.4, 2.0
#: From this length on a word may contain two errors.
LONG_LETTERS = 7
#: A tenfold number of articles lowers the cost by FREQUENCY_WEIGHT. A word in no more than RARE_WORD_ARTICLES
#: and in no list costs RARE_WORD_COST more: it may be an error itself.
FREQUENCY_WEIGHT, RARE_WORD_COST, RARE_WORD_ARTICLES = 0.2, 0.3, 2
#: Added for a word found only after clitics.
CLITIC_COST = 0.4
#: Maximum number of neighbours that are scored.
_MAX_NEIGHBOURS = 100
#: Maximum number of corrections kept for a word.
_MAX_CORRECTIONS = 20
_KEYBOARD_COST, _TRANSLITERATION_COST = 0.3, 0.4
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A normalized word that may have been meant.

    `cost` is from 0 (hardly an error) to 2. `articles` is the document frequency of the vocabulary word,
    without its clitics if it occurs in no article with them.
    """

    word: str
    cost: float
    kind: Literal["spelling", "keyboard", "transliteration"]
    articles: int = 0

    @property
    def rank(self) -> float:
        """Return the sort key; lower means likelier: the cost, reduced for a frequent word."""
        odd = self.articles <= RARE_WORD_ARTICLES and not is_frequent_word(self.word)
        return self.cost + RARE_WORD_COST * odd - FREQUENCY_WEIGHT * log10(1 + self.articles)


def corrections(token: str, vocabulary: Vocabulary, limit: int = 5) -> list[Correction]:
    """Return words that may have been meant by a normalized token, best first, never the token itself.

    Allows one error in a word of four to six letters, two in longer ones, none in shorter ones. For a
    token in Latin letters: the word of its keys on the Arabic layout, then the names that it may
    transliterate.
    """
    known = _memo.setdefault(vocabulary, {})
    found = known.get(token)
    if found is None:
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        found = known[token] = _rank_corrections(token, vocabulary)
    return found[:limit]


#: A request needs the corrections of a word twice, for its close hits and for its suggestions.
_memo: WeakKeyDictionary[Vocabulary, dict[str, list[Correction]]] = WeakKeyDictionary()
_MOST_REMEMBERED = 1000


def _rank_corrections(token: str, vocabulary: Vocabulary) -> list[Correction]:
    """Return all corrections of a token, each word once, best first."""
    if _LATIN.fullmatch(token):
        found = list(_latin_corrections(token, vocabulary))
    else:
        found = [*_neighbour_corrections(token, vocabulary), *_corrections_after_clitics(token, vocabulary)]
        found = found or list(_corrections_with_article(token, vocabulary))
    best: dict[str, Correction] = {}
    for each in sorted(found, key=lambda each: (each.rank, each.word)):
        if each.word != token:
            best.setdefault(each.word, each)
    return list(best.values())[:_MAX_CORRECTIONS]


def _neighbour_corrections(word: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    """Yield the words of the vocabulary within the allowed distance and cost."""
    if len(word) < MIN_LETTERS:
        return
    highest = MAX_SHORT_COST if len(word) <= SHORT_LETTERS else MAX_COST
    for other, _ in vocabulary.fuzzy_matches(word, 1 if len(word) < LONG_LETTERS else 2, _MAX_NEIGHBOURS):
        cost = edit_costs.edit_cost(word, other)
        if cost <= highest:
            yield Correction(other, cost, "spelling", vocabulary.count(other))


def _corrections_after_clitics(token: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    """Yield corrections of the rest after a clitic, with the clitic restored."""
    for clitic in [clitic for clitic in NOUN_CLITICS if token.startswith(clitic)]:
        rest = token[len(clitic) :]
        if rest in vocabulary:  # the clitic alone is new, which is not an error
            return
        for each in _neighbour_corrections(rest, vocabulary):
            yield Correction(clitic + each.word, each.cost + CLITIC_COST, "spelling", each.articles)


def _corrections_with_article(token: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    """Yield words that the archive has only with the article, without it."""
    if len(token) > SHORT_LETTERS:
        for each in _neighbour_corrections(ARTICLE + token, vocabulary):
            if each.word.startswith(ARTICLE) and len(each.word) > len(ARTICLE):
                bare = each.word.removeprefix(ARTICLE)
                yield Correction(bare, each.cost + CLITIC_COST, "spelling", each.articles)


def _latin_corrections(token: str, vocabulary: Vocabulary) -> Iterator[Correction]:
    """Yield corrections of a token in Latin letters."""
    if typed := fix_keyboard_layout(token):
        for word in normalized_terms(typed)[:1]:
            yield Correction(word, _KEYBOARD_COST, "keyboard", vocabulary.count(word))
    for place, name in enumerate(transliterations(token, vocabulary)):
        words = normalized_terms(name)
        if len(words) == 1:
            cost = _TRANSLITERATION_COST + place / 10
            yield Correction(words[0], cost, "transliteration", vocabulary.count(words[0]))
    yield from _neighbour_corrections(token, vocabulary)
