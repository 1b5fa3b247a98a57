"""Builds the nodes that change the order of the hits and never their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from arabic.analyzer import light_stem
from arabic.morphology.text_readings import is_told_by_writing
from arabic.text.tokenizer import normalized_term
from search.query.leaf_terms import exact_terms, query_lemmas, stem_terms, term
from search.query.request import SearchLevel
from search.query.weights import FIELD_BOOST, MAX_PAIRS, PAIR_BOOST, PAIR_SLOP
from search.query_tree import AnalysisLevel, Node, Phrase, TextField


def proximity_boosters(
    words: Sequence[Sequence[str]], fields: Sequence[TextField], level: SearchLevel
) -> Iterator[Node]:
    """Yield each pair of neighbouring words as a phrase with slop, and each word in lead and opening.

    A word whose folded letters make no strict hit gains by them here. `words`: the written terms of each.
    """
    written_words = [term for word in words for term in word]
    tokens = list(map(normalized_term, written_words))
    depth: AnalysisLevel = "exact" if level == "exact" else "light"
    written = tokens if level == "exact" else [light_stem(token) for token in tokens]
    pairs = [pair for pair in pairwise(written) if pair[0] != pair[1]]
    for pair in pairs[:MAX_PAIRS]:
        for field in fields:
            yield Phrase(field, depth, pair, PAIR_SLOP, FIELD_BOOST[field] * PAIR_BOOST)
    if level == "all" and "body" in fields:
        for word in dict.fromkeys(written_words):
            yield from stem_terms(word, fields)
            if is_told_by_writing(word):
                yield from exact_terms(word, fields)
            yield term("lead", "exact", normalized_term(word))
            for form in query_lemmas(word):
                yield from (term("lead", "forms", form), term("opening", "forms", form))
