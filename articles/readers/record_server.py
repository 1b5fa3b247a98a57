"""The other end of `ingest.record_process`: reads files and transforms records in a process with limits.

It is a fork of the importing process. It closes all files but its own end of the pipe, so that it holds no
connection or lock of its parent, and never returns into its parent's code.
"""

from __future__ import annotations

import gc
import io
import mmap
import os
import resource
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings

from articles.readers.blob import Blob
from articles.readers.column_mapper import TableSample
from articles.readers.dispatch import read
from articles.text.limits import Limits
from articles.text.records import RawRecord

#: A request ends with this many bytes, or after this time, so that the importer can save.
BLOCK_BYTES, BLOCK_SECONDS = 1024**2, 0.5
#: A process with more than this part of its memory in use after a request is replaced before the next.
WORN = 0.5
_PAGE = resource.getpagesize()
_CLOSE_UP_TO = 1 << 16


@contextmanager
def processor_limit(seconds: float) -> Iterator[None]:
    """Let the kernel end this process if the block takes more than `seconds` of processor time."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limit_memory(size: int) -> None:
    """Limit this process to `size` bytes more than it has now; without /proc there is no limit."""
    with suppress(OSError, ValueError):
        limit = _memory_in_use() + size
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _memory_in_use() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE


def serve(
    there: socket.socket, transform: Callable[[RawRecord], Any], progress: mmap.mmap
) -> None:  # pragma: no cover  runs in another process
    """Answer requests until the pipe is closed; never returns."""
    try:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPROF, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        os.setpgid(0, 0)
        end = there.detach()
        os.closerange(3, end)
        os.closerange(end + 1, _CLOSE_UP_TO)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500")  # rather this process than its parent
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        _RequestLoop(Connection(end), transform, progress).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


class _RequestLoop:
    """The other end of RecordProcess."""

    def __init__(self, pipe: Connection, transform: Callable[[RawRecord], Any], progress: mmap.mmap) -> None:
        self.pipe, self.transform, self.progress = pipe, transform, progress
        self.records: Iterator[RawRecord] = iter(())
        self.samples: list[TableSample] = []
        self.file = -1
        self.skip = 0
        self.worn_at = _memory_in_use() + int(settings.RECORD_MEMORY_BYTES * WORN)
        limit_memory(settings.RECORD_MEMORY_BYTES)
        self.reserve: bytearray | None = bytearray(1024**2)  # to say that there is no memory

    def run(self) -> None:
        """Answer each request with (kind, value, whether the process should be replaced)."""
        steps: dict[str, Callable[[Any, float], object]] = {
            "open": self.open, "next": self.next, "transform": self.transform_all,
        }  # fmt: skip
        while True:
            try:
                name, argument, seconds = self.pipe.recv()
                self.count(0)
                answer = ("done", steps[name](argument, seconds), False)
                if name == "transform" and _memory_in_use() > self.worn_at:
                    answer = (*answer[:2], True)
                self.pipe.send(answer)
            except MemoryError:
                self.reserve = None
                self.pipe.send(("memory", None, False))
            except (EOFError, OSError):
                raise
            except Exception as error:
                traceback.print_exc()
                self.pipe.send(("error", type(error).__name__, False))

    def count(self, number: int) -> None:
        """Tell the parent how many records of this request are done."""
        self.progress[:8] = number.to_bytes(8, "little")

    def open(self, argument: tuple[Blob, Limits, int, bool], seconds: float) -> None:
        """Open the file whose descriptor follows."""
        plain, limits, self.skip, sampled = argument
        if self.file >= 0:
            os.close(self.file)
        with socket.socket(fileno=os.dup(self.pipe.fileno())) as here:
            _message, rights, _flags, _address = here.recvmsg(1, socket.CMSG_SPACE(4))
        self.file = int.from_bytes(rights[0][2][:4], "little")
        self.samples = []
        columns = plain.columns.with_samples_into(self.samples) if sampled else plain.columns
        blob = replace(plain, opener=lambda: open_shared(self.file), columns=columns)
        self.records = read(blob, limits)

    def next(self, most: int, seconds: float) -> tuple[list[RawRecord], list[TableSample], bool]:
        """Return the next records, the samples so far, and whether the file is read to its end."""
        found: list[RawRecord] = []
        size, until = 0, time.monotonic() + BLOCK_SECONDS
        while len(found) < most and size < BLOCK_BYTES and time.monotonic() < until:
            with processor_limit(seconds):
                record = next(self.records, None)
            if record is None:
                return found, self.samples, True
            if self.skip:
                self.skip -= 1
                continue
            found.append(record)
            size += len(record.data)
            self.count(len(found))
        return found, self.samples, False

    def transform_all(self, records: list[RawRecord], seconds: float) -> list[Any]:
        """Return the results of records, of as many as fit into the time of a request."""
        found: list[Any] = []
        until = time.monotonic() + BLOCK_SECONDS
        for record in records:
            if found and time.monotonic() > until:
                break
            with processor_limit(seconds):
                found.append(self.transform(record))
            self.count(len(found))
        return found


class _SharedFile(io.RawIOBase):
    """A file of a descriptor that other streams share: it keeps a position of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._position = descriptor, 0
        self._size = os.fstat(descriptor).st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative position")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = os.pread(self._descriptor, len(buffer), self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def open_shared(descriptor: int) -> BinaryIO:
    """Open the file of a descriptor at its first byte, without moving the position of another stream."""
    return cast(BinaryIO, io.BufferedReader(_SharedFile(descriptor)))
