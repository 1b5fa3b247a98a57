"""The vocabulary as one reader may know it, so that corrections and completions do not tell hidden words.

Where some sources are not for the reader, the engine counts each word among the articles that are. Advice is
then the same whether a hidden article has a word or not. Where nothing is hidden, the vocabulary of the
archive serves as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from weakref import WeakKeyDictionary

from arabic.vocabulary.term_table import TermCount
from arabic.vocabulary.vocabulary import Vocabulary
from articles.source_scope import hidden_sources
from search.engines import get_engine
from search.engines.contract import EngineError, SearchEngine
from search.minute_cache import MinuteCache
from search.query_tree import Node
from search.vocabulary.vocabulary_updates import phrase_node, word_node

#: A list is chosen among this many times as many words of the whole archive, some of which may be hidden.
_AMONG = 4
#: Counts that are kept for readers of the same rights, and for how many different rights.
_MOST_COUNTS, _MOST_RIGHTS = 50_000, 64


def readers_vocabulary(whole: Vocabulary) -> Vocabulary:
    """Return the vocabulary of the archive as the reader of this context may know it."""
    return VisibleVocabulary(whole, get_engine()) if hidden_sources() else whole


class VisibleVocabulary(Vocabulary):
    """The words and phrases of `whole` that `engine` finds in articles, with the numbers of these articles.

    While the engine cannot answer, no word is known.
    """

    def __init__(self, whole: Vocabulary, engine: SearchEngine) -> None:
        super().__init__({}, articles=whole.articles)
        self._whole = whole
        self._engine = engine
        self._kept = _kept_counts(whole, engine)

    def __contains__(self, word: str) -> bool:
        return self.count(word) > 0

    def __len__(self) -> int:
        return len(self._whole)

    def counts_of(self, names: Collection[str]) -> dict[str, int]:
        """See `Vocabulary`; asks the engine at most once."""
        of_archive = (name for name in dict.fromkeys(names) if self._is_of_archive(name))
        if new := [name for name in of_archive if name not in self._kept]:
            try:
                self._kept.update(zip(new, self._engine.counts([_node(name) for name in new]), strict=True))
            except EngineError:
                return dict.fromkeys(names, 0)
        return {name: self._kept.get(name, 0) for name in names}

    def _is_of_archive(self, name: str) -> bool:
        return bool(self._whole.phrase_count(name) if " " in name else self._whole.count(name))

    def count(self, word: str) -> int:
        """See `Vocabulary`."""
        return self.counts_of([word])[word]

    def phrase_count(self, phrase: str) -> int:
        """See `Vocabulary`."""
        return self.counts_of([phrase])[phrase]

    def words(self) -> Iterator[TermCount]:
        """Yield the words of the whole archive: what is made of them must be counted before it is shown."""
        return self._whole.words()

    def phrases(self) -> Iterator[TermCount]:
        """See `words`."""
        return self._whole.phrases()

    def spelling(self, normalized: str) -> str:
        """See `Vocabulary`."""
        return self._whole.spelling(normalized)

    def unknown(self, words: Collection[str]) -> set[str]:
        """See `Vocabulary`."""
        return {word for word, count in self.counts_of(words).items() if not count}

    def unknown_phrases(self, phrases: Collection[str]) -> set[str]:
        """See `Vocabulary`."""
        return self.unknown(phrases)

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """See `Vocabulary`."""
        return self._most(self._whole.starting_with(prefix, _AMONG * limit), limit)

    def phrases_starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """See `Vocabulary`."""
        return self._most(self._whole.phrases_starting_with(prefix, _AMONG * limit), limit)

    def _most(self, names: list[TermCount], limit: int) -> list[TermCount]:
        """Return the most frequent of these names among those that are known."""
        counts = self.counts_of([name for name, _count in names])
        found = [(name, count) for name, count in counts.items() if count]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def fuzzy_matches(self, word: str, max_distance: int, limit: int = 50) -> list[TermCount]:
        """See `Vocabulary`."""
        near = self._whole.fuzzy_matches(word, max_distance, _AMONG * limit)
        counts = self.counts_of([other for other, _distance in near])
        found = [(other, distance) for other, distance in near if counts[other]]
        return sorted(found, key=lambda pair: (pair[1], -counts[pair[0]], pair[0]))[:limit]


def _node(name: str) -> Node:
    return phrase_node(name) if " " in name else word_node(name)


#: By vocabulary, which is another object after each change of the words, and by engine, which is equal for
#: readers of the same rights.
_kept: WeakKeyDictionary[Vocabulary, MinuteCache[SearchEngine, dict[str, int]]] = WeakKeyDictionary()


def _kept_counts(whole: Vocabulary, engine: SearchEngine) -> dict[str, int]:
    if whole not in _kept:
        _kept[whole] = MinuteCache(dict, most_keys=_MOST_RIGHTS, most_items=_MOST_COUNTS)
    return _kept[whole].get(engine)
