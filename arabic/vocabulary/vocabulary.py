"""The words of an archive: folded tokens with the number of articles that hold each."""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate, chain
from typing import NamedTuple

from arabic.vocabulary.term_table import PatchedTermTable, SortedTermTable, TermCount, TermTable

# How folded words and phrases are written, in little memory: two texts side by side instead of a dict.


class SurfaceFormTable:
    """Folded -> written, neither with a line break. Immutable; a look-up is a bisection."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        normalized = sorted(spellings)
        written = [spellings[each] for each in normalized]
        self._normalized, self._written = "\n".join(normalized), "\n".join(written)
        self._starts = [array("Q", _starts(words)) for words in (normalized, written)]

    def __len__(self) -> int:
        return len(self._starts[0]) - 1

    def get(self, normalized: str) -> str:
        """How it is written; "" if it is not there."""
        at = bisect_left(range(len(self)), normalized, key=lambda place: self._slice(0, place))
        return self._slice(1, at) if at < len(self) and self._slice(0, at) == normalized else ""

    def items(self) -> Iterator[tuple[str, str]]:
        """Every (folded, written)."""
        return ((self._slice(0, at), self._slice(1, at)) for at in range(len(self)))

    def _slice(self, side: int, at: int) -> str:
        text = self._written if side else self._normalized
        return text[self._starts[side][at] : self._starts[side][at + 1] - 1]


def _starts(words: list[str]) -> Iterator[int]:
    return accumulate((len(word) + 1 for word in words), initial=0)


class VocabularyCounts(NamedTuple):
    """What a vocabulary is made of, in the order of its arguments."""

    words: dict[str, int]
    phrases: dict[str, int]
    articles: int
    spellings: dict[str, str]


class Vocabulary:
    """Folded words -> articles that hold each; and phrases (2 to 4 folded words joined by a space) of titles
    -> titles. `spellings`: how a folded word or phrase is written, where that is not how it is folded.
    Immutable, and compact: 500,000 words take about 25 MB."""

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
        #: Of words that came later.
        self._patched_spellings = SurfaceFormTable({})
        #: How many articles were read for it.
        self.articles = articles

    def count(self, word: str) -> int:
        """In how many articles the folded word stands; 0 if it is not known."""
        return self._words.count(word)

    def __contains__(self, word: str) -> bool:
        return self._words.count(word) > 0

    def __len__(self) -> int:
        return len(self._words)

    def words(self) -> Iterator[TermCount]:
        """Every (word, articles), for who needs a dict: its look-ups are faster, and it takes ten times the
        memory."""
        return self._words.items()

    def phrases(self) -> Iterator[TermCount]:
        """Every (phrase, titles)."""
        return self._phrases.items()

    def phrase_count(self, phrase: str) -> int:
        """In how many titles the folded phrase stands; 0 if it is not known."""
        return self._phrases.count(phrase)

    def spelling(self, normalized: str) -> str:
        """A word or phrase as the archive writes it most (مدينه -> مدينة); itself if no other is known."""
        return self._spellings.get(normalized) or self._patched_spellings.get(normalized) or normalized

    def unknown(self, words: Collection[str]) -> set[str]:
        """Those of the folded `words` that are not in it."""
        return self._words.unknown(words)

    def unknown_phrases(self, phrases: Collection[str]) -> set[str]:
        """Those of the folded `phrases` that are not in it."""
        return self._phrases.unknown(phrases)

    def starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """(word, articles) of words that begin with the folded `prefix`, most frequent first."""
        return self._words.starting_with(prefix, limit)

    def phrases_starting_with(self, prefix: str, limit: int) -> list[TermCount]:
        """(phrase, titles) of phrases that begin with the folded `prefix`, most frequent first."""
        return self._phrases.starting_with(prefix, limit)

    def fuzzy_matches(self, word: str, max_distance: int, limit: int = 50) -> list[TermCount]:
        """(word, distance), nearest, then most frequent first; the word itself at distance 0 if it is known.
        The distance is Damerau-Levenshtein, each letter edited once at most."""
        return self._words.fuzzy_matches(word, max_distance, limit)

    def patched(
        self,
        words: Mapping[str, int],
        phrases: Mapping[str, int],
        articles: int,
        spellings: Mapping[str, str] | None = None,
    ) -> Vocabulary:
        """This one with other counts for some words and phrases (0: not there), other spellings, and more
        articles."""
        if not isinstance(self._words, SortedTermTable) or not isinstance(self._phrases, SortedTermTable):
            raise TypeError("a patched vocabulary is not patched again")
        other = Vocabulary({}, {}, self.articles + articles)
        other._words = PatchedTermTable(self._words, words)
        other._phrases = PatchedTermTable(self._phrases, phrases)
        other._spellings, other._patched_spellings = self._spellings, SurfaceFormTable(spellings or {})
        return other

    def counts(self) -> VocabularyCounts:
        """All that is in it; spellings of its words and phrases only."""
        words, phrases = dict(self.words()), dict(self.phrases())
        written = chain(self._patched_spellings.items(), self._spellings.items())
        spellings = {each: how for each, how in written if each in words or each in phrases}
        return VocabularyCounts(words, phrases, self.articles, spellings)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Vocabulary:
        """What `pack_vocabulary` made. Raises ValueError for anything else."""
        return cls(*unpack_vocabulary(stored))


#: A part is written with every chunk of an import: a third of the time for a quarter more bytes.
_QUICK = 1


def pack_vocabulary(
    words: Mapping[str, int],
    phrases: Mapping[str, int],
    articles: int,
    spellings: Mapping[str, str] | None = None,
) -> bytes:
    """Counts and spellings as compressed bytes; a count may be 0."""
    packer = zlib.compressobj(_QUICK)
    pieces = _iter_json(words, phrases, articles, spellings or {})
    packed = [packer.compress(piece.encode("utf-8", "surrogatepass")) for piece in pieces]
    return b"".join([*packed, packer.flush()])


def _iter_json(
    words: Mapping[str, int], phrases: Mapping[str, int], articles: int, spellings: Mapping[str, str]
) -> Iterator[str]:
    """[[words, counts], [phrases, counts], articles, [folded, written]], piece by piece: whole, and with each
    number as a text of its own, it would take as much memory as what is packed."""
    before = "["
    for counts in (words, phrases):
        yield f"{before}[{_json_lines(counts)}, "
        yield f"{list(counts.values())}]"
        before = ", "
    yield f", {articles}, [{_json_lines(spellings)}, "
    yield f"{_json_lines(spellings.values())}]]"


def _json_lines(words: Iterable[str]) -> str:
    return json.dumps("\n".join(words), ensure_ascii=False)


def unpack_vocabulary(stored: bytes) -> VocabularyCounts:
    """What was packed. Raises ValueError for anything else."""
    try:
        *listed, articles, (normalized, written) = json.loads(zlib.decompress(stored))
        words, phrases = (dict(zip(text.split("\n"), counts, strict=False)) for text, counts in listed)
        spellings = dict(zip(normalized.split("\n"), written.split("\n"), strict=True)) if normalized else {}
    except (zlib.error, TypeError, AttributeError) as error:
        raise ValueError(f"no vocabulary: {error}") from error
    return VocabularyCounts(words, phrases, articles, spellings)


EMPTY_VOCABULARY = Vocabulary({})
