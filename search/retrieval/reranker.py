"""Reorders the first hits of a list by how close together the query words are in their texts.

The engines score words one by one. An article that has most of the query within a few sentences, in the
query's own order or at its beginning, is about the query; one that has the same words scattered over a long
text only mentions them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log1p

from arabic.morphology.lemmatizer import roots
from arabic.text.tokenizer import normalized_term, written_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.analyzed_article import LEVEL_BITS, AnalyzedArticle, BitsByTerms, WantedTerms
from search.engines.analyzed_text import analyze_article
from search.engines.contract import EngineHit, EngineRequest, EngineResult, SearchView
from search.engines.packed_article import EXACT, ROOT
from search.highlighting.highlighter import Highlighter
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
from search.query_tree import AllOf, AnyOf, Boosted, Node, Phrase, Term
from search.store.protocols import Store

#: Tokens of title and body that are read; the rest is ignored.
RERANK_MAX_TOKENS = 3_000
#: Characters that are read of a text if the index has no analysis of it.
RERANK_MAX_CHARACTERS = 20 * RERANK_MAX_TOKENS
#: Sums of shares that differ by less are equal.
_ROUNDING = 1e-9

#: Tokens that match words of the query, in order: position and bits of the words (see `QueryShares`).
WordMatches = Sequence[tuple[int, int]]


class QueryShares(dict[int, float]):
    """The matched share of a query, 0 to 1, by the bits of the matched words.

    Word n has the bit 1 << n, and 1 << n + number of words for a word of the same root, which counts
    SAME_ROOT_SHARE.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        total = sum(weights)
        #: Of each word; they add up to 1.
        self.of_words = tuple(weight / total for weight in weights)
        self.words = len(weights)
        #: The bits of the words themselves.
        self.themselves = (1 << self.words) - 1

    def __missing__(self, bits: int) -> float:
        related = bits >> self.words & ~bits
        share = self[bits] = self._sum(bits) + SAME_ROOT_SHARE * self._sum(related)
        return share

    def _sum(self, bits: int) -> float:
        return sum(share for number, share in enumerate(self.of_words) if bits >> number & 1)


class Reranker:
    """The words of one query, ready to be matched with many texts.

    A word counts by its rarity in the archive: the logarithm of articles to articles with it.
    """

    def __init__(
        self, clauses: Sequence[QueryClause], vocabulary: Vocabulary, wanted: WantedTerms | None = None
    ) -> None:
        """`wanted`: shared by all that reads the same articles; the terms of the clauses are added."""
        self._wanted = WantedTerms() if wanted is None else wanted
        weights = []
        #: Bit of a wanted term → bits of the words.
        words_of: dict[int, int] = {}
        typed = [written_terms(clause.text) for clause in clauses]
        counts = vocabulary.counts_of({normalized_term(each) for written in typed for each in written})
        for number, (clause, written) in enumerate(zip(clauses, typed, strict=True)):
            word, related = 1 << number, 1 << number + len(clauses)
            tokens = list(map(normalized_term, written))
            found = {(token, EXACT): word for token in tokens}
            found |= {(root, ROOT): related for each in written for root in roots(each)}
            _add_words(clause.close, word, found)
            for (term, level), bit in found.items():
                of_term = self._wanted.add(term, level)
                words_of[of_term] = words_of.get(of_term, 0) | bit
            rarest = min((counts[token] for token in tokens), default=0)
            weights.append(log1p(vocabulary.articles / (1 + rarest)) or 1.0)
        self._shares = QueryShares(weights)
        self._words_of = BitsByTerms(words_of)

    def rerank(
        self, hits: Sequence[EngineHit], articles: Mapping[int, AnalyzedArticle]
    ) -> tuple[EngineHit, ...]:
        """Return the hits in their new order, with the new scores.

        `articles`: by id. A hit without one keeps its score.
        """
        if len(hits) < 2:
            return tuple(hits)
        best = max(hit.score for hit in hits)
        scored = [
            EngineHit(hit.id, hit.score + best * self._boost(articles[hit.id]), hit.story, hit.analyzed)
            if hit.id in articles
            else hit
            for hit in hits
        ]
        return tuple(sorted(scored, key=lambda hit: (-hit.score, hit.id)))

    def _boost(self, article: AnalyzedArticle) -> float:
        words_of, shares = self._words_of, self._shares
        matches = [
            (at, words)
            for at, terms in article.find(self._wanted)
            if at < RERANK_MAX_TOKENS and (words := words_of[terms])
        ]
        beginning = every = 0
        for at, words in matches:
            every |= words
            if at < BEGINNING_TOKENS:
                beginning |= words
        return (
            PASSAGE_BOOST * best_passage_share(matches, shares)
            + BEGINNING_BOOST * shares[beginning]
            + COVERAGE_BOOST * shares[every]
            + ORDER_BOOST * ordered_pair_share(matches, shares)
        )


