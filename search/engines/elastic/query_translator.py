"""Translates the query tree into Elasticsearch's query DSL. Terms are final: nothing is analyzed again."""

from __future__ import annotations

import re
from typing import Any

from search.query_tree import (
    AllOf,
    AnalysisLevel,
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
    TermField,
)

QueryDsl = dict[str, Any]
_WILDCARDS = re.compile(r"[\\*?]")
#: The special characters of Lucene's regular expressions.
_SPECIAL = re.compile(r"[.?+*|{}\[\]()\"\\#@&<>~]")


def index_field(field: TermField, level: AnalysisLevel) -> str:
    """Return the index field of a text at an analysis level."""
    if field in ("lead", "opening"):
        return f"{field}_{level}"
    return {"exact": field, "light": f"{field}.light", "forms": f"{field}_forms"}[level]


def unscored(clause: QueryDsl) -> QueryDsl:
    """Match the same documents with score 0."""
    return {"bool": {"filter": [clause]}}


def build_query(node: Node) -> QueryDsl:  # noqa: PLR0911  a case per kind of node
    """Return the clause that matches what `node` describes."""
    match node:
        case Term(field, level, value, boost):
            return {"term": {index_field(field, level): {"value": value, "boost": boost}}}
        case Phrase():
            return _phrase(node)
        case Pattern():
            return _pattern(node)
        case Number(field, value):
            return unscored({"term": {field: value}})
        case NumberRange(field, low, high):
            return unscored(_range(field, low, high))
        case Missing(field):
            return {"bool": {"must_not": [{"exists": {"field": field}}], "filter": [{"match_all": {}}]}}
        case AllOf(children):
            return _all_of(children)
        case AnyOf(children, at_least):
            return _any_of(children, at_least)
        case Boosted(child, boosters):
            return {
                "bool": {
                    "must": [build_query(child)],
                    "should": [build_query(booster) for booster in boosters],
                }
            }
        case MustNot(child):
            return _all_of((MustNot(child),))
        case MatchAll():
            return unscored({"match_all": {}})


def _all_of(children: tuple[Node, ...]) -> QueryDsl:
    required = [build_query(child) for child in children if not isinstance(child, MustNot)]
    excluded = [build_query(child.child) for child in children if isinstance(child, MustNot)]
    if required and not excluded:
        return required[0] if len(required) == 1 else {"bool": {"must": required}}
    # Exclusions alone would match nothing; the filter does not score.
    included = {"must": required} if required else {"filter": [{"match_all": {}}]}
    return {"bool": {**included, "must_not": excluded}}


def _any_of(children: tuple[Node, ...], at_least: int) -> QueryDsl:
    if not children or at_least > len(children):
        return {"match_none": {}}
    clauses = [build_query(child) for child in children]
    if at_least <= 0:
        return {"bool": {"should": clauses, "filter": [{"match_all": {}}], "minimum_should_match": 0}}
    if at_least == 1:  # what Elasticsearch asks for unless told otherwise
        return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}
    return {"bool": {"should": clauses, "minimum_should_match": at_least}}


def _phrase(node: Phrase) -> QueryDsl:
    if len(node.values) == 1:
        return build_query(Term(node.field, node.level, node.values[0], node.boost))
    phrase = {
        "query": " ".join(node.values),
        "slop": node.slop,
        "boost": node.boost,
        "analyzer": "whitespace",
    }
    return {"match_phrase": {index_field(node.field, node.level): phrase}}


def _pattern(node: Pattern) -> QueryDsl:
    """Return one clause whatever may stand before the value: Elasticsearch walks the terms once for each."""
    if node.behind and not node.open_start:
        before = "|".join(map(_literal, node.behind))
        value = f"({before})?{_literal(node.value)}{'.*' if node.open_end else ''}"
        return _constant("regexp", node, {"value": value, "flags": "NONE"})
    literal = _WILDCARDS.sub(r"\\\g<0>", node.value)
    value = f"{'*' if node.open_start else ''}{literal}{'*' if node.open_end else ''}"
    return _constant("wildcard", node, {"value": value})


def _constant(kind: str, node: Pattern, options: QueryDsl) -> QueryDsl:
    return {kind: {node.field: {**options, "boost": node.boost, "rewrite": "constant_score"}}}


def _literal(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _range(field: str, low: int | None, high: int | None) -> QueryDsl:
    if low is None and high is None:
        return {"exists": {"field": field}}
    return {
        "range": {field: {name: value for name, value in (("gte", low), ("lte", high)) if value is not None}}
    }
