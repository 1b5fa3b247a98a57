"""Whether two texts are versions of one report: shingles, MinHash bands to find who may be alike, and the
true overlap to decide. Pure: knows no database.

A shingle is `WIDTH` words in a row of the folded text, as a 62-bit hash. The sketch of a text is MinHash by
one permutation (Li, Owen and Zhang 2012): the hashes fall into bins, each bin keeps its least, an empty bin
borrows from the next that is not (Shrivastava and Li 2014). `ROWS` bins make a band; texts that share a band
are compared. Two texts whose shingles overlap by J (Jaccard) share one with probability
1 - (1 - J**ROWS)**BANDS: 0.99 at 0.5, 0.78 at 0.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from arabic.text.normalization import normalize_with_offsets
from arabic.text.tokenizer import normalized_terms, split_normalized

WIDTH = 4
BANDS, ROWS = 16, 2
_BINS = BANDS * ROWS
#: In a shorter text a few common words are much: it is only ever the same as one that is equal to it.
SHORTEST = 25
#: Words after which a text is not read on: reports are shorter, and time must be bounded.
LONGEST = 5_000
#: The least share of the shorter text's shingles that the longer has. Below it, two reports of one event by
#: two hands begin; the figures are in docs/quality.md.
CONTAINED = 0.7
#: How many times as long the longer may be: a digest holds a report and is no version of it.
LONGER = 5
#: Reports of prices or weather share their sentences and not their figures: the least share of the shorter
#: text's numbers that the longer has, where there are at least so many.
NUMBERS, FEW_NUMBERS = 0.6, 1
#: Congratulations, sentences of courts and communiqués share theirs and not the names, which they repeat:
#: the least share of the words (of NAME letters or more) that the shorter repeats which the longer has.
REPEATED, NAME = 0.85, 3
_BITS = 62
_MASK = (1 << _BITS) - 1
#: Odd numbers without a pattern (of the xxHash and MurmurHash3 finalisers).
_FIRST, _SECOND, _THIRD = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_MIX = 0xFF51AFD7ED558CCD


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The shingles, words and numbers of a text, and the words that it says more than once."""

    shingles: frozenset[int]
    words: frozenset[str]
    numbers: frozenset[str]
    repeated: frozenset[str]


class Sketch(NamedTuple):
    """What is stored of a text: `whole` is equal (and negative, as no band is) for texts with the same words
    in the same order; no bands where the text is too short to be told from another by its words."""

    text_value: int
    bands: tuple[int, ...]


def sketch(body: str, text_hash: str) -> Sketch:
    """Of a text with its `identity.text_hash`, which has to do for one that is too short."""
    words = split_normalized(normalize_with_offsets(body).text)[:LONGEST]  # folded for its places before
    if len(words) < SHORTEST:
        return Sketch(-1 - (int(text_hash[:16], 16) >> (64 - _BITS)), ())
    return Sketch(-1 - _hash(" ".join(words)), tuple(minhash_bands(_shingles(words))))


def fingerprint(body: str) -> Fingerprint | None:
    """Of a text; None when it is too short to be told from another by its words. Titles do not count: each
    paper has its own."""
    words = normalized_terms(body)[:LONGEST]
    if len(words) < SHORTEST:
        return None
    times = Counter(words)
    return Fingerprint(
        _shingles(words),
        frozenset(times),
        frozenset(word for word in times if word.isdigit()),
        frozenset(word for word, count in times.items() if count > 1 and len(word) >= NAME),
    )


def _shingles(words: Sequence[str]) -> frozenset[int]:
    """Each four words in a row as 62 bits: a sum of products of the words' hashes, mixed. (A cryptographic
    hash of each four costs twice as much, an array library more than it spares at this length.)"""
    if len(_WORDS) > _MOST_WORDS:
        _WORDS.clear()
    codes = [_WORDS[word] for word in words]
    return frozenset(
        [
            (((first * _FIRST + second * _SECOND + third * _THIRD + fourth) * _MIX) >> 40) & _MASK
            for first, second, third, fourth in zip(codes, codes[1:], codes[2:], codes[3:], strict=False)
        ]
    )


class _WordHashes(dict[str, int]):
    """Word → 62 bits, worked out when a word is first met."""

    def __missing__(self, word: str) -> int:
        value = self[word] = _hash(word)
        return value


_WORDS = _WordHashes()
_MOST_WORDS = 50_000


def minhash_bands(shingles: Collection[int]) -> list[int]:
    """`BANDS` numbers of 62 bits, the same ones for the same shingles."""
    least: list[int | None] = [None] * _BINS
    for shingle in shingles:
        at = shingle % _BINS
        now = least[at]
        if now is None or shingle < now:
            least[at] = shingle
    filled = _borrowed(least)
    return [_hash(f"{at} {' '.join(map(str, filled[at : at + ROWS]))}") for at in range(0, _BINS, ROWS)]


def _borrowed(least: Sequence[int | None]) -> list[str]:
    """Each bin's value; of an empty one the next bin's and how far it was."""
    filled = []
    for at in range(_BINS):
        for step in range(_BINS):
            if (value := least[(at + step) % _BINS]) is not None:
                filled.append(f"{value}+{step}")
                break
    return filled


def containment(one: Fingerprint, other: Fingerprint) -> float | None:
    """The share of the shorter text's shingles that the longer has, if they are versions of one report."""
    short, long = sorted((one, other), key=lambda each: len(each.shingles))
    if len(long.shingles) > LONGER * len(short.shingles):
        return None
    contained = len(short.shingles & long.shingles) / len(short.shingles)
    if contained < CONTAINED:
        return None
    shared = len(short.numbers & long.numbers)
    if len(short.numbers) >= FEW_NUMBERS and shared / len(short.numbers) < NUMBERS:
        return None
    known = len(short.repeated & long.words)
    if short.repeated and known / len(short.repeated) < REPEATED:
        return None
    return contained


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> (
        64 - _BITS
    )
