"""Makes any number of articles out of real ones: words are exchanged between articles.

A word changes places with a word of another article that is about as frequent, so that the vocabulary, the
frequency of every word and the lengths of the texts stay those of the archive, while no two texts are the
same. The same articles, count and seed give the same texts.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from articles.models import Article

#: Articles among which words are exchanged: enough for frequent and rare words, little enough for the memory.
BLOCK = 2_000
#: The share of words that are exchanged. Two variants of an article have a quarter of their words in the same
#: place, so they are not near-duplicates.
EXCHANGED = 0.5
TEXT_FIELDS = ("title", "body")
_WORD = re.compile(r"[^\W\d_]+")

ArticleFields = Mapping[str, str]


def varied_articles(articles: Sequence[ArticleFields], count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield `count` articles (id, title, body and the other fields unchanged), round after round."""
    if not articles and count:
        raise ValueError("there are no articles to vary")
    times = Counter(word for each in articles for name in TEXT_FIELDS for word in _WORD.findall(each[name]))
    made = round_number = 0
    while made < count:
        round_number += 1
        for start in range(0, len(articles), BLOCK):
            block = articles[start : start + min(BLOCK, count - made)]
            chance = random.Random(f"{seed} {round_number} {start}")  # noqa: S311  texts, no secret
            for each, texts in zip(block, _exchanged(block, times, chance), strict=True):
                yield {**each, **texts, "id": f"{each['id']}-{round_number}"}
            made += len(block)
            if made >= count:
                return


def _exchanged(
    block: Sequence[ArticleFields], times: Mapping[str, int], chance: random.Random
) -> Iterator[dict[str, str]]:
    """Yield the texts of each article of a block after the exchange."""
    # Odd elements of a split are the words, the others what stands between them.
    texts = [[re.split(f"({_WORD.pattern})", each[name]) for name in TEXT_FIELDS] for each in block]
    places: dict[int, list[tuple[list[str], int]]] = defaultdict(list)
    for parts in (part for each in texts for part in each):
        for at in range(1, len(parts), 2):
            if chance.random() < EXCHANGED:
                # Words of one class are less than twice as frequent as each other.
                places[times[parts[at]].bit_length()].append((parts, at))
    for chosen in places.values():
        words = [parts[at] for parts, at in chosen]
        chance.shuffle(words)
        for (parts, at), word in zip(chosen, words, strict=True):
            parts[at] = word
    for each in texts:
        yield {name: "".join(parts) for name, parts in zip(TEXT_FIELDS, each, strict=True)}


def main() -> int:
    """Write FILE.jsonl.gz for `import_articles`: COUNT variants, by SEED, of the articles of the archive."""
    file, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rows = Article.objects.visible().order_by("pk")
    articles = [
        {"id": str(pk), "title": title, "body": body, "date": str(date or ""), "source": source or ""}
        for pk, title, body, date, source in rows.values_list("pk", "title", "body", "date", "source__name")
    ]
    with gzip.open(file, "wt", compresslevel=1, encoding="utf-8") as out:
        for each in varied_articles(articles, count, seed):
            out.write(json.dumps(each, ensure_ascii=False) + "\n")
    return 0
