"""The queries of the benchmark: sets of a folder or of the archive, its frequent words, others to warm up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from arabic.text.tokenizer import normalized_terms
from articles.models import Article
from search.evaluation.known_items import FUNCTION_WORDS, build_query_sets, seeded_random, select_headlines
from search.evaluation.metrics import query_set_name, read_queries
from search.query.request import SearchRequest
from search.results import Record
from search.retrieval.service import run_search

#: The order of the sets in reports; others follow by name.
SETS = ("queries", "short", "noisy", "frequent")
FREQUENT_WORDS = 40
#: Articles that words and queries are taken from.
SAMPLE = 10_000
#: Letters of a word that is searched alone; shorter ones are mostly particles.
MIN_LETTERS = 3
_ARABIC = re.compile(r"[\u0621-\u064a]+")
_DOCUMENTS = ("docs.jsonl", "docs.jsonl.gz")

Thing = TypeVar("Thing")
Workload = dict[str, list[str]]


def measured_queries(folder: Path | None, per_set: int, seed: int) -> Workload:
    """Return the queries to measure by set: at most `per_set` of each, and FREQUENT_WORDS words.

    The sets are the files of `folder` (as `make quality SETS=` takes them), or else made from headlines of
    the archive. Raises EvaluationFileError.
    """
    if folder is not None:
        files = [path for path in folder.glob("*.jsonl*") if path.name not in _DOCUMENTS]
        sets = {query_set_name(path): [query.text for query in read_queries(path)] for path in files}
    else:
        records = (
            Record(id=pk, title=title, body=body, external_id=str(pk)) for pk, title, body in _articles()
        )
        made = build_query_sets(select_headlines(records), seed)
        sets = {name: [str(query["text"]) for query in queries] for name, queries in made.items()}
    sets["frequent"] = frequent_words()[:FREQUENT_WORDS]
    known = [name for name in SETS if name in sets]
    return {
        name: _thinned(list(dict.fromkeys(sets[name])), per_set if name != "frequent" else FREQUENT_WORDS)
        for name in (*known, *sorted(sets.keys() - set(known)))
    }


def warm_up_queries(count: int, seed: int, measured: Workload) -> list[str]:
    """Return other queries: one to four neighbouring words of random articles."""
    taken = {text for texts in measured.values() for text in texts}
    chance = seeded_random(f"warm up {seed}")
    found: dict[str, None] = {}
    bodies = [body.split() for _, _, body in _articles()]
    for _ in range(20 * count):
        words = chance.choice(bodies) if bodies else []
        start, length = chance.randrange(max(1, len(words))), chance.randint(1, 4)
        text = " ".join(words[start : start + length])
        if text and text not in taken:
            found[text] = None
        if len(found) == count:
            break
    return list(found)


def frequent_words() -> list[str]:
    """Return the words of the archive that are in the most articles, without function words."""
    return [word for word, _ in sorted(_word_counts().items(), key=lambda each: (-each[1], each[0]))]


def common_terms(count: int, seed: int, least: int = 100) -> list[str]:
    """Return words and names of cities with at least so many hits each, drawn by a seed."""
    everything = run_search(SearchRequest(size=1), facets=("place",), with_advice=False)
    names = {city.label for city in everything.facets["city"] if city.count >= least}
    words = {word for word, number in _word_counts().items() if number >= least and _ARABIC.fullmatch(word)}
    drawn = seeded_random(f"common terms {seed}").sample(known := sorted(names | words), len(known))
    hits = (run_search(SearchRequest(q=term, size=1), facets=(), with_advice=False).total for term in drawn)
    return list(islice((term for term, number in zip(drawn, hits, strict=True) if number >= least), count))


def _word_counts() -> Counter[str]:
    """Return in how many articles each word is, without function words."""
    return Counter(
        word
        for _, title, body in _articles()
        for word in {*normalized_terms(title), *normalized_terms(body)}
        if len(word) >= MIN_LETTERS and word.isalpha() and word not in FUNCTION_WORDS
    )


def _articles() -> Iterator[tuple[int, str, str]]:
    """Yield (id, title, text) of at most SAMPLE visible articles, evenly over the archive."""
    ids = list(Article.objects.visible().order_by("pk").values_list("pk", flat=True))
    chosen = _thinned(ids, SAMPLE)
    for start in range(0, len(chosen), 500):
        some: Iterable[tuple[int, str, str]] = Article.objects.filter(
            pk__in=chosen[start : start + 500]
        ).values_list("pk", "title", "body")
        yield from some


def _thinned(things: Sequence[Thing], at_most: int) -> list[Thing]:
    """Return `at_most` things, evenly over the list."""
    if len(things) <= at_most:
        return list(things)
    return [things[number * len(things) // at_most] for number in range(at_most)]
