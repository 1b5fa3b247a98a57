"""Worker processes, and an ordered pool of tasks on top of them.

`articles/ingest/parallel_transform.py` transforms the records of an import with it, and
`search/indexing/prefetch.py` analyses articles for the index. A spawned process imports this module first,
before Django is set up, so it imports the standard library only.
"""

from __future__ import annotations

import fcntl
import gc
import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Generic, TypeVar

logger = logging.getLogger(__name__)

#: New objects until a collection; collections of a generation until one of the next. With 20,000 a fortieth
#: of an import's processor time went into collections that found nothing.
_COLLECTOR_THRESHOLDS = 100_000, 20, 100
#: What a user without privileges may ask for (/proc/sys/fs/pipe-max-size).
PIPE_BYTES = 1024**2
#: One that a worker does, two in its pipe, which cannot be cancelled, and one that this process can do.
FEW_TASKS = 4
Item = TypeVar("Item")
Payload = TypeVar("Payload")
Result = TypeVar("Result")


class WorkerProcesses:
    """The worker processes of this process, shared by all callers and ended after the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._executor: ProcessPoolExecutor | None = None

    @contextmanager
    def keep_alive(self) -> Iterator[None]:
        """Keep the worker processes until the block ends, including those started within it."""
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                unused = None if self._users else self._executor
                if unused:
                    self._executor = None
            if unused:
                unused.shutdown(wait=True, cancel_futures=True)

    def get_executor(self, processes: int) -> ProcessPoolExecutor:
        """Return the running executor, or start one of `processes` processes. Call it in `keep_alive`."""
        with self._lock:
            if self._executor is None:
                self._executor = new_executor(processes)
            return self._executor

    def current_executor(self) -> ProcessPoolExecutor | None:
        """Return the running executor, or None if there is none. Call it in `keep_alive`."""
        with self._lock:
            return self._executor


class TolerantFuture(Future[Any]):
    """A future that may be told of a killed worker after it was cancelled.

    Python 3.11 raises then, and the thread that tells all futures ends with it: the others would wait for
    good. Later versions of Python ignore it likewise.
    """

    def set_exception(self, exception: BaseException | None) -> None:
        """Note an error, unless the task was cancelled."""
        with suppress(InvalidStateError):
            super().set_exception(exception)


class TolerantExecutor(ProcessPoolExecutor):
    """An executor whose futures are TolerantFutures, and whose pipes hold whole tasks and results."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        own: Any = self
        for queue in (own._call_queue, own._result_queue):
            _enlarge_pipe(queue._writer.fileno())

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Queue a task."""
        future = super().submit(fn, *arguments, **named)
        future.__class__ = TolerantFuture
        return future


def _enlarge_pipe(descriptor: int) -> None:
    """Let a pipe hold a result of some hundred kilobytes, where the kernel can do that.

    In the 64 KB of a new pipe only a part fits, and the worker would wait for each next part to be read by a
    thread of this process, which gets its turn every 5 ms: a tenth of the worker's time.
    """
    with suppress(AttributeError, OSError):  # not Linux, or no more memory for pipes is granted to this user
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def new_executor(processes: int) -> ProcessPoolExecutor:
    """Return an executor whose processes have Django set up.

    A process with one thread, such as the command `import_articles`, forks them: they have its tables, and
    start in a fiftieth of the two seconds of processor time that a new Python takes. Any other is not copied,
    because a lock that another thread holds would stay locked in the copy: there they are spawned.
    """
    if not _has_one_thread():
        return TolerantExecutor(
            processes, mp_context=multiprocessing.get_context("spawn"), initializer=_initialize_spawned
        )
    executor = TolerantExecutor(
        processes,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_initialize_forked,
        initargs=(_open_files(),),
    )
    executor.submit(os.getpid)  # forks all of them, before this process has a thread that tells of results
    return executor


def _has_one_thread() -> bool:
    """Return True if this process has no thread but this one, also none of a library in another language."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _open_files() -> list[int]:
    """Return the descriptors of this process beyond standard input, output and error."""
    listed = [int(each.name) for each in Path("/proc/self/fd").iterdir()]
    # The listing names its own, which is closed by now: the next file to be opened will have its number.
    return [number for number in listed if number > 2 and _is_open(number)]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def relax_garbage_collection() -> None:
    """Let the collector skip what is loaded, which is never freed, and look for cycles less often.

    An import keeps hundreds of thousands of analyzed words, which it would scan again and again, and leaves
    few cycles.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)


def _initialize_spawned() -> None:
    """Set up a new process."""
    _initialize_worker()
    import django  # noqa: PLC0415  this module is imported before Django is set up

    django.setup()
    relax_garbage_collection()


def _initialize_forked(inherited: Sequence[int]) -> None:
    """Set up a copy of the importing process: close its files, which are connections and locks."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    for descriptor in inherited:
        with suppress(OSError):
            os.close(descriptor)
    _initialize_worker()
    relax_garbage_collection()


