"""The process that reads files and transforms their records under limits of time and memory.

A regular expression, a parser in C or a huge text can hold an interpreter for good, and only a process can
be stopped from outside. Each record has a limit of processor time, which the kernel enforces, and the process
one of memory. What is over a limit is rejected with the reason; the process is replaced and the import goes
on.

The process (`articles/readers/record_server.py`) is a fork, which has the tables already, and serves one
import.
"""

from __future__ import annotations

import array
import mmap
import os
import shutil
import signal
import socket
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, BinaryIO, Generic, TypeVar, cast

from django.conf import settings

from articles.readers.blob import Blob
from articles.readers.dispatch import read, unopened_record
from articles.readers.record_server import serve
from articles.text.limits import OCR_SECONDS, PDF_SECONDS, Limits
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

Result = TypeVar("Result")
#: Most records that are read in one request.
BLOCK_RECORDS = 100
#: Seconds between two looks of the waiting importer at its lease, and at the wish to stop.
TICK_SECONDS = 0.5
#: Seconds without progress, beyond the time of a record, a PDF and its OCR, after which the process
#: is taken for stuck; a busy machine gives it little time.
STUCK_SECONDS = 120.0
#: Records over a limit after which the others of the import get a tenth of the time each.
PATIENCE_RECORDS = 10


