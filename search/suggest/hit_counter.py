"""Counts of many queries in one round trip: ask for each, `count`, then read them by their tickets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NewType

from arabic.morphology.affixes import NOUN_CLITICS
from search.engines.contract import FacetName, SearchEngine
from search.query.compiler import compile_query
from search.query.filters import ResolvedFilters
from search.query.parser import parse_query
from search.query.request import SearchLevel, SearchRequest
from search.query_tree import TEXT_FIELDS, AllOf, AnyOf, Node, Term
from search.store.protocols import Store

CountTicket = NewType("CountTicket", int)


class HitCounter:
    """For one request: what is counted stands under its filters and level unless said otherwise."""

    def __init__(
        self, request: SearchRequest, filters: ResolvedFilters, engine: SearchEngine, store: Store
    ) -> None:
        self.request = request
        self.filters = filters.nodes
        self.engine = engine
        self.store = store
        self._tickets: dict[object, CountTicket] = {}
        self._nodes: list[Node] = []
        self._counts: list[int] = []

    def ask(
        self, query: str, *, level: SearchLevel | None = None, without: Collection[FacetName] = ()
    ) -> CountTicket:
        """For the strict hits of a query that has a word; `without` the filters of some facets."""
        asked = replace(self.request, q=query, level=level or self.request.level)
        key = query, asked.level, tuple(without)
        if key not in self._tickets:
            tree = compile_query(parse_query(query), asked, self.store, loosen=False).strict
            kept = [node for facet, node in self.filters.items() if facet not in without]
            self._add(key, AllOf((tree, *kept)) if kept else tree)
        return self._tickets[key]

    def ask_word(self, word: str) -> CountTicket:
        """For the published articles in which this folded word stands as it is, without a clitic that it has
        or with the article that it lacks; whatever the filters."""
        if word not in self._tickets:
            bare = [word.removeprefix(clitic) for clitic in NOUN_CLITICS if word.startswith(clitic)]
            ways = [word, f"ال{word}", *bare]
            terms = [Term(field, "exact", way) for way in ways if way for field in TEXT_FIELDS]
            self._add(word, AnyOf(tuple(terms)))
        return self._tickets[word]

    def _add(self, key: object, node: Node) -> None:
        self._tickets[key] = CountTicket(len(self._nodes))
        self._nodes.append(node)

    def count(self) -> None:
        """One round trip for all that was asked since the last, none if nothing was. Raises the errors of
        `engines.base`."""
        if new := self._nodes[len(self._counts) :]:
            self._counts += self.engine.counts(new)

    def __getitem__(self, ticket: CountTicket) -> int:
        return self._counts[ticket]
