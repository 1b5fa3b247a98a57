"""Leaves of what the reader did not type; each carries a label that says why it is there."""

from __future__ import annotations

from collections.abc import Sequence

from arabic.analyzer import light
from arabic.expansion.expander import Expansion
from arabic.morphology.lemmatizer import lemmas, unknown_form
from arabic.text.tokenizer import exact_terms
from search.query.leaf_terms import EXPANSION_BOOST, forms, phrase, token_leaves, weighed_forms
from search.query.request import SearchLevel
from search.query_tree import Node, TextField

#: The value of `without` that switches all expansions off.
ALL_OFF = "*"


def is_off(expansion: Expansion, without: Sequence[str]) -> bool:
    """Whether the reader switched an expansion off, by any name of its switch."""
    return ALL_OFF in without or switch_key(expansion.shown) in map(switch_key, without)


def switch_key(shown: str) -> str:
    """The same for names that find the same (كانون الثاني, كانون ثاني): they have one switch, for with one of
    them off the other would find it all."""
    return " ".join(map(light, exact_terms(shown))) or shown


def expansion_leaves(
    expansion: Expansion, fields: Sequence[TextField], level: SearchLevel, words: int
) -> list[Node]:
    """What an expansion finds. It stands for `words` words and is an alternative for each: their scores add
    up, so each takes its part."""
    boost = EXPANSION_BOOST / words
    name = expansion.label
    if expansion.form:
        return forms(expansion.form, fields, boost, name) if level == "all" else []
    if len(expansion.words) == 1:
        word = expansion.words[0]
        # A word of the dictionary is looked for by its forms: the stem of سوري is that of سورة.
        depth: SearchLevel = "exact" if level == "exact" or lemmas(word) else "light"
        found = token_leaves(word, fields, depth, boost, name)
        own = _own_forms(word) if level == "all" else []
        return found + [leaf for form, share in own for leaf in forms(form, fields, boost * share, name)]
    return [
        phrase(expansion.words, [field], level=depth, boost=boost / 2, label=name)
        for field in fields
        for depth in ("exact", "light")
    ]


def _own_forms(word: str) -> list[tuple[str, float]]:
    """The forms of the bag that are this word, with their weights. Other readings of it are not what a name
    or a number means: يوليه is July and no "entrusts him", سيرغي no form of رغي."""
    itself = {word, word.removeprefix("ال")}
    own = [(form, share) for form, share in weighed_forms(word) if not form.isalpha() or form in itself]
    return own or [(unknown_form(word), 1.0)]
