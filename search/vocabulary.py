"""The vocabulary of the archive: the words of its published articles."""

from __future__ import annotations

from collections.abc import Collection

from arabic.vocabulary import EMPTY, Vocabulary


def current() -> Vocabulary:
    """The words of the last rebuild and those learned since."""
    return EMPTY


def frozen() -> Vocabulary:
    """The words as of the last rebuild, for splitting run-together words."""
    return EMPTY


def forget(words: Collection[str]) -> None:
    """Take out words that stand in no published article any more."""
