"""Leaves of what the reader did not type; each carries a label that says why it is there."""

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
    """Whether the reader switched an expansion off, by any name of its switch."""
    return WITHOUT_ALL_EXPANSIONS in without or expansion_key(expansion.shown) in map(expansion_key, without)


def expansion_key(shown: str) -> str:
    """The same for names that find the same (كانون الثاني, كانون ثاني): they have one switch, for with one of
    them off the other would find it all."""
    return " ".join(map(light_stem, normalized_terms(shown))) or shown


def expansion_terms(
    expansion: Expansion, fields: Sequence[TextField], level: SearchLevel, words: int
) -> list[Node]:
    """What an expansion finds. It stands for `words` words and is an alternative for each: their scores add
    up, so each takes its part."""
    boost = EXPANSION_BOOST / words
    name = expansion.label
    if expansion.term:
        return lemma_terms(expansion.term, fields, boost, name) if level == "all" else []
    if len(expansion.words) == 1:
        word = expansion.words[0]
        # A word of the dictionary is looked for by its forms: the stem of سوري is that of سورة.
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
    """The forms of the bag that are this word, with their weights. Other readings of it are not what a name
    or a number means: يوليه is July and no "entrusts him", سيرغي no form of رغي."""
    itself = {word, word.removeprefix("ال")}
    own = [(form, share) for form, share in weighted_lemmas(word) if not form.isalpha() or form in itself]
    return own or [(oov_term(word), 1.0)]
