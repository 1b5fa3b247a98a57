"""The words of this archive, as of the last rebuild, help to cut its run-together words: the same for every
document of an index, and for the marks on what it finds."""

from __future__ import annotations

from functools import lru_cache

from arabic.splitting import Splitter
from arabic.vocabulary import Vocabulary
from search.engines.fields import tables_version
from search.words import vocabulary


def archive_splitter() -> Splitter:
    """Of the archive in the database. One small query; cached per process."""
    return _splitter_of(vocabulary.frozen())


def index_version() -> str:
    """What the forms of a text depend on: the hash of code and tables, and that of the frozen words, if there
    are any. An index with another one must be rebuilt."""
    words = vocabulary.frozen_version()
    return f"{tables_version()}-{words}" if words else tables_version()


@lru_cache(maxsize=1)
def _splitter_of(words: Vocabulary) -> Splitter:
    return Splitter(words)
