"""Counts of the words of articles, in bounded memory."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from itertools import chain, islice, repeat
from operator import add
from typing import NamedTuple

from arabic.vocabulary.surface_forms import (
    SurfaceFormCounter,
    best_surface_forms,
    iter_surface_phrases,
    normalized_words,
    surface_words,
)
from arabic.vocabulary.vocabulary import VocabularyCounts

#: The most frequent words and phrases are kept; the rest of a very large archive are mostly typing errors.
MAX_VOCABULARY_WORDS = 500_000
MAX_VOCABULARY_PHRASES = 200_000
#: Maximum number of words in a phrase; the minimum is two.
MAX_PHRASE_WORDS = 4
#: While counting, this many times the limits above are held; beyond that, entries seen once are dropped.
_SLACK = 3


def extract_words(*texts: str) -> set[str]:
    """Return the normalized words of some texts, without numbers."""
    return set().union(*map(SurfaceFormCounter().add, texts))


def extract_phrases(title: str) -> set[str]:
    """Return every run of two to four normalized tokens of a title that no punctuation separates."""
    return SurfaceFormCounter().add_phrases(iter_surface_phrases(title, MAX_PHRASE_WORDS))


class PartCount(NamedTuple):
    """Packed counts of one `WordCounter`: how often words occur and how they are written.

    A chunk of an import has dozens of these, which unpacked would take more memory than its texts.
    """

    articles: int
    packed: bytes

    def counts(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        """Return the counts of words, of phrases, and of both as they are written."""
        words, phrases, spellings = marshal.loads(self.packed)  # noqa: S302  made by `to_part` of this archive
        return words, phrases, spellings


class WordCounter:
    """Counts how many articles hold each word and how many titles each phrase."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.phrases: Counter[str] = Counter()
        self.articles = 0
        self._spellings = SurfaceFormCounter()

    def add(self, title: str, body: str) -> None:
        """Count an article."""
        self.add_tokens(
            [*surface_words(title), *surface_words(body)], iter_surface_phrases(title, MAX_PHRASE_WORDS)
        )

    def add_tokens(self, words: Collection[str], phrases: Iterable[str]) -> None:
        """Count an article by its words and the phrases of its title as they are written."""
        self.words.update(self._spellings.add_words(words))
        self.phrases.update(self._spellings.add_phrases(phrases))
        self.articles += 1
        self._bound()

    def add_new(self, title: str, body: str) -> None:
        """Count the words and phrases of a known article's new text that are not in the vocabulary yet."""
        words, phrases = self._read(title, body)
        self.words.update(words - self.words.keys())
        self.phrases.update(phrases - self.phrases.keys())

    def remove(self, title: str, body: str) -> None:
        """Subtract an article that was counted."""
        for counts, gone in (
            (self.words, extract_words(title, body)),
            (self.phrases, extract_phrases(title)),
        ):
            for each in gone:
                counts[each] -= 1
                if counts[each] <= 0:
                    del counts[each]
        self.articles -= 1

    def counts(self) -> VocabularyCounts:
        """Return the counts, limited to the most frequent words and phrases."""
        return truncate_counts(
            VocabularyCounts(self.words, self.phrases, self.articles, self._spellings.best())
        )

    def to_part(self) -> PartCount:
        """Return the counts packed, to be merged with those of other articles."""
        counts = dict(self.words), dict(self.phrases), self._spellings.counts()
        return PartCount(self.articles, marshal.dumps(counts))

    def spellings_of(self, wanted: Set[str]) -> dict[str, str]:
        """Return the most frequent spelling of normalized words and phrases, where it differs from them."""
        return self._spellings.best(wanted)

    def _read(self, title: str, body: str) -> tuple[set[str], set[str]]:
        words = self._spellings.add(title) | self._spellings.add(body)
        return words, self._spellings.add_phrases(iter_surface_phrases(title, MAX_PHRASE_WORDS))

    def _bound(self) -> None:
        """Drop rare words by lossy counting (Manku and Motwani 2002), in its simplest form."""
        for counts, limit in ((self.words, MAX_VOCABULARY_WORDS), (self.phrases, MAX_VOCABULARY_PHRASES)):
            if len(counts) > _SLACK * limit:
                for each in [each for each, times in counts.items() if times == 1]:
                    del counts[each]
        self._spellings.discard_rare(_SLACK * (MAX_VOCABULARY_WORDS + MAX_VOCABULARY_PHRASES))


