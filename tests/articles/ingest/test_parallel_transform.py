"""Worker processes return the same records in the same order, even if a worker fails or is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from datetime import date
from itertools import islice

import pytest

from articles.ingest import parallel_transform, process_pool
from articles.ingest.parallel_transform import RecordTransform, transform_in_order
from articles.ingest.record_process import RecordProcess
from articles.ingest.transform import TransformedRecord
from articles.text.records import RawRecord
from tests.articles.conftest import jsonl_line


class StartedError(Exception):
    """A worker process was about to start."""


HOW = RecordTransform(date(2026, 1, 1), "الجريدة")
MANY = 1500


def records(count: int = MANY) -> Iterator[tuple[str, RawRecord | None]]:
    """Yield records of two files, each with its end."""
    for number in range(count):
        line = jsonl_line(id=str(number), title=f"خبر {number}", body="وصلت القافلة إلى حمص يوم 3 آذار 2013.")
        yield (
            f"file {number * 2 // count}",
            RawRecord("a.jsonl", number, line.encode(), format="jsonl", charset="utf-8"),
        )
        if number in (count // 2 - 1, count - 1):
            yield f"file {number * 2 // count}", None


def in_order(
    tagged: Iterator[tuple[str, RawRecord | None]], processes: int
) -> Generator[tuple[str, TransformedRecord | None], None, None]:
    """Transform records as an import does."""
    with RecordProcess(HOW.transform, TransformedRecord) as controlled:
        yield from transform_in_order(tagged, HOW, processes, controlled)


def test_workers_transform_the_same_in_the_same_order() -> None:
    alone = list(in_order(records(), 0))
    assert len(alone) == MANY + 2
    assert alone[-1] == ("file 1", None)
    assert list(in_order(records(), 2)) == alone


def test_a_few_records_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "new_executor", lambda processes: pytest.fail("a process was started"))
    assert (
        len(list(in_order(records(parallel_transform.MIN_PARALLEL_RECORDS - 2), 2)))
        == parallel_transform.MIN_PARALLEL_RECORDS
    )


def test_many_records_start_a_process_before_the_first_is_transformed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start(processes: int) -> None:
        raise StartedError

    monkeypatch.setattr(process_pool, "new_executor", start)
    with pytest.raises(StartedError):
        next(in_order(records(parallel_transform.MIN_PARALLEL_RECORDS + 1), 2))


def test_reading_ahead_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_transform, "MIN_PARALLEL_BYTES", 1000)
    source = records()
    first, many = parallel_transform._read_ahead(source)
    assert many
    assert sum(len(record.data) for _tag, record in first if record) < 1500
    assert len([*first, *source]) == MANY + 2


def test_records_under_way_are_bounded() -> None:
    read = 0

    def counted() -> Iterator[tuple[str, RawRecord | None]]:
        nonlocal read
        for each in records(3000):
            read += 1
            yield each

    items = in_order(counted(), 1)
    list(islice(items, parallel_transform.MIN_PARALLEL_RECORDS + 1))
    bound = parallel_transform.BATCH_RECORDS * (parallel_transform.MAX_BATCHES_PER_PROCESS + 1)
    assert read <= parallel_transform.MIN_PARALLEL_RECORDS + bound
    items.close()


def test_a_killed_process_loses_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    items = in_order(records(), 1)
    got = list(islice(items, parallel_transform.MIN_PARALLEL_RECORDS + 1))
    assert len(workers()) == 1
    for worker in workers():
        os.kill(worker, signal.SIGKILL)
    got += items
    assert got == list(in_order(records(), 0))


def test_an_error_of_the_code_rejects_the_record_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(record: RawRecord, *_: object) -> TransformedRecord:
        return TransformedRecord(record) if record.row != 1 else 1 // 0  # type: ignore[return-value]  # the fault

    monkeypatch.setattr(parallel_transform, "transform_record", prepare)
    prepared = [item for _tag, item in in_order(records(3), 0) if item]
    assert [bool(item.record.rejected) for item in prepared] == [False, True, False]


def workers() -> list[int]:
    """Return the worker processes of this one."""
    executor = process_pool.worker_processes.current_executor()
    return list(executor._processes) if executor else []
