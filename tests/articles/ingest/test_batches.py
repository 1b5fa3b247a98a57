"""A whole import: paused, resumed, cancelled or taken over from a dead worker."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import tasks
from articles.admin.import_pages import import_buttons
from articles.geotagging.geotagger import PlaceResolver
from articles.history.revisions import apply_changes
from articles.ingest import publish, runner
from articles.ingest.lease import hold_lease
from articles.ingest.upload_store import PREVIEW_RETENTION, expire_previews
from articles.metadata.source_resolver import drop_unused_sources
from articles.models import Article, ImportBatch, ImportRow, Revision, Source, Upload, Worker
from tests.articles.admin.test_upload import file, press, upload
from tests.articles.conftest import jsonl_line
from tests.articles.ingest.test_simultaneous_imports import STORIES, half_imported, news, press_of

pytestmark = pytest.mark.django_db
__all__ = ["half_imported"]

State = ImportBatch.State


@pytest.fixture
def alive(settings: Any) -> Worker:
    """Pretend that a background worker is running."""
    return Worker.objects.create(name="test", seen_at=timezone.now())


def run_the_worker() -> None:
    """Run the waiting tasks, as the worker would."""
    for waiting in DBTaskResult.objects.ready():
        waiting.claim("test")
        waiting.set_successful(waiting.task.call(*waiting.task_result.args, **waiting.task_result.kwargs))


def state_of(batch: ImportBatch) -> str:
    return ImportBatch.objects.get(pk=batch.pk).state


def progress_of(desk: Client, batch: ImportBatch) -> dict[str, Any]:
    answer: dict[str, Any] = desk.get(f"/admin/articles/importbatch/{batch.pk}/progress/").json()
    return answer


# -- in the background


def test_with_a_worker_the_request_only_asks_for_the_work(desk: Client, alive: Worker) -> None:
    upload(desk, news(*STORIES))
    page = press(desk, "confirm").content.decode()
    batch = ImportBatch.objects.get()
    assert batch.state == State.STAGING
    assert not Article.objects.exists()
    assert "You may leave this page" in page
    assert 'max="350" value="0"' in page
    run_the_worker()
    assert state_of(batch) == State.PUBLISHED
    assert Article.objects.visible().count() == len(STORIES)


def test_a_worker_that_was_silent_for_long_counts_as_dead_and_the_page_does_the_work(
    desk: Client, alive: Worker
) -> None:
    Worker.objects.update(seen_at=timezone.now() - tasks.ALIVE - timedelta(seconds=1))
    upload(desk, news(*STORIES))
    press(desk, "confirm")
    assert Article.objects.visible().count() == len(STORIES)


def test_work_whose_lease_ran_out_is_taken_over(half_imported: ImportBatch) -> None:
    ImportBatch.objects.update(claimed_until=timezone.now() + timedelta(seconds=9))
    tasks.enqueue_abandoned()
    assert not DBTaskResult.objects.exists(), "somebody works on it"
    ImportBatch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.enqueue_abandoned()
    tasks.enqueue_abandoned()
    assert DBTaskResult.objects.count() == 1, "one nudge is enough"
    run_the_worker()
    assert state_of(half_imported) == State.PUBLISHED
    assert half_imported.rows.count() == Article.objects.visible().count() == len(STORIES)


def test_the_import_of_a_killed_command_is_not_taken_over(db: None) -> None:
    batch = ImportBatch.objects.create()
    Upload.objects.create(batch=batch, name="news.jsonl", sha256="0" * 64, rows_done=3)
    tasks.enqueue_abandoned()
    assert not DBTaskResult.objects.exists()


def test_a_fault_is_told_and_the_import_goes_on_when_it_is_mended(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, news(*STORIES))
    with monkeypatch.context() as patch:
        patch.setattr(runner, "stage", lambda *_args, **_kwargs: 1 / 0)
        page = press(desk, "confirm").content.decode()
    assert state_of(ImportBatch.objects.get()) == State.FAILED
    assert "ZeroDivisionError" in page
    press(desk, "confirm")
    assert Article.objects.visible().count() == len(STORIES)


# -- progress, pausing, resuming, cancelling


def test_the_progress_survives_a_reload_and_is_told_to_the_script(
    desk: Client, half_imported: ImportBatch
) -> None:
    done = half_imported.rows.count()
    page = desk.get(f"/admin/articles/importbatch/{half_imported.pk}/change/").content.decode()
    assert f'max="350" value="{done}"' in page
    told = progress_of(desk, half_imported)
    assert (told["working"], told["done"], told["total"]) == (True, done, 350)
    assert told["text"] == f"{done} of 350"
    press_of(desk, half_imported, "confirm")
    assert not progress_of(desk, half_imported)["working"]


def test_a_pause_stops_after_the_records_at_hand_and_going_on_makes_no_doubles(
    desk: Client, half_imported: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = half_imported.rows.count()
    with hold_lease(half_imported, State.STAGING):  # a worker is running it
        page = press_of(desk, half_imported, "pause").content.decode()
        assert "It pauses after the records at hand" in page
        assert state_of(half_imported) == State.STAGING
    runner.run_batch(half_imported.pk)
    assert state_of(half_imported) == State.PAUSED
    assert before < half_imported.rows.count() < len(STORIES)
    runner.run_batch(half_imported.pk)
    assert state_of(half_imported) == State.PAUSED, "a late nudge does not wake it"
    assert "Go on importing" in press_of(desk, half_imported, "pause").content.decode()
    press_of(desk, half_imported, "confirm")
    assert half_imported.rows.count() == Article.objects.visible().count() == len(STORIES)


def test_a_pause_of_an_import_that_nobody_works_on_is_there_at_once(
    desk: Client, half_imported: ImportBatch
) -> None:
    press_of(desk, half_imported, "pause")
    assert state_of(half_imported) == State.PAUSED


def test_giving_up_stops_a_worker_and_nothing_is_left(
    desk: Client, half_imported: ImportBatch, alive: Worker
) -> None:
    with hold_lease(half_imported, State.STAGING):
        page = press_of(desk, half_imported, "cancel").content.decode()
        assert "It ends after the records at hand" in page
    run_the_worker()
    assert state_of(half_imported) == State.CANCELLED
    assert not Article.objects.exists()
    assert not Upload.objects.exists()


def test_a_paused_import_can_be_given_up(desk: Client, half_imported: ImportBatch) -> None:
    press_of(desk, half_imported, "pause")
    press_of(desk, half_imported, "cancel")
    assert state_of(half_imported) == State.CANCELLED
    assert not Article.objects.exists()


def test_pressing_pause_and_cancel_at_once_ends_in_one_of_them(
    desk: Client, half_imported: ImportBatch
) -> None:
    assert runner.request_pause(half_imported)
    assert runner.request_cancel(half_imported)
    assert not runner.request_pause(half_imported)
    assert not runner.resume(half_imported)
    runner.run_batch(half_imported.pk)
    assert state_of(half_imported) == State.CANCELLED
    assert not Article.objects.exists()


def test_what_is_not_being_read_cannot_be_paused(desk: Client) -> None:
    upload(desk, news(*STORIES))
    assert b"cannot be paused" in press(desk, "pause").content


def test_a_preview_that_nobody_confirmed_goes_after_a_month(desk: Client) -> None:
    upload(desk, news(*STORIES))
    upload(desk, file("b.txt", "خبر"))
    assert b"Nobody has to hurry" in desk.get(_page(ImportBatch.objects.latest("pk"))).content
    ImportBatch.objects.filter(label="news.jsonl").update(created_at=timezone.now() - PREVIEW_RETENTION)
    assert expire_previews() == 1
    assert list(ImportBatch.objects.order_by("pk").values_list("state", flat=True)) == [
        "cancelled",
        "preview",
    ]
    assert Upload.objects.count() == 1


# -- the files to download


def test_the_refused_records_can_be_downloaded_as_a_table_and_as_they_came(desk: Client) -> None:
    upload(desk, file("=evil.jsonl", '{"title": [5]}\n{"title": "خبر"}\n{"tit'))
    page = press(desk, "confirm").content.decode()
    batch = ImportBatch.objects.get()
    assert "rejects.csv" in page
    table = b"".join(desk.get(reverse("admin:articles_importbatch_rejects", args=[batch.pk])))
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert rows[0] == ["file", "row", "reason"]
    assert [row[:2] for row in rows[1:]] == [["'=evil.jsonl", "1"], ["'=evil.jsonl", "3"]]
    assert "not valid JSON" in rows[2][2]
    lines = b"".join(desk.get(reverse("admin:articles_importbatch_originals", args=[batch.pk])))
    originals = [json.loads(line) for line in lines.decode().splitlines()]
    assert [line["original"].strip() for line in originals] == ['{"title": [5]}', '{"tit']


@pytest.mark.parametrize("name", ["progress", "rejects", "originals"])
def test_nobody_without_the_permission_sees_what_an_import_says(client: Client, name: str) -> None:
    batch = ImportBatch.objects.create()
    address = reverse(f"admin:articles_importbatch_{name}", args=[batch.pk])
    assert "/admin/login/" in client.get(address)["Location"]
    client.force_login(User.objects.create_user("guest", is_staff=True))
    assert client.get(address).status_code == 403


def test_the_list_says_what_each_import_is_at_with_counts_who_when_and_how_long(
    desk: Client, half_imported: ImportBatch, librarian: User
) -> None:
    page = desk.get("/admin/articles/importbatch/").content.decode()
    assert "being read" in page
    assert f'class="field-read">{half_imported.rows.count()}<' in page
    assert "field-worked" in page
    assert librarian.username in page


def test_steps_are_short_enough_for_every_server() -> None:
    assert import_buttons.STEP_SECONDS <= 20


def _page(batch: ImportBatch) -> str:
    return reverse("admin:articles_importbatch_change", args=[batch.pk])


def test_a_cancelled_import_leaves_no_name_of_a_source_behind_that_it_alone_had(admin_client: Client) -> None:
    kept = Source.objects.create(name="صحيفة قديمة")
    Article.objects.create(title="خبر", source=kept)
    add = {"name": "صحيفة من المكتب", "audience": "everyone", "latin_name": "", "homepage": ""}
    admin_client.post("/admin/articles/source/add/", add)
    for name in ("صحيفة جديدة تماما", "صحيفة قديمة", "صحيفة من المكتب"):
        file = SimpleUploadedFile("a.jsonl", jsonl_line(id="1", title="خبر").encode())
        admin_client.post("/admin/articles/importbatch/upload/", {"files": [file], "default_source": name})
        batch = ImportBatch.objects.latest("pk")
        assert batch.default_source == Source.objects.get(name=name)
        publish.cancel(batch)
    assert set(Source.objects.values_list("name", flat=True)) == {"صحيفة قديمة", "صحيفة من المكتب"}


def test_a_source_that_an_update_or_an_undo_will_set_stays() -> None:
    article = Article.objects.create(title="خبر")
    batch, cancelled = ImportBatch.objects.create(), ImportBatch.objects.create(state=State.CANCELLED)
    waiting, earlier, given_up = (Source.objects.create(name=name) for name in ("أ", "ب", "ج"))
    Revision.objects.create(article=article, before={"source_id": earlier.pk})
    for each, source in ((batch, waiting), (cancelled, given_up)):
        values = {"values": {"source_id": source.pk}}
        ImportRow.objects.create(batch=each, outcome="updated", article=article, pending=values)
    drop_unused_sources([waiting.pk, earlier.pk, given_up.pk])
    assert set(Source.objects.values_list("name", flat=True)) == {"أ", "ب"}


def test_an_update_to_a_source_that_is_gone_keeps_the_one_that_is_there() -> None:
    source = Source.objects.create(name="أ")
    article = Article.objects.create(title="خبر", source=source)
    values = {"title": "آخر", "source_id": source.pk + 1}
    apply_changes(
        article, values, original=None, cities=None, by=None, reason="x", resolver=PlaceResolver()
    )  # fmt: skip
    assert Article.objects.values_list("title", "source").get() == ("آخر", source.pk)
