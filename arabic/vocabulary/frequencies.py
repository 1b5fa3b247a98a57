"""Word frequencies of running Arabic, from data/word_frequencies.tsv.gz.

tools/lexicon/build_frequencies.py makes the table from the lists of wordfreq: news, books, encyclopaedia,
subtitles, the web.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection
from functools import cache

from arabic.tables.gazetteer import DATA

FREQUENCY_FILE = DATA / "word_frequencies.tsv.gz"


@cache
def _probabilities() -> dict[str, float]:
    """Map each normalized word to its probability. Loaded on first use in 0.1 seconds; takes about 25 MB."""
    found: dict[str, float] = {}
    with gzip.open(FREQUENCY_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                decibels, words = line.rstrip("\n").split("\t")
                found |= dict.fromkeys(words.split(" "), 10 ** (-int(decibels) / 10))
    return found


def probability(token: str) -> float:
    """Return the share of a normalized token in running Arabic; 0.0 if it is not in the list."""
    return _probabilities().get(token, 0.0)


def is_frequent_word(token: str) -> bool:
    """Return True if a normalized token is in the list: not rare, not foreign, not run together."""
    return token in _probabilities()


def frequent_words() -> Collection[str]:
    """Return all normalized tokens of the list, for code that looks up every word of a text."""
    return _probabilities().keys()
