"""Build arabic/data/word_frequencies.tsv.gz from the Arabic list of wordfreq 3.1 (R. Speer; CC BY-SA 4.0).

    .venv/bin/pip install wordfreq==3.1.1  # not a requirement: only this needs it, and its lists weigh 60 MB
    .venv/bin/python -m tools.lexicon.build_frequencies

Frequencies of words that normalize to the same are added up; words with other letters than Arabic ones are
left out, and so are the list's own run-together words (لايزال, ماحدث): each entry of the table is one word.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Mapping
from importlib import import_module
from math import log10

from arabic.morphology.decompounding import Decompounder
from arabic.text.normalization import normalize
from arabic.vocabulary.frequencies import FREQUENCY_FILE

BUILT = "2026-11-23"
#: Words with a frequency of at least one in twelve million tokens: half of the rarer ones are misspellings.
SIZE = 200_000
WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+")
HEADER = f"""\
# Words of running Arabic: -10 * log10 of their share of all tokens, then the folded words that have it.
# source: the Arabic list of wordfreq 3.1.1 (Robyn Speer, https://github.com/rspeer/wordfreq), compiled
# from Wikipedia, subtitles (https://www.opensubtitles.org/), news, the web and Twitter
# date: {BUILT}; licence: CC BY-SA 4.0; modified: folded, rounded, cut at {SIZE} words, foreign words and
# words run together left out
"""


def folded_list() -> dict[str, float]:
    """Return the `SIZE` most frequent normalized words with their share of all tokens."""
    wordfreq = import_module("wordfreq")  # installed only to build the table
    found: dict[str, float] = defaultdict(float)
    for word, share in wordfreq.get_frequency_dict("ar", "large").items():
        folded = normalize(word)
        if WORD.fullmatch(folded):
            found[folded] += share
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:SIZE])


def table(shares: Mapping[str, float]) -> str:
    """Return the text of the table."""
    groups: dict[int, list[str]] = defaultdict(list)
    for word, share in shares.items():
        groups[round(-10 * log10(share))].append(word)
    return HEADER + "".join(f"{tenths}\t{' '.join(sorted(groups[tenths]))}\n" for tenths in sorted(groups))


def whole_words(shares: Mapping[str, float]) -> dict[str, float]:
    """Return the words of the list that are not run together, themselves or without clitics (ولايزال)."""
    whole: set[str] = set()
    splitter = Decompounder(listed=whole.__contains__)
    for word in sorted(shares, key=len):
        if not splitter.is_run_together(word, shares[word]):
            whole.add(word)
    return {word: share for word, share in shares.items() if word in whole}


def write(shares: Mapping[str, float]) -> None:
    """Write the table without a time stamp, because the analysis version hashes its bytes."""
    FREQUENCY_FILE.write_bytes(gzip.compress(table(shares).encode(), 9, mtime=0))


def main() -> None:
    """Write all words first, so that word parts have probabilities, then those not run together."""
    shares = folded_list()
    write(shares)
    whole = whole_words(shares)
    write(whole)
    print(
        len(whole),
        "words,",
        FREQUENCY_FILE.stat().st_size,
        "bytes; left out:",
        *sorted(set(shares) - set(whole)),
    )


if __name__ == "__main__":
    main()
