"""The vocabulary of an archive: normalized tokens with their document frequency, phrases, and surface forms.

search/vocabulary/ builds, stores and patches it; spelling correction, autocomplete and decompounding read it.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate, chain
from typing import NamedTuple

from arabic.vocabulary.term_table import PatchedTermTable, SortedTermTable, TermCount, TermTable


class SurfaceFormTable:
    """Maps normalized to written words or phrases in little memory: two sorted texts instead of a dict.

    Neither form may contain a line break. Immutable; a lookup is a bisection.
    """

    def __init__(self, spellings: Mapping[str, str]) -> None:
        normalized = sorted(spellings)
        written = [spellings[each] for each in normalized]
        self._normalized, self._written = "\n".join(normalized), "\n".join(written)
        self._starts = [array("Q", _starts(words)) for words in (normalized, written)]

    def __len__(self) -> int:
        return len(self._starts[0]) - 1

    def get(self, normalized: str) -> str:
        """Return how a normalized word is written, or "" if it is not in the table."""
        at = bisect_left(range(len(self)), normalized, key=lambda place: self._slice(0, place))
        return self._slice(1, at) if at < len(self) and self._slice(0, at) == normalized else ""

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield every (normalized, written)."""
        return ((self._slice(0, at), self._slice(1, at)) for at in range(len(self)))

    def _slice(self, side: int, at: int) -> str:
        """Return entry `at` of the normalized (0) or the written (1) side."""
        text = self._written if side else self._normalized
        return text[self._starts[side][at] : self._starts[side][at + 1] - 1]


def _starts(words: list[str]) -> Iterator[int]:
    """Yield the offsets of words in their joined text, and of its end."""
    return accumulate((len(word) + 1 for word in words), initial=0)


class VocabularyCounts(NamedTuple):
    """The contents of a vocabulary, in the order of its arguments."""

    words: dict[str, int]
    phrases: dict[str, int]
    articles: int
    spellings: dict[str, str]


