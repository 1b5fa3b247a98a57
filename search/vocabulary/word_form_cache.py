"""A cache on disk of the forms of frequent words: reading them is much faster than analyzing the words.

It holds only words of the public frequency list, never one from an article. Their forms depend on nothing but
the tables, whose version is part of the file's name.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from django.conf import settings

from arabic.analyzer import analysis_version
from arabic.morphology.analyzed_words import analyzed_words

logger = logging.getLogger(__name__)

#: Below this count, loading the cache costs more than it saves.
MIN_ARTICLES_TO_LOAD = 200
#: Minimum number of new words for writing the cache again, and the number that is written even in the middle
#: of a batch, because unsaved words take memory.
MIN_NEW_WORDS_TO_SAVE, MAX_UNSAVED_WORDS = 3_000, 20_000


class WordFormCache:
    """The cache file, and whether this process has read it."""

    def __init__(self) -> None:
        self._read = False

    def load_if_worthwhile(self, articles: int) -> None:
        """Read the file once per process before `articles` articles are analyzed, if these are enough."""
        if self._read or articles < MIN_ARTICLES_TO_LOAD:
            return
        self._read = True
        try:
            analyzed_words.unpack(_path().read_bytes())
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            logger.warning("%s is made anew: %s", _path(), error)

    def save_if_worthwhile(self, *, more_follow: bool = False) -> None:
        """Write the file after articles were analyzed, if there are enough new words.

        With `more_follow` the batch is not finished, and only very many new words are written.
        """
        self.load_if_worthwhile(MIN_ARTICLES_TO_LOAD)
        if len(analyzed_words.new_words) < (MAX_UNSAVED_WORDS if more_follow else MIN_NEW_WORDS_TO_SAVE):
            return
        path = _path()
        part = path.with_name(f"{path.name}.{os.getpid()}")
        packed = analyzed_words.pack_new_words()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(packed)
            part.replace(path)
            for other in path.parent.glob("words-*"):  # made with older tables, or left by a killed process
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:  # a full disk only costs time
            logger.warning("%s cannot be written: %s", path, error)


def _path() -> Path:
    return Path(settings.ARCHIVE_DATA_DIR) / "cache" / f"words-{analysis_version()}.marisa"


word_form_cache = WordFormCache()
