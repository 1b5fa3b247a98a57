"""Surface forms: how normalized words are written. Readers see مدينة, not the normalized مدينه."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import compress

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

from arabic.text.normalization import normalize
from arabic.text.tokenizer import MAX_TOKEN_CHARS, split_normalized

#: Diacritics, tatweel and joiners: part of a written word, but no difference between two spellings.
_SIGNS = "\u064b-\u065f\u0670\u0640\u200c\u200d"
_WORD = rf"[^\W\d_]+(?:[{_SIGNS}]+[^\W\d_]*)*"
_WRITTEN = re.compile(_WORD)
_PIECE = re.compile(rf"{_WORD}|\d+")
_SIGN = re.compile(f"[{_SIGNS}]")
_SIGNED_LINE = re.compile(f"^[^{_SIGNS}\n]*[{_SIGNS}].*", re.MULTILINE)
#: Letters that normalization replaces by less specific ones: of two equally frequent spellings the one with
#: more of them is shown.
_DISTINCTIVE_LETTERS = frozenset(
    araby.TEH_MARBUTA
    + araby.ALEF_MAKSURA
    + araby.ALEF_HAMZA_ABOVE
    + araby.ALEF_HAMZA_BELOW
    + araby.ALEF_MADDA
    + araby.WAW_HAMZA
    + araby.YEH_HAMZA
)


class _NormalizedWords(dict[str, str]):
    """Map from written to normalized words, computed when a word first occurs: words recur in news."""

    def __missing__(self, written: str) -> str:
        if len(self) >= _MAX_CACHED_WORDS:
            self.clear()
        normalized = normalize(written)
        # Nearly every word is one token; the tokenizer takes three times as long to say so.
        if not normalized.isalpha() or len(normalized) > MAX_TOKEN_CHARS or max(normalized) > _LAST_BMP:
            normalized = " ".join(split_normalized(normalized))
        self[written] = normalized
        return normalized


_MAX_CACHED_WORDS = 100_000
_LAST_BMP = "\uffff"
_normalized = _NormalizedWords().__getitem__


def surface_words(text: str) -> list[str]:
    """Return the words of a text as written, with diacritics and joiners; without numbers."""
    return _WRITTEN.findall(text)


def normalized_words(written: str) -> list[str]:
    """Return the normalized words in a written one: mostly one."""
    return _normalized(written).split()


class SurfaceFormCounter:
    """Counts the written forms of words, and of the phrases passed to it."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()

    def add(self, text: str) -> set[str]:
        """Count the written words of a text; return them normalized."""
        return self.add_words(surface_words(text))

    def add_words(self, written: Collection[str]) -> set[str]:
        """Count written words; return them normalized."""
        self._counted.update(written)
        words = set(map(_normalized, set(written)))
        if "" in words or " " in "".join(words):
            for several in [word for word in words if not word or " " in word]:
                words.remove(several)
                words.update(several.split())
        return words

    def add_phrases(self, written: Iterable[str]) -> set[str]:
        """Count written phrases, as from `iter_surface_phrases`; return them normalized."""
        # A word without a normalized form (letters that are in no token) does not make a phrase with another.
        phrases = [each for each in written if all(map(_normalized, each.split(" ")))]
        self._counted.update(phrases)
        return {" ".join(map(_normalized, phrase.split(" "))) for phrase in phrases}

    def discard_rare(self, most: int) -> None:
        """Discard spellings seen once if more than `most` spellings are counted."""
        if len(self._counted) > most:
            self._counted = Counter({each: times for each, times in self._counted.items() if times > 1})

    def counts(self) -> dict[str, int]:
        """Return how often each word and phrase is written in each way."""
        return dict(self._counted)

    def best(self, wanted: Set[str] | None = None) -> dict[str, str]:
        """Map normalized words and phrases to their most frequent spellings, where the two differ.

        `wanted`: those that are asked for (None: all).
        """
        return best_surface_forms(self._counted, wanted)


def best_surface_forms(counted: Mapping[str, int], wanted: Set[str] | None = None) -> dict[str, str]:
    """Map normalized words and phrases to their most frequent spellings, where the two differ.

    `counted`: how often each spelling occurs; diacritics do not make another one. `wanted`: the words and
    phrases that are asked for (None: all).
    """
    times = dict(counted)
    for written in _SIGNED_LINE.findall("\n".join(counted)):
        plain, marked = _SIGN.sub("", written), times.pop(written)
        times[plain] = times.get(plain, 0) + marked
    times.pop("", None)  # a lone tatweel is not a word and must not outrank one
    forms = [_normalized_phrase(each) if " " in each else _normalized(each) for each in times]
    if wanted is not None:  # nearly all words are known to an archive in use
        asked = list(map(wanted.__contains__, forms))
        forms, times = list(compress(forms, asked)), dict(compress(times.items(), asked))
    best = dict(zip(forms, times, strict=True))
    if len(best) < len(times):
        spellings = Counter(forms)  # most words have one
        for normalized, written in zip(forms, times, strict=True):
            if spellings[normalized] > 1:
                best[normalized] = max(
                    best[normalized], written, key=lambda each: (times[each], _distinctness(each))
                )
    return {
        normalized: written for normalized, written in best.items() if normalized and normalized != written
    }


def _normalized_phrase(written: str) -> str:
    return " ".join(map(_normalized, written.split(" ")))


def iter_surface_phrases(text: str, longest: int) -> Iterator[str]:
    """Yield every run of 2 to `longest` words separated only by white space, with single spaces."""
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
    """Return a sort key for equally frequent spellings: the more distinctive first, then by letters."""
    return sum(letter in _DISTINCTIVE_LETTERS for letter in written), written
