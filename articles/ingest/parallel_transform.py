"""The stages that need no database (`preparing`), on all cores: records in, prepared ones out, in order.

The process that saves helps while it would wait, and until another has started, which takes a second or two.
Few records it prepares alone."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Generic, TypeVar

from articles.ingest.process_pool import worker_processes
from articles.ingest.transform import TransformedRecord, transform_record
from articles.text.boilerplate_filter import NO_RULES, RuleSet
from articles.text.records import RawRecord, RecordProblem

logger = logging.getLogger(__name__)

Tag = TypeVar("Tag")
Thing = TypeVar("Thing")
#: Makes a new process read its tables.
WARM_UP_RECORD = RawRecord(
    "warming.jsonl", data=b'{"title": "\xd8\xad\xd9\x85\xd8\xb5"}', format="jsonl", charset="utf-8"
)
#: A record with whatever it belongs to; without a record it is only passed on in its turn.
Tagged = tuple[Tag, RawRecord | None]
#: Fewer records, of fewer bytes, are prepared sooner than another process has started.
MIN_PARALLEL_RECORDS, MIN_PARALLEL_BYTES = 300, 4 * 1024**2
#: Records and bytes that are handed over at once; so many of these per process wait at most.
BATCH_RECORDS, BATCH_BYTES = 40, 512 * 1024
MAX_BATCHES_PER_PROCESS = 4


@dataclass(frozen=True, slots=True)
class RecordTransform:
    """What `prepare` needs besides a record; goes to the other processes with it."""

    today: date
    default_source: str = ""
    rules: RuleSet = NO_RULES

    def of(self, record: RawRecord) -> TransformedRecord:
        """The record prepared. A fault of ours rejects it, and stops nothing else."""
        try:
            return transform_record(record, self.today, self.default_source, self.rules)
        except Exception as error:
            logger.exception("%s:%s could not be prepared", record.file, record.row)
            return TransformedRecord(
                record.noting(RecordProblem("stage-failed", type(error).__name__, fatal=True))
            )

    def of_all(self, records: list[RawRecord]) -> list[TransformedRecord]:
        """Many, in their order."""
        return [self.of(record) for record in records]


@dataclass(slots=True)
class _WorkUnit(Generic[Tag]):
    """Records that are prepared together."""

    tagged: list[Tagged[Tag]] = field(default_factory=list)
    size: int = 0
    future: Future[list[TransformedRecord]] | None = None
    done: list[TransformedRecord] | None = None

    def add(self, tag: Tag, record: RawRecord | None) -> bool:
        """Whether it is full now."""
        self.tagged.append((tag, record))
        self.size += len(record.data) if record else 0
        return len(self.tagged) >= BATCH_RECORDS or self.size >= BATCH_BYTES

    @property
    def records(self) -> list[RawRecord]:
        return [record for _tag, record in self.tagged if record]

    def open(self) -> Iterator[tuple[Tag, TransformedRecord | None]]:
        prepared = iter(self.done or [])
        for tag, record in self.tagged:
            yield tag, next(prepared) if record else None


def _parcels(source: Iterable[Tagged[Tag]]) -> Iterator[_WorkUnit[Tag]]:
    parcel: _WorkUnit[Tag] = _WorkUnit()
    for tag, record in source:
        if parcel.add(tag, record):
            yield parcel
            parcel = _WorkUnit()
    if parcel.tagged:
        yield parcel


class _Window(Generic[Tag]):
    """A bounded number of parcels under way."""

    def __init__(self, pool: ProcessPoolExecutor, how: RecordTransform) -> None:
        self._pool, self._how = pool, how
        self._parcels: deque[_WorkUnit[Tag]] = deque()

    def through(
        self, parcels: Iterable[_WorkUnit[Tag]], most: int
    ) -> Iterator[tuple[Tag, TransformedRecord | None]]:
        for parcel in parcels:
            self._send(parcel)
            if len(self._parcels) >= most:
                yield from self._first()
        while self._parcels:
            yield from self._first()

    def _send(self, parcel: _WorkUnit[Tag]) -> None:
        try:
            parcel.future = self._pool.submit(self._how.of_all, parcel.records)
        except BrokenProcessPool:
            parcel.future = None
        self._parcels.append(parcel)

    def _first(self) -> Iterator[tuple[Tag, TransformedRecord | None]]:
        """The oldest parcel; while another process is at it, this one does the youngest that nobody began."""
        first = self._parcels.popleft()
        while first.future and not first.future.done() and (idle := self._idle()):
            idle.done, idle.future = self._how.of_all(idle.records), None
        if first.done is None:
            try:
                first.done = first.future.result() if first.future else self._how.of_all(first.records)
            except BrokenProcessPool:  # killed, for want of memory perhaps: we go on alone
                logger.warning("a helping process was killed; the import goes on without")
                first.done = self._how.of_all(first.records)
        return first.open()

    def close(self) -> None:
        """What nobody wants any more is not begun."""
        for parcel in self._parcels:
            if parcel.future:
                parcel.future.cancel()

    def _idle(self) -> _WorkUnit[Tag] | None:
        return next((each for each in reversed(self._parcels) if each.future and each.future.cancel()), None)


def transform_in_order(
    tagged: Iterable[Tagged[Tag]], how: RecordTransform, processes: int
) -> Generator[tuple[Tag, TransformedRecord | None], None, None]:
    """Every pair with its record prepared, by so many other `processes` (0: by this one)."""
    source = iter(tagged)
    first, many = _read_ahead(source) if processes else ([], False)
    source = chain(first, source)
    if not many:
        for tag, record in source:
            yield tag, None if record is None else how.of(record)
        return
    with worker_processes.used():
        pool = worker_processes.start(processes)
        window: _Window[Tag] = _Window(pool, how)
        try:
            started = pool.submit(how.of, WARM_UP_RECORD)
            for tag, record in take_until(started.done, source):
                yield tag, None if record is None else how.of(record)
            yield from window.through(_parcels(source), MAX_BATCHES_PER_PROCESS * processes)
        finally:
            window.close()


def _read_ahead(source: Iterator[Tagged[Tag]]) -> tuple[list[Tagged[Tag]], bool]:
    """What the source gives first, and whether that is more than a few records."""
    found: list[Tagged[Tag]] = []
    size = 0
    for tag, record in source:
        if len(found) >= MIN_PARALLEL_RECORDS or (found and size >= MIN_PARALLEL_BYTES):
            return [*found, (tag, record)], True
        found.append((tag, record))
        size += len(record.data) if record else 0
    return found, False


def take_until(end: Callable[[], bool], source: Iterator[Thing]) -> Iterator[Thing]:
    """What the source gives until `end()`; it is asked before anything is taken."""
    while not end():
        thing = next(source, None)
        if thing is None:
            return
        yield thing
