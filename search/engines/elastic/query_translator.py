"""The tree of terms as Elasticsearch's query DSL. Terms are ready: nothing here is analysed again."""

from __future__ import annotations

import re
from typing import Any

from search.query_tree import (
    AllOf,
    AnyOf,
    Boosted,
    Everything,
    Level,
    Missing,
    Node,
    Not,
    Number,
    NumberRange,
    Pattern,
    Phrase,
    Term,
    TermField,
)

Clause = dict[str, Any]
_WILDCARDS = re.compile(r"[\\*?]")


def column(field: TermField, level: Level) -> str:
    """The index field of a text at a level."""
    if field in ("lead", "opening"):
        return f"{field}_{level}"
    return {"exact": field, "light": f"{field}.light", "forms": f"{field}_forms"}[level]


def silent(clause: Clause) -> Clause:
    """The same documents, with score 0."""
    return {"bool": {"filter": [clause]}}


def query(node: Node) -> Clause:  # noqa: PLR0911  a case per kind of node
    """The clause that finds what `node` says."""
    match node:
        case Term(field, level, value, boost):
            return {"term": {column(field, level): {"value": value, "boost": boost}}}
        case Phrase():
            return _phrase(node)
        case Pattern():
            return _pattern(node)
        case Number(field, value):
            return silent({"term": {field: value}})
        case NumberRange(field, low, high):
            return silent(_range(field, low, high))
        case Missing(field):
            return {"bool": {"must_not": [{"exists": {"field": field}}], "filter": [{"match_all": {}}]}}
        case AllOf(children):
            return _all_of(children)
        case AnyOf(children, at_least):
            return _any_of(children, at_least)
        case Boosted(child, boosters):
            return {"bool": {"must": [query(child)], "should": [query(booster) for booster in boosters]}}
        case Not(child):
            return _all_of((Not(child),))
        case Everything():
            return silent({"match_all": {}})


def _all_of(children: tuple[Node, ...]) -> Clause:
    required = [query(child) for child in children if not isinstance(child, Not)]
    excluded = [query(child.child) for child in children if isinstance(child, Not)]
    # The filter keeps a group of exclusions from matching nothing, and scores nothing.
    return {"bool": {"must": required, "must_not": excluded, "filter": [{"match_all": {}}]}}


def _any_of(children: tuple[Node, ...], at_least: int) -> Clause:
    if not children or at_least > len(children):
        return {"match_none": {}}
    clauses = [query(child) for child in children]
    if at_least <= 0:
        return {"bool": {"should": clauses, "filter": [{"match_all": {}}], "minimum_should_match": 0}}
    return {"bool": {"should": clauses, "minimum_should_match": at_least}}


def _phrase(node: Phrase) -> Clause:
    if len(node.values) == 1:
        return query(Term(node.field, node.level, node.values[0], node.boost))
    phrase = {
        "query": " ".join(node.values),
        "slop": node.slop,
        "boost": node.boost,
        "analyzer": "whitespace",
    }
    return {"match_phrase": {column(node.field, node.level): phrase}}


def _pattern(node: Pattern) -> Clause:
    literal = _WILDCARDS.sub(r"\\\g<0>", node.value)
    pattern = f"{'*' if node.open_start else ''}{literal}{'*' if node.open_end else ''}"
    return {"wildcard": {node.field: {"value": pattern, "boost": node.boost, "rewrite": "constant_score"}}}


def _range(field: str, low: int | None, high: int | None) -> Clause:
    if low is None and high is None:
        return {"exists": {"field": field}}
    return {
        "range": {field: {name: value for name, value in (("gte", low), ("lte", high)) if value is not None}}
    }
