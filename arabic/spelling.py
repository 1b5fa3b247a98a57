"""The nearest words of an archive to one that it hardly knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from arabic.keyboard import from_keyboard
from arabic.transliteration import transliterations
from arabic.vocabulary import Vocabulary

__all__ = ["Correction", "corrections", "from_keyboard", "transliterations"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the archive that may have been meant. `cost`: 0 (the same) to 2."""

    word: str
    cost: float
    kind: Literal["spelling", "keyboard", "transliteration"]


def corrections(exact: str, vocabulary: Vocabulary, limit: int = 5) -> list[Correction]:
    """Words near a folded token, best first; none for three letters or fewer."""
    if len(exact) < 5:
        return []
    near = vocabulary.near(exact, 1 if len(exact) < 7 else 2, limit + 1)
    return [Correction(word, float(far), "spelling") for word, far in near if far][:limit]
