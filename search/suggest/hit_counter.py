"""Counts the hits of many queries in one round trip: request each count, run, then read them by ticket."""

from __future__ import annotations

from collections.abc import Collection
from typing import NewType

from arabic.morphology.affixes import NOUN_CLITICS
from search.engines.contract import FilterName, SearchView
from search.query.compiler import PreparedSearch, compile_query
from search.query.nodes import ParsedQuery
from search.query.parser import parse_query
from search.query.request import SearchLevel
from search.query_tree import TEXT_FIELDS, AllOf, AnyOf, Node, Term

CountTicket = NewType("CountTicket", int)


class HitCounter:
    """Counts for one search: under its filters and at its level unless stated otherwise.

    Each distinct text is parsed once, and compiled once for each level.
    """

    def __init__(self, search: PreparedSearch, engine: SearchView) -> None:
        self._search = search
        self._engine = engine
        self._parsed: dict[str, ParsedQuery] = {}
        self._trees: dict[tuple[str, SearchLevel], Node] = {}
        self._tickets: dict[object, CountTicket] = {}
        self._nodes: list[Node] = []
        self._counts: list[int] = []

    def parse(self, text: str) -> ParsedQuery:
        """Parse a text, once."""
        if text not in self._parsed:
            self._parsed[text] = parse_query(text)
        return self._parsed[text]

    def add_parsed(self, text: str, parsed: ParsedQuery) -> None:
        """Take over the parsed query of a text."""
        self._parsed[text] = parsed

    def request_count(
        self, query: str, *, level: SearchLevel | None = None, without: Collection[FilterName] = ()
    ) -> CountTicket:
        """Request the number of strict hits of a query that has a word.

        `without`: filters that do not apply.
        """
        level = level or self._search.request.level
        key = query, level, tuple(without)
        if key not in self._tickets:
            tree = self._tree(query, level)
            kept = [node for facet, node in self._search.filters.nodes.items() if facet not in without]
            self._add(key, AllOf((tree, *kept)) if kept else tree)
        return self._tickets[key]

    def _tree(self, text: str, level: SearchLevel) -> Node:
        if (text, level) not in self._trees:
            search = self._search.with_changes(q=text, level=level)
            compiled = compile_query(self.parse(text), search.request, search.store, relax=False)
            self._trees[text, level] = compiled.strict
        return self._trees[text, level]

    def request_word_count(self, word: str) -> CountTicket:
        """Request the number of published articles that have this folded word.

        The word counts as it is, without one of its clitics and with the article that it lacks, whatever the
        filters.
        """
        if word not in self._tickets:
            bare = [word.removeprefix(clitic) for clitic in NOUN_CLITICS if word.startswith(clitic)]
            ways = [word, f"ال{word}", *bare]
            terms = [Term(field, "exact", way) for way in ways if way for field in TEXT_FIELDS]
            self._add(word, AnyOf(tuple(terms)))
        return self._tickets[word]

    def _add(self, key: object, node: Node) -> None:
        self._tickets[key] = CountTicket(len(self._nodes))
        self._nodes.append(node)

    def run(self) -> None:
        """Count everything requested since the last run, in one round trip; none if nothing was requested.

        Raises the errors of `search/engines/contract.py`.
        """
        if new := self._nodes[len(self._counts) :]:
            self._counts += self._engine.counts(new)

    def __getitem__(self, ticket: CountTicket) -> int:
        return self._counts[ticket]
