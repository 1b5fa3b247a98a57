"""Results come back in the order of the tasks, regardless of the process that computes them."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from articles.ingest import process_pool
from articles.ingest.process_pool import OrderedProcessPool, WorkerProcesses
from articles.models import Article
from tests.articles.conftest import jsonl_line

Pool = OrderedProcessPool[str, int, str]


class Executor:
    """Runs the first `done_at_once` tasks at once, and the others when a test asks for it."""

    def __init__(self) -> None:
        self.done_at_once = 0
        self.futures: list[Future[str]] = []
        self.calls: list[tuple[Any, ...]] = []

    def submit(self, _function: object, *arguments: object) -> Future[str]:
        future: Future[str] = Future()
        if len(self.futures) < self.done_at_once:
            finish_in_worker(future, f"there {arguments[-1]}")
        self.calls.append(arguments)
        self.futures.append(future)
        return future


@pytest.fixture
def executor() -> Executor:
    return Executor()


@pytest.fixture
def pool(executor: Executor) -> Pool:
    given: Any = executor
    return OrderedProcessPool(given, str, lambda payload: f"here {payload}", remote_args=("version",))


def finish_in_worker(future: Future[str], result: str) -> None:
    future.set_running_or_notify_cancel()
    future.set_result(result)


def test_a_worker_gets_the_payload_behind_the_fixed_arguments(pool: Pool, executor: Executor) -> None:
    task = pool.submit(["a", "b"], 7)
    finish_in_worker(executor.futures[0], "there 7")
    assert executor.calls == [("version", 7)]
    assert pool.finish(task, ()) == "there 7"
    assert (task.items, task.is_done) == (["a", "b"], True)


def test_while_a_worker_is_busy_the_youngest_that_has_not_started_is_done_here(
    pool: Pool, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [pool.submit([], number) for number in range(4)]
    first, second, _third, _fourth = executor.futures
    first.set_running_or_notify_cancel()
    second.set_running_or_notify_cancel()
    done_here: list[int] = []

    def local(payload: int) -> str:
        done_here.append(payload)
        if payload == 2:
            first.set_result("there 0")
        return f"here {payload}"

    monkeypatch.setattr(pool, "_local", local)
    assert pool.finish(tasks[0], tasks[1:]) == "there 0"
    assert done_here == [3, 2]
    second.set_result("there 1")
    assert [pool.finish(task, ()) for task in tasks] == ["there 0", "there 1", "here 2", "here 3"]


def test_a_task_that_has_not_started_is_done_here_if_it_is_among_the_others(pool: Pool) -> None:
    tasks = [pool.submit([], number) for number in range(2)]
    assert [pool.finish(task, tasks) for task in tasks] == ["here 0", "here 1"]


def break_at_submit(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(executor, "submit", broken)


def shut_down(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise RuntimeError("cannot schedule new futures after shutdown")

    monkeypatch.setattr(executor, "submit", refused)


def break_at_result(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    submit = executor.submit

    def killed(*arguments: Any) -> Future[str]:
        future = submit(*arguments)
        future.set_exception(BrokenProcessPool())
        return future

    monkeypatch.setattr(executor, "submit", killed)


@pytest.mark.parametrize("fail", [break_at_submit, shut_down, break_at_result])
def test_tasks_of_killed_workers_are_done_here(
    fail: Callable[[Executor, pytest.MonkeyPatch], None],
    pool: Pool,
    executor: Executor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail(executor, monkeypatch)
    tasks = pool.map([([], 1), ([], 2), ([], 3)], 2)
    assert [task.result for task in tasks] == ["here 1", "here 2", "here 3"]


def test_an_error_in_the_work_itself_is_raised(pool: Pool, executor: Executor) -> None:
    task = pool.submit([], 1)
    executor.futures[0].set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        pool.finish(task, ())


def test_no_more_than_the_limit_is_under_way(pool: Pool, executor: Executor) -> None:
    taken: list[int] = []

    def batches() -> Any:
        for number in range(6):
            taken.append(number)
            yield [], number

    executor.done_at_once = 6
    tasks = pool.map(batches(), 3)
    assert next(tasks).result == "there 0"
    assert taken == [0, 1, 2]
    assert [task.result for task in tasks] == [f"there {number}" for number in range(1, 6)]


def test_large_tasks_are_under_way_in_small_numbers(pool: Pool, executor: Executor) -> None:
    executor.done_at_once = 20
    sizes = [1] * 6 + [100] * 14
    under_way = []
    for number, task in enumerate(pool.map((([], size) for size in sizes), 8, size_of=int, max_size=50)):
        assert task.result == f"there {sizes[number]}"
        under_way.append(len(executor.futures) - number)
    assert under_way[0] == 7
    assert set(under_way[8:17]) == {process_pool.FEW_TASKS}


def test_what_has_not_started_is_cancelled(pool: Pool, executor: Executor) -> None:
    tasks = [pool.submit([], number) for number in range(2)]
    executor.futures[0].set_running_or_notify_cancel()
    pool.cancel(tasks)
    assert [future.cancelled() for future in executor.futures] == [False, True]


def test_tasks_of_an_abandoned_map_are_cancelled(pool: Pool, executor: Executor) -> None:
    executor.done_at_once = 1
    next(pool.map((([], number) for number in range(9)), 4))
    pool.cancel()
    assert [future.cancelled() for future in executor.futures] == [False, True, True, True]


def test_the_executor_ends_with_its_last_user(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended:
        ended = False

        def shutdown(self, **_: object) -> None:
            self.ended = True

    monkeypatch.setattr(process_pool, "new_executor", lambda processes: Ended())
    workers = WorkerProcesses()
    with workers.keep_alive():
        assert workers.current_executor() is None
        first: Any = workers.get_executor(1)
        with workers.keep_alive():
            assert workers.get_executor(1) is workers.current_executor() is first
        assert not first.ended
    assert first.ended
    with workers.keep_alive():
        assert workers.current_executor() is None


def test_a_killed_worker_ends_every_task_although_some_were_cancelled() -> None:
    """Python 3.11 stops telling them at the first that was cancelled; the others would wait for good."""
    with process_pool.new_executor(1) as executor:
        futures = [executor.submit(time.sleep, 60) for _number in range(8)]
        while not futures[0].running():
            time.sleep(0.01)
        for future in futures[3:6]:
            future.cancel()
        for process in list(executor._processes.values()):
            process.kill()
        for future in (*futures[:3], *futures[6:]):
            with pytest.raises(BrokenProcessPool):
                future.result(timeout=30)


def test_a_process_with_one_thread_forks_its_workers_without_its_open_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(process_pool, "_has_one_thread", lambda: True)
    with (tmp_path / "lock").open("w") as held, process_pool.new_executor(1) as executor:
        assert executor.submit(os.fstat, 2).result(timeout=30)
        with pytest.raises(OSError, match="Bad file descriptor"):
            executor.submit(os.fstat, held.fileno()).result(timeout=30)


def test_open_files_are_those_that_stay_open(tmp_path: Path) -> None:
    """The number of a closed one would be that of a pipe that the workers need."""
    with (tmp_path / "held").open("w") as held:
        listed = process_pool._open_files()
        assert held.fileno() in listed
        for descriptor in listed:
            os.fstat(descriptor)


#: Runs the command with a worker for three records, and says how it was started.
IMPORT = """
import sys
import django
django.setup()
from articles.ingest import parallel_transform, process_pool
parallel_transform.MIN_PARALLEL_RECORDS = 1
executor = process_pool.TolerantExecutor
def noting(processes, **how):
    print("STARTED", how["mp_context"].get_start_method(), flush=True)
    return executor(processes, **how)
