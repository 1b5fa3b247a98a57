"""Counts the expansions of a query in published articles; the page lists those that occur."""

from __future__ import annotations

from collections.abc import Sequence

from arabic.analyzer import light_stem
from arabic.expansion.expander import ExpansionKind
from arabic.morphology.protected_words import clitic_readings
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.contract import SearchEngine
from search.query.clauses import QueryExpansion
from search.query.filters import ResolvedFilters
from search.query.leaf_terms import expansion_key
from search.query_tree import AnyOf, Node, Phrase, Term
from search.results import UsedExpansion

_FOLDED: frozenset[ExpansionKind] = frozenset({"spelling", "transliteration", "joined"})


def count_used_expansions(
    found: Sequence[QueryExpansion], engine: SearchEngine, filters: ResolvedFilters, vocabulary: Vocabulary
) -> tuple[UsedExpansion, ...]:
    """Return the expansions of a query that occur in published articles under the filters.

    Includes those switched off. Order: as in the query, most frequent first for each word. One round trip
    to the engine.
    """
    groups: dict[tuple[str, str, str], list[QueryExpansion]] = {}
    for each in found:
        if each.nodes and not _is_typed(each):
            key = (each.typed, each.expansion.kind, expansion_key(each.expansion.shown))
            groups.setdefault(key, []).append(each)
    if not groups:
        return ()
    counts = engine.counts([_node(group) for group in groups.values()], filters.nodes)
    used = [
        UsedExpansion(
            kind=group[0].expansion.kind,
            typed=group[0].typed,
            shown=_shown(group[0], vocabulary),
            active=group[0].active,
            count=count,
        )
        for group, count in zip(groups.values(), counts, strict=True)
        if count
    ]
    places = {typed: at for at, typed in enumerate(dict.fromkeys(each.typed for each in used))}
    return tuple(sorted(used, key=lambda each: (places[each.typed], -each.count, each.shown)))


def _is_typed(found: QueryExpansion) -> bool:
    """Return True if the expansion is the typed word with other clitics, which is matched anyway.

    Examples: وواشنطن and واشنطن, الفيسبوك and فيسبوك.
    """
    typed, shown = normalized_terms(found.typed), normalized_terms(found.expansion.shown)
    if found.expansion.kind in ("misspelt", "number", "particle") or (len(typed), len(shown)) != (1, 1):
        return False
    return typed[0] in clitic_readings(shown[0]) or light_stem(typed[0]) == light_stem(shown[0])


def _node(group: Sequence[QueryExpansion]) -> Node:
    """Return a node for the expansion itself.

    Its stem or lemma may be that of other words, even of the typed one.
    """
    nodes = dict.fromkeys(node for each in group for node in each.nodes)
    stems = tuple(map(light_stem, normalized_terms(group[0].typed)))
    return AnyOf(tuple(node for node in nodes if _is_precise(node, stems)))


def _is_precise(node: Node, stems: tuple[str, ...]) -> bool:
    """Return True for an exact term, a lemma term with a marker, or a phrase of stems that were not typed."""
    match node:
        case Term(level="light"):
            return False
        case Term(level="forms", value=value):
            return not value.isalpha()
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
