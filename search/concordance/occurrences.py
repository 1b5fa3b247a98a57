"""Finds the occurrences of a query's words in analyzed articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arabic.morphology.affixes import is_function_word
from search.engines.analyzed_article import AnalyzedArticle, AnalyzedTokens, WantedTerms
from search.highlighting.term_matcher import Leaf, LeafMatcher, positive_leaves
from search.query.compiler import CompiledQuery
from search.query_tree import TEXT_FIELDS, Node, TextField

#: [start, end) in the tokens of one text.
TokenSpan = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The places of the searched words in one article; neighbouring words are one occurrence."""

    title: tuple[TokenSpan, ...]
    body: tuple[TokenSpan, ...]

    def __len__(self) -> int:
        return len(self.title) + len(self.body)


class OccurrenceFinder:
    """The words of a query, ready to be found in many articles.

    Excluded words and boosters are no occurrences. Function words count only in a query that has no others,
    and inside phrases.
    """

    def __init__(self, compiled: CompiledQuery) -> None:
        leaves = list(dict.fromkeys(_searched_leaves(compiled)))
        wanted, bits = WantedTerms(), [(1 << number, leaf) for number, leaf in enumerate(leaves)]
        self._matchers: dict[TextField, LeafMatcher] = {
            field: LeafMatcher([(bit, leaf) for bit, leaf in bits if leaf.field == field], wanted)
            for field in TEXT_FIELDS
        }
        #: False for a query without words, such as one by filters alone.
        self.has_words = bool(leaves)

    def find(self, article: AnalyzedArticle) -> Occurrences:
        """Return the occurrences in title and body, in order."""
        return Occurrences(self._spans(article.title, "title"), self._spans(article.body, "body"))

    def _spans(self, tokens: AnalyzedTokens, field: TextField) -> tuple[TokenSpan, ...]:
        return _merged_spans(at for at, _ in self._matchers[field].find(tokens))


def _searched_leaves(compiled: CompiledQuery) -> Iterable[Leaf]:
    clauses = compiled.clauses
    content: Sequence[Node] = [each.strict for each in clauses if not is_function_word(each.text)]
    for node in content or [each.strict for each in clauses]:
        yield from positive_leaves(node)


def _merged_spans(tokens: Iterable[int]) -> tuple[TokenSpan, ...]:
    """Return the spans of some tokens, which ascend: those that touch are one."""
    merged: list[TokenSpan] = []
    for at in tokens:
        if merged and at == merged[-1][1]:
            merged[-1] = (merged[-1][0], at + 1)
        else:
            merged.append((at, at + 1))
    return tuple(merged)
