"""Simultaneous imports run one after the other, lose nothing, and wait only briefly for a killed one."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles.admin.import_pages import import_buttons
from articles.ingest import lease, publish
from articles.ingest.lease import OtherImportRunningError, hold_lease
from articles.ingest.pipeline import stage
from articles.ingest.upload_store import iter_stored_files
from articles.management.commands import import_articles
from articles.models import Article, ImportBatch
from articles.text.limits import upload_limits
from tests.articles.admin.test_upload import press, upload
from tests.articles.conftest import Import, jsonl_line

pytestmark = pytest.mark.django_db

State = ImportBatch.State
STORIES = [{"id": str(number), "title": f"خبر {number}", "body": "نص أول"} for number in range(350)]


def other_import(seconds: float) -> ImportBatch:
    """Create an import whose lease another process holds for `seconds` more."""
    return ImportBatch.objects.create(claimed_until=timezone.now() + timedelta(seconds=seconds))


def news(*stories: dict[str, str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("news.jsonl", "\n".join(jsonl_line(**story) for story in stories).encode())


@pytest.fixture
def half_imported(desk: Client, monkeypatch: pytest.MonkeyPatch) -> ImportBatch:
    """Create an upload of STORIES, some of which a first step has saved."""
    upload(desk, news(*STORIES))
    with monkeypatch.context() as patch:
        patch.setattr(import_buttons, "STEP_SECONDS", -1.0)
        press(desk, "confirm")
    batch = ImportBatch.objects.get()
    assert batch.state == State.STAGING
    assert 0 < batch.article_set.count() < len(STORIES)
    return batch


def go_on(desk: Client, batch: ImportBatch) -> None:
    press_of(desk, batch, "confirm")


def press_of(desk: Client, batch: ImportBatch, button: str) -> Any:
    return desk.post(f"/admin/articles/importbatch/{batch.pk}/{button}/", follow=True)


def test_a_command_waits_for_another_import_and_says_so(tmp_path: Path) -> None:
    other_import(0.4)
    (tmp_path / "a.txt").write_text("خبر أول. له تتمة.")
    said = io.StringIO()
    call_command("import_articles", str(tmp_path / "a.txt"), stdout=io.StringIO(), stderr=said)
    assert said.getvalue().count("Another import is running") == 1
    assert Article.objects.visible().count() == 1


def test_a_command_that_waited_long_enough_fails_and_leaves_nothing(
    import_lines: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = other_import(60)
    monkeypatch.setattr(import_articles, "PATIENCE", 0.0)
    with pytest.raises(CommandError, match="Another import is running"):
        import_lines(*STORIES)
    assert ImportBatch.objects.get() == other
    assert not Article.objects.exists()


def test_a_person_is_told_soon_that_another_import_is_running_and_may_go_on_after_it(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert import_buttons.PATIENCE <= 3
    monkeypatch.setattr(import_buttons, "PATIENCE", 0.0)
    other = other_import(60)
    upload(desk, news(*STORIES))
    assert b"Another import is running" in press(desk, "confirm").content
    assert not Article.objects.exists()
    other.delete()
    press(desk, "confirm")
    assert Article.objects.visible().count() == len(STORIES)


def test_an_import_given_up_while_another_runs_is_given_up_and_cleaned_after_it(
    desk: Client, half_imported: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_buttons, "PATIENCE", 0.0)
    other = other_import(60)
    assert b"The import is given up" in press_of(desk, half_imported, "cancel").content
    other.delete()
    press_of(desk, half_imported, "confirm")
    half_imported.refresh_from_db()
    assert half_imported.state == State.CANCELLED
    assert not Article.objects.exists()
    assert not half_imported.uploads.exists()


def test_an_import_given_up_gives_back_what_another_reported_before_it(
    desk: Client, half_imported: ImportBatch
) -> None:
    changed = [{**story, "title": "عنوان آخر"} for story in STORIES]
    upload(desk, news(*changed))
    second = ImportBatch.objects.latest("pk")
    with hold_lease(second, State.PREVIEW):
        ImportBatch.objects.filter(pk=second.pk).update(state=State.STAGING)
        second.refresh_from_db(fields=["state"])
        stage(second, iter_stored_files(second), upload_limits())
    assert not half_imported.article_set.exists()
    press(desk, "cancel")
    go_on(desk, half_imported)
    half_imported.refresh_from_db()
    assert half_imported.state == State.PUBLISHED
    assert half_imported.counts["created"] == len(STORIES)
    titles = set(Article.objects.visible().values_list("title", flat=True))
    assert titles == {story["title"] for story in STORIES}


def test_an_import_that_is_published_first_takes_its_articles_along(
    desk: Client, half_imported: ImportBatch
) -> None:
    saved = set(half_imported.article_set.values_list("pk", flat=True))
    second = ImportBatch.objects.create(label="between two steps")
    Article.objects.filter(pk__in=saved).update(batch=second)
    go_on(desk, half_imported)
    assert Article.objects.visible().count() == len(STORIES)
    with hold_lease(second, State.STAGING):
        publish.cancel(second)
    assert Article.objects.visible().count() == len(STORIES)


def test_an_import_goes_on_after_another_with_the_same_records_was_published(
    desk: Client, half_imported: ImportBatch, import_lines: Import
) -> None:
    assert import_lines(*STORIES)["created"] == len(STORIES)
    go_on(desk, half_imported)
    half_imported.refresh_from_db()
    assert half_imported.state == State.PUBLISHED
    assert Article.objects.visible().count() == Article.objects.count() == len(STORIES)


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_that_begin_at_once_one_has_its_turn() -> None:
    batches = [ImportBatch.objects.create() for _ in range(8)]
    start, end = threading.Barrier(len(batches)), threading.Barrier(len(batches))
    held: list[int] = []

    def work(batch: ImportBatch) -> None:
        try:
            start.wait(30)
            with hold_lease(batch, State.STAGING):
                held.append(batch.pk)
                end.wait(30)
        except OtherImportRunningError:
            end.wait(30)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(held) == 1
    assert not ImportBatch.objects.filter(claimed_until__isnull=False).exists()


def test_a_claim_that_ran_out_is_renewed_only_while_no_other_import_has_begun() -> None:
    slow = ImportBatch.objects.create()
    with hold_lease(slow, State.STAGING):
        slow.claimed_until = timezone.now() - timedelta(seconds=1)
        ImportBatch.objects.update(claimed_until=slow.claimed_until)
        lease.renew_lease(slow)
        assert ImportBatch.objects.filter(claimed_until__gt=timezone.now()).exists()
        slow.claimed_until = timezone.now() - timedelta(seconds=1)
        ImportBatch.objects.update(claimed_until=slow.claimed_until)
        other_import(60)
        with pytest.raises(OtherImportRunningError):
            lease.renew_lease(slow)
