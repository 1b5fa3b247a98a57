"""Measures of search quality in a temporary index of some documents, queried as the results page does."""

from __future__ import annotations

import gzip
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.contract import IndexDocument, Put, SearchEngine
from search.query.request import SearchRequest
from search.results import Record
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from search.vocabulary.vocabulary_store import build_vocabulary

#: Documents per call of the engine.
INDEX_CHUNK = 500
#: The cutoff of all measures: the number of results on the first page.
RANK_CUTOFF = 10


class EvaluationFileError(Exception):
    """A file of documents, queries or cases cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class EvaluationQuery:
    """A query, the external ids of its relevant documents, and its `kind` ("" if the set has no kinds)."""

    text: str
    relevant: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class QuerySetMetrics:
    """Figures of one query set. The quality measures are means over queries, from 0 to 1."""

    name: str
    queries: int
    mrr10: float
    hit10: float
    ndcg10: float
    p50_ms: float
    p95_ms: float
    #: The same figures by kind of query, where the set has kinds.
    kinds: tuple[QuerySetMetrics, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the rounded figures as `evaluate` prints them; `kinds` only if there are any."""
        figures = {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in asdict(self).items()
            if key != "kinds"
        }
        return figures | ({"kinds": [kind.as_json() for kind in self.kinds]} if self.kinds else {})


def iter_json_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a jsonl file, plain or .gz. Raises EvaluationFileError."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise EvaluationFileError(f"{path}, line {number}: not a JSON object")
                    yield value
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise EvaluationFileError(f"{path}, line {number or 1}: {error}") from error


def read_documents(path: Path) -> list[Record]:
    """Read records, numbered from 1; `id` becomes the external id. Raises EvaluationFileError."""
    return [
        Record(
            id=number,
            title=str(each.get("title") or ""),
            body=str(each.get("body") or ""),
            external_id=_required(path, each, "id"),
        )
        for number, each in enumerate(iter_json_lines(path), start=1)
    ]


def read_queries(path: Path) -> list[EvaluationQuery]:
    """Read the queries of a jsonl file (id, text, relevant, optionally kind). Raises EvaluationFileError."""
    return [
        EvaluationQuery(
            _required(path, each, "text"),
            frozenset(map(str, each.get("relevant") or ())),
            str(each.get("kind") or ""),
        )
        for each in iter_json_lines(path)
    ]


def query_set_name(path: Path) -> str:
    """Return the name of a set, which is its file's name without .jsonl and .gz."""
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


@contextmanager
def temporary_index(
    engine: SearchEngine, records: Iterable[Record], vocabulary: Vocabulary | None = None
) -> Iterator[tuple[SearchEngine, MemoryStore]]:
    """Build a temporary index of these records; yield it with the store for displaying hits.

    The vocabulary is that of the records unless another is given. Raises the engine's errors.
    """
    listed = list(records)
    known = build_vocabulary((each.title, each.body) for each in listed) if vocabulary is None else vocabulary
    store = MemoryStore(listed, known)
    splitter = store.splitter()
    with engine.temporary_index() as index:
        for start in range(0, len(listed), INDEX_CHUNK):
            chunk = listed[start : start + INDEX_CHUNK]
            part = [Put(IndexDocument(each.id, each.title, each.body, splitter=splitter)) for each in chunk]
            # The last chunk waits until everything is visible to the next search.
            index.apply(part, version=1, interactive=start + INDEX_CHUNK >= len(listed))
        yield index, store


def evaluate_queries(
    name: str,
    queries: Sequence[EvaluationQuery],
    engine: SearchEngine,
    store: MemoryStore,
    progress: Callable[[int], None] = lambda done: None,
) -> QuerySetMetrics:
    """Run every query as the results page would, for its first RANK_CUTOFF results."""

    def ask(text: str) -> list[str]:
        page = run_search(SearchRequest(q=text, size=RANK_CUTOFF, close="all"), engine=engine, store=store)
        return [hit.record.external_id for hit in page.hits]

    return evaluate_search(name, queries, ask, progress)


def evaluate_search(
    name: str,
    queries: Sequence[EvaluationQuery],
    ask: Callable[[str], Sequence[str]],
    progress: Callable[[int], None] = lambda done: None,
) -> QuerySetMetrics:
    """Measure any search; `ask` returns the external ids of a query's first RANK_CUTOFF hits, best first."""
    asked: list[_QueryOutcome] = []
    for done, query in enumerate(queries, start=1):
        started = time.perf_counter()
        answer = ask(query.text)
        took_ms = (time.perf_counter() - started) * 1000
        ranks = [rank for rank, key in enumerate(answer, start=1) if key in query.relevant]
        asked.append(_QueryOutcome(query, ranks, took_ms))
        progress(done)
    kinds = sorted({each.query.kind for each in asked} - {""})
    of_kinds = [_compute_metrics(kind, [each for each in asked if each.query.kind == kind]) for kind in kinds]
    return replace(_compute_metrics(name, asked), kinds=tuple(of_kinds))


@dataclass(frozen=True, slots=True)
class _QueryOutcome:
    """A query, the ranks (from 1) of relevant hits within the cutoff, and the time it took."""

    query: EvaluationQuery
    ranks: Sequence[int]
    took_ms: float


def _compute_metrics(name: str, asked: Sequence[_QueryOutcome]) -> QuerySetMetrics:
    times = sorted(each.took_ms for each in asked)
    return QuerySetMetrics(
        name=name,
        queries=len(asked),
        mrr10=_mean([1 / each.ranks[0] if each.ranks else 0.0 for each in asked]),
        hit10=_mean([float(bool(each.ranks)) for each in asked]),
        ndcg10=_mean([_ndcg(each.ranks, len(each.query.relevant)) for each in asked]),
        p50_ms=_percentile(times, 50),
        p95_ms=_percentile(times, 95),
    )


def _ndcg(ranks: Sequence[int], relevant: int) -> float:
    """Return the normalized discounted cumulative gain for binary relevance.

    Järvelin and Kekäläinen 2002, logarithm to base 2.
    """
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, RANK_CUTOFF) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks) / ideal if ideal else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the smallest value that `percent` of the values do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0


def _required(path: Path, each: Mapping[str, Any], key: str) -> str:
    value = each.get(key)
    if value is None or not str(value):
        raise EvaluationFileError(f"{path}: an object without {key!r}")
    return str(value)
