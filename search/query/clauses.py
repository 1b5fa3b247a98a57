"""Compiles the clauses of a query: the nodes for each word, phrase, group and exclusion.

`search/query/compiler.py` joins them into the trees that the engines execute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from arabic.analyzer import written_parts
from arabic.expansion.expander import Expansion, derivations, expand_query
from arabic.morphology.protected_words import may_be_construct_noun
from arabic.text.tokenizer import normalized_term, normalized_terms, written_terms
from search.query.boosters import proximity_boosters
from search.query.filters import ids_node
from search.query.leaf_terms import (
    LIKELY_WORDS,
    WITHOUT_ALL_EXPANSIONS,
    all_of,
    any_of,
    expansion_terms,
    is_active,
    lemma_terms,
    likely_word_terms,
    or_branches,
    pattern,
    phrase,
    quoted_phrase,
    searched_fields,
    stem_terms,
    token_terms,
)
from search.query.nodes import (
    And,
    NamedFilter,
    Not,
    Or,
    QueryNode,
    QuotedPhrase,
    Wildcard,
    Word,
    node_text,
    wildcard_text,
    without_lone_letters,
)
from search.query.relaxation import known_parts, relaxed_word
from search.query.request import SearchRequest
from search.query.typed_names import TypedName, WordOffsets, WordRow, find_typed_names, person_nodes
from search.query_tree import MATCH_NONE, AllOf, Node, TextField
from search.query_tree import MustNot as Excluded
from search.results import Complaint
from search.store.protocols import Store


@dataclass(frozen=True, slots=True)
class QueryExpansion:
    """An expansion of a part of the query. `active` is False if it is switched off."""

    typed: str
    expansion: Expansion
    nodes: tuple[Node, ...]
    active: bool


class QueryClause:
    """A part of the query that must match: a word, a name, a phrase, a group, an exclusion, a named filter.

    A strict hit matches `strict`. The close part of the list searches the `relaxed` nodes one by one: a word
    or its corrections, the words of a phrase, all words of a name. They are computed on first use, because
    corrections take time and most pages show strict hits only.
    """

    def __init__(
        self,
        text: str,
        strict: Node,
        relax: Callable[[], tuple[Node, ...]] | None = None,
        words: tuple[QueryClause, ...] = (),
    ) -> None:
        #: As typed; "" for exclusions and named filters.
        self.text = text
        self.strict = strict
        self._relax = relax
        self._words = words

    @property
    def words(self) -> tuple[QueryClause, ...]:
        """The words of a name of several words, else the clause itself: ranking weighs word by word."""
        return self._words or (self,)

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
        self.level, self.without, self.included = request.level, request.without, request.included
        self.store = store
        #: Whether the archive has scans, whose likely words can be searched, and whether they are.
        self.has_scans = self.level == "all" and store.has_ocr_texts
        self.likely_words = self.has_scans and is_active(LIKELY_WORDS, self.without, self.included)
        self.parts = partial(known_parts, store=store)
        self.complaints: list[Complaint] = []
        self.expansions: list[QueryExpansion] = []
        self.boosters: list[Node] = []
        #: The words of names and adjectives of countries: they rank strict hits, which need not have them.
        self.strict_boosters: list[Node] = []

    def compile(self, node: QueryNode) -> list[QueryClause]:
        """Return the clauses that must all match: one for each word, phrase, group and exclusion."""
        children = without_lone_letters(node.children) if isinstance(node, And) else (node,)
        clauses, words = list[QueryClause](), list[Word]()
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
                return QueryClause(f"«{node.text}»", quoted_phrase(node), relax)
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
        words = dict.fromkeys(self.word_node([word], fields=fields) for word in written_terms(node.text))
        return tuple(words) or (quoted_phrase(node),)

    def compile_words(self, words: Sequence[Word]) -> list[QueryClause]:
        """Return a clause for each of some words in a row, and for each name of several words among them."""
        if not words:
            return []
        fields = searched_fields(words[0].field)
        written = [written_terms(word.text) for word in words]
        tokens = [list(map(normalized_term, word)) for word in written]
        after = [*(word[0] for word in tokens[1:]), ""]
        row = WordRow(words, tokens, list(map(partial(self.word_node, fields=fields), written, after)))
        self.boosters += proximity_boosters(written, fields, self.level) if self.relax else ()
        names = self.find_names(row, fields)
        self.add_expansions(row, names, fields)
        clauses: dict[int, QueryClause] = {}
        # One word alone is not close to all words of its stem: there would be more of these than of its own.
        stems = self.level == "all" and (len(words) > 1 or may_be_construct_noun(tokens[0][0]))
        for at, word in enumerate(words):
            if at in names:
                clauses |= dict.fromkeys(names[at].at, self.name_clause(row, names[at], fields))
            elif at not in clauses:
                node = any_of(row.alternatives[at])
                of_stem = stem_terms(written[at][0], fields) if stems else []
                more = [*row.related_to(range(at, at + 1)), *of_stem]
                clauses[at] = QueryClause(
                    word.text, node, partial(self.relaxed_nodes, written[at], node, fields, more)
                )
        self.strict_boosters += [node for nodes in row.related for node in nodes]
        return list(dict.fromkeys(clauses.values()))

    def find_names(self, row: WordRow, fields: Sequence[TextField]) -> dict[int, TypedName]:
        """Return the names of several written words by the index of their first word.

        A name whose words are written as one (ا.ف.ب) is an alternative of that word. At the level "light"
        there are no names, only stems.
        """
        if self.level == "light":
            return {}
        names: dict[int, TypedName] = {}
        for name in find_typed_names(row.tokens, self.store.aliases()):
            if len(name.at) > 1 and not any(row.words[index].is_apart for index in name.at[1:]):
                names[name.at.start] = name
            if name.form and self.level == "all":
                for index in name.at:
                    row.alternatives[index] += lemma_terms(name.form, fields, 1 / len(name.at))
        return names

    def is_spread(self, row: WordRow, name: TypedName) -> bool:
        """Return True if the reader asked for the words of a name anywhere."""
        return is_active(row.anywhere(name), self.without, self.included)

    def name_clause(self, row: WordRow, name: TypedName, fields: Sequence[TextField]) -> QueryClause:
        """Return the clause of a name: the name itself, or its words anywhere if the reader asked for that.

        The words rank the hits in either case, and the close part of the list has them anywhere.
        """
        text = row.text(name.at)
        nodes = [any_of(row.alternatives[index]) for index in name.at]
        active = self.is_spread(row, name)
        whole = all_of(nodes)
        found = [*name.nodes(fields, self.level), *row.of_names[name.at.start]]
        self.expansions.append(QueryExpansion(text, row.anywhere(name), (whole,), active))
        if active:
            found.append(whole)
        else:
            self.strict_boosters += [row.word_nodes[index] for index in name.at]
        relaxed = (any_of([whole, *found, *row.related_to(name.at)]),)
        words = zip((row.words[index].text for index in name.at), nodes, strict=True)
        return QueryClause(
            text, any_of(found), lambda: relaxed, tuple(QueryClause(word, node) for word, node in words)
        )

    def relaxed_nodes(
        self, written: Sequence[str], node: Node, fields: Sequence[TextField], more: Sequence[Node]
    ) -> tuple[Node, ...]:
        """Return the nodes that the close part searches in place of a word: see `relaxed_word`."""
        if self.level == "exact" or len(written) != 1 or not self.relax:
            return (node,)
        [word] = written
        parts = [self.part_node(part, fields) for part in self.parts(normalized_term(word))]
        vocabulary = self.store.vocabulary()
        return relaxed_word(word, node, parts, fields, level=self.level, vocabulary=vocabulary, more=more)

    def add_expansions(
        self, row: WordRow, names: Mapping[int, TypedName], fields: Sequence[TextField]
    ) -> None:
        """Add the labelled expansions to the alternatives of the words and names that they expand.

        What expands a part of a name only (تشرين of تشرين الأول) is an alternative of that word, which counts
        where the words of the name may stand anywhere; it is not shown.
        """
        if self.level == "exact":
            return
        offsets = WordOffsets(row.tokens)
        written = [word.text for word, of_word in zip(row.words, row.tokens, strict=True) for _ in of_word]
        typed = [token for of_word in row.tokens for token in of_word]
        inside = {index: start for start, name in names.items() for index in name.at}
        spread = {start for start, name in names.items() if self.is_spread(row, name)}
        for expansion in expand_query(typed, self.store.aliases(), written):
            at = offsets.words(expansion.start, expansion.end)
            if not at:
                continue
            active = is_active(expansion, self.without, self.included)
            starts = {inside[index] for index in at if index in inside}
            is_whole = all(index in at for start in starts for index in names[start].at)
            parts = len(starts) + sum(index not in inside for index in at) if is_whole else len(at)
            nodes = expansion_terms(expansion, typed[expansion.start], fields, self.level, parts)
            if is_whole or starts <= spread:
                text = row.text(at)
                self.expansions.append(QueryExpansion(text, expansion, tuple(nodes), active))
            if active:
                for start in starts if is_whole else ():
                    row.of_names[start] += nodes
                for index in at:
                    row.alternatives[index] += nodes
            elif expansion.kind == "nationality" and WITHOUT_ALL_EXPANSIONS not in self.without:
                for index in at:
                    row.related[index] += nodes

    def word_node(self, written: Sequence[str], after: str = "", *, fields: Sequence[TextField]) -> Node:
        """Return the node of one typed word, given as written terms; `after` is the token after it.

        A word of several tokens matches best as a phrase; where the tokens mean little alone (ا.ف.ب، 1,000)
        it matches as a phrase only.
        """
        tokens = list(map(normalized_term, written))
        if len(tokens) == 1:
            terms = token_terms(written[0], fields, self.level, after=after)
            leaves: list[Node] = [*terms, *(likely_word_terms(terms) if self.likely_words else ())]
            if self.level == "all" and (parts := self.parts(tokens[0])):
                name = person_nodes(parts, fields)
                words = dict.fromkeys(written_parts(written[0], parts))
                leaves += name or [all_of([self.part_node(part, fields) for part in words])]
            return any_of(leaves)
        in_a_row = phrase(tokens, fields)
        if self.level == "exact" or all(len(token) == 1 or token.isdigit() for token in tokens):
            return in_a_row
        apart = AllOf(tuple(dict.fromkeys(self.word_node([word], fields=fields) for word in written)))
        return any_of([*or_branches(in_a_row), apart])

    def part_node(self, written: str, fields: Sequence[TextField]) -> Node:
        """Return the node of a part of a run-together word: the word, its verb or noun of action."""
        nodes = list(or_branches(self.word_node([written], fields=fields)))
        token = normalized_term(written)
        for expansion in derivations([token], [written]):
            terms = expansion_terms(expansion, token, fields, self.level, 1)
            active = is_active(expansion, self.without, self.included)
            self.expansions.append(QueryExpansion(token, expansion, tuple(terms), active))
            nodes += terms if active else []
        return any_of(nodes)

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
                patterns = (pattern(field, token, open_start, open_end, self.level) for field in fields)
                nodes.append(any_of(patterns))
            else:
                nodes.append(self.word_node([token], fields=fields))
        return all_of(nodes)

    def filter_node(self, node: NamedFilter) -> Node:
        """Return the node of `city:` or `source:`; complain about an unknown name."""
        find = self.store.cities_named if node.kind == "city" else self.store.sources_named
        ids = find(node.name)
        if ids is None:
            self.complaints.append(Complaint(f"unknown_{node.kind}", node.name))
        return ids_node(node.kind, {node.name: ids or ()}) or MATCH_NONE
