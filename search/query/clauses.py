"""Compiles the clauses of a query: the nodes for each word, phrase, group and exclusion.

`search/query/compiler.py` joins them into the trees that the engines execute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from arabic.analyzer import written_parts
from arabic.expansion.expander import Expansion, expand_query
from arabic.morphology.protected_words import find_multiword_names
from arabic.text.tokenizer import normalized_term, normalized_terms, written_terms
from search.query.filters import ids_node
from search.query.leaf_terms import (
    WITHOUT_ALL_EXPANSIONS,
    all_of,
    any_of,
    expansion_terms,
    is_switched_off,
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
    """An expansion of a part of the query. `active` is False if the reader switched it off."""

    typed: str
    expansion: Expansion
    nodes: tuple[Node, ...]
    active: bool


class QueryClause:
    """A part of the query that must match: a word, a phrase, a group, an exclusion or a named filter.

    A strict hit matches `strict`. The close part of the list searches the `relaxed` nodes one by one: a word
    or its corrections, the words of a phrase; for a name of several words only its first word has any. They
    are computed on first use, because corrections take time and most pages show strict hits only.
    """

    def __init__(self, text: str, strict: Node, relax: Callable[[], tuple[Node, ...]] | None = None) -> None:
        #: As typed; "" for exclusions and named filters.
        self.text = text
        self.strict = strict
        self._relax = relax

    @cached_property
    def relaxed(self) -> tuple[Node, ...]:
        """The nodes that the close part of the list searches in place of `strict`."""
        return self._relax() if self._relax else (self.strict,)

    @cached_property
    def close(self) -> Node:
        """The relaxed nodes as one."""
        return all_of(self.relaxed or (self.strict,))


class ClauseCompiler:
    """Compiles the clauses of one query, and collects its boosters, expansions and complaints."""

    def __init__(self, request: SearchRequest, store: Store, *, relax: bool) -> None:
        self.relax = relax
        self.level = request.level
        self.without = request.without
        self.store = store
        self.parts = store.splitter().parts
        self.complaints: list[Complaint] = []
        self.expansions: list[QueryExpansion] = []
        self.boosters: list[Node] = []

    def compile(self, node: QueryNode) -> list[QueryClause]:
        """Return the clauses that must all match: one for each word, phrase, group and exclusion."""
        children = node.children if isinstance(node, And) else (node,)
        clauses: list[QueryClause] = []
        words: list[Word] = []
        for child in children:
            if isinstance(child, Word):
                if words and words[-1].field != child.field:
                    clauses += self.compile_words(words)
                    words = []
                words.append(child)
                continue
            clauses += self.compile_words(words)
            words = []
            clauses.append(self.compile_clause(child, alone=len(children) == 1))
        return clauses + self.compile_words(words)

    def compile_group(self, node: QueryNode) -> Node:
        """Return all clauses of a group as one node."""
        return all_of(list(dict.fromkeys(clause.strict for clause in self.compile(node))))

    def compile_clause(self, node: QueryNode, *, alone: bool) -> QueryClause:
        """Compile a clause that is not a plain word. `alone`: the clause is the whole query."""
        match node:
            case QuotedPhrase():
                # A pasted headline with quotes in it is close to its article even where the article has the
                # words in another order; a query that is a single phrase stays a phrase.
                relax = None if alone else partial(self.relaxed_phrase, node)
                return QueryClause(f"«{node.text}»", self.phrase_node(node), relax)
            case Wildcard():
                return QueryClause(wildcard_text(node), self.wildcard_node(node))
            case NamedFilter():
                return QueryClause("", self.filter_node(node))
            case Not(child):
                return QueryClause("", Excluded(self.compile_excluded(child)))
            case Or(children):
                text = " | ".join(node_text(child) for child in children)
                return QueryClause(text, any_of(self.compile_group(child) for child in children))
            case _:
                return QueryClause(node_text(node), self.compile_group(node))

    def compile_excluded(self, node: QueryNode) -> Node:
        """Compile the operand of a NOT: it boosts nothing, and its expansions are not shown."""
        compiler = ClauseCompiler(
            SearchRequest(level=self.level, without=(WITHOUT_ALL_EXPANSIONS,)), self.store, relax=False
        )
        found = compiler.compile_group(node)
        self.complaints += compiler.complaints
        return found

    def relaxed_phrase(self, node: QuotedPhrase) -> tuple[Node, ...]:
        """Return the words of a phrase one by one; the phrase itself if it has none."""
        fields = searched_fields(node.field)
        words = dict.fromkeys(self.word_node([word], fields) for word in written_terms(node.text))
        return tuple(words) or (self.phrase_node(node),)

    def compile_words(self, words: Sequence[Word]) -> list[QueryClause]:
        """Return a clause for each of some words in a row.

        What matches several of them together (the lemma of the name دير الزور, an expansion) is an
        alternative in the clause of each.
        """
        if not words:
            return []
        fields = searched_fields(words[0].field)
        written = [written_terms(word.text) for word in words]
        tokens = [list(map(normalized_term, word)) for word in written]
        alternatives: list[list[Node]] = [list(or_branches(self.word_node(word, fields))) for word in written]
        names = self.add_names(tokens, fields, alternatives)
        self.add_expansions(words, tokens, fields, alternatives)
        nodes = [any_of(each) for each in alternatives]
        self.boosters += proximity_boosters(written, fields, self.level)
        relax: list[Callable[[], tuple[Node, ...]]] = [
            partial(self.relaxed_nodes, token, node, fields)
            for token, node in zip(tokens, nodes, strict=True)
        ]
        for name in names:  # half a name (دير of دير الزور) is not close to it
            whole = partial(_all_together, nodes[name.start : name.stop])
            relax[name.start : name.stop] = [whole, *[tuple] * (len(name) - 1)]
        return [
            QueryClause(word.text, node, relaxed)
            for word, node, relaxed in zip(words, nodes, relax, strict=True)
        ]

    def relaxed_nodes(
        self, tokens: Sequence[str], node: Node, fields: Sequence[TextField]
    ) -> tuple[Node, ...]:
        """Return the nodes that the close part searches in place of a word.

        That is the word or its corrections; for a run-together word, its parts one by one.
        """
        if self.level == "exact" or len(tokens) != 1 or not self.relax:
            return (node,)
        parts = self.parts(tokens[0])
        if parts:
            return tuple(any_of([*or_branches(self.word_node([part], fields)), node]) for part in parts)
        vocabulary = self.store.vocabulary()
        if words := split_word_terms(tokens[0], fields, self.level, vocabulary):
            return tuple(any_of([*leaves, *or_branches(node)]) for leaves in words)
        more = correction_terms(tokens[0], fields, self.level, vocabulary)
        return (any_of([*or_branches(node), *more]) if more else node,)

    def add_names(
        self, words: Sequence[Sequence[str]], fields: Sequence[TextField], alternatives: list[list[Node]]
    ) -> list[range]:
        """Add the names of several words to the alternatives of each of their words.

        Return the ranges of words that such a name takes, for names that take several written words.
        """
        if self.level != "all":
            return []
        offsets = _WordOffsets(words)
        names: list[range] = []
        runs = find_multiword_names([token for word in words for token in word])
        for run in sorted(runs, key=lambda run: (run.start, -run.end)):
            # A name that begins or ends inside a written word was not typed.
            at = offsets.words(run.start, run.end)
            if at and (not names or at.start >= names[-1].stop):
                for index in at:
                    alternatives[index] += lemma_terms(run.term, fields, 1 / len(at))
                names.append(at)
        return [name for name in names if len(name) > 1]

    def add_expansions(
        self,
        words: Sequence[Word],
        tokens: Sequence[Sequence[str]],
        fields: Sequence[TextField],
        alternatives: list[list[Node]],
    ) -> None:
        """Add the labelled expansions to the alternatives of each of the words that they expand."""
        if self.level == "exact":
            return
        offsets = _WordOffsets(tokens)
        written = [word.text for word, of_word in zip(words, tokens, strict=True) for _ in of_word]
        row = [token for of_word in tokens for token in of_word]
        for expansion in expand_query(row, self.store.aliases(), written):
            at = offsets.words(expansion.start, expansion.end)
            if not at:
                continue
            active = not is_switched_off(expansion, self.without)
            nodes = expansion_terms(expansion, fields, self.level, len(at))
            typed = " ".join(words[index].text for index in at)
            self.expansions.append(QueryExpansion(typed, expansion, tuple(nodes), active))
            if active:
                for index in at:
                    alternatives[index] += nodes

    def word_node(self, written: Sequence[str], fields: Sequence[TextField]) -> Node:
        """Return the node of one typed word, given as written terms.

        A word of several tokens matches best as a phrase; where the tokens mean little alone (ا.ف.ب، 1,000)
        it matches as a phrase only.
        """
        tokens = list(map(normalized_term, written))
        if len(tokens) == 1:
            leaves = token_terms(written[0], fields, self.level)
            if self.level == "all" and (parts := self.parts(tokens[0])):
                parts_written = dict.fromkeys(written_parts(written[0], parts))
                leaves.append(all_of([self.word_node([part], fields) for part in parts_written]))
            return any_of(leaves)
        in_a_row = phrase(tokens, fields)
        if self.level == "exact" or all(len(token) == 1 or token.isdigit() for token in tokens):
            return in_a_row
        apart = AllOf(tuple(dict.fromkeys(self.word_node([word], fields) for word in written)))
        return any_of([*or_branches(in_a_row), apart])

    def phrase_node(self, node: QuotedPhrase) -> Node:
        """Return the node of a quoted phrase: its tokens exactly as written."""
        tokens = normalized_terms(node.text)
        fields = searched_fields(node.field)
        if len(tokens) == 1:
            return any_of(term(field, "exact", tokens[0]) for field in fields)
        return phrase(tokens, fields, node.slop)

    def wildcard_node(self, node: Wildcard) -> Node:
        """Return the node of a wildcard.

        The stars belong to the first and the last token; tokens between are whole words.
        """
        tokens = normalized_terms(node.text)
        fields = searched_fields(node.field)
        last = len(tokens) - 1
        nodes: list[Node] = []
        for index, token in enumerate(tokens):
            open_start = node.open_start and index == 0
            open_end = node.open_end and index == last
            if open_start or open_end:
                nodes.append(
                    any_of(
                        Pattern(field, token, open_start, open_end, FIELD_BOOST[field] * PATTERN_BOOST)
                        for field in fields
                    )
                )
            else:
                nodes.append(self.word_node([token], fields))
        return all_of(nodes)

    def filter_node(self, node: NamedFilter) -> Node:
        """Return the node of `city:` or `source:`; complain about an unknown name."""
        find = self.store.cities_named if node.kind == "city" else self.store.sources_named
        ids = find(node.name)
        if ids is None:
            self.complaints.append(Complaint(f"unknown_{node.kind}", node.name))
        return ids_node(node.kind, {node.name: ids or ()}) or MATCH_NONE


def _all_together(nodes: Sequence[Node]) -> tuple[Node, ...]:
    return (all_of(nodes),)


class _WordOffsets:
    """Maps token offsets of some words in a row to the written words."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        count = 0
        for index, word in enumerate(words):
            self._starts[count] = index
            count += len(word)
            self._ends[count] = index + 1

    def words(self, start: int, end: int) -> range | None:
        """Return the words whose tokens are [start, end); None if it begins or ends inside a word."""
        if start in self._starts and end in self._ends:
            return range(self._starts[start], self._ends[end])
        return None


def wildcard_text(node: Wildcard) -> str:
    """Return a wildcard as typed."""
    return f"{'*' if node.open_start else ''}{node.text}{'*' if node.open_end else ''}"


def node_text(node: QueryNode) -> str:
    """Return the words of a part of the query, for display."""
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
