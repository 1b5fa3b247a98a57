"""An import as a whole: paused, gone on with, given up, taken over from a dead worker, undone, done again."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import tasks
from articles.admin import batch_buttons
from articles.intake import undoing, working
from articles.intake.claiming import claimed
from articles.intake.forgotten import PREVIEW_KEPT, give_up_forgotten
from articles.models import Article, ImportBatch, ImportRow, Outbox, Revision, Upload, Worker
from tests.articles.conftest import Import
from tests.articles.test_simultaneous import STORIES, half_imported, news, press_of
from tests.articles.test_upload import file, press, upload

pytestmark = pytest.mark.django_db
__all__ = ["half_imported"]

State = ImportBatch.State


@pytest.fixture
def alive(settings: Any) -> Worker:
    """A background worker that was seen just now."""
    return Worker.objects.create(name="test", seen_at=timezone.now())


def run_the_worker() -> None:
    """What the worker would do with the tasks that wait."""
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
    tasks.take_over()
    assert not DBTaskResult.objects.exists(), "somebody works on it"
    ImportBatch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.take_over()
    tasks.take_over()
    assert DBTaskResult.objects.count() == 1, "one nudge is enough"
    run_the_worker()
    assert state_of(half_imported) == State.PUBLISHED
    assert half_imported.rows.count() == Article.objects.visible().count() == len(STORIES)


def test_the_import_of_a_killed_command_is_not_taken_over(db: None) -> None:
    batch = ImportBatch.objects.create()
    Upload.objects.create(batch=batch, name="news.jsonl", sha256="0" * 64, rows_done=3)
    tasks.take_over()
    assert not DBTaskResult.objects.exists()


def test_a_fault_is_told_and_the_import_goes_on_when_it_is_mended(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(desk, news(*STORIES))
    with monkeypatch.context() as patch:
        patch.setattr(working, "stage", lambda *_args, **_kwargs: 1 / 0)
        page = press(desk, "confirm").content.decode()
    assert state_of(ImportBatch.objects.get()) == State.FAILED
    assert "ZeroDivisionError" in page
    press(desk, "confirm")
    assert Article.objects.visible().count() == len(STORIES)


# -- progress, pause, going on, giving up


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
    with claimed(half_imported, State.STAGING):  # a worker is at it
        page = press_of(desk, half_imported, "pause").content.decode()
        assert "It pauses after the records at hand" in page
        assert state_of(half_imported) == State.STAGING
    working.work(half_imported.pk)
    assert state_of(half_imported) == State.PAUSED
    assert before < half_imported.rows.count() < len(STORIES)
    working.work(half_imported.pk)
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
    with claimed(half_imported, State.STAGING):
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
    assert working.pause(half_imported)
    assert working.give_up(half_imported)
    assert not working.pause(half_imported)
    assert not working.resume(half_imported)
    working.work(half_imported.pk)
    assert state_of(half_imported) == State.CANCELLED
    assert not Article.objects.exists()


def test_what_is_not_being_read_cannot_be_paused(desk: Client) -> None:
    upload(desk, news(*STORIES))
    assert b"cannot be paused" in press(desk, "pause").content


def test_a_preview_that_nobody_confirmed_goes_after_a_month(desk: Client) -> None:
    upload(desk, news(*STORIES))
    upload(desk, file("b.txt", "خبر"))
    assert b"Nobody has to hurry" in desk.get(_page(ImportBatch.objects.latest("pk"))).content
    ImportBatch.objects.filter(label="news.jsonl").update(created_at=timezone.now() - PREVIEW_KEPT)
    assert give_up_forgotten() == 1
    assert list(ImportBatch.objects.order_by("pk").values_list("state", flat=True)) == [
        "cancelled",
        "preview",
    ]
    assert Upload.objects.count() == 1


# -- undo and redo


def contents() -> dict[str, Any]:
    """What readers see of each article, with its places."""
    return {
        article.external_id: (
            article.title, article.body, article.sha256, bytes(article.original), str(article.date),
            sorted(article.mentions.values_list("place__name", "field", "start")),
        )
        for article in Article.objects.visible()
    }  # fmt: skip


@pytest.fixture
def two_imports(desk: Client, import_lines: Import) -> ImportBatch:
    """The second of two: it updates an article, brings one, and repeats one."""
    import_lines(
        {"id": "1", "title": "قبل", "body": "قصف بحمص.", "cities": ["حلب"], "date": "2013-01-02"},
        {"id": "2", "title": "باق", "body": "لا يتغير"},
    )
    changed = [
        {"id": "1", "title": "بعد", "body": "وصلت القافلة إلى درعا.", "cities": ["حماة"]},
        {"id": "2", "title": "باق", "body": "لا يتغير"},
        {"id": "3", "title": "جديد", "body": "خبر من دمشق"},
        {"id": "1", "title": "بعد البعد", "body": "وصلت القافلة إلى درعا مساء."},
    ]
    upload(desk, news(*changed))
    press(desk, "confirm")
    return ImportBatch.objects.latest("pk")


def test_undo_gives_everything_back_and_redo_does_it_again(desk: Client, two_imports: ImportBatch) -> None:
    after = contents()
    assert set(after) == {"1", "2", "3"}
    press(desk, "undo", reason="ملف خطأ")
    before = contents()
    assert set(before) == {"1", "2"}
    title, body, _sha256, original, date, places = before["1"]
    assert (title, body, date) == ("قبل", "قصف بحمص.", "2013-01-02")
    assert json.loads(original)["title"] == "قبل"
    assert ("حلب", "metadata", None) in places
    assert "حماة" not in [place for place, _field, _start in places]
    assert before["2"] == after["2"]
    assert Article.objects.get(external_id="3").state == "withdrawn", "nothing is deleted"
    press(desk, "redo", reason="كان صحيحا")
    assert contents() == after
    press(desk, "undo", reason="خطأ مرة أخرى")
    assert contents() == before


def test_an_undo_says_who_when_and_why_in_every_article_and_on_the_page(
    desk: Client, two_imports: ImportBatch, librarian: User
) -> None:
    page = press(desk, "undo", reason="ملف خطأ").content.decode()
    assert "ملف خطأ" in page
    assert "It was undone" in page
    for external_id in ("1", "3"):
        revision = Revision.objects.filter(article__external_id=external_id).first()
        assert revision is not None
        assert revision.made_by == librarian
        assert revision.reason.startswith(f"undo of import {two_imports.pk}")
        assert revision.reason.endswith("ملف خطأ")
    assert state_of(two_imports) == State.UNDONE


def test_what_others_changed_since_stays_and_is_named(desk: Client, two_imports: ImportBatch) -> None:
    article = Article.objects.get(external_id="1")
    Revision.objects.create(article=article, before={"title": article.title}, reason="تصحيح")
    Article.objects.filter(pk=article.pk).update(title="عنوان صححه إنسان")
    page = press(desk, "undo", reason="ملف خطأ").content.decode()
    article.refresh_from_db()
    assert article.title == "عنوان صححه إنسان"
    assert article.body == "قصف بحمص."
    assert "that change was kept" in page


def test_an_article_that_was_withdrawn_before_stays_so_after_undo_and_redo(
    desk: Client, two_imports: ImportBatch
) -> None:
    Article.objects.filter(external_id="3").update(state="withdrawn")
    press(desk, "undo", reason="س")
    press(desk, "redo", reason="س")
    assert Article.objects.get(external_id="3").state == "withdrawn"


def test_an_article_of_an_undone_import_can_be_published_again_by_itself(
    desk: Client, two_imports: ImportBatch
) -> None:
    press(desk, "undo", reason="س")
    Outbox.objects.all().delete()
    Article.objects.filter(external_id="3").update(state="published")
    assert Article.objects.visible().filter(external_id="3").exists()
    assert Outbox.objects.exists(), "the index hears of it"


def test_an_undo_that_was_cut_off_shows_nothing_half_done_and_goes_on(
    desk: Client, two_imports: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "CHUNK_UPDATED", 1)
    undoing.begin(two_imports, State.UNDOING, by=None, reason="س")
    assert "3" not in contents()
    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_turn_created", lambda *_args: 1 / 0)
        assert working.work(two_imports.pk) == working.FAILED
    assert ImportRow.objects.filter(turned=True).count() == 2
    assert progress_of(desk, two_imports)["working"]
    press(desk, "confirm")
    assert state_of(two_imports) == State.UNDONE
    assert contents()["1"][0] == "قبل"


def test_two_people_who_undo_at_once_undo_once(desk: Client, two_imports: ImportBatch) -> None:
    assert undoing.begin(two_imports, State.UNDOING, by=None, reason="الأول")
    page = press(desk, "undo", reason="الثاني").content.decode()
    assert "Someone else was faster" in page
    assert ImportBatch.objects.get(pk=two_imports.pk).undo_reason == "الأول"


def test_a_later_import_of_the_same_articles_is_named_before_the_undo(
    desk: Client, two_imports: ImportBatch, import_lines: Import
) -> None:
    import_lines({"id": "3", "title": "جديد", "body": "خبر من حلب"})
    page = desk.get(_page(two_imports)).content.decode()
    assert "1 later import changed articles of this one" in page


def test_without_a_reason_nothing_is_undone(desk: Client, two_imports: ImportBatch) -> None:
    press(desk, "undo", reason="  ")
    assert state_of(two_imports) == State.PUBLISHED


def test_who_may_only_upload_may_not_undo(two_imports: ImportBatch) -> None:
    user = User.objects.create_user("contributor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_importbatch", "view_importbatch"]))
    client = Client()
    client.force_login(user)
    assert press_of(client, two_imports, "undo").status_code == 403
    assert state_of(two_imports) == State.PUBLISHED
    assert b"importbatch/%d/undo" % two_imports.pk not in client.get(_page(two_imports)).content


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
    assert batch_buttons.STEP_SECONDS <= 20


def _page(batch: ImportBatch) -> str:
    return reverse("admin:articles_importbatch_change", args=[batch.pk])
