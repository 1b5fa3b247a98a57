"""Puts the first hits of a list in a better order: an article that says most of the query in one breath, in
its own turns of phrase or at its beginning is about it, one that has the same words scattered over a long
text only mentions them. The engines score words one by one; what stands together is read here, off the texts
of the few hits that a reader will see."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log1p

from arabic.analyzer import lemma_terms, light_stem
from arabic.morphology.lemmatizer import roots
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.contract import EngineHit
from search.query.compiler import QueryClause
from search.query.weights import (
    BEGINNING_BOOST,
    BEGINNING_TOKENS,
    COVERAGE_BOOST,
    ORDER_BOOST,
    PASSAGE_BOOST,
    PASSAGE_TOKENS,
    SAME_ROOT_SHARE,
)
from search.query_tree import AllOf, AnalysisLevel, AnyOf, Boosted, Node, Phrase, Term

#: Of a longer text only the beginning is read.
RERANK_MAX_CHARACTERS = 20_000
#: Words of the texts that were read last, remembered with what they answer by.
_CACHED_WORD_TYPES = 100_000

_Keys = dict[AnalysisLevel, dict[str, set[int]]]
#: What a token answers: (number of the word, whether it is but of the same root).
_Answers = tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class RerankQuery:
    """The words of a query as what they may stand in a text as, and what share of the query each is."""

    keys: _Keys  #: level → value → numbers of the words
    kin: dict[str, set[int]]  #: root → numbers of the words
    shares: tuple[float, ...]  #: adding up to 1
    values: frozenset[str]  #: the values of all levels and the roots: what answers has one of them


def build_rerank_query(words: Sequence[QueryClause], vocabulary: Vocabulary) -> RerankQuery | None:
    """What to look for; None for a query of fewer than two words, which has nothing to stand together. A word
    counts by its rarity in the archive (the logarithm of articles to articles with it)."""
    keys: _Keys = {"exact": {}, "light": {}, "forms": {}}
    kin: dict[str, set[int]] = {}
    weights = []
    for number, word in enumerate(words):
        tokens = normalized_terms(word.text)
        for token in tokens:
            keys["exact"].setdefault(token, set()).add(number)
            for root in roots(token):
                kin.setdefault(root, set()).add(number)
        for level, value in _leaf_terms(word.close):
            keys[level].setdefault(value, set()).add(number)
        rarest = min((vocabulary.count(token) for token in tokens), default=0)
        weights.append(log1p(vocabulary.articles / (1 + rarest)) or 1.0)
    if len(weights) < 2:
        return None
    total = sum(weights)
    values = frozenset(kin).union(*keys.values())
    return RerankQuery(keys, kin, tuple(weight / total for weight in weights), values)


def rerank_hits(
    hits: Sequence[EngineHit], asked: RerankQuery, texts: Mapping[int, tuple[str, str]]
) -> tuple[EngineHit, ...]:
    """The hits in their new order, with the scores that gave it; `texts`: id → title and body. A hit whose
    text is not there keeps its score."""
    if len(hits) < 2:
        return tuple(hits)
    best = max(hit.score for hit in hits)
    known: dict[str, _Answers] = {}
    scored = [
        replace(hit, score=hit.score + best * _boost(*texts[hit.id], asked, known))
        if hit.id in texts
        else hit
        for hit in hits
    ]
    return tuple(sorted(scored, key=lambda hit: (-hit.score, hit.id)))


def _boost(title: str, body: str, asked: RerankQuery, known: dict[str, _Answers]) -> float:
    tokens = [*normalized_terms(title), *normalized_terms(body[:RERANK_MAX_CHARACTERS])]
    spots = list(_query_matches(tokens, asked, known))
    shares = asked.shares
    return (
        PASSAGE_BOOST * best_passage_share(spots, shares)
        + BEGINNING_BOOST * query_coverage([spot for spot in spots if spot[0] < BEGINNING_TOKENS], shares)
        + COVERAGE_BOOST * query_coverage(spots, shares)
        + ORDER_BOOST * ordered_pair_share(spots, shares)
    )


def query_coverage(spots: Sequence[tuple[int, int, bool]], shares: Sequence[float]) -> float:
    """The share of the query that these spots say, 0 to 1; a word of the same root counts KIN_SHARE of it."""
    itself = {number for _, number, kin in spots if not kin}
    related = {number for _, number, kin in spots if kin} - itself
    return sum(shares[number] for number in itself) + SAME_ROOT_SHARE * sum(
        shares[number] for number in related
    )


def ordered_pair_share(spots: Iterable[tuple[int, int, bool]], shares: Sequence[float]) -> float:
    """The share of the query's neighbours that stand side by side in the text, in that order: 0 to less than
    1, for each pair counts by the mean of its words."""
    places: list[set[int]] = [set() for _ in shares]
    for at, number, kin in spots:
        if not kin:
            places[number].add(at)
    return sum(
        (shares[number] + shares[number + 1]) / 2
        for number in range(len(shares) - 1)
        if any(at + 1 in places[number + 1] for at in places[number])
    )


def _query_matches(
    tokens: Iterable[str], asked: RerankQuery, known: dict[str, _Answers]
) -> Iterator[tuple[int, int, bool]]:
    """(place, number of the word, whether it is but of its root) of every token that answers a word. `known`
    remembers types."""
    for at, token in enumerate(tokens):
        answers = known.get(token)
        if answers is None:
            answers = known[token] = _match_token(token, asked)
        for number, kin in answers:
            yield at, number, kin


def _match_token(token: str, asked: RerankQuery) -> _Answers:
    if asked.values.isdisjoint(_match_keys(token)):
        return ()  # nearly every word of a text
    keys = asked.keys
    found = keys["exact"].get(token, set()) | keys["light"].get(light_stem(token), set())
    for form in lemma_terms(token):
        found = found | keys["forms"].get(form, set())
    kin = {number for root in roots(token) for number in asked.kin.get(root, ())} - found
    return (*((number, False) for number in sorted(found)), *((number, True) for number in sorted(kin)))


@lru_cache(_CACHED_WORD_TYPES)
def _match_keys(token: str) -> tuple[str, ...]:
    """All that a word of a text may answer by, of whatever level."""
    return (token, light_stem(token), *lemma_terms(token), *roots(token))


def best_passage_share(spots: Iterable[tuple[int, int, bool]], shares: Sequence[float]) -> float:
    """The largest share of the query that stands within PASSAGE_TOKENS, 0 to 1, a word of the same root at
    KIN_SHARE of its own. One pass over the spots, which are (place, number of the word, whether it is but of
    its root), places ascending."""
    inside: deque[tuple[int, int, bool]] = deque()
    times: Counter[tuple[int, bool]] = Counter()

    def says(number: int) -> float:
        return shares[number] * (1 if times[number, False] else SAME_ROOT_SHARE if times[number, True] else 0)

    share = best = 0.0
    for at, number, kin in spots:
        inside.append((at, number, kin))
        share -= says(number)
        times[number, kin] += 1
        share += says(number)
        while inside[0][0] <= at - PASSAGE_TOKENS:
            _, gone, of_root = inside.popleft()
            share -= says(gone)
            times[gone, of_root] -= 1
            share += says(gone)
        best = max(best, share)
    return best


def _leaf_terms(node: Node) -> Iterator[tuple[AnalysisLevel, str]]:
    """Every single term below a node; the words of a phrase count one by one."""
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
