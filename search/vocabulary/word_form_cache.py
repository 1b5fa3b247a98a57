"""The forms of frequent words on disk, for the next process: they are read much faster than worked out.

Only words of the public frequency list are kept, never one that an article brought; they depend on nothing
but the tables, whose version stands in the file's name."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from django.conf import settings

from arabic.analyzer import analysis_version
from arabic.morphology.analyzed_words import listed_types

logger = logging.getLogger(__name__)

#: Fewer articles are analysed sooner than the file is read.
MANY_ARTICLES = 200
#: So many words more are worth writing it again; so many in the middle of a batch, for they take memory.
MANY_WORDS, TOO_MANY_WORDS = 3_000, 20_000


class WordCache:
    """The file, and whether this process knows it."""

    def __init__(self) -> None:
        self._read = False

    def warm(self, articles: int) -> None:
        """Before so many articles are analysed: read the file, once a process."""
        if self._read or articles < MANY_ARTICLES:
            return
        self._read = True
        try:
            listed_types.unpack(_path().read_bytes())
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            logger.warning("%s is made anew: %s", _path(), error)

    def keep(self, *, going_on: bool = False) -> None:
        """After articles were analysed: write what is known now, if many words were met. `going_on`: more
        articles follow."""
        self.warm(MANY_ARTICLES)
        if len(listed_types.met) < (TOO_MANY_WORDS if going_on else MANY_WORDS):
            return
        path = _path()
        part = path.with_name(f"{path.name}.{os.getpid()}")
        packed = listed_types.pack_met()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(packed)
            part.replace(path)
            for other in path.parent.glob("words-*"):  # of older tables, or left by a killed process
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:  # a full disk: it costs time only
            logger.warning("%s cannot be written: %s", path, error)


def _path() -> Path:
    return Path(settings.ARCHIVE_DATA_DIR) / "cache" / f"words-{analysis_version()}.marisa"


word_cache = WordCache()
