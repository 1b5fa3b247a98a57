"""Detection of near-duplicate texts: MinHash bands find candidates, the overlap of shingles decides.

A shingle is `SHINGLE_WORDS` consecutive words of the normalized text, as a 62-bit hash. The sketch of a
text is one-permutation MinHash (Li, Owen and Zhang 2012): the hashes fall into bins, each bin keeps the
lowest, an empty bin borrows from the next filled one (Shrivastava and Li 2014). `ROWS` bins make a band;
texts that share a band are compared. Two texts whose shingles overlap by J (Jaccard) share a band with
probability 1 - (1 - J**ROWS)**BANDS: 0.99 at 0.5, 0.78 at 0.3.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from arabic.text.tokenized_text import TokenizedText, tokenized
from arabic.text.tokenizer import MAX_TOKEN_CHARS, normalized_terms

SHINGLE_WORDS = 4
BANDS, ROWS = 16, 2
_BINS = BANDS * ROWS
#: Texts of fewer words are only compared for equality: in a shorter text a few common words weigh too
#: much.
MIN_WORDS = 25
#: Maximum number of words of a text that are used: reports are shorter, and the time must be bounded.
MAX_WORDS = 5_000
#: Minimum share of the shorter text's shingles that the longer must contain. Below it are independent reports
#: of one event; the figures are in docs/quality.md.
MIN_CONTAINMENT = 0.7
#: Maximum ratio of their lengths: a digest contains a report and is not a version of it.
MAX_LENGTH_RATIO = 5
#: Reports of prices or weather share sentences but not figures: least share of the shorter text's numbers
#: that the longer must contain, and the minimum count of numbers for which this is required.
MIN_SHARED_NUMBERS, MIN_NUMBERS = 0.6, 1
#: Congratulations, court judgments and communiqués share sentences but not names, which they repeat: least
#: share of the shorter text's repeated words (of MIN_NAME_LETTERS letters or more) that the longer must
#: contain.
MIN_SHARED_REPEATED, MIN_NAME_LETTERS = 0.85, 3
_BITS = 62
_MASK = (1 << _BITS) - 1
#: Odd constants without a pattern (from the finalizers of xxHash and MurmurHash3).
_FIRST, _SECOND, _THIRD = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_MIX = 0xFF51AFD7ED558CCD
#: Bits for a shingle beside the others, and the low bits of its sum that are not kept.
_ROOM, _DROPPED_BITS = 192, 40
_SHINGLE_END = SHINGLE_WORDS - 1


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The shingles, words and numbers of a text, and the words that occur more than once."""

    shingles: frozenset[int]
    words: frozenset[str]
    numbers: frozenset[str]
    repeated: frozenset[str]


class Sketch(NamedTuple):
    """The stored bands and hash of a text.

    `text_value` is equal for texts with the same words in the same order, and negative, unlike a band. A
    text that is too short for a comparison has no bands.
    """

    text_value: int
    bands: tuple[int, ...]


def sketch(body: str | TokenizedText, text_hash: str) -> Sketch:
    """Return the sketch of a text; one that is too short is identified by its `fingerprints.text_hash`."""
    words = [word[:MAX_TOKEN_CHARS] for word in tokenized(body).words[:MAX_WORDS]]
    if len(words) < MIN_WORDS:
        return Sketch(-1 - (int(text_hash[:16], 16) >> (64 - _BITS)), ())
    return Sketch(-1 - _hash(" ".join(words)), tuple(minhash_bands(_shingles(words))))


def fingerprint(body: str) -> Fingerprint | None:
    """Return the fingerprint of a text, or None if it is too short for a comparison.

    Titles are not included, because each newspaper writes its own.
    """
    words = normalized_terms(body)[:MAX_WORDS]
    if len(words) < MIN_WORDS:
        return None
    times = Counter(words)
    return Fingerprint(
        _shingles(words),
        frozenset(times),
        frozenset(word for word in times if word.isdigit()),
        frozenset(word for word, count in times.items() if count > 1 and len(word) >= MIN_NAME_LETTERS),
    )


def _shingles(words: Sequence[str]) -> frozenset[int]:
    """Hash every four consecutive words to 62 bits: a mixed sum of products of the words' hashes.

    One whole number has the hashes of all words side by side, so that a few multiplications in C make the
    sums of all shingles: a sum is below 2 ** 192, which is the room that each has. A cryptographic hash of
    each four costs three times as much; an array library costs more than it saves at this length.
    """
    number = len(words) - _SHINGLE_END
    if number < 1:
        return frozenset()
    if len(_WORDS) > _MOST_WORDS:
        _WORDS.clear()
    codes = int.from_bytes(b"".join(map(_WORDS.__getitem__, words)), "little")
    sums = codes * _FIRST + (codes >> _ROOM) * _SECOND + (codes >> 2 * _ROOM) * _THIRD + (codes >> 3 * _ROOM)
    mixed = (sums * _MIX) >> _DROPPED_BITS
    # The lowest of the three eights of bytes of each room.
    lowest = array("Q", mixed.to_bytes(_ROOM // 8 * len(words), "little"))[: 3 * number : 3]
    if sys.byteorder == "big":
        lowest.byteswap()
    return frozenset([value & _MASK for value in lowest])


class _WordHashes(dict[str, bytes]):
    """Word → 62-bit hash as bytes with the room of a shingle, computed on first use."""

    def __missing__(self, word: str) -> bytes:
        value = self[word] = _hash(word).to_bytes(_ROOM // 8, "little")
        return value


_WORDS = _WordHashes()
_MOST_WORDS = 100_000


def minhash_bands(shingles: Collection[int]) -> list[int]:
    """Return `BANDS` numbers of 62 bits, the same for the same shingles."""
    least: list[int | None] = [None] * _BINS
    for shingle in shingles:
        at = shingle % _BINS
        now = least[at]
        if now is None or shingle < now:
            least[at] = shingle
    filled = _fill_empty_bins(least)
    return [_hash(f"{at} {' '.join(map(str, filled[at : at + ROWS]))}") for at in range(0, _BINS, ROWS)]


def _fill_empty_bins(least: Sequence[int | None]) -> list[str]:
    """Return the value of each bin; for an empty one that of the next filled bin and its distance."""
    filled = []
    for at in range(_BINS):
        for step in range(_BINS):
            if (value := least[(at + step) % _BINS]) is not None:
                filled.append(f"{value}+{step}")
                break
    return filled


def containment(one: Fingerprint, other: Fingerprint) -> float | None:
    """Return the share of the shorter text's shingles in the longer; None if they are different reports."""
    short, long = sorted((one, other), key=lambda each: len(each.shingles))
    if len(long.shingles) > MAX_LENGTH_RATIO * len(short.shingles):
        return None
    contained = len(short.shingles & long.shingles) / len(short.shingles)
    if contained < MIN_CONTAINMENT:
        return None
    shared = len(short.numbers & long.numbers)
    if len(short.numbers) >= MIN_NUMBERS and shared / len(short.numbers) < MIN_SHARED_NUMBERS:
        return None
    known = len(short.repeated & long.words)
    if short.repeated and known / len(short.repeated) < MIN_SHARED_REPEATED:
        return None
    return contained


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> (
        64 - _BITS
    )
