"""Counts the expansions of a query in published articles; the page lists those that occur."""

from __future__ import annotations

from collections.abc import Sequence, Set

from arabic.analyzer import light_stem
from arabic.expansion.expander import Expansion, ExpansionKind
from arabic.morphology.protected_words import clitic_readings
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.query.clauses import QueryExpansion
from search.query.compiler import MIN_SENTENCE_WORDS, PreparedSearch
from search.query.leaf_terms import LIKELY_WORDS, expansion_key, query_lemmas
from search.query_tree import AllOf, AnyOf, Boosted, MustNot, Node, Phrase, Term
from search.results import UsedExpansion

#: Each offer costs a search. A query shows those of its first words, and a pasted sentence none that is off.
MAX_OFFERS = 4

_FOLDED: frozenset[ExpansionKind] = frozenset(
    {"spelling", "transliteration", "joined", "derivation", "nisba"}
)
#: Kinds whose words find something that the typed ones do not, even if they look like these.
_OTHER_WORDS: frozenset[ExpansionKind] = frozenset({"misspelt", "number", "particle", "derivation"})


class UsedExpansions:
    """The expansions of a search that occur in published articles under its filters.

    Includes those switched off. An expansion that is only offered counts the articles that it adds to the
    hits, and is listed if it adds any; so do the likely words of scans.
    """

    def __init__(self, search: PreparedSearch) -> None:
        groups: dict[tuple[str, str, str], list[QueryExpansion]] = {}
        offers: dict[str, QueryExpansion] = {}
        likely_words: list[QueryExpansion] = []
        is_sentence = len(search.compiled.words) >= MIN_SENTENCE_WORDS
        for each in search.compiled.expansions:
            if each.expansion.kind == "misread":
                likely_words.append(each)
            elif each.expansion.is_offered:
                if len(offers) < MAX_OFFERS and (each.active or not is_sentence):
                    offers.setdefault(expansion_key(each.expansion.shown), each)
            elif each.nodes and not _is_typed(each):
                key = (each.typed, each.expansion.kind, expansion_key(each.expansion.shown))
                groups.setdefault(key, []).append(each)
        self._store = search.store
        gains = [*offers.values(), *likely_words]
        self._firsts = [*(group[0] for group in groups.values()), *gains]
        #: The trees to count under the filters of the search, in one round trip with it.
        self.nodes = (
            *(_node(group) for group in groups.values()),
            *(_gain(search, each) for each in gains),
        )

    def counted(self, counts: Sequence[int]) -> tuple[UsedExpansion, ...]:
        """Return the expansions that occur, from the counts of `nodes`.

        Order: as in the query, most frequent first for each word.
        """
        vocabulary = self._store.vocabulary()
        used = [
            UsedExpansion(
                kind=first.expansion.kind,
                typed=first.typed,
                shown=_shown(first, vocabulary),
                active=first.active,
                count=count,
            )
            for first, count in zip(self._firsts, counts, strict=True)
            if count
        ]
        places = {typed: at for at, typed in enumerate(dict.fromkeys(each.typed for each in used))}
        return tuple(sorted(used, key=lambda each: (places[each.typed], -each.count, each.shown)))


def _gain(search: PreparedSearch, offer: QueryExpansion) -> Node:
    """Return a node for the hits that a search has with an expansion, and not without it."""
    key = expansion_key(offer.expansion.shown)
    compiled = search.compiled
    if offer.active and offer.expansion.kind == "misread":  # every search of an archive with scans
        return AllOf((compiled.strict, MustNot(_without_likely_words(compiled.strict))))
    widened = [clause for clause in compiled.clauses if clause.text == offer.typed]
    switched = [each for each in compiled.expansions if expansion_key(each.expansion.shown) == key]
    if len(widened) == len(switched) == 1 and not offer.active:
        # Only this clause would be wider: no second query is compiled for it.
        others = [clause.strict for clause in compiled.all_clauses if clause is not widened[0]]
        return AllOf((*dict.fromkeys(others), AnyOf(offer.nodes), MustNot(compiled.strict)))
    return _gain_by_compiling(search, offer.expansion)


def _gain_by_compiling(search: PreparedSearch, expansion: Expansion) -> Node:
    key = expansion_key(expansion.shown)
    field = "included" if expansion.is_offered else "without"
    chosen: tuple[str, ...] = getattr(search.request, field)
    others = tuple(each for each in chosen if expansion_key(each) != key)
    found = [
        (search if choice == chosen else search.with_changes(**{field: choice})).compiled.strict
        for choice in (others, (*others, expansion.shown))
    ]
    narrow, wide = found if expansion.is_offered else reversed(found)
    return AllOf((wide, MustNot(narrow)))


def _without_likely_words(node: Node) -> Node:
    """Return the node as it is compiled without likely words, and without boosters."""
    match node:
        case AnyOf(children, at_least):
            others = (each for each in children if getattr(each, "label", "") != LIKELY_WORDS.label)
            return AnyOf(tuple(map(_without_likely_words, others)), at_least)
        case AllOf(children):
            return AllOf(tuple(map(_without_likely_words, children)))
        case Boosted(child):
            return _without_likely_words(child)
        case _:
            return node


def _is_typed(found: QueryExpansion) -> bool:
    """Return True if the expansion is the typed word with other clitics, which is matched anyway.

    Examples: وواشنطن and واشنطن, الفيسبوك and فيسبوك.
    """
    typed, shown = normalized_terms(found.typed), normalized_terms(found.expansion.shown)
    if found.expansion.kind in _OTHER_WORDS or (len(typed), len(shown)) != (1, 1):
        return False
    return typed[0] in clitic_readings(shown[0]) or light_stem(typed[0]) == light_stem(shown[0])


def _node(group: Sequence[QueryExpansion]) -> Node:
    """Return a node for the expansion itself, without what the typed words find too: their stems, lemmas."""
    nodes = dict.fromkeys(node for each in group for node in each.nodes)
    if group[0].expansion.kind == "derivation":
        return AnyOf(tuple(nodes))
    typed = normalized_terms(group[0].typed)
    stems = tuple(map(light_stem, typed))
    own_lemmas = {lemma for token in typed for lemma in query_lemmas(token)}
    return AnyOf(tuple(node for node in nodes if _is_precise(node, stems, own_lemmas)))


def _is_precise(node: Node, stems: tuple[str, ...], own_lemmas: Set[str]) -> bool:
    """Return True for an exact term, a lemma term or a phrase of stems that were not typed."""
    match node:
        case Term(level="light"):
            return False
        case Term(level="forms", value=value):
            return value not in own_lemmas
        case Phrase(level="light", values=values):
            return values != stems
        case _:
            return True


def _shown(found: QueryExpansion, vocabulary: Vocabulary) -> str:
    """Return the expansion for display.

    An expansion made by rule is folded, so the vocabulary restores its spelling.
    """
    shown = found.expansion.shown
    return vocabulary.spelling(shown) if found.expansion.kind in _FOLDED else shown