class Vocabulary:
    """The number of articles that contain each normalized word, and of titles that contain each phrase.

    A phrase is 2 to 4 normalized words joined by a space. `spellings` has the written form of words and
    phrases where it differs from the normalized one. Immutable and compact: 500,000 words take about 25 MB.
    """

    def __init__(
        self,
        words: Mapping[str, int],
        phrases: Mapping[str, int] | None = None,
        articles: int = 0,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        self._words: TermTable = SortedTermTable(words)
        self._phrases: TermTable = SortedTermTable(phrases or {})
        self._spellings = SurfaceFormTable(spellings or {})
        #: Written forms of words added by a patch.
        self._patched_spellings = SurfaceFormTable({})
        #: Number of articles that were counted.
        self.articles = articles

    def count(self, word: str) -> int:
        """Return the number of articles that contain a normalized word; 0 if it is not known."""
        return self._words.count(word)

    def counts_of(self, names: Collection[str]) -> dict[str, int]:
        """Return the numbers of articles with these words and of titles with these phrases, all at once.

        For what asks for several: `VisibleVocabulary` sends a request to the engine each time.
        """
        return {name: self._phrases.count(name) if " " in name else self._words.count(name) for name in names}

    def __contains__(self, word: str) -> bool:
        return self._words.count(word) > 0

    def __len__(self) -> int:
        return len(self._words)

    def words(self) -> Iterator[TermCount]:
        """Yield every (word, articles).

        A dict of them has faster lookups but takes ten times the memory.
        """
        return self._words.items()

    def phrases(self) -> Iterator[TermCount]:
        """Yield every (phrase, titles)."""
        return self._phrases.items()

    def phrase_count(self, phrase: str) -> int:
        """Return the number of titles that contain a normalized phrase; 0 if it is not known."""
        return self._phrases.count(phrase)

    def spelling(self, normalized: str) -> str:
        """Return how the archive writes a word or phrase most often (مدينه → مدينة), itself by default."""
        return self._spellings.get(normalized) or self._patched_spellings.get(normalized) or normalized

    def unknown(self, words: Collection[str]) -> set[str]:
        """Return those of the normalized `words` that are not in the vocabulary."""
        return self._words.unknown(words)

    def unknown_phrases(self, phrases: Collection[str]) -> set[str]:
        """Return those of the normalized `phrases` that are not in the vocabulary."""
        return self._phrases.unknown(phrases)

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """Return (word, articles) of words with the normalized `prefix`, most frequent first."""
        return self._words.starting_with(prefix, limit)

    def phrases_starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """Return (phrase, titles) of phrases with the normalized `prefix`, most frequent first."""
        return self._phrases.starting_with(prefix, limit)

    def fuzzy_matches(self, word: str, max_distance: int, limit: int = 50) -> list[TermCount]:
        """Return (word, distance), nearest, then most frequent first.

        A known word itself has distance 0. The distance is the restricted Damerau-Levenshtein distance: each
        letter is edited at most once.
        """
        return self._words.fuzzy_matches(word, max_distance, limit)

    def patched(
        self,
        words: Mapping[str, int],
        phrases: Mapping[str, int],
        articles: int,
        spellings: Mapping[str, str] | None = None,
    ) -> Vocabulary:
        """Return this vocabulary with other counts and spellings for some words and with more articles.

        A count of 0 removes a word. Raises TypeError if this vocabulary is patched already.
        """
        if not isinstance(self._words, SortedTermTable) or not isinstance(self._phrases, SortedTermTable):
            raise TypeError("a patched vocabulary is not patched again")
        other = Vocabulary({}, {}, self.articles + articles)
        other._words = PatchedTermTable(self._words, words)
        other._phrases = PatchedTermTable(self._phrases, phrases)
        other._spellings, other._patched_spellings = self._spellings, SurfaceFormTable(spellings or {})
        return other

    def counts(self) -> VocabularyCounts:
        """Return all contents; spellings only of words and phrases that are in it."""
        words, phrases = dict(self.words()), dict(self.phrases())
        written = chain(self._patched_spellings.items(), self._spellings.items())
        spellings = {each: how for each, how in written if each in words or each in phrases}
        return VocabularyCounts(words, phrases, self.articles, spellings)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Vocabulary:
        """Return the vocabulary that `pack_vocabulary` packed. Raises ValueError for anything else."""
        return cls(*unpack_vocabulary(stored))


#: Compression level. A part is stored with every chunk of an import: level 1 takes a third of the time for a
#: quarter more bytes.
_QUICK = 1


def pack_vocabulary(
    words: Mapping[str, int],
    phrases: Mapping[str, int],
    articles: int,
    spellings: Mapping[str, str] | None = None,
) -> bytes:
    """Return counts and spellings as compressed bytes, about 6 per word; a count may be 0."""
    packer = zlib.compressobj(_QUICK)
    pieces = _iter_json(words, phrases, articles, spellings or {})
    packed = [packer.compress(piece.encode("utf-8", "surrogatepass")) for piece in pieces]
    return b"".join([*packed, packer.flush()])


def _iter_json(
    words: Mapping[str, int], phrases: Mapping[str, int], articles: int, spellings: Mapping[str, str]
) -> Iterator[str]:
    """Yield [[words, counts], [phrases, counts], articles, [normalized, written]] as JSON, in pieces.

    One string, with each number as an object, would take as much memory as the vocabulary itself.
    """
    before = "["
    for counts in (words, phrases):
        yield f"{before}[{_json_lines(counts)}, "
        yield f"{list(counts.values())}]"
        before = ", "
    yield f", {articles}, [{_json_lines(spellings)}, "
    yield f"{_json_lines(spellings.values())}]]"


def _json_lines(words: Iterable[str]) -> str:
    """Return the words, joined by line breaks, as a JSON string."""
    return json.dumps("\n".join(words), ensure_ascii=False)


def unpack_vocabulary(stored: bytes) -> VocabularyCounts:
    """Return the counts that `pack_vocabulary` packed. Raises ValueError for anything else."""
    try:
        *listed, articles, (normalized, written) = json.loads(zlib.decompress(stored))
        words, phrases = (dict(zip(text.split("\n"), counts, strict=False)) for text, counts in listed)
        spellings = dict(zip(normalized.split("\n"), written.split("\n"), strict=True)) if normalized else {}
    except (zlib.error, TypeError, AttributeError) as error:
        raise ValueError(f"no vocabulary: {error}") from error
    return VocabularyCounts(words, phrases, articles, spellings)


EMPTY_VOCABULARY = Vocabulary({})
