"""Names in Latin letters as Arabic papers write them."""

from __future__ import annotations

from arabic.vocabulary import Vocabulary


def transliterations(latin: str, vocabulary: Vocabulary, limit: int = 5) -> list[str]:
    """Arabic spellings of a name in Latin letters, best first."""
    return []