def count_words(texts: Iterable[tuple[str, str]]) -> WordCounter:
    """Count articles given as (title, body)."""
    counted = WordCounter()
    for title, body in texts:
        counted.add(title, body)
    return counted


UnknownFilter = Callable[[set[str]], set[str]]


def count_unknown_words(
    texts: Iterable[tuple[str, str]], unknown: UnknownFilter, unknown_phrases: UnknownFilter
) -> VocabularyCounts:
    """Count only those words and phrases of (title, body) that the two functions select.

    The result equals `count_words` limited to these; there are usually few of these, which saves work.
    """
    same: dict[str, str] = {}
    articles = [
        (
            [same.setdefault(word, word) for text in (title, body) for word in surface_words(text)],
            list(iter_surface_phrases(title, MAX_PHRASE_WORDS)),
        )
        for title, body in texts
    ]
    folded = {written: normalized_words(written) for written in same}
    words = unknown(set(chain.from_iterable(folded.values())))
    # A spelling that normalizes to several words may belong to a phrase.
    wanted = {each for each, some in folded.items() if len(some) > 1 or not words.isdisjoint(some)}
    counted = WordCounter()
    for written, titled in articles:
        counted.add_tokens([word for word in written if word in wanted], titled)
    phrases = unknown_phrases(set(counted.phrases))
    return VocabularyCounts(
        {word: counted.words[word] for word in words},
        {phrase: counted.phrases[phrase] for phrase in phrases},
        counted.articles,
        counted.spellings_of(words | phrases),
    )


def merge_counts(
    parts: Sequence[PartCount], unknown: UnknownFilter, unknown_phrases: UnknownFilter
) -> VocabularyCounts:
    """Merge packed counts into what `count_unknown_words` returns for all their articles."""
    counted: tuple[dict[str, int], dict[str, int], dict[str, int]] = {}, {}, {}
    for part in parts:
        for counts, more in zip(counted, part.counts(), strict=True):
            # As Counter.update, without its loop in Python.
            counts.update(zip(more, map(add, more.values(), map(counts.get, more, repeat(0))), strict=True))
    words, phrases = unknown(set(counted[0])), unknown_phrases(set(counted[1]))
    return VocabularyCounts(
        {word: counted[0][word] for word in words},
        {phrase: counted[1][phrase] for phrase in phrases},
        sum(part.articles for part in parts),
        best_surface_forms(counted[2], words | phrases),
    )


def truncate_counts(counts: VocabularyCounts) -> VocabularyCounts:
    """Limit the counts to the most frequent words and phrases."""
    if len(counts.words) <= MAX_VOCABULARY_WORDS and len(counts.phrases) <= MAX_VOCABULARY_PHRASES:
        return counts
    words, phrases = _most(counts.words, MAX_VOCABULARY_WORDS), _most(counts.phrases, MAX_VOCABULARY_PHRASES)
    spellings = {each: how for each, how in counts.spellings.items() if each in words or each in phrases}
    return VocabularyCounts(words, phrases, counts.articles, spellings)


def _most(counts: dict[str, int], limit: int) -> dict[str, int]:
    """Return the `limit` most frequent entries; ties among the rarest go to the first ones.

    `heapq.nlargest` would make a tuple of each entry, which takes as much memory again.
    """
    if len(counts) <= limit:
        return counts
    least = sorted(counts.values(), reverse=True)[limit - 1]
    room = limit - sum(times > least for times in counts.values())
    last = set(islice((each for each, times in counts.items() if times == least), room))
    return {each: times for each, times in counts.items() if times > least or each in last}
