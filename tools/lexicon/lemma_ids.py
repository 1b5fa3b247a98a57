"""Ids of lemmas: what the dictionary tells apart by vowels and part of speech has an id of its own.

The heaviest lemma of some letters has the letters as its id, the others the letters and one Latin letter, so
that most ids are what a reader would write. For build_lexicon.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from string import ascii_lowercase
from typing import NamedTuple

from farahidi import normalize as farahidi_normalize

from arabic.text.normalization import written_text

#: Marks that editions of a word write or leave out: sukun, tanween, a vowel before the letter that lengthens
#: it, the vowel of an initial hamza that the hamza's seat shows.
_OPTIONAL_MARKS = re.compile(
    "[\u0652\u064b-\u064d\u0670]|\u064e(?=[اىة])|\u0650(?=ي)|\u064f(?=و)|(?<=^أ)\u064e|(?<=^إ)\u0650"
)
_SHADDA = "\u0651"


class Lemma(NamedTuple):
    """A lemma of the dictionary."""

    kind: str  #: noun N, verb V, function word T
    letters: str  #: normalized
    vowelled: str


class LemmaIds:
    """Ids of lemmas, given by weight."""

    def __init__(self) -> None:
        #: Normalized letters → (kind, vowels, id), the heaviest lemma first.
        self._by_letters: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._ids: dict[tuple[str, str, str], str] = {}
        self._written: dict[str, str] = {}
        self._attested: set[str] = set()

    def __len__(self) -> int:
        return len(self._written)

    def add(self, weights: Mapping[Lemma, float]) -> None:
        """Give ids to lemmas, the heaviest of some letters first.

        A lemma without weight that is written like a heavier one of its kind has that one's id: no corpus
        tells them apart.
        """
        shares: dict[tuple[str, str, str], float] = defaultdict(float)
        spelled: dict[tuple[str, str, str], str] = {}
        for lemma, weight in weights.items():
            key = lemma.kind, lemma.letters, essential_vowels(lemma.vowelled)
            shares[key] += weight
            spelled.setdefault(key, lemma.vowelled)
        for key in sorted(shares, key=lambda key: (-shares[key], key)):
            kind, letters, _ = key
            alike = [own_id for other, _, own_id in self._by_letters[letters] if other == kind]
            if alike and not shares[key]:
                self._ids[key] = alike[0]
            else:
                own_id = self._ids[key] = self._new(*key, unvowelled_letters(spelled[key]))
                if shares[key]:
                    self._attested.add(own_id)

    def of(self, lemma: Lemma) -> str:
        """Return the id of a lemma that was added."""
        return self._ids[lemma.kind, lemma.letters, essential_vowels(lemma.vowelled)]

    def noun(self, letters: str) -> str:
        """Return the id of the heaviest noun of these letters; make one if there is none."""
        return self._first(letters, "N") or self._new("N", letters, "", letters)

    def is_attested_noun(self, letters: str) -> bool:
        """Return True if a corpus has a noun of these letters."""
        return self._first(letters, "N") in self._attested

    def particle(self, letters: str) -> str:
        """Return the id of the function word of these letters."""
        return self._first(letters, "T") or self._new("T", letters, "", letters)

    def plain_verb(self, letters: str) -> str:
        """Return the id of the heaviest verb of these letters without a doubled one, else of the heaviest."""
        verbs = [(vowels, own_id) for kind, vowels, own_id in self._by_letters[letters] if kind == "V"]
        plain = [own_id for vowels, own_id in verbs if _SHADDA not in vowels]
        return (plain or [own_id for _, own_id in verbs] or [letters])[0]

    def any(self, letters: str) -> str:
        """Return the id of the heaviest lemma of these letters; make one if there is none."""
        found = self._by_letters[letters]
        return found[0][2] if found else self._new("N", letters, "", letters)

    def letters(self, own_id: str) -> str:
        """Return the normalized letters of an id."""
        return own_id.rstrip(ascii_lowercase)

    def written(self, own_id: str) -> str:
        """Return the letters of a lemma as written."""
        return self._written[own_id]

    def _first(self, letters: str, kind: str) -> str:
        found = self._by_letters.get(letters, ())
        return next((own_id for other, _, own_id in found if other == kind), "")

    def _new(self, kind: str, letters: str, vowels: str, written: str) -> str:
        alike = self._by_letters[letters]
        own_id = letters + (ascii_lowercase[len(alike) - 1] if alike else "")
        alike.append((kind, vowels, own_id))
        self._written[own_id] = written
        return own_id


def unvowelled_letters(vowelled: str) -> str:
    """Return a vowelled word as written without vowels."""
    return written_text(farahidi_normalize.remove_all_diacritics(vowelled))


def essential_vowels(vowelled: str) -> str:
    """Return a vowelled word without the marks that do not tell words apart."""
    return _OPTIONAL_MARKS.sub("", unicodedata.normalize("NFC", vowelled))
