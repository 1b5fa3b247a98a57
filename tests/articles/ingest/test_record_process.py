"""Each record is read under limits; what is over one is rejected with the reason, and the rest goes on."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.conf import LazySettings

from articles.ingest import record_process
from articles.ingest.record_process import RecordProcess, StopReadingError
from articles.ingest.transform import parse_and_sanitize
from articles.readers import record_server
from articles.readers.blob import Blob
from articles.readers.column_mapper import ColumnMapper, TableSample
from articles.readers.dispatch import read
from articles.readers.record_server import open_shared
from articles.text.limits import Limits
from articles.text.problem_messages import MESSAGES
from articles.text.records import RawRecord
from tests.articles.conftest import jsonl_line

LIMITS = Limits(10**8, 10**9)
ROWS = "".join(jsonl_line(id=str(number), title=f"خبر {number}") + "\n" for number in range(250)).encode()


def misbehave(record: RawRecord) -> str:
    """Do with a record what a fault of a parser would do, and return its text."""
    text = record.data.decode()
    if text == "loop":
        while True:
            pass
    if text == "memory":
        return str(len(bytearray(10**10)))
    if text == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if text == "sleep":
        time.sleep(1000)
    return text


def outcomes(*texts: str, **options: Callable[[], None]) -> list[str]:
    """Return what becomes of records of these texts: the text, or the code of the rejection."""
    records = [RawRecord("a.txt", data=text.encode()) for text in texts]
    with RecordProcess(
        misbehave, lambda record: record.rejected.code if record.rejected else "", **options
    ) as process:  # type: ignore[arg-type]  # options are `waiting` or `seconds`
        return process.transform_all(records)


def blob(name: str, data: bytes, columns: ColumnMapper | None = None) -> Blob:
    return Blob(name, lambda: io.BytesIO(data), LIMITS.file, len(data), columns or ColumnMapper())


def read_in_process(given: Blob, skip: int = 0) -> list[RawRecord]:
    with RecordProcess(misbehave, lambda record: "") as process:
        return list(process.read(given, LIMITS, skip))


@pytest.fixture(autouse=True)
def _small_limits(settings: LazySettings) -> None:
    settings.RECORD_SECONDS = 0.3
    settings.RECORD_MEMORY_BYTES = 200 * 1024**2


@pytest.mark.parametrize(
    ("text", "code"), [("loop", "record-slow"), ("memory", "record-memory"), ("crash", "record-crash")]
)
def test_a_record_over_a_limit_is_rejected_and_the_others_are_not(text: str, code: str) -> None:
    assert outcomes("a", text, "b", text, "c") == ["a", code, "b", code, "c"]
    assert code in MESSAGES


def test_after_many_slow_records_the_others_get_less_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_process, "PATIENCE_RECORDS", 1)
    given: list[float] = []

    def seconds() -> float:
        given.append(10.0 if given else 0.2)
        return given[-1]

    started = time.process_time()
    assert outcomes("loop", "loop", "a", seconds=seconds) == ["record-slow", "record-slow", "a"]  # type: ignore[arg-type]  # seconds, not waiting
    assert time.process_time() - started < 5


def test_a_process_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_process, "STUCK_SECONDS", 0.5)
    monkeypatch.setattr(record_process, "PDF_SECONDS", 0)
    monkeypatch.setattr(record_process, "OCR_SECONDS", 0)
    assert outcomes("a", "sleep", "b") == ["a", "record-slow", "b"]


def test_the_importer_can_stop_in_the_midst_of_a_record() -> None:
    def waiting() -> None:
        raise StopReadingError

    with pytest.raises(StopReadingError):
        outcomes("a", "sleep", waiting=waiting)


def test_a_text_that_is_too_long_to_be_analyzed_is_rejected(settings: LazySettings) -> None:
    settings.ARTICLE_MAX_CHARACTERS = 10
    long, short = (
        parse_and_sanitize(RawRecord("a.txt", data=text, format="txt")).rejected
        for text in (b"x" * 11, b"x" * 10)
    )
    assert (long and long.code, long and long.detail, short) == ("text-too-long", "10", None)


def test_no_process_is_left_behind() -> None:
    def children() -> set[str]:
        return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())

    before = children()
    outcomes("a", "loop", "b")
    assert children() == before


@pytest.mark.parametrize("skip", [0, 1, 120, 250, 300])
def test_a_file_has_the_same_records_as_without_the_process(skip: int) -> None:
    assert read_in_process(blob("a.jsonl", ROWS), skip) == list(read(blob("a.jsonl", ROWS), LIMITS))[skip:]


def test_a_file_on_disk_is_read_by_its_descriptor(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(ROWS)
    on_disk = Blob("a.jsonl", lambda: (tmp_path / "a.jsonl").open("rb"), LIMITS.file, len(ROWS))
    assert len(read_in_process(on_disk)) == 250
    gone = Blob("b.jsonl", lambda: (tmp_path / "b.jsonl").open("rb"), LIMITS.file, 9)
    assert [record.rejected and record.rejected.code for record in read_in_process(gone)] == ["unreadable"]


def test_samples_of_tables_come_back() -> None:
    samples: list[TableSample] = []
    columns = ColumnMapper().with_samples_into(samples)
    assert len(read_in_process(blob("a.csv", b"title,body\na,b\nc,d\n", columns))) == 2
    assert [(sample.header, sample.rows) for sample in samples] == [
        (("title", "body"), (("a", "b"), ("c", "d")))
    ]


def test_a_file_that_cannot_be_read_to_its_end_keeps_the_records_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(given: Blob, limits: Limits) -> Iterator[RawRecord]:
        yield from (RawRecord(given.name, number) for number in range(3))
        while True:
            pass

    monkeypatch.setattr(record_server, "read", endless)
    found = read_in_process(blob("a.jsonl", b"x"))
    assert [record.row for record in found] == [0, 1, 2, 0]
    assert found[-1].rejected
    assert found[-1].rejected.code == "record-slow"


def test_a_process_that_kept_much_memory_is_replaced_and_the_file_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_server, "WORN", 0.0)
    monkeypatch.setattr(record_process, "BLOCK_RECORDS", 10)
    kept: list[bytearray] = []

    def keep(record: RawRecord) -> int:
        kept.append(bytearray(40 * 10**6))  # more than the heap would serve from what is free
        return record.row

    with RecordProcess(keep, lambda record: -1) as process:
        found = islice(process.read(blob("a.jsonl", ROWS), LIMITS), 40)
        rows = [process.transform_one(record) for record in found]
        assert process._number > 3
    assert rows == list(range(1, 41))


def test_streams_of_one_descriptor_have_positions_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\ntwo\n")
    with (
        (tmp_path / "a").open("rb") as file,
        open_shared(file.fileno()) as one,
        open_shared(file.fileno()) as two,
    ):
        assert (one.readline(), two.read(), one.read()) == (b"one\n", b"one\ntwo\n", b"two\n")
        assert one.seek(-4, io.SEEK_END) == 4
        assert one.read() == b"two\n"
        with pytest.raises(ValueError, match="negative"):
            one.seek(-1)
