"""Puts the first hits of a list in a better order: an article that says most of the query in one breath is
about it, one that has the same words scattered over a long text only mentions them. The engines score words
one by one; what stands together is read here, off the texts of the few hits that a reader will see."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p

from arabic.levels import light, word_forms
from arabic.tokens import exact_terms
from arabic.vocabulary import Vocabulary
from search.analysis import QueryWord
from search.engines.base import EngineHit
from search.terms import AllOf, AnyOf, Boosted, Level, Node, Phrase, Term

#: So many hits of the strict and of the close part are looked at; the order behind them is the engine's.
LOOKED_AT = 20
#: A passage is so many tokens in a row: two or three sentences of news.
PASSAGE_TOKENS = 40
#: What the best passage and the first tokens of an article add, as shares of the best hit's own score, when
#: they say the whole query. docs/quality.md has the figures that chose them.
PASSAGE_BOOST, BEGINNING_BOOST = 0.8, 0.1
BEGINNING_TOKENS = 15
#: Of a longer text only the beginning is read.
MAX_CHARACTERS = 20_000

_Keys = dict[Level, dict[str, set[int]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of a query as what they may stand in a text as, and what share of the query each is."""

    keys: _Keys  #: level → value → numbers of the words
    shares: tuple[float, ...]  #: adding up to 1


def wanted(words: Sequence[QueryWord], vocabulary: Vocabulary) -> Wanted | None:
    """What to look for; None for a query of fewer than two words, which has nothing to stand together. A word
    counts by its rarity in the archive (the logarithm of articles to articles with it)."""
    keys: _Keys = {"exact": {}, "light": {}, "forms": {}}
    weights = []
    for number, word in enumerate(words):
        tokens = exact_terms(word.text)
        for token in tokens:
            keys["exact"].setdefault(token, set()).add(number)
        for level, value in _values(word.close):
            keys[level].setdefault(value, set()).add(number)
        rarest = min((vocabulary.count(token) for token in tokens), default=0)
        weights.append(log1p(vocabulary.articles / (1 + rarest)) or 1.0)
    if len(weights) < 2:
        return None
    total = sum(weights)
    return Wanted(keys, tuple(weight / total for weight in weights))


def ranked(
    hits: Sequence[EngineHit], asked: Wanted, texts: Mapping[int, tuple[str, str]]
) -> tuple[EngineHit, ...]:
    """The hits in their new order, with the scores that gave it; `texts`: id → title and body. A hit whose
    text is not there keeps its score."""
    if len(hits) < 2:
        return tuple(hits)
    best = max(hit.score for hit in hits)
    known: dict[str, tuple[int, ...]] = {}
    scored = [
        replace(hit, score=hit.score + best * _boost(*texts[hit.id], asked, known))
        if hit.id in texts
        else hit
        for hit in hits
    ]
    return tuple(sorted(scored, key=lambda hit: (-hit.score, hit.id)))


def _boost(title: str, body: str, asked: Wanted, known: dict[str, tuple[int, ...]]) -> float:
    tokens = [*exact_terms(title), *exact_terms(body[:MAX_CHARACTERS])]
    spots = list(_spots(tokens, asked.keys, known))
    beginning = {number for at, number in spots if at < BEGINNING_TOKENS}
    return PASSAGE_BOOST * best_passage(spots, asked.shares) + BEGINNING_BOOST * sum(
        asked.shares[number] for number in beginning
    )


def _spots(
    tokens: Iterable[str], keys: _Keys, known: dict[str, tuple[int, ...]]
) -> Iterator[tuple[int, int]]:
    """(place, number of the word) of every token that answers a word. `known` remembers types."""
    for at, token in enumerate(tokens):
        numbers = known.get(token)
        if numbers is None:
            found = keys["exact"].get(token, set()) | keys["light"].get(light(token), set())
            for form in word_forms(token):
                found = found | keys["forms"].get(form, set())
            numbers = known[token] = tuple(found)
        for number in numbers:
            yield at, number


def best_passage(spots: Iterable[tuple[int, int]], shares: Sequence[float]) -> float:
    """The largest share of the query that stands within PASSAGE_TOKENS, 0 to 1. One pass over the spots,
    which are (place, number of the word), places ascending."""
    inside: deque[tuple[int, int]] = deque()
    times: Counter[int] = Counter()
    share = best = 0.0
    for at, number in spots:
        inside.append((at, number))
        times[number] += 1
        if times[number] == 1:
            share += shares[number]
        while inside[0][0] <= at - PASSAGE_TOKENS:
            gone = inside.popleft()[1]
            times[gone] -= 1
            if not times[gone]:
                share -= shares[gone]
        best = max(best, share)
    return best


def _values(node: Node) -> Iterator[tuple[Level, str]]:
    """Every single term below a node; the words of a phrase count one by one."""
    match node:
        case Term(_, level, value):
            yield level, value
        case Phrase(_, level, values):
            yield from ((level, value) for value in values)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _values(child)
        case Boosted(child):
            yield from _values(child)