def _initialize_worker() -> None:
    """Leave Ctrl-C to the importing process, and end when that one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def _end_with_parent() -> None:
    """Exit when the parent has ended; a killed parent closes no queue, so its workers would wait forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


worker_processes = WorkerProcesses()


@dataclass(slots=True)
class Task(Generic[Item, Payload, Result]):
    """Items that are processed together. Only `payload` goes to a worker process."""

    items: list[Item]
    payload: Payload
    #: None when this process has to do the task or has done it.
    future: Future[Result] | None = None
    result: Result | None = None
    #: Set with `result`, which may be None.
    is_done: bool = False


class OrderedProcessPool(Generic[Item, Payload, Result]):
    """Tasks on worker processes, with results in the order of submission.

    While a worker is still busy with the oldest task, this process does the youngest that has not started.
    This process also does the tasks of workers that were killed (for lack of memory, for example).
    """

    def __init__(
        self,
        executor: ProcessPoolExecutor,
        remote: Callable[..., Result],
        local: Callable[[Payload], Result],
        *,
        remote_args: tuple[Any, ...] = (),
    ) -> None:
        """`remote(*remote_args, payload)` is called in a worker, `local(payload)` in this process."""
        self._executor = executor
        self._remote, self._remote_args = remote, remote_args
        self._local = local
        self._under_way: deque[Task[Item, Payload, Result]] = deque()

    def submit(self, items: list[Item], payload: Payload) -> Task[Item, Payload, Result]:
        """Queue a task for the workers; without any (killed, or shut down) this process will do it."""
        task: Task[Item, Payload, Result] = Task(items, payload)
        try:
            task.future = self._executor.submit(self._remote, *self._remote_args, payload)
        except RuntimeError:  # BrokenProcessPool is a subclass
            task.future = None
        return task

    def finish(
        self, task: Task[Item, Payload, Result], others: Sequence[Task[Item, Payload, Result]]
    ) -> Result | None:
        """Return the result of a task; do some of `others`, youngest first, while a worker is busy with it.

        Raises what the remote or local function raised, except BrokenProcessPool.
        """
        while task.future and not task.future.done() and self._do_youngest(others):
            pass
        if not task.is_done:
            task.result, task.is_done = self._wait_for(task), True
        return task.result

    def _do_youngest(self, tasks: Sequence[Task[Item, Payload, Result]]) -> bool:
        """Do the last task that no worker has begun; return False if there is none."""
        idle = _cancel_youngest(tasks)
        if idle is None:
            return False
        idle.future = None
        idle.result, idle.is_done = self._local(idle.payload), True
        return True

    def map(
        self,
        batches: Iterable[tuple[list[Item], Payload]],
        limit: int,
        *,
        size_of: Callable[[Payload], int] = lambda payload: 0,
        max_size: int = 0,
    ) -> Iterator[Task[Item, Payload, Result]]:
        """Yield the finished tasks of all batches in order, with at most `limit` of them under way.

        Beyond `max_size` together, by `size_of`, at most FEW_TASKS are; 0: any size.
        """

        def are_enough() -> bool:
            size = sum(size_of(task.payload) for task in self._under_way) if max_size else 0
            return len(self._under_way) >= (min(limit, FEW_TASKS) if size > max_size else limit)

        for items, payload in batches:
            self._under_way.append(self.submit(items, payload))
            while are_enough():
                yield self._finish_oldest()
        while self._under_way:
            yield self._finish_oldest()

    def cancel(self, tasks: Iterable[Task[Item, Payload, Result]] | None = None) -> None:
        """Cancel tasks that have not started (default: those of `map`)."""
        for task in self._under_way if tasks is None else tasks:
            if task.future:
                task.future.cancel()

    def _finish_oldest(self) -> Task[Item, Payload, Result]:
        task = self._under_way.popleft()
        self.finish(task, self._under_way)
        return task

    def _wait_for(self, task: Task[Item, Payload, Result]) -> Result:
        if task.future:
            try:
                return task.future.result()
            except BrokenProcessPool:
                logger.warning("a helping process was killed; the import goes on without")
        return self._local(task.payload)


def _cancel_youngest(
    tasks: Sequence[Task[Item, Payload, Result]],
) -> Task[Item, Payload, Result] | None:
    """Return the last task that could still be cancelled, or None if all have started."""
    return next((task for task in reversed(tasks) if task.future and task.future.cancel()), None)
