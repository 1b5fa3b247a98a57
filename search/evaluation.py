"""Search quality in a throw-away index of some documents, asked through the function of the page."""

from __future__ import annotations

import gzip
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.engines.base import IndexDocument, Put, SearchEngine
from search.request import SearchRequest
from search.results import Record
from search.service import run_search
from search.store import MemoryStore

#: Documents sent to the engine at a time.
CHUNK = 500
#: The depth of all measures: what a reader sees without going on.
DEPTH = 10


class BadFileError(Exception):
    """A file of documents, queries or cases cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one query set. The quality measures are means over queries, 0 to 1."""

    name: str
    queries: int
    mrr10: float
    hit10: float
    ndcg10: float
    p50_ms: float
    p95_ms: float


def json_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a jsonl file, plain or .gz. Raises BadFileError."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise BadFileError(f"{path}, line {number}: not a JSON object")
                    yield value
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadFileError(f"{path}, line {number or 1}: {error}") from error


def read_documents(path: Path) -> list[Record]:
    """Records numbered from 1; `id` is kept as the external id. Raises BadFileError."""
    return [
        Record(
            id=number,
            title=str(each.get("title") or ""),
            body=str(each.get("body") or ""),
            external_id=_required(path, each, "id"),
        )
        for number, each in enumerate(json_lines(path), start=1)
    ]


def read_queries(path: Path) -> list[tuple[str, frozenset[str]]]:
    """(text, ids of the relevant documents) of each query. Raises BadFileError."""
    return [
        (_required(path, each, "text"), frozenset(map(str, each.get("relevant") or ())))
        for each in json_lines(path)
    ]


@contextmanager
def throwaway(engine: SearchEngine, records: Iterable[Record]) -> Iterator[tuple[SearchEngine, MemoryStore]]:
    """A throw-away index of these records and the store that shows them. Raises the engine's errors."""
    listed = list(records)
    with engine.temporary() as index:
        for start in range(0, len(listed), CHUNK):
            chunk = listed[start : start + CHUNK]
            part = [Put(IndexDocument(each.id, each.title, each.body)) for each in chunk]
            # The last chunk waits until all is visible to the next search.
            index.apply(part, version=1, interactive=start + CHUNK >= len(listed))
        yield index, MemoryStore(listed)


def measure(
    name: str,
    queries: Sequence[tuple[str, frozenset[str]]],
    engine: SearchEngine,
    store: MemoryStore,
    progress: Callable[[int], None] = lambda done: None,
) -> Measured:
    """Ask every query as the page would, with its first DEPTH results."""
    ranks: list[list[int]] = []
    gains: list[float] = []
    times: list[float] = []
    for done, (text, relevant) in enumerate(queries, start=1):
        started = time.perf_counter()
        page = run_search(SearchRequest(q=text, size=DEPTH), engine=engine, store=store)
        times.append((time.perf_counter() - started) * 1000)
        found = [rank for rank, hit in enumerate(page.hits, start=1) if hit.record.external_id in relevant]
        ranks.append(found)
        gains.append(_ndcg(found, len(relevant)))
        progress(done)
    times.sort()
    return Measured(
        name=name,
        queries=len(queries),
        mrr10=_mean([1 / found[0] if found else 0.0 for found in ranks]),
        hit10=_mean([float(bool(found)) for found in ranks]),
        ndcg10=_mean(gains),
        p50_ms=_percentile(times, 50),
        p95_ms=_percentile(times, 95),
    )


def _ndcg(ranks: Sequence[int], relevant: int) -> float:
    """Normalised discounted cumulative gain of documents that are relevant or not (Järvelin and Kekäläinen
    2002, logarithm to base 2)."""
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, DEPTH) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks) / ideal if ideal else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of the values do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0


def _required(path: Path, each: Mapping[str, Any], key: str) -> str:
    value = each.get(key)
    if value is None or not str(value):
        raise BadFileError(f"{path}: an object without {key!r}")
    return str(value)
