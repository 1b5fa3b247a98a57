"""A published import is rolled back as a whole, and repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.ingest import rollback, runner
from articles.models import Article, ImportBatch, ImportRow, Outbox, Revision
from tests.articles.admin.test_upload import press, upload
from tests.articles.conftest import Import
from tests.articles.ingest.test_batches import progress_of, state_of
from tests.articles.ingest.test_simultaneous_imports import news, press_of

pytestmark = pytest.mark.django_db

State = ImportBatch.State


def page_of(batch: ImportBatch) -> str:
    return reverse("admin:articles_importbatch_change", args=[batch.pk])


def contents() -> dict[str, Any]:
    """Return what readers see of each article, with its places."""
    return {
        article.external_id: (
            article.title, article.body, article.sha256, bytes(article.original), str(article.date),
            sorted(article.mentions.values_list("place__name", "field", "start")),
        )
        for article in Article.objects.visible()
    }  # fmt: skip


@pytest.fixture
def two_imports(desk: Client, import_lines: Import) -> ImportBatch:
    """Run two imports and return the second: it updates an article, creates one, and repeats one."""
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


def test_an_undo_says_who_when_and_why_in_every_article_and_on_thepage_of(
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
    with CaptureQueriesContext(connection) as asked:
        page = press(desk, "undo", reason="ملف خطأ").content.decode()
    whole = [each["sql"] for each in asked if '"articles_article"."original"' in each["sql"]]
    written_back = [sql for sql in whole if sql.startswith("SELECT") and " IN (" in sql]
    assert written_back
    if connection.features.has_select_for_update:  # PostgreSQL: a change beside it waits, and is not lost
        assert all(sql.endswith("FOR UPDATE") for sql in written_back)
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
    monkeypatch.setattr(rollback, "CHUNK_UPDATED", 1)
    rollback.request_rollback(two_imports, State.UNDOING, by=None, reason="س")
    assert "3" not in contents()
    with monkeypatch.context() as patch:
        patch.setattr(rollback, "_turn_created", lambda *_args: 1 / 0)
        assert runner.run_batch(two_imports.pk) == runner.FAILED
    assert ImportRow.objects.filter(turned=True).count() == 2
    assert progress_of(desk, two_imports)["working"]
    press(desk, "confirm")
    assert state_of(two_imports) == State.UNDONE
    assert contents()["1"][0] == "قبل"


def test_two_people_who_undo_at_once_undo_once(desk: Client, two_imports: ImportBatch) -> None:
    assert rollback.request_rollback(two_imports, State.UNDOING, by=None, reason="الأول")
    page = press(desk, "undo", reason="الثاني").content.decode()
    assert "Someone else was faster" in page
    assert ImportBatch.objects.get(pk=two_imports.pk).undo_reason == "الأول"


def test_a_later_import_of_the_same_articles_is_named_before_the_undo(
    desk: Client, two_imports: ImportBatch, import_lines: Import
) -> None:
    import_lines({"id": "3", "title": "جديد", "body": "خبر من حلب"})
    page = desk.get(page_of(two_imports)).content.decode()
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
    assert b"importbatch/%d/undo" % two_imports.pk not in client.get(page_of(two_imports)).content


def test_publishing_locks_articles_in_the_order_in_which_decisions_do(import_lines: Import) -> None:
    first, second = {"id": "1", "title": "أ", "body": "نص"}, {"id": "2", "title": "ب", "body": "نص آخر"}
    import_lines(first, second)
    with CaptureQueriesContext(connection) as asked:
        import_lines({**second, "title": "ب ب"}, {**first, "title": "أ أ"})
    reads = [each["sql"] for each in asked if each["sql"].startswith('SELECT "articles_article"."id"')]
    numbers = [sql for sql in reads if " IN (" in sql and ", " not in sql.split(" FROM ")[0]]
    lock = next(sql for sql in numbers if "ORDER BY" in sql)
    single = next(at for at, sql in enumerate(reads) if '"id" = ' in sql and '"original"' in sql)
    assert reads.index(lock) < single
    if connection.features.has_select_for_update:  # PostgreSQL: otherwise two may wait for each other
        assert lock.endswith("FOR UPDATE")
