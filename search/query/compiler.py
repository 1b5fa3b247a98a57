"""Prepares a request, and compiles its query into the trees of terms that the engines execute.

`prepare_search` resolves the filters of a request once; the query is parsed once and compiled once, and the
pages, the suggestions and the explanations share the result.

A word may match in the title or the body, at every level of the request; a word in the title and another in
the body together satisfy AND. All the language analysis of a query happens here; the engines do none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings

from arabic.expansion.expander import Expansion
from arabic.morphology.affixes import is_function_word
from arabic.text.tokenizer import normalized_terms
from search.query.clauses import ClauseCompiler, QueryClause, QueryExpansion
from search.query.filters import ResolvedFilters, resolve_filters
from search.query.leaf_terms import LIKELY_WORDS, WITHOUT_ALL_EXPANSIONS, all_of, is_active
from search.query.nodes import And, ParsedQuery, QuotedPhrase, Word
from search.query.parser import parse_query
from search.query.query_cost import count_terms, with_left_out, without_last_words
from search.query.request import SearchRequest
from search.query.weights import CLOSE_MIN_SHOULD_MATCH
from search.query_tree import (
    MATCH_NONE,
    AllOf,
    AnyOf,
    Boosted,
    MatchAll,
    MustNot,
    Node,
    Pattern,
    Phrase,
    Term,
)
from search.results import Complaint
from search.store.database import DatabaseStore
from search.store.protocols import Store

#: A query of at least this many words counts as a sentence, if this many of them are not function words. In a
#: shorter query every word is required.
MIN_SENTENCE_WORDS, MIN_CONTENT_WORDS = 6, 4


@dataclass(frozen=True)
class CompiledQuery:
    """The trees of a query.

    `strict` requires every clause (of a sentence, not each function word), `close` most of them. Exclusions
    and named filters hold in both.
    """

    strict: Node
    #: Every clause, also exclusions and named filters, whose text is "".
    all_clauses: tuple[QueryClause, ...] = ()
    boosters: tuple[Node, ...] = ()
    expansions: tuple[QueryExpansion, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    @property
    def clauses(self) -> tuple[QueryClause, ...]:
        """The words, phrases and groups of the query."""
        return tuple(clause for clause in self.all_clauses if clause.text)

    @property
    def content_clauses(self) -> tuple[QueryClause, ...]:
        """The same without function words, which say little alone; all of them if there are no others."""
        clauses = self.clauses
        return tuple(clause for clause in clauses if not is_function_word(clause.text)) or clauses

    @property
    def words(self) -> tuple[QueryClause, ...]:
        """The clauses, a name of several words as its words: ranking weighs word by word."""
        return tuple(word for clause in self.clauses for word in clause.words)

    @cached_property
    def close(self) -> Node | None:
        """Most of the words, so the strict hits are among its hits; None if no word may be left out."""
        required = self.strict.child if isinstance(self.strict, Boosted) else self.strict
        close = _minimum_should_match(
            [node for clause in self.all_clauses for node in clause.relaxed],
            (*(clause.strict for clause in self.all_clauses), required),
            # One typed word stays one, even if it is two words run together.
            CLOSE_MIN_SHOULD_MATCH if len(self.all_clauses) > 1 else 1.0,
        )
        return Boosted(close, self.boosters) if self.boosters and close else close


@dataclass(frozen=True)
class PreparedSearch:
    """A request with its store and its resolved filters; the query is parsed and compiled on first use."""

    request: SearchRequest
    store: Store
    filters: ResolvedFilters

    @cached_property
    def parsed(self) -> ParsedQuery:
        """The query, cut at settings.QUERY_MAX_CHARACTERS."""
        return parse_query(self.request.q, settings.QUERY_MAX_CHARACTERS, settings.QUERY_MAX_CLAUSES)

    @property
    def complaints(self) -> list[Complaint]:
        """What is wrong with the query and the filters."""
        return [*self.parsed.complaints, *self.compiled.complaints, *self.filters.complaints]

    @cached_property
    def compiled(self) -> CompiledQuery:
        """The trees of the query: everything for an empty one, nothing for one that has no word."""
        if self.parsed.root is None and self.request.q.strip():
            return CompiledQuery(MATCH_NONE)
        return compile_query(self.parsed, self.request, self.store)

    @property
    def is_every_word_known(self) -> bool:
        """True if the whole query was understood, and articles have each of its words as typed."""
        vocabulary = self.store.vocabulary()
        return not self.parsed.complaints and not vocabulary.unknown(
            [
                word
                for token in self.parsed.tokens
                if token.kind in ("word", "quoted")
                for word in normalized_terms(self.parsed.text[token.start : token.end])
            ]
        )

    def with_canonical_names(self) -> PreparedSearch:
        """Return the search with its filters under the names that the facets show."""
        filters = self.filters.with_canonical_names(self.store)
        return self if filters is self.filters else PreparedSearch(filters.request, self.store, filters)

    def with_changes(self, **changes: Any) -> PreparedSearch:
        """Return the search with other fields of its request, none of them a filter."""
        return PreparedSearch(replace(self.request, **changes), self.store, self.filters)


def prepare_search(request: SearchRequest, store: Store | None = None) -> PreparedSearch:
    """Resolve the filters of a request, by the database if no store is given."""
    store = store or DatabaseStore()
    return PreparedSearch(request, store, resolve_filters(request, store))


def compile_query(
    parsed: ParsedQuery, request: SearchRequest, store: Store, *, relax: bool = True
) -> CompiledQuery:
    """Compile a query at the level and with the switches of `request`.

    `store` knows the archive: the ids of `city:` and `source:`, aliases, the vocabulary. Without `relax` only
    what matches strictly is compiled, to be counted: no order of hits, and no corrections for the close part.
    The last words of a query of too many terms are left out, with a complaint.
    """
    if parsed.root is None:
        return CompiledQuery(MatchAll())
    compiler = ClauseCompiler(request, store, relax=relax)
    clauses = compiler.compile(parsed.root)
    fewer, complaint = without_last_words(parsed, count_terms([clause.strict for clause in clauses]))
    if complaint:
        found = compile_query(fewer, request, store, relax=relax)
        return replace(found, complaints=with_left_out(complaint, found.complaints))
    boosters = tuple(dict.fromkeys(compiler.boosters))
    optional, line = optional_function_words(parsed, clauses, compiler.expansions, request)
    strict = all_of(list(dict.fromkeys(clause.strict for clause in clauses if clause not in optional)))
    strict_boosters = tuple(
        dict.fromkeys([*boosters, *compiler.strict_boosters, *(clause.strict for clause in optional)])
    )
    lines = [line] if line else []
    if compiler.has_scans and WITHOUT_ALL_EXPANSIONS not in request.without:
        lines.append(QueryExpansion("", LIKELY_WORDS, (), compiler.likely_words))
    return CompiledQuery(
        strict=Boosted(strict, strict_boosters) if strict_boosters and relax else strict,
        all_clauses=tuple(clauses),
        boosters=boosters,
        expansions=(*compiler.expansions, *lines),
        complaints=tuple(dict.fromkeys(compiler.complaints)),
    )


def optional_function_words(
    parsed: ParsedQuery,
    clauses: Sequence[QueryClause],
    expansions: Sequence[QueryExpansion],
    request: SearchRequest,
) -> tuple[list[QueryClause], QueryExpansion | None]:
    """Return the function words of a sentence that an article may lack, and the line for the page.

    A headline says "X meets with Y" and its article "X met Y": to require the preposition would rank articles
    that have all the words by chance above the one that is meant (docs/decisions/0019). Optional words still
    boost. No word is optional in a short query, in one with AND, OR, NOT, stars, brackets or fields, at the
    level "exact", and in a name or an expanded part. If the reader switched this off, only the line is
    returned.
    """
    root = parsed.root
    if (
        request.level == "exact"
        or sum(len(clause.words) for clause in clauses) < MIN_SENTENCE_WORDS
        or not isinstance(root, And)
        or root.is_explicit
    ):
        return [], None
    if not all(isinstance(child, Word | QuotedPhrase) and child.field is None for child in root.children):
        return [], None
    bound = {word for each in expansions for word in each.typed.split()}
    found = [
        clause
        for clause in clauses
        if clause.text not in bound and is_function_word(clause.text) and clause.relaxed == (clause.strict,)
    ]
    others = [clause for clause in clauses if clause not in found]
    required = [clause.strict for clause in others]
    nodes = tuple(dict.fromkeys(clause.strict for clause in found if clause.strict not in required))
    if not nodes or len({word.text for clause in others for word in clause.words}) < MIN_CONTENT_WORDS:
        return [], None
    typed = " ".join(dict.fromkeys(clause.text for clause in found))
    line = Expansion(0, len(clauses), "particle", (), typed)
    active = is_active(line, request.without, request.included)
    lacking = AllOf((*dict.fromkeys(required), MustNot(all_of(nodes))))
    return (found if active else []), QueryExpansion(typed, line, (lacking,), active)


def _minimum_should_match(nodes: Sequence[Node], strict: Sequence[Node], share: float) -> Node | None:
    """Return a node that requires this share of the words, and every other node.

    None for a single word that `strict` requires already.
    """
    unique = list(dict.fromkeys(nodes))
    words = [node for node in unique if _is_scoring(node)]
    rest = [node for node in unique if not _is_scoring(node)]
    if not words or (len(words) == 1 and words[0] in strict):
        return None
    enough = max(1, -int(-len(words) * share // 1))
    return all_of([AnyOf(tuple(words), at_least=enough), *rest])


def _is_scoring(node: Node) -> bool:
    """Return True if the node holds words. A city, a source or an exclusion is never left out."""
    match node:
        case Term() | Pattern() | Phrase():
            return True
        case AllOf(children) | AnyOf(children):
            return any(_is_scoring(child) for child in children)
        case _:
            return False
