"""How frequent a word is in running Arabic, by data/word_frequencies.tsv.gz (made by
tools/lexicon/build_frequencies.py from the lists of wordfreq: news, books, encyclopaedia, subtitles, the
web)."""

from __future__ import annotations

import gzip
from functools import cache

from arabic.tables.gazetteer import DATA

FREQUENCY_FILE = DATA / "word_frequencies.tsv.gz"


@cache
def _probabilities() -> dict[str, float]:
    """Folded word → probability. Read on first use, in a tenth of a second; some 25 MB."""
    found: dict[str, float] = {}
    with gzip.open(FREQUENCY_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                decibels, words = line.rstrip("\n").split("\t")
                found |= dict.fromkeys(words.split(" "), 10 ** (-int(decibels) / 10))
    return found


def probability(token: str) -> float:
    """Of a folded token in running Arabic (its share of all tokens); 0.0 if it is not in the list."""
    return _probabilities().get(token, 0.0)


def is_frequent_word(token: str) -> bool:
    """Whether a folded token is one of the frequent words: not rare, not foreign, not run together."""
    return token in _probabilities()
