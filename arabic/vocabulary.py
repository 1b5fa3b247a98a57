"""The words of an archive: folded tokens with the number of articles that hold each."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping

from arabic.wordtable import Counted, PatchedTable, Table, WordTable


class Vocabulary:
    """Folded words -> articles that hold each; and phrases (2 to 4 folded words joined by a space) of titles
    -> titles. Immutable, and compact: 500,000 words take about 15 MB."""

    def __init__(
        self, words: Mapping[str, int], phrases: Mapping[str, int] | None = None, articles: int = 0
    ) -> None:
        self._words: Table = WordTable(words)
        self._phrases: Table = WordTable(phrases or {})
        #: How many articles were read for it.
        self.articles = articles

    def count(self, word: str) -> int:
        """In how many articles the folded word stands; 0 if it is not known."""
        return self._words.count(word)

    def __contains__(self, word: str) -> bool:
        return self._words.count(word) > 0

    def __len__(self) -> int:
        return len(self._words)

    def words(self) -> Iterator[Counted]:
        """Every (word, articles), for who needs a dict: its look-ups are faster, and it takes ten times the
        memory."""
        return self._words.items()

    def phrases(self) -> Iterator[Counted]:
        """Every (phrase, titles)."""
        return self._phrases.items()

    def phrase_count(self, phrase: str) -> int:
        """In how many titles the folded phrase stands; 0 if it is not known."""
        return self._phrases.count(phrase)

    def starting_with(self, prefix: str, limit: int) -> list[Counted]:
        """(word, articles) of words that begin with the folded `prefix`, most frequent first."""
        return self._words.starting_with(prefix, limit)

    def phrases_starting_with(self, prefix: str, limit: int) -> list[Counted]:
        """(phrase, titles) of phrases that begin with the folded `prefix`, most frequent first."""
        return self._phrases.starting_with(prefix, limit)

    def near(self, word: str, max_distance: int, limit: int = 50) -> list[Counted]:
        """(word, distance), nearest, then most frequent first; the word itself at distance 0 if it is known.
        The distance is Damerau-Levenshtein, each letter edited once at most."""
        return self._words.near(word, max_distance, limit)

    def patched(self, words: Mapping[str, int], phrases: Mapping[str, int], articles: int) -> Vocabulary:
        """This one with other counts for some words and phrases (0: not there), and more articles."""
        if not isinstance(self._words, WordTable) or not isinstance(self._phrases, WordTable):
            raise TypeError("a patched vocabulary is not patched again")
        other = Vocabulary({}, {}, self.articles + articles)
        other._words = PatchedTable(self._words, words)
        other._phrases = PatchedTable(self._phrases, phrases)
        return other

    def to_bytes(self) -> bytes:
        """For `from_bytes`; about 5 bytes a word."""
        return pack(dict(self.words()), dict(self.phrases()), self.articles)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Vocabulary:
        """What `to_bytes` made. Raises ValueError for anything else."""
        return cls(*unpack(stored))


def pack(words: Mapping[str, int], phrases: Mapping[str, int], articles: int) -> bytes:
    """Counts as compressed bytes; a count may be 0."""
    listed = [["\n".join(counts), list(counts.values())] for counts in (words, phrases)]
    return zlib.compress(json.dumps([*listed, articles], ensure_ascii=False).encode("utf-8", "surrogatepass"))


def unpack(stored: bytes) -> tuple[dict[str, int], dict[str, int], int]:
    """(words, phrases, articles) of `pack`. Raises ValueError for anything else."""
    try:
        *listed, articles = json.loads(zlib.decompress(stored))
        words, phrases = (dict(zip(text.split("\n"), counts, strict=False)) for text, counts in listed)
    except (zlib.error, TypeError, AttributeError) as error:
        raise ValueError(f"no vocabulary: {error}") from error
    return words, phrases, articles


EMPTY = Vocabulary({})
