"""What raises an article in the list beyond having the words: neighbours in the query that are neighbours in
the text, words that stand in its first sentences. It decides nothing about what is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from arabic.levels import light
from search.asking.leaves import FIELD_BOOST, query_forms, term
from search.asking.request import SearchLevel
from search.terms import Level, Node, Phrase, TextField

#: How much a pair that stands together adds, against a word (1.0).
PAIR_BOOST = 1.0
#: Words between the two, or one place apart in the other order.
PAIR_SLOP = 6
#: Pairs of a long headline that are looked for.
MAX_PAIRS = 12


def boosters(
    words: Sequence[Sequence[str]], fields: Sequence[TextField], level: SearchLevel
) -> Iterator[Node]:
    """The phrases that words in a row (the tokens of each) make, two and two; each word in the lead."""
    tokens = [token for word in words for token in word]
    depth: Level = "exact" if level == "exact" else "light"
    written = tokens if level == "exact" else [light(token) for token in tokens]
    pairs = [pair for pair in pairwise(written) if pair[0] != pair[1]]
    for pair in pairs[:MAX_PAIRS]:
        for field in fields:
            yield Phrase(field, depth, pair, PAIR_SLOP, FIELD_BOOST[field] * PAIR_BOOST)
    if level == "all" and "body" in fields:
        for token in dict.fromkeys(tokens):
            yield term("lead", "exact", token)
            for form in query_forms(token):
                yield from (term("lead", "forms", form), term("opening", "forms", form))
