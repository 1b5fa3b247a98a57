"""An import whose process died goes on, is cancelled without a worker, or set aside with the file named."""

from __future__ import annotations

import io
import os
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import Error, InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from django.utils import timezone, translation
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from articles import tasks
from articles.ingest import runner
from articles.ingest.lease import hold_lease
from articles.management.commands import db_worker
from articles.models import Article, ImportBatch, Upload, Worker
from tests.articles.admin.test_upload import upload
from tests.articles.conftest import jsonl_line
from tests.articles.ingest.test_simultaneous_imports import press_of

pytestmark = pytest.mark.django_db

State, Wish = ImportBatch.State, ImportBatch.Wish
PAST = timedelta(seconds=-60)


@pytest.fixture
def begun(desk: Client) -> ImportBatch:
    """Create an upload of two files whose import was begun."""
    upload(
        desk,
        SimpleUploadedFile("a.jsonl", jsonl_line(id="1", title="خبر أول").encode()),
        SimpleUploadedFile("b.jsonl", jsonl_line(id="2", title="خبر ثان").encode()),
    )
    batch = ImportBatch.objects.get()
    runner.resume(batch)
    batch.refresh_from_db()
    return batch


def leave(batch: ImportBatch, **values: object) -> None:
    """Leave a batch as a process does that is killed in the midst of it."""
    ImportBatch.objects.filter(pk=batch.pk).update(claimed_until=timezone.now() + PAST, **values)


def test_an_import_that_ended_two_processes_is_set_aside_and_names_the_file(
    begun: ImportBatch, desk: Client
) -> None:
    Upload.objects.filter(name="a.jsonl").update(complete=True)
    for _death in range(runner.MAX_DEATHS - 1):
        leave(begun)
        with hold_lease(begun, State.STAGING):
            pass
    assert begun.deaths == 1
    leave(begun)
    assert runner.run_batch(begun.pk) == runner.DONE
    begun.refresh_from_db()
    assert (begun.state, begun.fault) == (State.FAILED, "import-set-aside: b.jsonl:1")
    with translation.override("ar"):
        assert "b.jsonl:1" in begun.fault_text
        assert begun.fault_text.startswith("انتهت العملية")
    assert not runner.pending_batches().exists()
    press_of(desk, begun, "confirm")  # it may be started again, from the beginning of the count
    begun.refresh_from_db()
    assert (begun.state, begun.deaths, begun.fault) == (State.PUBLISHED, 0, "")


def test_a_death_is_forgotten_when_the_next_process_gets_further(begun: ImportBatch) -> None:
    leave(begun)
    assert runner.run_batch(begun.pk) == runner.DONE
    begun.refresh_from_db()
    assert (begun.state, begun.deaths) == (State.PUBLISHED, 0)


def test_an_import_that_ends_normally_counts_no_death(begun: ImportBatch) -> None:
    with hold_lease(begun, State.STAGING):
        pass
    with hold_lease(begun, State.STAGING):
        pass
    assert begun.deaths == 0


@pytest.mark.parametrize("worker", [False, True])
def test_cancelling_works_though_the_worker_is_gone_or_busy(
    begun: ImportBatch, desk: Client, worker: bool
) -> None:
    leave(begun)
    if worker:
        Worker.objects.create(name="busy", seen_at=timezone.now())
    press_of(desk, begun, "cancel")
    begun.refresh_from_db()
    assert begun.state == State.CANCELLED
    assert begun.finished_at
    assert not Upload.objects.exists()
    assert not Article.objects.exists()


@pytest.mark.parametrize(("wish", "state"), [(Wish.CANCEL, State.CANCELLED), (Wish.PAUSE, State.PAUSED)])
def test_what_was_asked_of_a_process_that_died_is_done_without_it(
    begun: ImportBatch, desk: Client, wish: str, state: str
) -> None:
    leave(begun, wish=wish)
    desk.get(f"/admin/articles/importbatch/{begun.pk}/progress/")
    begun.refresh_from_db()
    assert (begun.state, begun.wish) == (state, "")


def test_imports_of_killed_commands_are_not_listed_as_being_read(desk: Client) -> None:
    killed = ImportBatch.objects.create(label="killed", claimed_until=timezone.now() + PAST)
    waited = ImportBatch.objects.create(label="killed while it waited")
    ImportBatch.objects.filter(pk=waited.pk).update(created_at=timezone.now() - 2 * runner.COMMAND_PATIENCE)
    works = ImportBatch.objects.create(label="works", claimed_until=timezone.now() - PAST)
    waits = ImportBatch.objects.create(label="waits")
    page = desk.get("/admin/articles/importbatch/").content.decode()
    assert "killed while it waited" in page
    states = dict(ImportBatch.objects.values_list("label", "state"))
    assert [states[each.label] for each in (killed, waited, works, waits)] == [
        State.FAILED, State.FAILED, State.STAGING, State.STAGING,
    ]  # fmt: skip
    killed.refresh_from_db()
    assert killed.fault == "import-process-ended"
    with translation.override("en"):
        assert killed.fault_text.startswith("The command")


def test_the_next_command_settles_what_a_killed_one_left(tmp_path: Path) -> None:
    killed = ImportBatch.objects.create(claimed_until=timezone.now() + PAST)
    (tmp_path / "a.txt").write_text("خبر أول. له تتمة.")
    call_command("import_articles", str(tmp_path), stdout=io.StringIO(), stderr=io.StringIO())
    killed.refresh_from_db()
    assert killed.state == State.FAILED


def test_a_batch_with_its_files_is_gone_on_with_and_not_failed(begun: ImportBatch) -> None:
    leave(begun)
    runner.settle_abandoned()
    begun.refresh_from_db()
    assert (begun.state, begun.fault) == (State.STAGING, "")


def test_a_worker_settles_them_with_its_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    # The thread has a connection of its own, and would wait for the transaction of this test for ever.
    monkeypatch.setattr(tasks, "_send_heartbeats", lambda name, ended: None)
    killed = ImportBatch.objects.create(claimed_until=timezone.now() + PAST)
    with tasks.heartbeat(f"test {os.getpid()}"):
        killed.refresh_from_db()
    assert killed.state == State.FAILED


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (ProgrammingError('relation "django_tasks_db_dbtaskresult" does not exist'), True),
        (OperationalError("no such table: django_tasks_db_dbtaskresult"), True),
        (OperationalError("server closed the connection unexpectedly"), False),
        (InterfaceError("connection already closed"), False),
    ],
)
def test_a_worker_waits_for_a_database_that_is_away_and_not_for_one_without_tables(
    error: Error, ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = iter((error, None))

    def run(self: TaskWorker) -> None:
        if raised := next(attempts):
            raise raised

    monkeypatch.setattr(TaskWorker, "run", run)
    monkeypatch.setattr(db_worker, "RETRY_SECONDS", 0)
    monkeypatch.setattr(db_worker, "connections", SimpleNamespace(close_all=lambda: None))
    worker = db_worker.StoppableWorker.__new__(db_worker.StoppableWorker)
    worker.batch = False
    with pytest.raises(type(error)) if ends else nullcontext():
        worker.run()
    assert (next(attempts, "all made") == "all made") is not ends
