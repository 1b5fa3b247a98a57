"""What the close part of the list asks for in place of a word that the archive hardly knows."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from arabic.spelling.spellcheck import corrections
from arabic.vocabulary.frequencies import is_frequent_word
from arabic.vocabulary.vocabulary import Vocabulary
from search.query.leaf_terms import token_terms
from search.query.request import SearchLevel
from search.query.weights import CORRECTION_BOOST, MAX_CORRECTIONS
from search.query_tree import CORRECTION_LABEL_PREFIX, Node, TextField

#: A word that so many articles of the archive have is taken as meant.
KNOWN_WORD_MIN_ARTICLES = 3
#: A part of a word that nobody wrote: so many letters, or a word that this share of the articles has.
MIN_PART_LETTERS, FUNCTION_WORD_MIN_SHARE = 3, 0.02


def split_word_terms(
    token: str, fields: Sequence[TextField], level: SearchLevel, vocabulary: Vocabulary
) -> list[list[Node]]:
    """Labelled leaves of each of the two words that a typed word without any article is made of, by the words
    of this archive; [] if there are none."""
    words = _best_split(token, vocabulary)
    name = f"{CORRECTION_LABEL_PREFIX}{' '.join(words)}"
    return [token_terms(word, fields, level, 1.0, name) for word in words]


def _best_split(token: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The most frequent pair; a guess is good enough for the close part."""
    if vocabulary.count(token) or not token.isalpha():
        return ()
    pairs = [(token[:at], token[at:]) for at in range(2, len(token) - 1)]
    likely = [pair for pair in pairs if all(_is_plausible_part(part, vocabulary) for part in pair)]
    return max(likely, key=lambda pair: prod(map(vocabulary.count, pair)), default=())


def _is_plausible_part(part: str, vocabulary: Vocabulary) -> bool:
    enough = 2 if len(part) >= MIN_PART_LETTERS else max(2, vocabulary.articles * FUNCTION_WORD_MIN_SHARE)
    return vocabulary.count(part) >= enough


def correction_terms(
    token: str, fields: Sequence[TextField], level: SearchLevel, vocabulary: Vocabulary
) -> list[Node]:
    """Labelled leaves of the likeliest corrections of a word that neither the archive nor Arabic knows well.
    One that is spelt right and that no article has is not made into another."""
    if vocabulary.count(token) >= KNOWN_WORD_MIN_ARTICLES or is_frequent_word(token):
        return []
    found: list[Node] = []
    for correction in corrections(token, vocabulary, MAX_CORRECTIONS):
        boost = CORRECTION_BOOST / (1 + correction.cost)
        name = f"{CORRECTION_LABEL_PREFIX}{correction.word}"
        found += token_terms(correction.word, fields, level, boost, name)
    return found