def ordered_pair_share(matches: WordMatches, shares: QueryShares) -> float:
    """Return the share of neighbouring query words that are adjacent in the text, in the query's order.

    Each pair counts by the mean of its words, so the sum is less than 1.
    """
    pairs = last = 0
    before = -1
    for at, bits in matches:
        words = bits & shares.themselves
        if at == before + 1:
            pairs |= last & words >> 1
        before, last = at, words
    of_words = shares.of_words
    return sum(
        (of_words[number] + of_words[number + 1]) / 2
        for number in range(len(of_words) - 1)
        if pairs >> number & 1
    )


def best_passage_share(matches: WordMatches, shares: QueryShares) -> float:
    """Return the largest share of the query within PASSAGE_TOKENS, 0 to 1."""
    every = 0
    for _, words in matches:
        every |= words
    most = shares[every] - _ROUNDING  # no passage has more
    best = 0.0
    end = 0
    for start, (first, _) in enumerate(matches):
        if end == len(matches):
            break
        if matches[end][0] >= first + PASSAGE_TOKENS:
            continue  # this passage is a part of the one before it
        while end < len(matches) and matches[end][0] < first + PASSAGE_TOKENS:
            end += 1
        inside = 0
        for _, words in matches[start:end]:
            inside |= words
        best = max(best, shares[inside])
        if best >= most:
            break
    return best


def _add_words(node: Node, bit: int, found: dict[tuple[str, int], int]) -> None:
    """Add the terms below a node and the words of its phrases, each with its level, as those of a bit."""
    if isinstance(node, Term):
        found[node.value, LEVEL_BITS[node.level]] = bit
    elif isinstance(node, AllOf | AnyOf):
        for child in node.children:
            _add_words(child, bit, found)
    elif isinstance(node, Phrase):
        for value in node.values:
            found[value, LEVEL_BITS[node.level]] = bit
    elif isinstance(node, Boosted):
        _add_words(node.child, bit, found)


@dataclass(frozen=True)
class RerankingSearcher:
    """Searches the engine, and puts the first hits by relevance into their final order."""

    engine: SearchView
    store: Store
    compiled: CompiledQuery
    #: All terms that are looked for in the hits.
    wanted: WantedTerms = field(default_factory=WantedTerms)

    def search(self, request: EngineRequest, depth: int = RERANK_DEPTH) -> EngineResult:
        """Return the requested page of hits; the first `depth` of all are reordered."""
        if request.sort != "relevance" or request.offset >= depth or request.limit <= 0:
            return self.engine.search(request)
        if self._reranker is None:
            return self.engine.search(request)
        end = request.offset + request.limit
        found = self.engine.search(replace(request, offset=0, limit=max(end, depth)))
        articles = self._analyzed_articles(found.hits[:depth], requested=request.analyzed)
        hits = (*self._reranker.rerank(found.hits[:depth], articles), *found.hits[depth:])
        return replace(found, hits=hits[request.offset : end])

    def _analyzed_articles(self, hits: Sequence[EngineHit], *, requested: bool) -> dict[int, AnalyzedArticle]:
        """Return the stored analysis of the hits; their beginnings are analyzed anew where there is none."""
        found = stored_articles(self.engine, hits, requested=requested)
        if missing := [hit.id for hit in hits if hit.id not in found]:
            splitter = self.store.splitter()
            texts = self.store.text_beginnings(missing, RERANK_MAX_CHARACTERS)
            found |= {
                id: analyze_article(title, beginning, splitter, low_confidence_words)
                for id, (title, beginning, low_confidence_words) in texts.items()
            }
        return found

    @cached_property
    def highlighter(self) -> Highlighter:
        """Marks strict hits."""
        return Highlighter(self.compiled.strict, self.wanted)

    @cached_property
    def _reranker(self) -> Reranker | None:
        """None for a query of fewer than two words: there are no neighbouring words."""
        words = self.compiled.words
        if len(words) < 2:
            return None
        _ = self.highlighter  # adds its terms before an article is searched for them
        return Reranker(words, self.store.vocabulary(), self.wanted)


def stored_articles(
    engine: SearchView, hits: Sequence[EngineHit], *, requested: bool
) -> dict[int, AnalyzedArticle]:
    """Return the stored analysis of the hits by id.

    The engine is asked for those that lack it, unless all came with what there is (`requested`).
    """
    found = {hit.id: hit.analyzed for hit in hits if hit.analyzed}
    missing = [] if requested else [hit.id for hit in hits if not hit.analyzed]
    return {**found, **engine.analyzed_articles(missing)} if missing else found
