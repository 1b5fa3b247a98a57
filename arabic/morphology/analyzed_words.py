"""Cache of the analysis of frequent words, which is the same for every text and archive.

The decompounder never splits words of the public frequency list, so their analysis does not depend on an
archive's vocabulary. In a packed trie, a lookup takes 2 µs and the words a tenth of a dict's memory.
search/vocabulary/word_form_cache.py keeps the packed form between processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import marisa_trie  # type: ignore[import-not-found]  # a compiled module, it ships no types


class NameStart(Enum):
    """How a person's name begins with a word."""

    GIVEN_NAME = 1
    TITLE = 2
    #: No surname follows the given name.
    ROYAL_TITLE = 3
    #: "Son of" and the like: whatever follows is a name.
    RELATION = 4


class AnalyzedWord(NamedTuple):
    """The analysis of a normalized word that holds in every text."""

    stem: str
    #: The terms of the lemma field for the word and its parts, joined by spaces.
    lemma_field: str
    #: Whether the words around it may add terms: a name of several words, a month or a byname.
    needs_context: bool
    #: Of a word that may be a noun or a verb, else "": the lemmas that it has as a noun only and as a verb
    #: only, joined by spaces; how much likelier a verb is, in bits.
    nouns: str = ""
    verbs: str = ""
    prior: int = 0
    #: The lemmas that it has only where ه may stand for ة, joined by spaces.
    careless: str = ""
    #: The lemma that it has as a person's name, if it may be one.
    name: str = ""
    #: What decides between noun and verb beside the words about it: the hints of `noun_or_verb`.
    hints: str = ""

    def without(self, lemmas: str) -> str:
        """Return the terms of the lemma field without some."""
        excluded = lemmas.split()
        return " ".join(term for term in self.lemma_field.split() if term not in excluded)

    def carefully_written(self) -> AnalyzedWord:
        """Return the analysis for a text that writes ة, where ه is rather a pronoun."""
        careless = self.careless.split()
        nouns = " ".join(lemma for lemma in self.nouns.split() if lemma not in careless)
        found = self._replace(lemma_field=self.without(self.careless), nouns=nouns)
        return found if nouns or not self.nouns else found._replace(verbs="", prior=0)


@dataclass(slots=True, eq=False)
class WordType:
    """What the occurrences of a word have in common in a text, in the same context.

    Compared by identity, which is fast: `arabic.analyzer` makes one for each written word, and one more where
    the words around it add terms.
    """

    normalized: str
    stem: str
    #: As in `AnalyzedWord`.
    lemma_field: str
    needs_context: bool = False
    #: How much likelier a verb is than a noun, in bits; see arabic/morphology/word_context.py.
    prior: int = 0
    #: Of a word that may be a noun or a verb.
    choice: NounOrVerb | None = None
    #: Whether a person's name begins with it, and the type of a word that may continue one.
    name_start: NameStart | None = None
    name: WordType | None = None
    #: In a text that writes ة, of a word in ه that may have a pronoun.
    careful: WordType | None = None


class NounOrVerb(NamedTuple):
    """The types of a word as a noun and as a verb."""

    noun: WordType
    verb: WordType
    #: Without lemmas, of what is a particle before a verb.
    particle: WordType | None = None
    #: As in `AnalyzedWord`.
    hints: str = ""


class AnalyzedWordStore:
    """Analyzed words by word: those loaded from a packed store, and those added since."""

    def __init__(self) -> None:
        self.new_words: dict[str, AnalyzedWord] = {}
        self._packed = marisa_trie.BytesTrie()

    def __len__(self) -> int:
        return len(self.new_words) + len(self._packed)

    def get(self, word: str) -> AnalyzedWord | None:
        """Return the analysis of a word, or None if it is not stored."""
        if found := self.new_words.get(word):
            return found
        packed = self._packed.get(word)
        return _read(packed[0]) if packed else None

    def items(self) -> Iterator[tuple[str, AnalyzedWord]]:
        """Yield all (word, analysis), in no particular order."""
        new_words = dict(self.new_words)  # other threads may add words in the meantime
        yield from new_words.items()
        yield from ((word, _read(found)) for word, found in self._packed.items() if word not in new_words)

    def pack(self) -> bytes:
        """Return all of them packed, for `unpack`."""
        rows = (
            (
                word,
                "\t".join([it.stem, it.lemma_field, f"{it.needs_context:d}", *map(str, it[3:])]).encode(),
            )
            for word, it in self.items()
        )
        return bytes(marisa_trie.BytesTrie(rows).tobytes())

    def unpack(self, stored: bytes) -> None:
        """Replace the words that were unpacked before with these.

        Raises ValueError for anything but the result of `pack`.
        """
        packed = marisa_trie.BytesTrie()
        try:
            packed.frombytes(stored)
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"no word types: {error}") from error
        self._packed = packed

    def pack_new_words(self) -> bytes:
        """Pack the new words together with the others, and return the result."""
        new_words = list(self.new_words)
        packed = self.pack()
        self.unpack(packed)
        for word in new_words:  # keep words that other threads added in the meantime
            self.new_words.pop(word, None)
        return packed


def _read(packed: bytes) -> AnalyzedWord:
    """Return the analysis that `AnalyzedWordStore.pack` encoded."""
    stem, lemma_field, needs_context, nouns, verbs, prior, *others = packed.decode().split("\t")
    return AnalyzedWord(stem, lemma_field, needs_context == "1", nouns, verbs, int(prior), *others)


analyzed_words = AnalyzedWordStore()
