"""What the close part of the list asks for in place of a word that the archive hardly knows."""

from __future__ import annotations

from collections.abc import Sequence

from arabic.spelling import corrections
from arabic.vocabulary import Vocabulary
from search.leaves import token_leaves
from search.request import SearchLevel
from search.terms import Node, TextField

#: What a corrected word weighs against one that was typed, at cost 0; it falls with the cost.
CORRECTION_BOOST = 0.8
MAX_CORRECTIONS = 3
#: A word that so many articles of the archive have is taken as meant.
KNOWN_ARTICLES = 3


def corrected(
    token: str, fields: Sequence[TextField], level: SearchLevel, vocabulary: Vocabulary
) -> list[Node]:
    """Labelled leaves of the likeliest corrections of a word that the archive hardly knows."""
    if vocabulary.count(token) >= KNOWN_ARTICLES:
        return []
    found: list[Node] = []
    for correction in corrections(token, vocabulary, MAX_CORRECTIONS):
        boost = CORRECTION_BOOST / (1 + correction.cost)
        name = f"correction:{correction.word}"
        for field in fields:
            found += token_leaves(correction.word, field, level, boost, name)
    return found
