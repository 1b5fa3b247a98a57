"""The forms of frequent words on disk, for the next process: they are read much faster than worked out.

Only words of the public frequency list are kept, never one that an article brought; they depend on nothing
but the tables, whose version stands in the file's name."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from django.conf import settings

from arabic.analyzer import analysis_version
from arabic.morphology.analyzed_words import analyzed_words

logger = logging.getLogger(__name__)

#: Fewer articles are analysed sooner than the file is read.
MIN_ARTICLES_TO_LOAD = 200
#: So many words more are worth writing it again; so many in the middle of a batch, for they take memory.
MIN_NEW_WORDS_TO_SAVE, MAX_UNSAVED_WORDS = 3_000, 20_000


class WordFormCache:
    """The file, and whether this process knows it."""

    def __init__(self) -> None:
        self._read = False

    def load_if_worthwhile(self, articles: int) -> None:
        """Before so many articles are analysed: read the file, once a process."""
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
        """After articles were analysed: write what is known now, if many words were met. `more_follow`: more
        articles follow."""
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
            for other in path.parent.glob("words-*"):  # of older tables, or left by a killed process
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:  # a full disk: it costs time only
            logger.warning("%s cannot be written: %s", path, error)


def _path() -> Path:
    return Path(settings.ARCHIVE_DATA_DIR) / "cache" / f"words-{analysis_version()}.marisa"


word_form_cache = WordFormCache()
