"""The forms of those words of the public frequency list that were met: no splitter cuts them, so that they
are the same for all texts. What was packed stays packed: a look-up takes 2 µs, and a tenth of the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import marisa_trie  # type: ignore[import-not-found]  # a compiled module, it ships no types


class AnalyzedWord(NamedTuple):
    """All that a folded word is in every text."""

    stem: str
    #: Its forms (and those of its parts), joined by spaces.
    lemma_field: str
    #: Whether a name of several words may begin at it, or a mark stand on it, as the words around have it.
    needs_context: bool


class AnalyzedWordStore:
    """Word → its forms: those that were unpacked, and those met since."""

    def __init__(self) -> None:
        self.new_words: dict[str, AnalyzedWord] = {}
        self._packed = marisa_trie.BytesTrie()

    def __len__(self) -> int:
        return len(self.new_words) + len(self._packed)

    def get(self, word: str) -> AnalyzedWord | None:
        """None if it was not met."""
        if found := self.new_words.get(word):
            return found
        packed = self._packed.get(word)
        return _read(packed[0]) if packed else None

    def items(self) -> Iterator[tuple[str, AnalyzedWord]]:
        """All of them, in no order."""
        new_words = dict(self.new_words)  # other threads go on meeting words
        yield from new_words.items()
        yield from ((word, _read(found)) for word, found in self._packed.items() if word not in new_words)

    def pack(self) -> bytes:
        """All of them, for `unpack`."""
        rows = (
            (word, f"{it.stem}\t{it.lemma_field}\t{it.needs_context:d}".encode()) for word, it in self.items()
        )
        return bytes(marisa_trie.BytesTrie(rows).tobytes())

    def unpack(self, stored: bytes) -> None:
        """Know these instead of those that were unpacked before. Raises ValueError for anything but what
        `pack` gave."""
        packed = marisa_trie.BytesTrie()
        try:
            packed.frombytes(stored)
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"no word types: {error}") from error
        self._packed = packed

    def pack_new_words(self) -> bytes:
        """Pack those that were met with the others; returns all, packed."""
        new_words = list(self.new_words)
        packed = self.pack()
        self.unpack(packed)
        for word in new_words:  # others that threads met meanwhile stay
            self.new_words.pop(word, None)
        return packed


def _read(packed: bytes) -> AnalyzedWord:
    stem, lemma_field, needs_context = packed.decode().split("\t")
    return AnalyzedWord(stem, lemma_field, needs_context == "1")


analyzed_words = AnalyzedWordStore()
