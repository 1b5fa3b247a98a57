"""Reorders the first hits of a list by how close together the query words are in their texts.

The engines score words one by one. An article that has most of the query within a few sentences, in the
query's own order or at its beginning, is about the query; one that has the same words scattered over a long
text only mentions them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log1p

from arabic.morphology.lemmatizer import roots
from arabic.text.tokenizer import normalized_term, written_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.analyzed_article import LEVEL_BITS, AnalyzedArticle, WantedTerms
from search.engines.analyzed_text import analyze_article
from search.engines.contract import EngineHit, EngineRequest, EngineResult, SearchView
from search.engines.packed_article import ENTRY_SHIFT, EXACT, ROOT
from search.query.clauses import QueryClause
from search.query.compiler import CompiledQuery
from search.query.weights import (
    BEGINNING_BOOST,
    BEGINNING_TOKENS,
    COVERAGE_BOOST,
    ORDER_BOOST,
    PASSAGE_BOOST,
    PASSAGE_TOKENS,
    RERANK_DEPTH,
    SAME_ROOT_SHARE,
)
from search.query_tree import AllOf, AnalysisLevel, AnyOf, Boosted, Node, Phrase, Term
from search.store.protocols import Store

#: Tokens of title and body that are read; the rest is ignored.
RERANK_MAX_TOKENS = 3_000
#: Characters that are read of a text if the index has no analysis of it.
RERANK_MAX_CHARACTERS = 20 * RERANK_MAX_TOKENS
#: Sums of shares that differ by less are equal.
_ROUNDING = 1e-9

#: A match of a query word in a text: (token position, number of the word, True if only the root is the same).
_Match = tuple[int, int, bool]


class Reranker:
    """The words of one query, ready to be matched with many texts.

    A word counts by its rarity in the archive: the logarithm of articles to articles with it.
    """

    def __init__(self, clauses: Sequence[QueryClause], vocabulary: Vocabulary) -> None:
        by_level: dict[tuple[str, int], set[int]] = {}
        weights = []
        for number, clause in enumerate(clauses):
            words = written_terms(clause.text)
            tokens = list(map(normalized_term, words))
            for word, token in zip(words, tokens, strict=True):
                by_level.setdefault((token, EXACT), set()).add(number)
                for root in roots(word):
                    by_level.setdefault((root, ROOT), set()).add(number)
            for level, value in _leaf_terms(clause.close):
                by_level.setdefault((value, LEVEL_BITS[level]), set()).add(number)
            rarest = min((vocabulary.count(token) for token in tokens), default=0)
            weights.append(log1p(vocabulary.articles / (1 + rarest)) or 1.0)
        total = sum(weights)
        #: The share of each word in the query; the shares add up to 1.
        self._shares = tuple(weight / total for weight in weights)
        #: Term → (level, numbers of the words).
        self._numbers: dict[str, list[tuple[int, set[int]]]] = {}
        for (term, bit), of_words in by_level.items():
            self._numbers.setdefault(term, []).append((bit, of_words))
        self._terms = WantedTerms(self._numbers)

    def rerank(
        self, hits: Sequence[EngineHit], articles: Mapping[int, AnalyzedArticle]
    ) -> tuple[EngineHit, ...]:
        """Return the hits in their new order, with the new scores.

        `articles`: by id. A hit without one keeps its score.
        """
        if len(hits) < 2:
            return tuple(hits)
        best = max(hit.score for hit in hits)
        boosts = {hit.id: best * self._boost(articles[hit.id]) for hit in hits if hit.id in articles}
        scored = [replace(hit, score=hit.score + boosts.get(hit.id, 0.0)) for hit in hits]
        return tuple(sorted(scored, key=lambda hit: (-hit.score, hit.id)))

    def _boost(self, article: AnalyzedArticle) -> float:
        matches, shares = self._matches(article), self._shares
        return (
            PASSAGE_BOOST * best_passage_share(matches, shares)
            + BEGINNING_BOOST
            * query_coverage([match for match in matches if match[0] < BEGINNING_TOKENS], shares)
            + COVERAGE_BOOST * query_coverage(matches, shares)
            + ORDER_BOOST * ordered_pair_share(matches, shares)
        )

    def _matches(self, article: AnalyzedArticle) -> list[_Match]:
        """Return the matches in the title and the body together, sorted."""
        itself: dict[int, set[int]] = {}
        related: dict[int, set[int]] = {}
        for term, _, entries in article.find(self._terms):
            for level, numbers in self._numbers[term]:
                found = related if level == ROOT else itself
                for entry in entries:
                    if entry & level:
                        number = entry >> ENTRY_SHIFT
                        found[number] = found[number] | numbers if number in found else numbers
        matches: list[_Match] = []
        for number, words in itself.items():
            for at in article.positions(number, RERANK_MAX_TOKENS):
                matches += [(at, word, False) for word in words]
        for number, words in related.items():
            if words := words - itself.get(number, frozenset()):
                for at in article.positions(number, RERANK_MAX_TOKENS):
                    matches += [(at, word, True) for word in words]
        matches.sort()
        return matches


def query_coverage(matches: Sequence[_Match], shares: Sequence[float]) -> float:
    """Return the matched share of the query, 0 to 1; a word of the same root counts SAME_ROOT_SHARE."""
    itself = {number for _, number, by_root in matches if not by_root}
    related = {number for _, number, by_root in matches if by_root} - itself
    return sum(shares[number] for number in itself) + SAME_ROOT_SHARE * sum(
        shares[number] for number in related
    )


def ordered_pair_share(matches: Iterable[_Match], shares: Sequence[float]) -> float:
    """Return the share of neighbouring query words that are adjacent in the text, in the query's order.

    Each pair counts by the mean of its words, so the sum is less than 1.
    """
    positions: list[set[int]] = [set() for _ in shares]
    for at, number, by_root in matches:
        if not by_root:
            positions[number].add(at)
    return sum(
        (shares[number] + shares[number + 1]) / 2
        for number in range(len(shares) - 1)
        if any(at + 1 in positions[number + 1] for at in positions[number])
    )


def best_passage_share(matches: Sequence[_Match], shares: Sequence[float]) -> float:
    """Return the largest share of the query within PASSAGE_TOKENS, 0 to 1.

    A word of the same root counts SAME_ROOT_SHARE of its share. One pass over the matches, whose positions
    ascend.
    """
    most = query_coverage(matches, shares) - _ROUNDING
    inside: deque[_Match] = deque()
    times: Counter[tuple[int, bool]] = Counter()

    def counted_share(number: int) -> float:
        return shares[number] * (1 if times[number, False] else SAME_ROOT_SHARE if times[number, True] else 0)

    share = best = 0.0
    for at, number, by_root in matches:
        inside.append((at, number, by_root))
        share -= counted_share(number)
        times[number, by_root] += 1
        share += counted_share(number)
        while inside[0][0] <= at - PASSAGE_TOKENS:
            _, left, left_by_root = inside.popleft()
            share -= counted_share(left)
            times[left, left_by_root] -= 1
            share += counted_share(left)
        best = max(best, share)
        if best >= most:  # no passage has more
            break
    return best


def _leaf_terms(node: Node) -> Iterator[tuple[AnalysisLevel, str]]:
    """Yield (level, value) of every term below a node, and of each word of a phrase."""
    match node:
        case Term(_, level, value):
            yield level, value
        case Phrase(_, level, values):
            yield from ((level, value) for value in values)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _leaf_terms(child)
        case Boosted(child):
            yield from _leaf_terms(child)


@dataclass(frozen=True)
class RerankingSearcher:
    """Searches the engine, and puts the first hits by relevance into their final order."""

    engine: SearchView
    store: Store
    compiled: CompiledQuery

    def search(self, request: EngineRequest) -> EngineResult:
        """Return the requested page of hits."""
        first = RERANK_DEPTH
        if request.sort != "relevance" or request.offset >= first or request.limit <= 0:
            return self.engine.search(request)
        if self._reranker is None:
            return self.engine.search(request)
        end = request.offset + request.limit
        found = self.engine.search(replace(request, offset=0, limit=max(end, first)))
        articles = self._analyzed_articles(found.hits[:first], requested=request.analyzed)
        hits = (*self._reranker.rerank(found.hits[:first], articles), *found.hits[first:])
        return replace(found, hits=hits[request.offset : end])

    def _analyzed_articles(self, hits: Sequence[EngineHit], *, requested: bool) -> dict[int, AnalyzedArticle]:
        """Return the stored analysis of the hits; their beginnings are analyzed anew where there is none."""
        found = stored_articles(self.engine, hits, requested=requested)
        if missing := [hit.id for hit in hits if hit.id not in found]:
            splitter = self.store.splitter()
            texts = self.store.text_beginnings(missing, RERANK_MAX_CHARACTERS)
            found |= {id: analyze_article(*text, splitter) for id, text in texts.items()}
        return found

    @cached_property
    def _reranker(self) -> Reranker | None:
        """None for a query of fewer than two words: there are no neighbouring words."""
        words = self.compiled.words
        return Reranker(words, self.store.vocabulary()) if len(words) > 1 else None


def stored_articles(
    engine: SearchView, hits: Sequence[EngineHit], *, requested: bool
) -> dict[int, AnalyzedArticle]:
    """Return the stored analysis of the hits by id.

    The engine is asked for those that lack it, unless all came with what there is (`requested`).
    """
    found = {hit.id: hit.analyzed for hit in hits if hit.analyzed}
    missing = [] if requested else [hit.id for hit in hits if not hit.analyzed]
    return {**found, **engine.analyzed_articles(missing)} if missing else found
