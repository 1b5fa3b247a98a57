"""Builds the leaves of expansions (synonyms, other spellings, months).

Each leaf carries a label, which "why this result" shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from arabic.analyzer import light_stem
from arabic.expansion.expander import Expansion
from arabic.morphology.lemmatizer import lemmas, oov_term
from arabic.text.tokenizer import normalized_terms
from search.query.leaf_terms import lemma_terms, phrase, token_terms, weighted_lemmas
from search.query.request import SearchLevel
from search.query.weights import EXPANSION_BOOST, EXPANSION_PHRASE_LEVEL_SHARE
from search.query_tree import Node, TextField

#: The value of `without` that switches all expansions off.
WITHOUT_ALL_EXPANSIONS = "*"


def is_switched_off(expansion: Expansion, without: Sequence[str]) -> bool:
    """Return True if the reader switched the expansion off, by any name with the same key."""
    return WITHOUT_ALL_EXPANSIONS in without or expansion_key(expansion.shown) in map(expansion_key, without)


def expansion_key(shown: str) -> str:
    """Return one key for names that match the same articles (كانون الثاني, كانون ثاني).

    They share a switch: with only one of them off, the other would still match.
    """
    return " ".join(map(light_stem, normalized_terms(shown))) or shown


def expansion_terms(
    expansion: Expansion, fields: Sequence[TextField], level: SearchLevel, words: int
) -> list[Node]:
    """Return the nodes of an expansion of `words` typed words.

    It is an alternative for each of them, and their scores add up, so each takes 1/`words` of its weight.
    """
    boost = EXPANSION_BOOST / words
    name = expansion.label
    if expansion.term:
        return lemma_terms(expansion.term, fields, boost, name) if level == "all" else []
    if len(expansion.words) == 1:
        word = expansion.words[0]
        # A dictionary word is searched by its lemmas: the stem of سوري is also that of سورة.
        depth: SearchLevel = "exact" if level == "exact" or lemmas(word) else "light"
        found = token_terms(word, fields, depth, boost, name)
        own = _own_lemmas(word) if level == "all" else []
        return found + [
            leaf for form, share in own for leaf in lemma_terms(form, fields, boost * share, name)
        ]
    return [
        phrase(expansion.words, [field], level=depth, boost=boost * EXPANSION_PHRASE_LEVEL_SHARE, label=name)
        for field in fields
        for depth in ("exact", "light")
    ]


def _own_lemmas(word: str) -> list[tuple[str, float]]:
    """Return the lemma terms of the word itself, with their weights.

    Other analyses of it are wrong for a name or a number: يوليه is July, not "entrusts him"; سيرغي is no form
    of رغي.
    """
    itself = {word, word.removeprefix("ال")}
    own = [(form, share) for form, share in weighted_lemmas(word) if not form.isalpha() or form in itself]
    return own or [(oov_term(word), 1.0)]
