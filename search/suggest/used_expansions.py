"""What was searched besides the words as typed, counted: only what occurs is worth a line on the page."""

from __future__ import annotations

from collections.abc import Sequence

from arabic.analyzer import light_stem
from arabic.expansion.expander import ExpansionKind
from arabic.morphology.protected_words import clitic_readings
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.contract import SearchEngine
from search.query.clauses import QueryExpansion
from search.query.expansion_terms import expansion_key
from search.query.filters import ResolvedFilters
from search.query_tree import AnyOf, Node, Phrase, Term
from search.results import UsedExpansion

_FOLDED: frozenset[ExpansionKind] = frozenset({"spelling", "transliteration", "joined"})


def count_used_expansions(
    found: Sequence[QueryExpansion], engine: SearchEngine, filters: ResolvedFilters, vocabulary: Vocabulary
) -> tuple[UsedExpansion, ...]:
    """The expansions of a query that occur in published articles (under the filters in force), switched off
    ones too: in the order of the query, of one word the most frequent first. One round trip to the engine."""
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
    """Whether the name is the typed word with letters attached (وواشنطن of واشنطن, الفيسبوك of فيسبوك): it is
    found anyway."""
    typed, shown = normalized_terms(found.typed), normalized_terms(found.expansion.shown)
    if found.expansion.kind in ("misspelt", "number", "particle") or (len(typed), len(shown)) != (1, 1):
        return False
    return typed[0] in clitic_readings(shown[0]) or light_stem(typed[0]) == light_stem(shown[0])


def _node(group: Sequence[QueryExpansion]) -> Node:
    """Where the name itself stands: its stem or lemma may be that of other words, of the typed one even."""
    nodes = dict.fromkeys(node for each in group for node in each.nodes)
    stems = tuple(map(light_stem, normalized_terms(group[0].typed)))
    return AnyOf(tuple(node for node in nodes if _is_precise(node, stems)))


def _is_precise(node: Node, stems: tuple[str, ...]) -> bool:
    """As written, or a marked form of the bag; a phrase of stems unless they are those that were typed."""
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
    """What was made by rule is folded; the archive knows how it is written."""
    shown = found.expansion.shown
    return vocabulary.spelling(shown) if found.expansion.kind in _FOLDED else shown
