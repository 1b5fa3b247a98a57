"""The patterns of AlKhalil's tables, filled with its roots: every stem with its lemma. For build_lexicon."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from farahidi import normalize
from farahidi.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Filled:
    """A pattern filled with a root: a stem and its lemma, with vowels."""

    kind: str
    root: str
    lemma: str
    stem: str
    lemma_pattern: str  # canonical: of the sound root


def derived(category: str, kind: str) -> Iterator[Filled]:
    """Yield each stem pattern filled with each root."""
    lexicon = Lexicon()
    patterns = {
        length: [_pattern(lexicon, category, length, formula) for formula in formulas]
        for length, formulas in lexicon.derived_map(category, "formulas").items()
    }
    for table in ("roots_tri", "roots_quad"):
        for roots in lexicon.derived_map(category, table).values():
            for root in roots:
                yield from _filled(root, patterns, kind)


def _pattern(lexicon: Lexicon, category: str, length: int, formula: dict[str, str]) -> tuple[str, str, str]:
    """Return (stem pattern without its case ending, lemma pattern, canonical lemma pattern)."""
    stem = lexicon.voweled_diac_stem(category, length, int(formula["idDiacPatternStem"]))
    lemma_length, lemma_id = formula["idDiacPatternLemma"].split(".")
    lemma = lexicon.voweled_diac_lemma(category, int(lemma_length), int(lemma_id))
    sound_length, sound_id = formula["idCanonicPatternLemma"].split(".")
    sound = lexicon.voweled_canonic_lemma(category, int(sound_length), int(sound_id))
    if not (stem and lemma and sound):
        raise LookupError(formula)
    # The tables write shadda before its vowel; editors write it after, as Unicode orders them.
    canonical = unicodedata.normalize("NFC", sound["val"])
    return normalize.remove_last_diacritics(stem["val"]), lemma["val"], canonical


def _filled(
    root: dict[str, str], patterns: dict[int, list[tuple[str, str, str]]], kind: str
) -> Iterator[Filled]:
    letters = root["val"]
    lemmas: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    for length, of_length in patterns.items():
        for number in (root.get(f"len{length}") or "").split():
            pattern = of_length[int(number) - 1] if 0 < int(number) <= len(of_length) else None
            if pattern is None or pattern in seen:
                continue
            seen.add(pattern)
            stem, lemma, sound = pattern
            if lemma not in lemmas:
                lemmas[lemma] = normalize.word_from_root_and_pattern(letters, lemma)
            yield Filled(
                kind, letters, lemmas[lemma], normalize.word_from_root_and_pattern(letters, stem), sound
            )
