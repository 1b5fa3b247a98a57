"""Measure arabic.morphology.decompounding on real articles: joined words that are split, words split wrongly.

    .venv/bin/python -m tools.research.measure_decompounding ARTICLES.jsonl.gz [--cuts 300]

The articles are those of `import_articles` (one JSON object with `title` and `body` per line). The splits are
printed for reading. The random choices are seeded: the same file gives the same results.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.protected_words import is_protected
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary

SEED = 20261123
JOINED = 1000
PREPOSITIONS = frozenset({"في", "من", "عن", "الى", "على", "الي", "علي", "ان", "لا", "ما", "او"})
Words = tuple[str, ...]

KINDS: dict[str, tuple[int, Callable[[Words], bool]]] = {
    "a particle and a word": (2, lambda words: words[0] in PREPOSITIONS and len(words[1]) >= 3),
    "a particle and a place": (2, lambda words: words[0] in PREPOSITIONS and is_protected(words[1])),
    "two words of three letters and more": (2, lambda words: min(map(len, words)) >= 3),
    "three words": (3, lambda words: len(words[-1]) >= 3 and sum(map(len, words)) >= 9),
}


def articles(path: Path) -> Iterator[list[str]]:
    """Yield the normalized tokens of each article."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield normalized_terms(f"{article.get('title', '')}\n{article.get('body', '')}")


def joined(texts: Sequence[list[str]], size: int, wanted: Callable[[Words], bool]) -> list[Words]:
    """Return `JOINED` sequences of neighbouring words of the requested kind, from anywhere in the texts."""
    dice = random.Random(SEED)  # noqa: S311  no secret
    found: list[Words] = []
    while len(found) < JOINED:
        text = dice.choice(texts)
        at = dice.randrange(len(text))
        words = tuple(text[at : at + size])
        if len(words) == size and all(map(_is_arabic, words)) and wanted(words):
            found.append(words)
    return found


def _is_arabic(word: str) -> bool:
    return all("\u0621" <= letter <= "\u064a" for letter in word)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("articles", type=Path)
    parser.add_argument("--cuts", type=int, default=0, help="so many of the words that are cut, to be read")
    options = parser.parse_args()
    texts = [text for text in articles(options.articles) if text]
    counts = Counter(word for text in texts for word in set(text))
    splitters = {
        "shipped": SHIPPED_DECOMPOUNDER,
        "archive": Decompounder(Vocabulary(counts, articles=len(texts))),
    }
    for kind, (size, wanted) in KINDS.items():
        rows = joined(texts, size, wanted)
        for name, splitter in splitters.items():
            again = sum(splitter.parts("".join(row)) == row for row in rows)
            otherwise = sum(splitter.parts("".join(row)) not in ((), row) for row in rows)
            print(f"{kind}, {name}: {again / JOINED:.1%} found again, {otherwise / JOINED:.1%} cut elsewhere")
    fresh, began = Decompounder(Vocabulary(counts, articles=len(texts))), time.process_time()
    cuts = sorted("+".join(parts) for word in counts if (parts := fresh.parts(word)))
    rate = len(counts) / (time.process_time() - began)
    print(f"{len(counts)} word types, {len(cuts)} cut, {rate:.0f} types a second of processor time")
    sample = random.Random(SEED).sample(cuts, min(options.cuts, len(cuts)))  # noqa: S311  no secret
    print(*sample, sep="\n")


if __name__ == "__main__":
    main()
