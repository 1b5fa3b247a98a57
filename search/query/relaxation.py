"""Relaxes rare words for the close part of the list.

A word is replaced by spelling corrections, or by the parts of a run-together word.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from arabic.expansion.expander import derived_lemmas
from arabic.morphology.affixes import FUNCTION_WORDS
from arabic.morphology.decompounding import Parts
from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import is_protected
from arabic.spelling.spellcheck import corrections
from arabic.text.tokenizer import normalized_term
from arabic.vocabulary.frequencies import is_frequent_word, probability
from arabic.vocabulary.vocabulary import Vocabulary
from search.query.leaf_terms import any_of, lemma_terms, or_branches, rarity_weight, token_terms
from search.query.request import SearchLevel
from search.query.weights import CORRECTION_BOOST, MAX_CORRECTIONS, RELATED_BOOST
from search.query_tree import CORRECTION_LABEL_PREFIX, Node, TextField
from search.store.protocols import Store

#: A word in at least this many articles is not corrected.
KNOWN_WORD_MIN_ARTICLES = 3
#: Parts of a run-together word: at least this many letters, or a word in this share of the articles.
MIN_PART_LETTERS, FUNCTION_WORD_MIN_SHARE = 3, 0.02


def relaxed_word(
    word: str,
    node: Node,
    parts: Sequence[Node],
    fields: Sequence[TextField],
    *,
    level: SearchLevel,
    vocabulary: Vocabulary,
    more: Sequence[Node] = (),
) -> tuple[Node, ...]:
    """Return the nodes that the close part searches in place of a written term with this strict node.

    They are the parts of a run-together word, or the word, its corrections and `more`: words with its stem,
    the adjective of a country. A function word has no more.
    """
    token = normalized_term(word)
    if parts:
        return tuple(any_of([*or_branches(part), node]) for part in parts)
    if words := split_word_terms(token, fields, level, vocabulary):
        return tuple(any_of([*leaves, *or_branches(node)]) for leaves in words)
    others = correction_terms(token, fields, level, vocabulary)
    others += () if token in FUNCTION_WORDS else more
    return (any_of([*or_branches(node), *others]) if others else node,)


def known_parts(token: str, store: Store) -> Parts:
    """Return the words that make up a run-together one; () if only hidden articles have one of them.

    The splitter knows the names of the whole archive, because the texts of the index are split by it.
    """
    parts = store.splitter().parts(token)
    return parts if all(_is_of_language(part) or part in store.vocabulary() for part in parts) else ()


def _is_of_language(word: str) -> bool:
    return probability(word) > 0 or is_protected(word) or is_word(word)


def split_word_terms(
    token: str, fields: Sequence[TextField], level: SearchLevel, vocabulary: Vocabulary
) -> list[list[Node]]:
    """Return the labelled terms of each of the two words that a typed word consists of.

    Only for a word that no article has, and only with words of this archive; [] if there is no such pair.
    """
    words = _best_split(token, vocabulary)
    name = f"{CORRECTION_LABEL_PREFIX}{' '.join(words)}"
    return [_word_terms(word, fields, level, 1.0, name) for word in words]


def _best_split(token: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the most frequent pair: for the close part a guess is good enough."""
    if vocabulary.count(token) or not token.isalpha():
        return ()
    pairs = [(token[:at], token[at:]) for at in range(2, len(token) - 1)]
    unknown = vocabulary.unknown({part for pair in pairs for part in pair})
    pairs = [pair for pair in pairs if unknown.isdisjoint(pair)]
    likely = [pair for pair in pairs if all(_is_plausible_part(part, vocabulary) for part in pair)]
    return max(likely, key=lambda pair: prod(map(vocabulary.count, pair)), default=())


def _is_plausible_part(part: str, vocabulary: Vocabulary) -> bool:
    enough = 2 if len(part) >= MIN_PART_LETTERS else max(2, vocabulary.articles * FUNCTION_WORD_MIN_SHARE)
    return vocabulary.count(part) >= enough


def correction_terms(
    token: str, fields: Sequence[TextField], level: SearchLevel, vocabulary: Vocabulary
) -> list[Node]:
    """Return the labelled terms of the likeliest corrections of a word.

    There are none for a word that the archive or Arabic uses often, even if no article has it.
    """
    if vocabulary.count(token) >= KNOWN_WORD_MIN_ARTICLES or is_frequent_word(token):
        return []
    found: list[Node] = []
    for correction in corrections(token, vocabulary, MAX_CORRECTIONS):
        boost = CORRECTION_BOOST / (1 + correction.cost)
        name = f"{CORRECTION_LABEL_PREFIX}{correction.word}"
        found += _word_terms(correction.word, fields, level, boost, name)
    return found


def _word_terms(
    word: str, fields: Sequence[TextField], level: SearchLevel, boost: float, label: str
) -> list[Node]:
    """Return the terms of a word, and of its verb or noun of action."""
    terms = token_terms(word, fields, level, boost, label)
    return [*terms, *_derived_terms(word, fields, level, boost, label)]


def _derived_terms(
    word: str, fields: Sequence[TextField], level: SearchLevel, boost: float, label: str
) -> list[Node]:
    """Return the terms of the verb of a noun of action, or of the noun of action of a verb."""
    boost *= RELATED_BOOST * rarity_weight(normalized_term(word))
    found = derived_lemmas(word) if level == "all" else ()
    return [leaf for form in found for leaf in lemma_terms(form, fields, boost, label)]
