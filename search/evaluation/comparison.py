"""Search quality of our engines compared with a plain Elasticsearch on the same queries."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from search.engines import get_engine
from search.engines.elastic.reference_baseline import temporary_builtin_index
from search.evaluation.match_cases import check_cases, check_plain_cases, read_cases
from search.evaluation.metrics import (
    RANK_CUTOFF,
    EvaluationFileError,
    QuerySetMetrics,
    evaluate_queries,
    evaluate_search,
    query_set_name,
    read_documents,
    read_queries,
    temporary_index,
)

#: The plain search that ours is compared with.
BASELINE = "reference"
#: Sets in the order of the report; others follow by name.
_ORDER = ("queries", "short", "noisy")
_DOCUMENTS = ("docs.jsonl.gz", "docs.jsonl")

PassCounts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EvaluationSets:
    """A folder of documents and queries, as `make_queries` writes it, and a file of cases if there is one."""

    documents: Path
    queries: tuple[Path, ...]
    cases: Path | None = None

    @classmethod
    def from_folder(cls, folder: Path, cases: Path | None = None) -> EvaluationSets:
        """Find the files of a folder. Raises EvaluationFileError."""
        documents = next((path for name in _DOCUMENTS if (path := folder / name).is_file()), None)
        found = [path for path in folder.glob("*.jsonl*") if path.name not in _DOCUMENTS]
        if documents is None or not found:
            raise EvaluationFileError(
                f"{folder}: no docs.jsonl.gz with files of queries (make_queries writes them)"
            )
        return cls(documents, tuple(sorted(found, key=lambda path: _place(query_set_name(path)))), cases)


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


@dataclass(frozen=True, slots=True)
class SystemMetrics:
    """The results of one search system.

    `cases` maps a class of plain cases to the numbers of passed and of all cases; it is empty without a file
    of cases.
    """

    name: str
    documents: int
    build_seconds: float
    sets: tuple[QuerySetMetrics, ...]
    cases: Mapping[str, PassCounts] = field(default_factory=dict)
    #: Cases of extracted cities and dates, by class; measured for engines only.
    extraction: Mapping[str, PassCounts] = field(default_factory=dict)
    failures: Sequence[Mapping[str, Any]] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the figures as `quality --json` prints them."""
        return {
            "name": self.name,
            "documents": self.documents,
            "build_seconds": round(self.build_seconds, 2),
            "sets": [each.as_json() for each in self.sets],
            "cases": self.cases,
            "extraction": self.extraction,
            "failures": list(self.failures),
        }


def evaluate_systems(
    sets: EvaluationSets, engines: Sequence[str], say: Callable[[str], None] = print
) -> list[SystemMetrics]:
    """Measure the baseline, then each engine, in two processes at a time.

    Raises EvaluationFileError and the engines' errors.
    """
    # New interpreters, because an engine's connections and threads do not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, initializer=django.setup) as pool:
        work = {name: pool.submit(partial(evaluate_engine, name), sets) for name in engines}
        work[BASELINE] = pool.submit(evaluate_baseline, sets)
        for name, future in work.items():
            future.add_done_callback(partial(_tell, say, name))
        return [work[name].result() for name in (BASELINE, *engines)]


def _tell(say: Callable[[str], None], name: str, future: Future[SystemMetrics]) -> None:
    say(f"{name}: {'failed' if future.exception() else 'measured'}")


def evaluate_engine(name: str, sets: EvaluationSets) -> SystemMetrics:
    """Measure an engine of SEARCH_ENGINES through the search of the results page.

    Raises EvaluationFileError and the engine's errors.
    """
    engine = get_engine(name)
    records = read_documents(sets.documents)
    queries = {query_set_name(path): read_queries(path) for path in sets.queries}
    cases = check_cases(read_cases(sets.cases), engine) if sets.cases else {}
    started = time.perf_counter()
    with temporary_index(engine, records) as (index, store):
        seconds = time.perf_counter() - started
        measured = tuple(evaluate_queries(each, asked, index, store) for each, asked in queries.items())
    return SystemMetrics(
        name,
        len(records),
        seconds,
        measured,
        cases.get("plain", {}),
        cases.get("extraction", {}),
        cases.get("failures", ()),
    )


def evaluate_baseline(sets: EvaluationSets) -> SystemMetrics:
    """Measure the built-in `arabic` analyzer on the server named in settings.

    `match` uses OR for the queries and AND for the cases. Raises EvaluationFileError and the engine's errors.
    """
    options = settings.SEARCH_ENGINES["elasticsearch"]
    records = read_documents(sets.documents)
    texts = ((record.id, f"{record.title}\n{record.body}".strip()) for record in records)
    keys = {record.id: record.external_id for record in records}
    started = time.perf_counter()
    with temporary_builtin_index(options, texts) as index:
        seconds = time.perf_counter() - started

        def ask(text: str) -> list[str]:
            return [keys[number] for number in index.search(text, "or", RANK_CUTOFF)]

        measured = tuple(
            evaluate_search(query_set_name(path), read_queries(path), ask) for path in sets.queries
        )
    passed: Mapping[str, PassCounts] = {}
    if sets.cases:
        cases = read_cases(sets.cases)
        with temporary_builtin_index(options, ((case.row, case.text) for case in cases)) as index:
            passed = check_plain_cases(cases, lambda text: index.search(text, "and"))
    return SystemMetrics(BASELINE, len(records), seconds, measured, passed)
