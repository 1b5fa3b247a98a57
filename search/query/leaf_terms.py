"""What one typed token, name or phrase is in the tree of terms, with the weights of fields and levels.

The weights stand in `weights`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log10

from arabic.analyzer import is_overstemmed, light_stem
from arabic.morphology.lemmatizer import lemmas, oov_term, related_lemmas
from arabic.morphology.protected_words import is_protected, name_term
from arabic.vocabulary.frequencies import probability
from search.query.request import SearchLevel
from search.query.weights import (
    COMMON_WORD_MAGNITUDE,
    FIELD_BOOST,
    LEVEL_BOOST,
    MAX_PAIRS,
    MIN_WORD_PROBABILITY,
    PAIR_BOOST,
    PAIR_SLOP,
    PHRASE_BOOST,
    RARITY_BOOST,
    RELATED_BOOST,
    SHARED_STEM_BOOST,
    UNSTEMMED_BOOST,
)
from search.query_tree import (
    TEXT_FIELDS,
    AllOf,
    AnalysisLevel,
    AnyOf,
    MustNot,
    Node,
    Phrase,
    Term,
    TermField,
    TextField,
)


def proximity_boosters(
    words: Sequence[Sequence[str]], fields: Sequence[TextField], level: SearchLevel
) -> Iterator[Node]:
    """The phrases that words in a row (the tokens of each) make, two and two; each word in the lead."""
    tokens = [token for word in words for token in word]
    depth: AnalysisLevel = "exact" if level == "exact" else "light"
    written = tokens if level == "exact" else [light_stem(token) for token in tokens]
    pairs = [pair for pair in pairwise(written) if pair[0] != pair[1]]
    for pair in pairs[:MAX_PAIRS]:
        for field in fields:
            yield Phrase(field, depth, pair, PAIR_SLOP, FIELD_BOOST[field] * PAIR_BOOST)
    if level == "all" and "body" in fields:
        for token in dict.fromkeys(tokens):
            yield term("lead", "exact", token)
            for form in query_lemmas(token):
                yield from (term("lead", "forms", form), term("opening", "forms", form))


def searched_fields(field: TextField | None) -> tuple[TextField, ...]:
    """The field that was named, else all."""
    return (field,) if field else TEXT_FIELDS


def term(field: TermField, level: AnalysisLevel, value: str, boost: float = 1.0, label: str = "") -> Term:
    """A term with the boost of its field and level, times `boost`."""
    return Term(field, level, value, FIELD_BOOST[field] * LEVEL_BOOST[level] * boost, label)


def lemma_terms(form: str, fields: Sequence[TextField], boost: float = 1.0, label: str = "") -> list[Node]:
    """A form of the bag in each field."""
    return [term(field, "forms", form, boost, label) for field in fields]


@lru_cache(10_000)
def rarity_weight(token: str) -> float:
    """What a word weighs for being rare in Arabic, beside what it weighs for being rare in the archive: 1 for
    the commonest, more the rarer it is."""
    orders = -log10(max(probability(token), MIN_WORD_PROBABILITY)) - COMMON_WORD_MAGNITUDE
    return 1.0 + RARITY_BOOST * max(0.0, orders)


def token_terms(
    token: str, fields: Sequence[TextField], level: SearchLevel, boost: float = 1.0, label: str = ""
) -> list[Node]:
    """The terms that a token stands for in each field, at the levels allowed. A protected name is never
    reduced to a stem: it would meet other words there."""
    boost *= rarity_weight(token)
    found: list[tuple[AnalysisLevel, str, float]] = [("exact", token, 1.0)]
    if level != "exact" and not is_protected(token):
        # Levels are cumulative: a misleading stem is searched at the full depth too, but says little there.
        misleads = level == "all" and is_overstemmed(token)
        found.append(("light", light_stem(token), SHARED_STEM_BOOST if misleads else 1.0))
    if level == "all":
        found += [("forms", form, share) for form, share in weighted_lemmas(token)]
        found += [("forms", form, RELATED_BOOST) for form in related_lemma_terms(token)]
    return [
        term(field, depth, value, boost * share, label) for field in fields for depth, value, share in found
    ]


def query_lemmas(token: str) -> tuple[str, ...]:
    """The forms of the bag under which a token is looked for: the name in it, its lemmas; a word that no
    dictionary knows, as it stands."""
    name = name_term(token)
    found = lemmas(token) or (() if name else (oov_term(token),))
    return (name, *found) if name else found


def weighted_lemmas(token: str) -> list[tuple[str, float]]:
    """The same with their weights. A name that is protected stands for its stem too; the lemmas of an
    ambiguous word share one weight, or it would count for two words."""
    name = name_term(token)
    found = query_lemmas(token)
    others = len(found) - (name is not None)
    own = UNSTEMMED_BOOST if is_protected(token) else 1.0
    of_lemmas = UNSTEMMED_BOOST if is_overstemmed(token) else 1.0
    return [(form, own if form == name else of_lemmas / others) for form in found]


def related_lemma_terms(token: str) -> tuple[str, ...]:
    """Lemmas of the same verb in its other guise, that are none of the token's own; none for a place that
    reads like a form of a verb (تدمر is Palmyra, no matter what else destroys)."""
    own = lemmas(token)
    if name_term(token) and token not in own:
        return ()
    return tuple(dict.fromkeys(other for lemma in own for other in related_lemmas(lemma) if other not in own))


def phrase(
    tokens: Sequence[str],
    fields: Sequence[TextField],
    slop: int = 0,
    *,
    level: AnalysisLevel = "exact",
    boost: float = 1.0,
    label: str = "",
) -> Node:
    """Tokens in a row, in any of the fields."""
    values = tuple(tokens) if level == "exact" else tuple(map(light_stem, tokens))
    return any_of(
        Phrase(field, level, values, slop, FIELD_BOOST[field] * PHRASE_BOOST * boost, label)
        for field in fields
    )


def all_of(units: Sequence[Node]) -> Node:
    """Every one; a single one as it is, but for an exclusion."""
    if len(units) == 1 and not isinstance(units[0], MustNot):
        return units[0]
    return AllOf(tuple(units))


def any_of(children: Iterable[Node]) -> Node:
    """Any one, each once; a single one as it is."""
    unique = tuple(dict.fromkeys(children))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def or_branches(node: Node) -> tuple[Node, ...]:
    """The children of a plain OR, else the node alone."""
    return node.children if isinstance(node, AnyOf) and node.at_least == 1 else (node,)
