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

from articles.ingest.process_pool import helpers
from articles.ingest.transform import Prepared, prepare
from articles.text.boilerplate_filter import NO_RULES, Rulebook
from articles.text.records import Problem, RawRecord

logger = logging.getLogger(__name__)

Tag = TypeVar("Tag")
Thing = TypeVar("Thing")
#: Makes a new process read its tables.
WARMING = RawRecord(
    "warming.jsonl", data=b'{"title": "\xd8\xad\xd9\x85\xd8\xb5"}', format="jsonl", charset="utf-8"
)
#: A record with whatever it belongs to; without a record it is only passed on in its turn.
Tagged = tuple[Tag, RawRecord | None]
#: Fewer records, of fewer bytes, are prepared sooner than another process has started.
FEW_RECORDS, FEW_BYTES = 300, 4 * 1024**2
#: Records and bytes that are handed over at once; so many of these per process wait at most.
PARCEL_RECORDS, PARCEL_BYTES = 40, 512 * 1024
WAITING = 4


@dataclass(frozen=True, slots=True)
class Preparation:
    """What `prepare` needs besides a record; goes to the other processes with it."""

    today: date
    default_source: str = ""
    rules: Rulebook = NO_RULES

    def of(self, record: RawRecord) -> Prepared:
        """The record prepared. A fault of ours rejects it, and stops nothing else."""
        try:
            return prepare(record, self.today, self.default_source, self.rules)
        except Exception as error:
            logger.exception("%s:%s could not be prepared", record.file, record.row)
            return Prepared(record.noting(Problem("stage-failed", type(error).__name__, fatal=True)))

    def of_all(self, records: list[RawRecord]) -> list[Prepared]:
        """Many, in their order."""
        return [self.of(record) for record in records]


@dataclass(slots=True)
class _Parcel(Generic[Tag]):
    """Records that are prepared together."""

    tagged: list[Tagged[Tag]] = field(default_factory=list)
    size: int = 0
    future: Future[list[Prepared]] | None = None
    done: list[Prepared] | None = None

    def add(self, tag: Tag, record: RawRecord | None) -> bool:
        """Whether it is full now."""
        self.tagged.append((tag, record))
        self.size += len(record.data) if record else 0
        return len(self.tagged) >= PARCEL_RECORDS or self.size >= PARCEL_BYTES

    @property
    def records(self) -> list[RawRecord]:
        return [record for _tag, record in self.tagged if record]

    def open(self) -> Iterator[tuple[Tag, Prepared | None]]:
        prepared = iter(self.done or [])
        for tag, record in self.tagged:
            yield tag, next(prepared) if record else None


def _parcels(source: Iterable[Tagged[Tag]]) -> Iterator[_Parcel[Tag]]:
    parcel: _Parcel[Tag] = _Parcel()
    for tag, record in source:
        if parcel.add(tag, record):
            yield parcel
            parcel = _Parcel()
    if parcel.tagged:
        yield parcel


class _Window(Generic[Tag]):
    """A bounded number of parcels under way."""

    def __init__(self, pool: ProcessPoolExecutor, how: Preparation) -> None:
        self._pool, self._how = pool, how
        self._parcels: deque[_Parcel[Tag]] = deque()

    def through(self, parcels: Iterable[_Parcel[Tag]], most: int) -> Iterator[tuple[Tag, Prepared | None]]:
        for parcel in parcels:
            self._send(parcel)
            if len(self._parcels) >= most:
                yield from self._first()
        while self._parcels:
            yield from self._first()

    def _send(self, parcel: _Parcel[Tag]) -> None:
        try:
            parcel.future = self._pool.submit(self._how.of_all, parcel.records)
        except BrokenProcessPool:
            parcel.future = None
        self._parcels.append(parcel)

    def _first(self) -> Iterator[tuple[Tag, Prepared | None]]:
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

    def _idle(self) -> _Parcel[Tag] | None:
        return next((each for each in reversed(self._parcels) if each.future and each.future.cancel()), None)


def in_order(
    tagged: Iterable[Tagged[Tag]], how: Preparation, processes: int
) -> Generator[tuple[Tag, Prepared | None], None, None]:
    """Every pair with its record prepared, by so many other `processes` (0: by this one)."""
    source = iter(tagged)
    first, many = _first_of(source) if processes else ([], False)
    source = chain(first, source)
    if not many:
        for tag, record in source:
            yield tag, None if record is None else how.of(record)
        return
    with helpers.used():
        pool = helpers.start(processes)
        window: _Window[Tag] = _Window(pool, how)
        try:
            started = pool.submit(how.of, WARMING)
            for tag, record in takewhile_not(started.done, source):
                yield tag, None if record is None else how.of(record)
            yield from window.through(_parcels(source), WAITING * processes)
        finally:
            window.close()


def _first_of(source: Iterator[Tagged[Tag]]) -> tuple[list[Tagged[Tag]], bool]:
    """What the source gives first, and whether that is more than a few records."""
    found: list[Tagged[Tag]] = []
    size = 0
    for tag, record in source:
        if len(found) >= FEW_RECORDS or (found and size >= FEW_BYTES):
            return [*found, (tag, record)], True
        found.append((tag, record))
        size += len(record.data) if record else 0
    return found, False


def takewhile_not(end: Callable[[], bool], source: Iterator[Thing]) -> Iterator[Thing]:
    """What the source gives until `end()`; it is asked before anything is taken."""
    while not end():
        thing = next(source, None)
        if thing is None:
            return
        yield thing
