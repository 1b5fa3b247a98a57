"""The rows of the outbox, and the notification after a commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from articles.ingest.lease import count_saved_chunk, hold_lease, renew_lease
from articles.ingest.runner import settle_abandoned
from articles.models import Article, ImportBatch, Outbox, Source
from articles.outbox import commit_hooks
from tests.search.archive import make_archive

Heard = list[dict[str, Any]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Yield the arguments with which the notification is sent."""
    heard: Heard = []

    def listen(*, wait: float | None, batches: bool, **_: Any) -> bool:
        heard.append({"wait": wait, "batches": batches, "in transaction": connection.in_atomic_block})
        return True

    commit_hooks.outbox_written.connect(listen, dispatch_uid="test")
    yield heard
    commit_hooks.outbox_written.disconnect(dispatch_uid="test")


@pytest.mark.django_db
def test_rows_have_a_time_and_count_no_attempts() -> None:
    Article.objects.create(title="جديد")
    row = Outbox.objects.get()
    assert row.written_at is not None
    assert (row.kind, row.interactive, row.attempts, row.cursor) == ("article", True, 0, 0)


@pytest.mark.django_db
def test_publishing_a_batch_does_not_write_interactive_rows() -> None:
    archive = make_archive()
    Outbox.objects.all().delete()
    archive.open_batch.state = ImportBatch.State.PUBLISHED
    archive.open_batch.save()
    row = Outbox.objects.get()
    assert (row.kind, row.batch_id, row.interactive) == ("fan-out", archive.open_batch.pk, False)


@pytest.mark.django_db
def test_saving_an_unchanged_batch_writes_nothing() -> None:
    archive = make_archive()
    Outbox.objects.all().delete()
    archive.published_batch.label = "اسم"
    archive.published_batch.save()
    assert not Outbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_transaction_is_notified_once_after_its_commit(heard: Heard) -> None:
    with transaction.atomic():
        for number in range(20):
            Article.objects.create(title=f"{number}")
        Article.objects.update(body="جديد")
        assert heard == []
    assert [(told["batches"], told["in transaction"]) for told in heard] == [(False, False)]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_is_not_notified(heard: Heard) -> None:
    with transaction.atomic():
        Article.objects.create(title="جديد")
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_savepoint_does_not_silence_what_was_written_around_it(heard: Heard) -> None:
    with transaction.atomic():
        with transaction.atomic():
            Article.objects.create(title="جديد")
            transaction.set_rollback(True)
        Article.objects.create(title="آخر")
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_statements_without_a_model_signal_are_notified_too(heard: Heard) -> None:
    Article.objects.bulk_create([Article(title="جديد")])
    Article.objects.update(title="آخر")
    with connection.cursor() as cursor:
        cursor.execute("delete from articles_article")
    ImportBatch.objects.bulk_create([ImportBatch()])
    assert [told["batches"] for told in heard] == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_reading_and_other_tables_are_not_notified(heard: Heard) -> None:
    Source.objects.create(name="جديد")
    list(Article.objects.all())
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_failing_receiver_does_not_fail_the_save() -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the engine is on fire")

    commit_hooks.outbox_written.connect(fail, dispatch_uid="test")
    try:
        Article.objects.create(title="جديد")
    finally:
        commit_hooks.outbox_written.disconnect(dispatch_uid="test")
    assert Article.objects.count() == 1
    assert commit_hooks.searchable_now() is False


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_notified_of_when_its_state_is_written_and_not_for_its_lease(heard: Heard) -> None:
    batch = ImportBatch.objects.create(state=ImportBatch.State.STAGING)
    heard.clear()
    with hold_lease(batch, ImportBatch.State.STAGING):
        renew_lease(batch)
        count_saved_chunk(batch)
    settle_abandoned()  # a heartbeat, which finds nothing to settle
    assert heard == []
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.PUBLISHED)
    batch.delete()
    assert [told["batches"] for told in heard] == [True, True]
