"""What the dictionary costs: word types analysed in a second, beside the lemmatiser whose tables it was made
of, and the seconds that a rebuild takes longer for it."""

from __future__ import annotations

import importlib.util
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

from arabic import analyzer
from arabic.morphology import lemmatizer
from arabic.text.tokenizer import exact_terms
from arabic.vocabulary.vocabulary import EMPTY
from search.engines import get_engine
from search.evaluation.metrics import read_documents, throwaway
from search.results import Record

#: The lemmatiser whose tables ours is made of; measured where it is installed (no requirement of ours).
LEMMATISER = "farahidi"
#: Word types analysed by ours and, as it is slow, by the lemmatiser.
TYPES, ITS_TYPES = 20_000, 1_000
#: Articles of a rebuild, and how often it is repeated with the dictionary and without.
ARTICLES, ROUNDS = 1_000, 5


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Seconds for ARTICLES articles with warm caches, medians of ROUNDS."""

    engine: str
    with_lemmas: float
    without: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Rates in word types a second. `lemmatiser`: its own, in one process; None where it is not installed."""

    types: int
    one_process: float
    two_processes: float
    lemmatiser: float | None
    rebuilds: tuple[Rebuild, ...]

    def as_json(self) -> dict[str, Any]:
        """As `quality --cost --json` prints it."""
        return {
            key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()
        }


def measure_cost(documents: Path, engines: Sequence[str]) -> Cost:
    """Two processes for the rate that says so, one for all else. Raises BadFileError and the engines'
    errors."""
    records = read_documents(documents)[:ARTICLES]
    types = list(dict.fromkeys(chain.from_iterable(exact_terms(each.body) for each in records)))[:TYPES]
    one, two = (_rate(types, processes) for processes in (1, 2))
    return Cost(
        len(types),
        one,
        two,
        _its_rate(types[:: max(1, len(types) // ITS_TYPES)]),
        tuple(_rebuild(each, records) for each in engines),
    )


def _rate(types: Sequence[str], processes: int) -> float:
    """With cold caches: in new processes, their start not counted."""
    shares = [types[at::processes] for at in range(processes)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=django.setup) as pool:
        return len(types) / max(pool.map(_fill, shares))


def _fill(types: Sequence[str]) -> float:
    """Seconds for the lemmas of some word types; the table is opened, and the names read, before."""
    lemmatizer.lemmas("كتاب")
    started = time.perf_counter()
    for each in types:
        lemmatizer.lemmas(each)
    return time.perf_counter() - started


def _its_rate(types: Sequence[str]) -> float | None:
    if importlib.util.find_spec(LEMMATISER) is None:
        return None
    analyze: Callable[[str], object] = importlib.import_module(LEMMATISER).analyze
    analyze("كتاب")
    started = time.perf_counter()
    for each in types:
        analyze(each)
    return len(types) / (time.perf_counter() - started)


def _rebuild(engine: str, records: Sequence[Record]) -> Rebuild:
    _seconds(engine, records)  # fills the caches
    with_lemmas: list[float] = []
    without: list[float] = []
    for _ in range(ROUNDS):  # in turn, so that what else the machine does meets both
        with_lemmas.append(_seconds(engine, records))
        with _without_lemmas():
            without.append(_seconds(engine, records))
    return Rebuild(engine, statistics.median(with_lemmas), statistics.median(without))


def _seconds(engine: str, records: Sequence[Record]) -> float:
    started = time.perf_counter()
    # Counting the vocabulary is a rebuild's work too, but none of the dictionary's.
    with throwaway(get_engine(engine), records, EMPTY):
        return time.perf_counter() - started


@contextmanager
def _without_lemmas() -> Iterator[None]:
    """The bag as it would be without a dictionary: names, parts and marks stay. What a word's forms are is
    kept aside meanwhile, so that the caches are warm when it is back."""

    def none(exact: str) -> tuple[str, ...]:
        return ()

    bare = lru_cache(None)(analyzer.word_forms.__wrapped__)
    bare_types = lru_cache(None)(analyzer.WordTypes)
    with (
        patch.object(analyzer, "lemmas", none),
        patch.object(analyzer, "unknown_stems", none),
        patch.object(analyzer, "word_forms", bare),
        patch.object(analyzer, "word_types", bare_types),
    ):
        yield
