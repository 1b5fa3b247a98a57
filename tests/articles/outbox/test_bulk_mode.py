"""Bulk mode: commits of many changes do not trigger indexing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError

from articles.backfill.reapply_rules import restore_all_cuts
from articles.ingest import publish
from articles.models import Article, CleaningRule, ImportBatch, Outbox, TextCut
from articles.outbox.bulk_mode import bulk_transaction
from articles.outbox.commit_hooks import finish_indexing, outbox_written
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked() -> Iterator[list[float | None]]:
    """Yield the longest time that each commit would have waited for the index."""
    waits: list[float | None] = []

    def hear(*, wait: float | None, **_: Any) -> bool:
        waits.append(wait)
        return True

    outbox_written.connect(hear)
    yield waits
    outbox_written.disconnect(hear)


def waiting() -> set[tuple[int | None, bool]]:
    return set(Outbox.objects.values_list("article_id", "interactive"))


def test_bulk_mode_does_not_notify_and_interactive_rows_go_first(asked: list[float | None]) -> None:
    many = [Article.objects.create(title=f"خبر {number}") for number in range(3)]
    saved = Article.objects.create(title="حفظه إنسان")
    Outbox.objects.exclude(article_id=saved.pk).delete()
    asked.clear()
    with bulk_transaction([article.pk for article in many]):
        for article in many:
            article.title = "تغير"
            article.save()
    assert asked == []
    assert waiting() == {(saved.pk, True), *((article.pk, False) for article in many)}
    finish_indexing()
    assert asked == [None], "to the end"


def test_after_a_failure_a_save_notifies_again(asked: list[float | None]) -> None:
    with pytest.raises(IntegrityError), bulk_transaction([1]):
        Article.objects.bulk_create([Article(pk=1, title="خبر"), Article(pk=1, title="خبر")])
    assert (asked, Article.objects.count()) == ([], 0)
    Article.objects.create(title="خبر")
    assert len(asked) == 1


def test_cuts_are_restored_one_by_one_and_the_caller_finishes_indexing(
    asked: list[float | None],
) -> None:
    rule = CleaningRule.objects.create(pattern="شارك الخبر")
    for number in range(3):
        article = Article.objects.create(title=f"خبر {number}", body="أول.")
        TextCut.objects.create(
            article=article, field="body", start=4, text="\nشارك الخبر", before="أول.", rule=rule, said="",
            made_at=article.created_at,
        )  # fmt: skip
    asked.clear()
    assert restore_all_cuts(rule, by=None, reason="اختبار") == (3, 0)
    assert {article.body for article in Article.objects.all()} == {"أول.\nشارك الخبر"}
    assert asked == []


def test_an_import_indexes_after_its_last_record(asked: list[float | None], import_lines: Import) -> None:
    import_lines({"id": "1", "title": "خبر"}, {"id": "2", "title": "خبر آخر"})
    assert asked == [None]
    assert Article.objects.visible().count() == 2


def test_an_import_that_fails_indexes_what_it_published(
    asked: list[float | None], import_lines: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = publish.publish

    def broken(batch: ImportBatch) -> None:
        whole(batch)
        raise OSError("disk full")

    monkeypatch.setattr(publish, "publish", broken)
    with pytest.raises(OSError, match="disk full"):
        import_lines({"id": "1", "title": "خبر"})
    assert asked == [None]
    assert Article.objects.visible().count() == 1
