"""The parts of a query that an article must have, one by one: what each word, phrase and group stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arabic.expansion.expander import Expansion, expand_query
from arabic.morphology.protected_words import find_multiword_names
from arabic.text.tokenizer import normalized_terms
from search.query.expansion_terms import WITHOUT_ALL_EXPANSIONS, expansion_terms, is_switched_off
from search.query.filters import ids_node
from search.query.leaf_terms import (
    all_of,
    any_of,
    lemma_terms,
    or_branches,
    phrase,
    proximity_boosters,
    searched_fields,
    term,
    token_terms,
)
from search.query.nodes import And, NamedFilter, Not, Or, QueryNode, QuotedPhrase, Wildcard, Word
from search.query.relaxation import correction_terms, split_word_terms
from search.query.request import SearchRequest
from search.query.weights import FIELD_BOOST, PATTERN_BOOST
from search.query_tree import MATCH_NONE, AllOf, Node, Pattern, TextField
from search.query_tree import MustNot as Excluded
from search.results import Complaint
from search.store.protocols import Store


@dataclass(frozen=True, slots=True)
class QueryExpansion:
    """What else is searched for a part of the query. `active` is False where the reader switched it off."""

    typed: str
    expansion: Expansion
    nodes: tuple[Node, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """A part of the query that must hold, and what of it the close part may ask for one by one."""

    text: str  #: "" for what is no word of the reader's: exclusions, cities, sources
    node: Node
    loose: tuple[Node, ...]


class ClauseCompiler:
    def __init__(self, request: SearchRequest, store: Store, *, loosen: bool) -> None:
        self.loosen = loosen
        self.level = request.level
        self.without = request.without
        self.store = store
        self.parts = store.splitter().parts
        self.complaints: list[Complaint] = []
        self.expansions: list[QueryExpansion] = []
        self.boosters: list[Node] = []

    def units(self, node: QueryNode) -> list[CompiledClause]:
        """The parts of a query that must all hold: one for each word, phrase, group and exclusion."""
        children = node.children if isinstance(node, And) else (node,)
        units: list[CompiledClause] = []
        row: list[Word] = []
        for child in children:
            if isinstance(child, Word):
                if row and row[-1].field != child.field:
                    units += self.row(row)
                    row = []
                row.append(child)
                continue
            units += self.row(row)
            row = []
            units.append(self.other(child, alone=len(children) == 1))
        return units + self.row(row)

    def whole(self, node: QueryNode) -> Node:
        return all_of(list(dict.fromkeys(unit.node for unit in self.units(node))))

    def other(self, node: QueryNode, *, alone: bool) -> CompiledClause:
        match node:
            case QuotedPhrase():
                found = self.quoted(node)
                # A pasted headline with quotes in it is close to its article even where that has the words in
                # another order; a query that is but one phrase stays one.
                apart = () if alone else self.words_of(node)
                return CompiledClause(f"«{node.text}»", found, apart or (found,))
            case Wildcard():
                found = self.wildcard(node)
                return CompiledClause(wildcard_text(node), found, (found,))
            case NamedFilter():
                found = self.named(node)
                return CompiledClause("", found, (found,))
            case Not(child):
                found = Excluded(self.silently(child))
                return CompiledClause("", found, (found,))
            case Or(children):
                found = any_of(self.whole(child) for child in children)
                return CompiledClause(" | ".join(node_text(child) for child in children), found, (found,))
            case _:
                found = self.whole(node)
                return CompiledClause(node_text(node), found, (found,))

    def silently(self, node: QueryNode) -> Node:
        """Excluded words: what is not wanted neither boosts nor is it worth a line on the page."""
        analyser = ClauseCompiler(
            SearchRequest(level=self.level, without=(WITHOUT_ALL_EXPANSIONS,)), self.store, loosen=False
        )
        found = analyser.whole(node)
        self.complaints += analyser.complaints
        return found

    def words_of(self, node: QuotedPhrase) -> tuple[Node, ...]:
        fields = searched_fields(node.field)
        return tuple(dict.fromkeys(self.word([token], fields) for token in normalized_terms(node.text)))

    def row(self, words: Sequence[Word]) -> list[CompiledClause]:
        """A unit for each word. What stands for several words in a row (the name دير الزور in the bag of
        forms, an expansion) is an alternative for each of them."""
        if not words:
            return []
        fields = searched_fields(words[0].field)
        tokens = [normalized_terms(word.text) for word in words]
        found: list[list[Node]] = [list(or_branches(self.word(word, fields))) for word in tokens]
        names = self.add_names(tokens, fields, found)
        self.add_expansions(words, tokens, fields, found)
        nodes = [any_of(each) for each in found]
        self.boosters += proximity_boosters(tokens, fields, self.level)
        loose = [self.loose(token, node, fields) for token, node in zip(tokens, nodes, strict=True)]
        for name in names:  # half a name (دير of دير الزور) is not close to it
            loose[name.start : name.stop] = [
                (all_of(nodes[name.start : name.stop]),),
                *[()] * (len(name) - 1),
            ]
        return [
            CompiledClause(*each) for each in zip((word.text for word in words), nodes, loose, strict=True)
        ]

    def loose(self, tokens: Sequence[str], node: Node, fields: Sequence[TextField]) -> tuple[Node, ...]:
        """What the close part asks for in place of a word: the word or its corrections; the parts of one that
        was run together."""
        if self.level == "exact" or len(tokens) != 1 or not self.loosen:
            return (node,)
        parts = self.parts(tokens[0])
        if parts:
            return tuple(any_of([*or_branches(self.word([part], fields)), node]) for part in parts)
        vocabulary = self.store.vocabulary()
        if words := split_word_terms(tokens[0], fields, self.level, vocabulary):
            return tuple(any_of([*leaves, *or_branches(node)]) for leaves in words)
        more = correction_terms(tokens[0], fields, self.level, vocabulary)
        return (any_of([*or_branches(node), *more]) if more else node,)

    def add_names(
        self, words: Sequence[Sequence[str]], fields: Sequence[TextField], found: list[list[Node]]
    ) -> list[range]:
        """The names of several words in the row, to each of their words; gives which words these are."""
        if self.level != "all":
            return []
        place = _WordOffsets(words)
        names: list[range] = []
        runs = find_multiword_names([token for word in words for token in word])
        for run in sorted(runs, key=lambda run: (run.start, -run.end)):
            # A name that begins or ends inside a written unit is not what was typed.
            at = place.words(run.start, run.end)
            if at and (not names or at.start >= names[-1].stop):
                for index in at:
                    found[index] += lemma_terms(run.term, fields, 1 / len(at))
                names.append(at)
        return [name for name in names if len(name) > 1]

    def add_expansions(
        self,
        words: Sequence[Word],
        tokens: Sequence[Sequence[str]],
        fields: Sequence[TextField],
        found: list[list[Node]],
    ) -> None:
        """Labelled expansions, to each of the words that they stand for."""
        if self.level == "exact":
            return
        place = _WordOffsets(tokens)
        written = [word.text for word, of_word in zip(words, tokens, strict=True) for _ in of_word]
        row = [token for of_word in tokens for token in of_word]
        for expansion in expand_query(row, self.store.aliases(), written):
            at = place.words(expansion.start, expansion.end)
            if not at:
                continue
            active = not is_switched_off(expansion, self.without)
            nodes = expansion_terms(expansion, fields, self.level, len(at))
            typed = " ".join(words[index].text for index in at)
            self.expansions.append(QueryExpansion(typed, expansion, tuple(nodes), active))
            if active:
                for index in at:
                    found[index] += nodes

    def word(self, tokens: Sequence[str], fields: Sequence[TextField]) -> Node:
        """One typed word. Of several tokens it is best found in a row; where the tokens say little alone
        (ا.ف.ب، 1,000) only so."""
        if len(tokens) == 1:
            leaves = token_terms(tokens[0], fields, self.level)
            if self.level == "all" and (parts := self.parts(tokens[0])):
                leaves.append(all_of([self.word([part], fields) for part in dict.fromkeys(parts)]))
            return any_of(leaves)
        in_a_row = phrase(tokens, fields)
        if self.level == "exact" or all(len(token) == 1 or token.isdigit() for token in tokens):
            return in_a_row
        apart = AllOf(tuple(dict.fromkeys(self.word([token], fields) for token in tokens)))
        return any_of([*or_branches(in_a_row), apart])

    def quoted(self, node: QuotedPhrase) -> Node:
        tokens = normalized_terms(node.text)
        fields = searched_fields(node.field)
        if len(tokens) == 1:
            return any_of(term(field, "exact", tokens[0]) for field in fields)
        return phrase(tokens, fields, node.slop)

    def wildcard(self, node: Wildcard) -> Node:
        """The stars belong to the first and the last token; tokens between are whole."""
        tokens = normalized_terms(node.text)
        fields = searched_fields(node.field)
        last = len(tokens) - 1
        units: list[Node] = []
        for index, token in enumerate(tokens):
            open_start = node.open_start and index == 0
            open_end = node.open_end and index == last
            if open_start or open_end:
                units.append(
                    any_of(
                        Pattern(field, token, open_start, open_end, FIELD_BOOST[field] * PATTERN_BOOST)
                        for field in fields
                    )
                )
            else:
                units.append(self.word([token], fields))
        return all_of(units)

    def named(self, node: NamedFilter) -> Node:
        find = self.store.cities_named if node.kind == "city" else self.store.sources_named
        ids = find(node.name)
        if ids is None:
            self.complaints.append(Complaint(f"unknown_{node.kind}", node.name))
        return ids_node(node.kind, {node.name: ids or ()}) or MATCH_NONE


class _WordOffsets:
    """Where the tokens of a row stand among its written words."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        count = 0
        for index, word in enumerate(words):
            self._starts[count] = index
            count += len(word)
            self._ends[count] = index + 1

    def words(self, start: int, end: int) -> range | None:
        """The words whose tokens are [start, end); None if that begins or ends inside a word."""
        if start in self._starts and end in self._ends:
            return range(self._starts[start], self._ends[end])
        return None


def wildcard_text(node: Wildcard) -> str:
    """As the reader typed it."""
    return f"{'*' if node.open_start else ''}{node.text}{'*' if node.open_end else ''}"


def node_text(node: QueryNode) -> str:
    """The words of a part of the query, for showing."""
    match node:
        case Word(text) | QuotedPhrase(text):
            return text
        case Wildcard():
            return wildcard_text(node)
        case And(children):
            return " ".join(filter(None, map(node_text, children)))
        case Or(children):
            return " | ".join(filter(None, map(node_text, children)))
        case _:
            return ""
