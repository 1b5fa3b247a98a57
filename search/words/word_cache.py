"""The forms of frequent words on disk, for the next process: they are read much faster than worked out.

Only words of the public frequency list are kept, never one that an article brought; they depend on nothing
but the tables, whose version stands in the file's name."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from django.conf import settings

from arabic.levels import WordType, analysis_version, listed_types

logger = logging.getLogger(__name__)

#: Fewer articles are analysed sooner than the file is read.
MANY_ARTICLES = 200
#: So many words more are worth writing it again.
MANY_WORDS = 3_000


class WordCache:
    """The file, and how much of it this process knows."""

    def __init__(self) -> None:
        self._read = False
        self._held = 0

    def warm(self, articles: int) -> None:
        """Before so many articles are analysed: read the file, once a process."""
        if self._read or articles < MANY_ARTICLES:
            return
        self._read = True
        try:
            found = dict(map(_parsed, _path().read_text(encoding="utf-8").splitlines()))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            logger.warning("%s is made anew: %s", _path(), error)
            return
        listed_types.update(found)
        self._held = len(found)

    def keep(self) -> None:
        """After articles were analysed: write what is known now, if that is many more words."""
        if len(listed_types) - self._held < MANY_WORDS:
            return
        path = _path()
        rows = sorted(listed_types.items())
        lines = (f"{word}\t{known.light}\t{known.bag}\t{known.asks:d}\n" for word, known in rows)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text("".join(lines), encoding="utf-8")
            part.replace(path)
            for other in path.parent.glob("words-*"):  # of older tables, or left by a killed process
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:  # a full disk: it costs time only
            logger.warning("%s cannot be written: %s", path, error)
        self._held = len(rows)


def _path() -> Path:
    return Path(settings.ARCHIVE_DATA_DIR) / "cache" / f"words-{analysis_version()}.tsv"


def _parsed(line: str) -> tuple[str, WordType]:
    word, light, bag, asks = line.split("\t")
    return word, WordType(light, bag, asks == "1")


word_cache = WordCache()
