"""How a folded word is written: readers are shown مدينة, not the مدينه that is searched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

from arabic.text.tokenizer import normalized_terms

#: Marks on letters, tatweel and joiners: part of a written word, and no difference between two spellings.
_SIGNS = "\u064b-\u065f\u0670\u0640\u200c\u200d"
_WORD = rf"[^\W\d_]+(?:[{_SIGNS}]+[^\W\d_]*)*"
_WRITTEN = re.compile(_WORD)
_PIECE = re.compile(rf"{_WORD}|\d+")
_SIGN = re.compile(f"[{_SIGNS}]")
#: Letters that say more than what they are folded into: of two spellings as frequent the fuller is shown.
_DISTINCTIVE_LETTERS = frozenset(
    araby.TEH_MARBUTA
    + araby.ALEF_MAKSURA
    + araby.ALEF_HAMZA_ABOVE
    + araby.ALEF_HAMZA_BELOW
    + araby.ALEF_MADDA
    + araby.WAW_HAMZA
    + araby.YEH_HAMZA
)


#: A word or phrase as it is written, what it folds to, and how often it was met.
SurfaceFormCount = tuple[str, str, int]


class _NormalizedWords(dict[str, str]):
    """Written -> folded, worked out when a word is first met: the words of news come back."""

    def __missing__(self, written: str) -> str:
        if len(self) >= _MAX_CACHED_WORDS:
            self.clear()
        normalized = self[written] = " ".join(normalized_terms(written))
        return normalized


_MAX_CACHED_WORDS = 100_000
_normalized = _NormalizedWords().__getitem__


def surface_words(text: str) -> list[str]:
    """The words of a text as they stand in it, marks and joiners included; numbers are none."""
    return _WRITTEN.findall(text)


def normalized_words(written: str) -> list[str]:
    """The folded words that a written one is: mostly one."""
    return _normalized(written).split()


class SurfaceFormCounter:
    """Counts how words, and phrases that it is given, are written."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()

    def add(self, text: str) -> set[str]:
        """Learn how the words of a text are written; returns the words, folded."""
        return self.add_words(surface_words(text))

    def add_words(self, written: Collection[str]) -> set[str]:
        """Learn how words are written; returns the words, folded."""
        self._counted.update(written)
        words = set(map(_normalized, set(written)))
        for several in [word for word in words if not word or " " in word]:
            words.remove(several)
            words.update(several.split())
        return words

    def add_phrases(self, written: Iterable[str]) -> set[str]:
        """Learn how phrases are written; `written_phrases` gives those of a text. Returns them folded."""
        # A word that folds to nothing (letters that no token holds) is none; with another it is no phrase.
        phrases = [each for each in written if all(map(_normalized, each.split(" ")))]
        self._counted.update(phrases)
        return {" ".join(map(_normalized, phrase.split(" "))) for phrase in phrases}

    def discard_rare(self, most: int) -> None:
        """When more spellings than `most` are counted, forget those that were met once."""
        if len(self._counted) > most:
            self._counted = Counter({each: times for each, times in self._counted.items() if times > 1})

    def unmarked_counts(self) -> list[SurfaceFormCount]:
        """Every spelling without its marks."""
        times: Counter[str] = Counter()
        for written, count in self._counted.items():
            times[written if _SIGN.search(written) is None else _SIGN.sub("", written)] += count
        times.pop("", None)  # tatweel that stands alone is no word, and must not outweigh any
        return [
            (written, " ".join(map(_normalized, written.split(" "))), count)
            for written, count in times.items()
        ]

    def best(self) -> dict[str, str]:
        """Folded word or phrase -> its most frequent spelling, without marks; only where the two differ."""
        return best_surface_forms(self.unmarked_counts())


def best_surface_forms(spellings: Iterable[SurfaceFormCount]) -> dict[str, str]:
    """Folded word or phrase -> its most frequent spelling; only where the two differ."""
    times: Counter[str] = Counter()
    folds: dict[str, str] = {}
    for written, normalized, count in spellings:
        times[written] += count
        folds[written] = normalized
    best: dict[str, str] = {}
    for written, count in times.items():
        other = best.get(folds[written], "")
        if count > times[other] or (count == times[other] and _distinctness(written) > _distinctness(other)):
            best[folds[written]] = written
    return {
        normalized: written for normalized, written in best.items() if normalized and normalized != written
    }


def iter_surface_phrases(text: str, longest: int) -> Iterator[str]:
    """Every run of 2 to `longest` words of a text that only white space parts, with single spaces."""
    pieces = list(_PIECE.finditer(text))
    for first, start in enumerate(pieces):
        phrase = start[0]
        for before, piece in zip(pieces[first:], pieces[first + 1 : first + longest], strict=False):
            gap = text[before.end() : piece.start()]
            if not gap or not gap.isspace():
                break
            phrase = f"{phrase} {piece[0]}"
            yield phrase


def _distinctness(written: str) -> tuple[int, str]:
    """Of spellings as frequent that is shown which tells more; of those any, but always the same."""
    return sum(letter in _DISTINCTIVE_LETTERS for letter in written), written
