"""Phrases with slop, exactly as `query_tree.Phrase` defines them.

Tantivy's own sloppy phrase is right for two different tokens only: for three it walks from token to token and
adds up the steps, and it lets two equal tokens share one position (shown by
tests/search/engines/test_phrases.py). A longer phrase therefore becomes the union of the plain phrases it
covers: every way of moving the tokens by 0..slop, one of them by 0. Where these are too many, pairs of tokens
narrow the search, and Python checks the stored tokens of the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import tantivy

from search.engines.analyzed_article import AnalyzedArticle, WantedTerms
from search.engines.contract import EngineError
from search.engines.embedded.schema import packed_article, schema
from search.engines.packed_article import unpack_article
from search.query_tree import Phrase

#: Above this many plain phrases, reading the tokens of the candidates is cheaper.
MAX_PLAIN_PHRASES = 80


def phrase_query(phrase: Phrase, searcher: tantivy.Searcher) -> tantivy.Query:
    """Match the documents that have `phrase`, scored as its best plain phrase, or 1 if checked in Python."""
    column = f"{phrase.field}_{phrase.level}"
    words, slop = phrase.values, phrase.slop
    if len(words) == 1 or slop == 0 or (len(words) == 2 and words[0] != words[1]):
        return approximate_query(phrase)
    if (slop + 1) ** len(words) - slop ** len(words) <= MAX_PLAIN_PHRASES:
        return tantivy.Query.disjunction_max_query(_plain_phrases(column, words, slop))
    return _verified(phrase, column, searcher)


def approximate_query(phrase: Phrase) -> tantivy.Query:
    """Return Tantivy's own sloppy phrase, good enough where it only adds to the score of other matches."""
    column = f"{phrase.field}_{phrase.level}"
    if len(phrase.values) == 1:
        return tantivy.Query.term_query(schema(), column, phrase.values[0])
    return tantivy.Query.phrase_query(schema(), column, list(phrase.values), slop=phrase.slop)


def _plain_phrases(column: str, words: Sequence[str], slop: int) -> list[tantivy.Query]:
    found = []
    for moves in product(range(slop + 1), repeat=len(words)):
        places = [place + move for place, move in enumerate(moves)]
        if min(moves) == 0 and len(set(places)) == len(places):
            # Tantivy takes the offsets relative to the smallest.
            found.append(tantivy.Query.phrase_query(schema(), column, list(zip(places, words, strict=True))))
    return found


def _verified(phrase: Phrase, column: str, searcher: tantivy.Searcher) -> tantivy.Query:
    must = tantivy.Occur.Must
    narrow = [(must, tantivy.Query.term_query(schema(), column, word)) for word in phrase.values]
    for first, second in zip(phrase.values, phrase.values[1:], strict=False):
        if first != second:
            pair = tantivy.Query.phrase_query(schema(), column, [first, second], slop=phrase.slop)
            narrow.append((must, pair))
    candidates = tantivy.Query.boolean_query(narrow)
    limit = max(1, searcher.num_docs)
    addresses = [address for _, address in searcher.search(candidates, limit, count=False).hits]
    ids = searcher.fast_field_values("id", addresses)
    words, table = phrase.values, WantedTerms.of_level(phrase.level, phrase.values)
    matching = [
        id
        for id, address in zip(ids, addresses, strict=True)
        if has_phrase(_positions(searcher, address, phrase, table), words, phrase.slop)
    ]
    return tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema(), "id", matching), 1.0)


def _positions(
    searcher: tantivy.Searcher, address: tantivy.DocAddress, phrase: Phrase, words: WantedTerms
) -> dict[str, list[int]]:
    contents = unpack_article(packed_article(searcher, address) or b"")
    if contents is None:
        raise EngineError("the index is damaged: run rebuild_index")
    article = AnalyzedArticle(contents)
    tokens = article.title if phrase.field == "title" else article.body
    return tokens.term_positions(words, phrase.level)


def has_phrase(positions: Mapping[str, Sequence[int]], words: Sequence[str], slop: int) -> bool:
    """Return True if distinct positions p_i of the words exist with max(p_i - i) - min(p_i - i) <= slop."""
    if any(word not in positions for word in words):
        return False
    # The smallest p_i - i belongs to some word: try each as the start of the window that all words must fall
    # into.
    starts = {position - place for place, word in enumerate(words) for position in positions[word]}
    return any(_fits(positions, words, start, slop) for start in starts)


def _fits(positions: Mapping[str, Sequence[int]], words: Sequence[str], start: int, slop: int) -> bool:
    """Return True if every word has a position of its own in [start + place, start + place + slop].

    Equal words share candidates and their windows are in the same order, so taking the first free position
    for each in turn finds an assignment if there is one.
    """
    taken: dict[str, int] = {}
    for place, word in enumerate(words):
        low = max(start + place, taken.get(word, -1) + 1)
        free = next((position for position in positions[word] if position >= low), None)
        if free is None or free > start + place + slop:
            return False
        taken[word] = free
    return True
