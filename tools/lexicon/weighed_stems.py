"""The stems of the lexicon while it is built, and the letters of their words. For build_lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from farahidi import normalize as farahidi_normalize

from arabic.text.normalization import normalize_written, written_text

#: Weight of a lemma that no corpus attests; its stems count only if they are among the listed words.
UNATTESTED = 1e-9
#: (normalized stem, kind) → {(id of a lemma, stem as written): weight}. Kinds: noun N, before a second noun
#: or a pronoun only C, indefinite accusative A; imperfect of a verb V, its other stems W; function word T,
#: without a pronoun I; name P.
Stems = dict[tuple[str, str], dict[tuple[str, str], float]]
NOUN_KINDS, VERB_KINDS = ("N", "C", "A"), ("V", "W")


def unvowelled(word: str) -> str:
    """Return the word as written, without vowels."""
    return written_text(farahidi_normalize.remove_all_diacritics(word))


@cache
def bare(word: str) -> str:
    """Return the word normalized, without vowels."""
    return normalize_written(unvowelled(word))


def keep(stems: Stems, kind: str, lemma: str, written: str, weight: float) -> None:
    """Give a reading of a written stem at least this weight."""
    entry = stems[normalize_written(written), kind]
    entry[lemma, written] = max(entry.get((lemma, written), 0.0), weight)


def own_rows(table: Path) -> Iterator[tuple[str, str]]:
    """Yield the two columns of one of our tables, without comments and column names."""
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    for line in lines[1:]:
        first, second = line.split("\t")
        yield first, second