class RecordLimitError(Exception):
    """A record took too long, too much memory, or crashed its process; `problem` is the rejection."""

    def __init__(self, problem: RecordProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class StopReadingError(Exception):
    """The caller's `waiting` asked to stop; the records that are under way are dropped."""


@dataclass(slots=True)
class RecordProcess(Generic[Result]):
    """A reading process, started by the first request and replaced when it dies.

    `transform` is called there with each record; `reject` makes the result of a rejected one here.
    `waiting` is called about twice a second while the process works, and may raise StopReadingError. Use it
    in one thread, as a context manager.
    """

    transform: Callable[[RawRecord], Result]
    reject: Callable[[RawRecord], Result]
    waiting: Callable[[], None] = lambda: None
    #: Processor seconds of a record; None: settings.RECORD_SECONDS.
    seconds: Callable[[], float] | None = None
    over_limit: int = 0
    _pid: int = 0
    _number: int = 0
    _pipe: Connection | None = None
    _progress: mmap.mmap | None = None

    def __enter__(self) -> RecordProcess[Result]:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def read(self, blob: Blob, limits: Limits, skip: int = 0) -> Iterator[RawRecord]:
        """Yield the records of a file after the first `skip`, as `dispatch.read` does.

        A record that cannot be read within the limits ends the file with a rejected record.
        """
        if blob.size > blob.limit:  # refused unopened
            yield from islice(read(blob, limits), skip, None)
            return
        try:
            with _plain_file(blob) as file:
                yield from self._read(blob, file, limits, skip)
        except OSError as error:
            yield unopened_record(blob, error)

    def _read(self, blob: Blob, file: BinaryIO, limits: Limits, done: int) -> Iterator[RawRecord]:
        opened, ended = -1, False
        samples = 0
        while not ended:
            try:
                if opened != self._number or not self._pid:
                    self._open(blob, file, limits, done)
                    opened, samples = self._number, 0
                found, met, ended = self._request("next", BLOCK_RECORDS)
            except RecordLimitError as error:
                yield from self._read_before_limit(blob, file, limits, done, self._index())
                yield rejected_record(blob.name, 0, error.problem.code, error.problem.detail)
                return
            known = blob.columns.samples
            if known is not None:
                known += [sample for sample in met[samples:] if sample not in known]
                samples = len(met)
            done += len(found)
            yield from found

    def _read_before_limit(
        self, blob: Blob, file: BinaryIO, limits: Limits, done: int, count: int
    ) -> Iterator[RawRecord]:
        """Yield the `count` records that the process had read, but not sent, when it died."""
        with suppress(RecordLimitError):
            if count:
                self._open(blob, file, limits, done)
            while count > 0:
                found, _samples, ended = self._request("next", count)
                yield from found
                count = 0 if ended else count - len(found)

    def transform_all(self, records: Sequence[RawRecord]) -> list[Result]:
        """Return the result of each record; one that is over a limit is rejected."""
        found: list[Result] = []
        rest = list(records)
        while rest:
            try:
                done: list[Result] = self._request("transform", rest)
            except RecordLimitError as error:
                at = min(self._index(), len(rest) - 1)
                found += self.transform_all(rest[:at])
                found.append(self.reject(rest[at].with_problems(error.problem)))
                rest = rest[at + 1 :]
            else:
                found += done
                rest = rest[len(done) :]
        return found

    def transform_one(self, record: RawRecord) -> Result:
        """Return the result of one record."""
        return self.transform_all([record])[0]

    def close(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)  # with what it started: a PDF worker
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self._pid, 0)
            self._pid = 0

    def _index(self) -> int:
        """Return how many records of the last request the process finished."""
        return 0 if self._progress is None else int.from_bytes(self._progress[:8], "little")

    def _limit(self) -> float:
        seconds = self.seconds() if self.seconds else float(settings.RECORD_SECONDS)
        return seconds if self.over_limit < PATIENCE_RECORDS else max(1.0, seconds / 10)

    def _open(self, blob: Blob, file: BinaryIO, limits: Limits, skip: int) -> None:
        plain = replace(blob, opener=_no_opener, columns=replace(blob.columns, samples=None))
        pipe = self._start()
        try:
            pipe.send(("open", (plain, limits, skip, blob.columns.samples is not None), self._limit()))
            with socket.socket(fileno=os.dup(pipe.fileno())) as here:
                rights = array.array("i", [file.fileno()])
                here.sendmsg([b"f"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        except OSError as error:
            raise self._end(error) from error
        self._receive(pipe)

    def _request(self, name: str, argument: object) -> Any:
        pipe = self._start()
        try:
            pipe.send((name, argument, self._limit()))
        except OSError as error:
            raise self._end(error) from error
        return self._receive(pipe)

    def _receive(self, pipe: Connection) -> Any:
        """Wait for the result. Raises RecordLimitError if the process dies, is stuck, or says so."""
        at, since = -1, time.monotonic()
        patience = self._limit() + PDF_SECONDS + OCR_SECONDS + STUCK_SECONDS
        while not pipe.poll(TICK_SECONDS):
            try:
                self.waiting()
            except BaseException:
                self.close()
                raise
            if self._index() != at:
                at, since = self._index(), time.monotonic()
            elif time.monotonic() - since > patience:
                raise self._end(None)
        try:
            kind, value, worn = pipe.recv()
        except (EOFError, OSError) as error:
            raise self._end(error) from error
        if worn:
            self.close()
        if kind == "memory":
            self.over_limit += 1
            self.close()
            raise RecordLimitError(_memory_problem())
        if kind == "error":  # a fault of ours: `dispatch.read` and RecordTransform raise nothing
            raise RecordLimitError(RecordProblem("stage-failed", value, fatal=True))
        return value

    def _end(self, error: Exception | None) -> RecordLimitError:
        """End the process; return the reason as it looks from outside."""
        slow = RecordProblem("record-slow", f"{self._limit():.3g}", fatal=True)
        self.over_limit += 1
        status = 0
        if self._pid and error is not None:  # it died, so its status is there or will be at once
            with suppress(ChildProcessError):
                _pid, status = os.waitpid(self._pid, 0)
                self._pid = 0
        self.close()
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if error is None or ended_by in (signal.SIGPROF, signal.SIGXCPU):
            return RecordLimitError(slow)
        if ended_by == signal.SIGKILL:  # by the kernel, for lack of memory
            return RecordLimitError(_memory_problem())
        return RecordLimitError(RecordProblem("record-crash", str(ended_by or status), fatal=True))

    def _start(self) -> Connection:
        """Return the pipe to the process, and start it if there is none."""
        if self._progress is None:
            self._progress = mmap.mmap(-1, 8)
        self._progress[:8] = bytes(8)
        if self._pid and self._pipe is not None:
            return self._pipe
        self._number += 1
        here, there = socket.socketpair()
        with warnings.catch_warnings():
            # The copy uses no lock that another thread could hold: see the head of this module.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            serve(there, self.transform, self._progress)
        there.close()
        self._pid, self._pipe = pid, Connection(here.detach())
        return self._pipe


def _memory_problem() -> RecordProblem:
    return RecordProblem("record-memory", format_size(settings.RECORD_MEMORY_BYTES), fatal=True)


def _no_opener() -> BinaryIO:
    raise FileNotFoundError


@contextmanager
def _plain_file(blob: Blob) -> Iterator[BinaryIO]:
    """Open a file that another process can read by its descriptor: a nameless copy if it is none yet."""
    with blob.opener() as stream:
        if _has_descriptor(stream):
            yield stream
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            copy.flush()
            yield cast(BinaryIO, copy)


def _has_descriptor(stream: BinaryIO) -> bool:
    try:
        return stream.fileno() >= 0
    except (OSError, AttributeError):
        return False
