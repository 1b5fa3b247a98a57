"""The cost of the dictionary: its analysis rate, and the time it adds to a rebuild.

The rate is compared with that of the lemmatizer whose tables the dictionary was made from.
"""

from __future__ import annotations

import importlib.util
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django
from django.conf import settings

from arabic import analyzer
from arabic.morphology import lemmatizer
from arabic.morphology.analyzed_words import AnalyzedWordStore
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY
from search.engines import get_engine
from search.evaluation.metrics import read_documents, temporary_index
from search.results import Record

#: The lemmatizer whose tables ours is made from; measured where it is installed (it is not a requirement).
LEMMATIZER = "farahidi"
#: Word types analyzed by our dictionary and, as it is slow, by the lemmatizer.
MAX_WORD_TYPES, LEMMATIZER_WORD_TYPES = 20_000, 1_000
#: Targets: with a cold cache, this multiple of the lemmatizer's own rate; a rebuild of 1,000 articles takes
#: at most this many seconds longer.
MIN_RATE_RATIO, MAX_EXTRA_REBUILD_SECONDS = 1.5, 2.0
#: Articles per rebuild, and how often it is repeated with the dictionary and without.
REBUILD_ARTICLES, REBUILD_ROUNDS = 1_000, 5


@dataclass(frozen=True, slots=True)
class RebuildCost:
    """Seconds for REBUILD_ARTICLES articles with warm caches, medians of REBUILD_ROUNDS."""

    engine: str
    with_lemmas: float
    without: float


@dataclass(frozen=True, slots=True)
class AnalysisCost:
    """Rates in word types per second.

    `lemmatiser` is the rate of the lemmatizer itself, in one process; None where it is not installed.
    """

    types: int
    one_process: float
    two_processes: float
    lemmatiser: float | None
    rebuilds: tuple[RebuildCost, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as `make quality COST=1` gives them in JSON."""
        return {
            key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()
        }


def measure_analysis_cost(documents: Path, engines: Sequence[str]) -> AnalysisCost:
    """Measure the rates and, for each engine, the cost of a rebuild.

    Only the rate for two processes uses two. Raises EvaluationFileError and the engines' errors.
    """
    records = read_documents(documents)[:REBUILD_ARTICLES]
    types = list(dict.fromkeys(chain.from_iterable(normalized_terms(each.body) for each in records)))[
        :MAX_WORD_TYPES
    ]
    one, two = (_rate(types, processes) for processes in (1, 2))
    return AnalysisCost(
        len(types),
        one,
        two,
        _lemmatizer_rate(types[:: max(1, len(types) // LEMMATIZER_WORD_TYPES)]),
        tuple(_rebuild(each, records) for each in engines),
    )


def _rate(types: Sequence[str], processes: int) -> float:
    """Measure with cold caches, in new processes, whose start is not counted."""
    shares = [types[at::processes] for at in range(processes)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=django.setup) as pool:
        return len(types) / max(pool.map(_fill, shares))


def _fill(types: Sequence[str]) -> float:
    """Return the seconds for the lemmas of some word types, after the tables have been opened."""
    lemmatizer.lemmas("كتاب")
    started = time.perf_counter()
    for each in types:
        lemmatizer.lemmas(each)
    return time.perf_counter() - started


def _lemmatizer_rate(types: Sequence[str]) -> float | None:
    if importlib.util.find_spec(LEMMATIZER) is None:
        return None
    analyze: Callable[[str], object] = importlib.import_module(LEMMATIZER).analyze
    analyze("كتاب")
    started = time.perf_counter()
    for each in types:
        analyze(each)
    return len(types) / (time.perf_counter() - started)


def _rebuild(engine: str, records: Sequence[Record]) -> RebuildCost:
    _seconds(engine, records)  # fills the caches
    with _lemmas_disabled():
        _seconds(engine, records)
    with_lemmas: list[float] = []
    without: list[float] = []
    for _ in range(REBUILD_ROUNDS):  # alternating, so that other load on the machine affects both alike
        with_lemmas.append(_seconds(engine, records))
        with _lemmas_disabled():
            without.append(_seconds(engine, records))
    return RebuildCost(engine, statistics.median(with_lemmas), statistics.median(without))


def _seconds(engine: str, records: Sequence[Record]) -> float:
    started = time.perf_counter()
    # Counting the vocabulary is part of a rebuild too, but does not involve the dictionary.
    with temporary_index(get_engine(engine), records, EMPTY_VOCABULARY):
        return time.perf_counter() - started


@contextmanager
def _lemmas_disabled() -> Iterator[None]:
    """Analyze without the dictionary: names, word parts and keyword markers stay.

    The analyzed words are set aside in the meantime, and those without lemmas afterwards: both have warm
    caches.
    """

    def none(exact: str) -> tuple[str, ...]:
        return ()

    with (
        patch.object(analyzer, "lemmas", none),
        patch.object(analyzer, "oov_stem_terms", none),
        patch.multiple(analyzer, **_caches_without_lemmas()),
    ):
        yield


@cache
def _caches_without_lemmas() -> dict[str, Any]:
    """Return the analyzer's caches that contain lemmas, by name, each with an empty one to replace it."""
    return {
        "lemma_terms": lru_cache(None)(analyzer.lemma_terms.__wrapped__),
        "analyzed_word_cache": lru_cache(None)(analyzer.AnalyzedWordCache),
        "analyzed_words": AnalyzedWordStore(),
    }


def render_cost_table(cost: AnalysisCost) -> str:
    """Render the cost of the dictionary, with its targets where they apply."""
    its = cost.lemmatiser
    target = (
        f"≥ {MIN_RATE_RATIO} × {its:,.0f}"
        if its
        else f"≥ {MIN_RATE_RATIO} × {LEMMATIZER}'s, which is not installed"
    )
    rates = ((cost.one_process, "one process"), (cost.two_processes, "two processes"))
    rows = [["cost", "to reach", "measured"], ["---"] * 3]
    rows += [
        [
            f"word types a second, cold, {how}",
            target,
            f"{rate:,.0f}" + (f" (× {rate / its:.1f}){_mark(rate >= MIN_RATE_RATIO * its)}" if its else ""),
        ]
        for rate, how in rates
    ]
    for each in cost.rebuilds:
        longer = each.with_lemmas - each.without
        seconds = f"{longer:.2f} s ({each.with_lemmas:.2f} and {each.without:.2f})"
        rows.append(
            [
                f"rebuild of {REBUILD_ARTICLES:,} articles, longer for lemmas, {each.engine}",
                f"≤ {MAX_EXTRA_REBUILD_SECONDS} s",
                seconds + _mark(longer <= MAX_EXTRA_REBUILD_SECONDS),
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _mark(reached: bool) -> str:
    return " ✓" if reached else " ✗"


def main() -> int:
    """Measure on the file of documents that the first argument names; print a table, or JSON with `--json`.

    Django is set up already.
    """
    cost = measure_analysis_cost(Path(sys.argv[1]), list(settings.SEARCH_ENGINES))
    print(json.dumps(cost.as_json(), ensure_ascii=False) if "--json" in sys.argv else render_cost_table(cost))
    return 0
