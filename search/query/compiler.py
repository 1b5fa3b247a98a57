"""From the parsed query to the tree of terms that the engines execute.

A word may match in the title or the body, at every level that the reader allows; a word in the title and
another in the body together satisfy AND. All the Arabic of a query happens here (and none in an engine).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arabic.expansion.expander import Expansion
from arabic.morphology.function_words import is_function_word
from search.query.clauses import ClauseCompiler, CompiledClause, QueryExpansion
from search.query.expansion_terms import is_switched_off
from search.query.leaf_terms import all_of
from search.query.nodes import And, ParsedQuery, QuotedPhrase, Word
from search.query.request import SearchRequest
from search.query.weights import CLOSE_MIN_SHOULD_MATCH
from search.query_tree import AllOf, AnyOf, Boosted, MatchAll, MustNot, Node, Pattern, Phrase, Term
from search.results import Complaint
from search.store.protocols import Store

# Of a long query the particles that an article may lack: who pastes a headline means what it tells of.
#
# A headline says "X meets with Y" and its article "X met Y". To demand مع puts every article that has all the
# words by chance above the one that is meant. The particles go on ranking; a line on the page names them,
# with
# a switch (docs/decisions/0019-particles.md).


#: A query of so many words and phrases is a sentence, if so many of them are no particles. In one of fewer
#: every word was meant.
MIN_SENTENCE_CLAUSES, MIN_CONTENT_WORDS = 6, 4


def optional_function_words(
    parsed: ParsedQuery,
    units: Sequence[CompiledClause],
    expansions: Sequence[QueryExpansion],
    request: SearchRequest,
) -> tuple[list[CompiledClause], QueryExpansion | None]:
    """The units that an article may lack, and the line that says so; none of a short query, of one with
    AND, OR, NOT, stars, brackets or fields, and of words exactly as typed. A particle that is part of a name
    or of what an expansion stands for is needed. Switched off, nothing is optional and the line is left."""
    root = parsed.root
    if (
        request.level == "exact"
        or len(units) < MIN_SENTENCE_CLAUSES
        or not isinstance(root, And)
        or root.spelt
    ):
        return [], None
    if not all(isinstance(child, Word | QuotedPhrase) and child.field is None for child in root.children):
        return [], None
    bound = {word for each in expansions for word in each.typed.split()}
    found = [
        unit
        for unit in units
        if unit.loose == (unit.node,) and unit.text not in bound and is_function_word(unit.text)
    ]
    needed = [unit.node for unit in units if unit not in found]
    nodes = tuple(dict.fromkeys(unit.node for unit in found if unit.node not in needed))
    if not nodes or len(dict.fromkeys(needed)) < MIN_CONTENT_WORDS:
        return [], None
    typed = " ".join(dict.fromkeys(unit.text for unit in found))
    line = Expansion(0, len(units), "particle", (), typed)
    active = not is_switched_off(line, request.without)
    lacking = AllOf((*dict.fromkeys(needed), MustNot(all_of(nodes))))
    return (found if active else []), QueryExpansion(typed, line, (lacking,), active)


@dataclass(frozen=True, slots=True)
class QueryClause:
    """A word, phrase or group of the query that an article must have: `unit` among the strict hits, `close`
    among the close ones (with corrections; None where it may not be loosened)."""

    text: str
    unit: Node
    close: Node


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """`strict`: every word; of a sentence not each particle (`particles`). `close`: most words, strict
    hits included; None when there is nothing to leave out. Excluded words and named cities and sources hold
    in both."""

    strict: Node
    close: Node | None = None
    words: tuple[QueryClause, ...] = ()
    expansions: tuple[QueryExpansion, ...] = ()
    complaints: tuple[Complaint, ...] = ()


def compile_query(
    parsed: ParsedQuery, request: SearchRequest, store: Store, *, loosen: bool = True
) -> CompiledQuery:
    """The trees of a query at the depth and with the switches of `request`. `store` knows the archive: the
    ids behind `city:` and `source:`, aliases, the vocabulary. Without `loosen` the close part knows no
    corrections (they are what costs time)."""
    if parsed.root is None:
        return CompiledQuery(MatchAll())
    analyser = ClauseCompiler(request, store, loosen=loosen)
    units = analyser.units(parsed.root)
    required = list(dict.fromkeys(unit.node for unit in units))
    extra = tuple(dict.fromkeys(analyser.boosters))
    lacked, line = optional_function_words(parsed, units, analyser.expansions, request)
    strict = all_of(list(dict.fromkeys(unit.node for unit in units if unit not in lacked)))
    strict_extra = (*extra, *dict.fromkeys(unit.node for unit in lacked))
    loose = [node for unit in units for node in unit.loose]
    # One typed word stays one, also where it is two run together.
    close = _minimum_should_match(
        loose, (*required, strict), CLOSE_MIN_SHOULD_MATCH if len(units) > 1 else 1.0
    )
    return CompiledQuery(
        strict=Boosted(strict, strict_extra) if strict_extra else strict,
        close=Boosted(close, extra) if extra and close else close,
        words=tuple(
            QueryClause(unit.text, unit.node, all_of(unit.loose or (unit.node,)))
            for unit in units
            if unit.text
        ),
        expansions=(*analyser.expansions, *([line] if line else [])),
        complaints=tuple(dict.fromkeys(analyser.complaints)),
    )


def _minimum_should_match(units: Sequence[Node], strict: Sequence[Node], share: float) -> Node | None:
    """Most of the words; None for a single one that `strict` asks for already."""
    unique = list(dict.fromkeys(units))
    words = [unit for unit in unique if _is_scoring(unit)]
    rest = [unit for unit in unique if not _is_scoring(unit)]
    if not words or (len(words) == 1 and words[0] in strict):
        return None
    enough = max(1, -int(-len(words) * share // 1))
    return all_of([AnyOf(tuple(words), at_least=enough), *rest])


def _is_scoring(unit: Node) -> bool:
    """Whether it stands for words (a city, a source or an exclusion is never left out)."""
    match unit:
        case Term() | Pattern() | Phrase():
            return True
        case AllOf(children) | AnyOf(children):
            return any(_is_scoring(child) for child in children)
        case _:
            return False
