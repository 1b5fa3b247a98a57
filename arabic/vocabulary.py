"""The words of an archive: folded tokens with the number of articles that hold each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import DamerauLevenshtein


class Vocabulary:
    """Folded words -> articles that hold each; and phrases (2 to 4 folded words joined by a space) of titles.

    `spellings`: how a folded word or phrase is most often written, where that is not how it is folded.
    Immutable."""

    def __init__(
        self,
        words: Mapping[str, int],
        phrases: Mapping[str, int] | None = None,
        articles: int = 0,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        self._words = dict(words)
        self._phrases = dict(phrases or {})
        self.articles = articles
        self._spellings = dict(spellings or {})

    def spelling(self, folded: str) -> str:
        """A word or phrase as the archive writes it: مدينه -> مدينة."""
        return self._spellings.get(folded, folded)

    def count(self, word: str) -> int:
        """In how many articles the folded word stands; 0 if it is not known."""
        return self._words.get(word, 0)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def __len__(self) -> int:
        return len(self._words)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """(word, articles) of words that begin with the folded `prefix`, most frequent first."""
        return _starting_with(self._words, prefix, limit)

    def phrases_starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """(phrase, titles) of phrases that begin with the folded `prefix`, most frequent first."""
        return _starting_with(self._phrases, prefix, limit)

    def near(self, word: str, max_distance: int, limit: int = 50) -> list[tuple[str, int]]:
        """(word, Damerau-Levenshtein distance), nearest, then most frequent first."""
        found = [
            (other, distance)
            for other in self._words
            if (distance := DamerauLevenshtein.distance(word, other, score_cutoff=max_distance))
            <= max_distance
        ]
        return sorted(found, key=lambda pair: (pair[1], -self._words[pair[0]], pair[0]))[:limit]

    def to_bytes(self) -> bytes:
        """For `from_bytes`."""
        return json.dumps([self._words, self._phrases, self.articles, self._spellings]).encode()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Vocabulary:
        """What `to_bytes` made."""
        return cls(*json.loads(stored))


def _starting_with(counts: Mapping[str, int], prefix: str, limit: int) -> list[tuple[str, int]]:
    found = [(word, count) for word, count in counts.items() if word.startswith(prefix)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]


EMPTY = Vocabulary({})
