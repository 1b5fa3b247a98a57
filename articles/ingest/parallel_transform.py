"""The import stages that need no database (`articles/ingest/transform.py`), on all cores, in order.

Records are transformed under limits: by one process that this one controls (`record_process`), and in a large
import by worker processes too. Copies of this process start at once; where it has threads, new ones take a
second or two (`process_pool.new_executor`). A worker that is ended at a limit is not replaced; the controlled
process does its records again, and finds the one to reject.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from typing import TypeVar

from django.conf import settings

from arabic.analyzer import lemma_terms
from articles.ingest.process_pool import OrderedProcessPool, worker_processes
from articles.ingest.record_process import RecordProcess
from articles.ingest.transform import TransformedRecord, transform_record
from articles.readers.record_server import limit_memory, processor_limit
from articles.text.boilerplate_filter import NO_RULES, RuleSet
from articles.text.records import RawRecord, RecordProblem

logger = logging.getLogger(__name__)

Tag = TypeVar("Tag")
Thing = TypeVar("Thing")
#: Makes a new process read its tables.
WARM_UP_RECORD = RawRecord(
    "warming.jsonl", data=b'{"title": "\xd8\xad\xd9\x85\xd8\xb5"}', format="jsonl", charset="utf-8"
)
#: A word that all tables of the analysis are asked for.
UNKNOWN_WORD = "دمشققال"
#: A record and a tag that is returned with it. Without a record (None) the tag alone is returned, in order.
Tagged = tuple[Tag, RawRecord | None]
#: Below both limits, this process is done before a worker that is no copy of it has started.
MIN_PARALLEL_RECORDS, MIN_PARALLEL_BYTES = 300, 4 * 1024**2
#: Size of a task, in records and bytes.
BATCH_RECORDS, BATCH_BYTES = 40, 512 * 1024
#: Maximum number of unfinished tasks per process: what this process can do while it waits for a worker, and
#: the worker while a chunk is saved. Bytes of all of them; a few tasks may have more.
MAX_BATCHES_PER_PROCESS = 16
MAX_BYTES_UNDER_WAY = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class RecordTransform:
    """The arguments of `transform_record` besides the record; sent to the worker processes."""

    today: date
    default_source: str = ""
    rules: RuleSet = NO_RULES

    def transform(self, record: RawRecord) -> TransformedRecord:
        """Transform a record. An error of the code rejects the record instead of ending the import."""
        try:
            return transform_record(record, self.today, self.default_source, self.rules)
        except MemoryError:
            raise
        except Exception as error:
            logger.exception("%s:%s could not be prepared", record.file, record.row)
            return TransformedRecord(
                record.with_problems(RecordProblem("stage-failed", type(error).__name__, fatal=True))
            )

    def transform_limited(self, records: list[RawRecord]) -> list[TransformedRecord]:
        """Transform records in their order, in a worker process that the kernel ends at a limit."""
        _limit_worker()
        found = []
        for record in records:
            with processor_limit(settings.RECORD_SECONDS):
                try:
                    found.append(self.transform(record))
                except MemoryError:
                    os._exit(1)
        return found


@cache
def _limit_worker() -> None:
    """Limit the memory of this worker process, once."""
    limit_memory(settings.RECORD_MEMORY_BYTES)


def transform_in_order(
    tagged: Iterable[Tagged[Tag]],
    how: RecordTransform,
    processes: int,
    controlled: RecordProcess[TransformedRecord],
) -> Generator[tuple[Tag, TransformedRecord | None], None, None]:
    """Yield every tag with its transformed record, by `controlled` and by `processes` workers."""
    source = iter(tagged)
    first, many = _read_ahead(source) if processes else ([], False)
    source = chain(first, source)
    if not many:
        for items, records in _batches(source):
            results = iter(controlled.transform_all(records))
            for tag, record in items:
                yield tag, next(results) if record else None
        return
    with worker_processes.keep_alive():
        lemma_terms(UNKNOWN_WORD)  # a forked worker has the tables of the index, which both will need
        executor = worker_processes.get_executor(processes)
        pool: OrderedProcessPool[Tagged[Tag], list[RawRecord], list[TransformedRecord]] = OrderedProcessPool(
            executor, how.transform_limited, controlled.transform_all
        )
        try:
            started = executor.submit(how.transform, WARM_UP_RECORD)
            for tag, record in take_until(started.done, source):
                yield tag, None if record is None else controlled.transform_one(record)
            tasks = pool.map(
                _batches(source),
                MAX_BATCHES_PER_PROCESS * processes,
                size_of=_bytes,
                max_size=MAX_BYTES_UNDER_WAY,
            )
            for task in tasks:
                results = iter(task.result or [])
                for tag, record in task.items:
                    yield tag, next(results) if record else None
        finally:
            pool.cancel()


def _batches(source: Iterable[Tagged[Tag]]) -> Iterator[tuple[list[Tagged[Tag]], list[RawRecord]]]:
    """Split the source into tasks: tagged records, and the records alone, which a worker gets."""
    batch: list[Tagged[Tag]] = []
    size = 0
    for tag, record in source:
        batch.append((tag, record))
        size += len(record.data) if record else 0
        if len(batch) >= BATCH_RECORDS or size >= BATCH_BYTES:
            yield batch, [each for _tag, each in batch if each]
            batch, size = [], 0
    if batch:
        yield batch, [each for _tag, each in batch if each]


def _bytes(records: list[RawRecord]) -> int:
    return sum(len(record.data) for record in records)


def _read_ahead(source: Iterator[Tagged[Tag]]) -> tuple[list[Tagged[Tag]], bool]:
    """Return the first records of the source, and whether there are enough to start worker processes."""
    found: list[Tagged[Tag]] = []
    size = 0
    for tag, record in source:
        if len(found) >= MIN_PARALLEL_RECORDS or (found and size >= MIN_PARALLEL_BYTES):
            return [*found, (tag, record)], True
        found.append((tag, record))
        size += len(record.data) if record else 0
    return found, False


def take_until(end: Callable[[], bool], source: Iterator[Thing]) -> Iterator[Thing]:
    """Yield items of the source until `end()` returns True; it is called before each item is taken."""
    while not end():
        thing = next(source, None)
        if thing is None:
            return
        yield thing