process_pool.TolerantExecutor = noting
from manage import main
main()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_forks_its_workers(tmp_path: Path) -> None:
    """It has no thread when they start; one more library with a thread of its own would change that."""
    file = tmp_path / "news.jsonl"
    lines = [jsonl_line(id=str(number), title="خبر", body=f"نص {number}") for number in range(3)]
    file.write_text("\n".join(lines), encoding="utf-8")
    database = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_URL", "")
    environment = os.environ | {
        "ARCHIVE_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{database}"
        if connection.vendor == "sqlite"
        else f"{url.rpartition('/')[0]}/{database}",
        "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
        "IMPORT_PROCESSES": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, "import_articles", str(file)],
        check=False, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("STARTED")] == ["STARTED fork"]
    assert Article.objects.count() == 3


@pytest.mark.skipif(not hasattr(fcntl, "F_GETPIPE_SZ"), reason="Only Linux has pipes whose size can be set.")
def test_a_worker_can_return_a_large_result_before_it_is_read() -> None:
    workers = WorkerProcesses()
    with workers.keep_alive():
        own: Any = workers.get_executor(1)
        sizes = [
            fcntl.fcntl(queue._writer.fileno(), fcntl.F_GETPIPE_SZ)
            for queue in (own._call_queue, own._result_queue)
        ]
    assert sizes == [process_pool.PIPE_BYTES] * 2


def test_beside_another_thread_no_process_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy would keep the locks that the other thread holds, and wait for good."""
    made: list[dict[str, Any]] = []
    monkeypatch.setattr(process_pool, "TolerantExecutor", lambda _processes, **how: made.append(how))
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    process_pool.new_executor(1)
    end.set()
    other.join()
    assert [how["mp_context"].get_start_method() for how in made] == ["spawn"]


def test_forked_workers_end_with_a_killed_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "_has_one_thread", lambda: True)
    read, write = os.pipe()
    parent = os.fork()
    if not parent:  # pragma: no cover  another process
        executor = process_pool.new_executor(2)
        executor.submit(os.getpid).result()
        os.write(write, " ".join(map(str, executor._processes)).encode())
        time.sleep(60)
        os._exit(0)
    workers = os.read(read, 100).decode().split()
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    os.close(read)
    os.close(write)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(map(_runs, workers)):
        time.sleep(0.02)
    assert len(workers) == 2
    assert not any(map(_runs, workers))


def _runs(pid: str) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
