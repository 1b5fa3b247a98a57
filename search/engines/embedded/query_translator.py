"""Translates the query tree into a Tantivy query."""

from __future__ import annotations

import re
from collections.abc import Sequence

import tantivy

from search.engines.embedded.phrases import approximate_query, phrase_query
from search.engines.embedded.schema import schema
from search.query_tree import (
    AllOf,
    AnyOf,
    Boosted,
    MatchAll,
    Missing,
    MustNot,
    Node,
    Number,
    NumberRange,
    Pattern,
    Phrase,
    Term,
)

Query = tantivy.Query
Occur = tantivy.Occur
#: The special characters of Tantivy's regular expressions; re.escape escapes more, which Tantivy refuses.
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


def unscored(query: Query) -> Query:
    """Match the same documents with score 0."""
    return Query.const_score_query(query, 0.0)


def has_scoring_leaf(node: Node) -> bool:
    """Return True if any leaf of the tree scores (otherwise the order by relevance is the order by id)."""
    match node:
        case Term() | Phrase() | Pattern():
            return True
        case AllOf(children) | AnyOf(children):
            return any(has_scoring_leaf(child) for child in children)
        case Boosted(child, boosters):
            return any(has_scoring_leaf(each) for each in (child, *boosters))
    return False


class Translator:
    """Translates queries for one view of the index, which long sloppy phrases have to read."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        #: The query of a facet repeats the phrases of the page's query.
        self._phrases: dict[Phrase, Query] = {}
        #: The trees of one search share their parts: id of the part → the part, which so keeps its id.
        self._built: dict[tuple[int, bool], tuple[Node, Query]] = {}

    def build_query(self, node: Node, *, only_scores: bool = False) -> Query:
        """Translate `node`; with `only_scores`, it affects scores alone and need not match exactly."""
        key = id(node), only_scores
        if key not in self._built:
            self._built[key] = node, self._build(node, only_scores=only_scores)
        return self._built[key][1]

    def _build(self, node: Node, *, only_scores: bool) -> Query:  # noqa: PLR0911  a case per kind of node
        match node:
            case Term(field, level, value, boost):
                return _boosted(Query.term_query(schema(), f"{field}_{level}", value, "freq"), boost)
            case Phrase(boost=boost):
                return _boosted(approximate_query(node) if only_scores else self._phrase(node), boost)
            case Pattern():
                return Query.const_score_query(_pattern(node), node.boost)
            case Number(field, value):
                return unscored(Query.term_query(schema(), field, value))
            case NumberRange(field, low, high):
                return unscored(_range(field, low, high))
            case Missing(field):
                return _without([Query.exists_query(field)])
            case AllOf(children):
                return self._all_of(children, only_scores)
            case AnyOf(children, at_least):
                return self._any_of(children, at_least, only_scores)
            case Boosted(child, boosters):
                return self._boosted(child, boosters, only_scores)
            case MustNot(child):
                return _without([self.build_query(child)])
            case MatchAll():
                return unscored(Query.all_query())

    def _phrase(self, node: Phrase) -> Query:
        if node not in self._phrases:
            self._phrases[node] = phrase_query(node, self._searcher)
        return self._phrases[node]

    def _all_of(self, children: Sequence[Node], only_scores: bool) -> Query:
        required = [
            self.build_query(child, only_scores=only_scores)
            for child in children
            if not isinstance(child, MustNot)
        ]
        excluded = [self.build_query(child.child) for child in children if isinstance(child, MustNot)]
        if not required:
            return _without(excluded)
        return Query.boolean_query(
            [(Occur.Must, query) for query in required] + [(Occur.MustNot, query) for query in excluded]
        )

    def _boosted(self, child: Node, boosters: Sequence[Node], only_scores: bool) -> Query:
        extra = [(Occur.Should, self.build_query(booster, only_scores=True)) for booster in boosters]
        return Query.boolean_query([(Occur.Must, self.build_query(child, only_scores=only_scores)), *extra])

    def _any_of(self, children: Sequence[Node], at_least: int, only_scores: bool) -> Query:
        if at_least > len(children) or not children:
            return Query.empty_query()
        # If one alternative matches everything, the others can only add to the score.
        free = at_least <= 0 or (at_least == 1 and any(isinstance(child, MatchAll) for child in children))
        queries = [self.build_query(child, only_scores=only_scores or free) for child in children]
        if free:
            queries.append(unscored(Query.all_query()))
            at_least = 1
        if len(queries) == 1:
            return queries[0]
        return Query.boolean_query([(Occur.Should, query) for query in queries], at_least)


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)


def _without(excluded: Sequence[Query]) -> Query:
    everything = unscored(Query.all_query())
    return Query.boolean_query([(Occur.Must, everything)] + [(Occur.MustNot, query) for query in excluded])


def _range(field: str, low: int | None, high: int | None) -> Query:
    if low is None and high is None:
        return Query.exists_query(field)
    if low is not None and high is not None and low > high:
        return Query.empty_query()
    return Query.range_query(schema(), field, tantivy.FieldType.Integer, low, high)


def _pattern(node: Pattern) -> Query:
    start = ".*" if node.open_start else ""
    end = ".*" if node.open_end else ""
    literal = _SPECIAL.sub(r"\\\g<0>", node.value)
    if node.behind and not start:
        start = f"({'|'.join(node.behind)})?"
    return Query.regex_query(schema(), f"{node.field}_exact", f"{start}{literal}{end}")
