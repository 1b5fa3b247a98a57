"""Engines that are down, busy or broken, and late writes: saves still work, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, ImportBatch, Outbox
from search import index_state
from search.engines.contract import (
    Change,
    EngineError,
    EngineUnavailable,
    IndexMissing,
    Put,
    Remove,
    SearchEngine,
)
from search.engines.embedded import EmbeddedEngine
from search.indexing import indexer, rebuild
from search.indexing.index_documents import load_documents
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.verify import verify_index
from tests.search.archive import found, make_archive, stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def embedded(index_folder: Any) -> EmbeddedEngine:
    """Return an embedded engine that has no index yet."""
    return EmbeddedEngine(index_folder)


@pytest.fixture
def breaking(embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the engine raise on writes for which `on` is true."""
    apply = embedded.apply

    def broken(error: Exception, on: Callable[[Change], bool] = lambda change: True) -> None:
        def fail(changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
            if any(on(change) for change in changes):
                raise error
            apply(changes, version, interactive=interactive)

        monkeypatch.setattr(embedded, "apply", fail)

    return broken


def test_an_engine_that_is_down_leaves_the_rows_and_gets_them_later(
    embedded: EmbeddedEngine, breaking: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive()
    drain_outbox(embedded)
    breaking(EngineUnavailable("down"))
    Article.objects.filter(pk=archive.shown.pk).update(state="withdrawn")
    fresh = Article.objects.create(title="جديد")
    with pytest.raises(EngineUnavailable):
        drain_outbox(embedded)
    assert set(Outbox.objects.values_list("article_id", flat=True)) == {archive.shown.pk, fresh.pk}
    assert not Outbox.objects.filter(attempts__gt=0).exists()
    monkeypatch.undo()
    drain_outbox(embedded)
    assert found(embedded, "جديد") == [fresh.pk]
    assert found(embedded, "قصف") == []


def test_an_article_that_the_engine_refuses_keeps_nobody_back_and_is_tried_again(
    embedded: EmbeddedEngine, breaking: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.ensure_index()
    articles = Article.objects.bulk_create(Article(title=f"خبر {n}") for n in range(20))
    poison = articles[7].pk
    breaking(
        ValueError("not this one"), lambda change: isinstance(change, Put) and change.document.id == poison
    )
    done = drain_outbox(embedded)
    assert done.refused == {poison: "ValueError: not this one"}
    assert stale(embedded) == {poison}
    row = Outbox.objects.get()
    assert (row.article_id, row.attempts) == (poison, 1)
    assert row.retry_at > timezone.now()
    assert indexer.get_index_status(embedded).refused == {poison: "ValueError: not this one"}
    assert verify_index(embedded).faults.missing == [poison]

    Outbox.objects.update(retry_at=timezone.now())
    drain_outbox(embedded)
    assert Outbox.objects.get().attempts == 2
    monkeypatch.undo()
    Outbox.objects.update(retry_at=timezone.now())
    drain_outbox(embedded)
    assert verify_index(embedded).clean
    assert not Outbox.objects.exists()


def test_an_article_of_an_import_that_is_refused_does_not_stop_the_import(
    embedded: EmbeddedEngine, breaking: Callable[..., None]
) -> None:
    embedded.ensure_index()
    batch = ImportBatch.objects.create()
    articles = Article.objects.bulk_create(Article(title=f"خبر {n}", batch=batch) for n in range(250))
    ImportBatch.objects.update(state="published")
    poison = articles[3].pk
    breaking(ValueError("no"), lambda change: isinstance(change, Put) and change.document.id == poison)
    drain_outbox(embedded)
    assert stale(embedded) == {poison}
    assert [row.article_id for row in Outbox.objects.all()] == [poison]


def test_an_engine_that_refuses_everything_is_broken_and_no_article_is_blamed(
    embedded: EmbeddedEngine, breaking: Callable[..., None]
) -> None:
    embedded.ensure_index()
    Article.objects.bulk_create(Article(title=f"خبر {n}") for n in range(20))
    breaking(ValueError("no space left on device"))
    with pytest.raises(EngineError, match="refuses every article"):
        drain_outbox(embedded)
    assert Outbox.objects.filter(attempts=0).count() == 20


def test_a_fan_out_that_was_cut_off_goes_on_where_it_was(
    embedded: EmbeddedEngine, breaking: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.ensure_index()
    batch = ImportBatch.objects.create()
    articles = Article.objects.bulk_create(Article(title=f"خبر {n}", batch=batch) for n in range(350))
    ImportBatch.objects.update(state="published")
    last = articles[-1].pk
    breaking(EngineUnavailable("down"), lambda change: isinstance(change, Put) and change.document.id == last)
    with pytest.raises(EngineUnavailable):
        drain_outbox(embedded)
    assert articles[0].pk < Outbox.objects.get().cursor < last
    monkeypatch.undo()
    drain_outbox(embedded)
    assert verify_index(embedded).clean
    assert not Outbox.objects.exists()


def test_a_lost_index_is_filled_again_from_the_whole_archive(embedded: EmbeddedEngine) -> None:
    make_archive()
    Outbox.objects.all().delete()
    with pytest.raises(IndexMissing):
        embedded.status()
    Article.objects.create(title="جديد")
    drain_outbox(embedded)
    assert verify_index(embedded).clean
    assert not indexer.is_rebuild_needed(embedded)


def test_a_late_older_write_brings_nothing_back(engine: SearchEngine) -> None:
    archive = make_archive()
    late_version = index_state.next_version()
    late = [Put(load_documents([archive.shown.pk])[archive.shown.pk])]
    drain_outbox(engine)
    Article.objects.filter(pk=archive.shown.pk).update(state="withdrawn")
    drain_outbox(engine)
    engine.apply(late, late_version, interactive=True)
    assert found(engine, "قصف") == []
    assert verify_index(engine).clean


def test_a_late_removal_does_not_take_away_what_came_back(engine: SearchEngine) -> None:
    archive = make_archive()
    late_version = index_state.next_version()
    drain_outbox(engine)
    engine.apply([Remove(archive.shown.pk)], late_version, interactive=True)
    assert found(engine, "قصف") == [archive.shown.pk]


def test_a_restored_backup_asks_for_a_rebuild_until_there_was_one(engine: SearchEngine) -> None:
    archive = make_archive()
    rebuild.rebuild_index(engine)
    before = index_state.get_index_state().version
    late = Article.objects.create(title="بعد النسخة")
    drain_outbox(engine)
    assert not indexer.is_rebuild_needed(engine)
    # The backup has neither the article nor its outbox row, and the older counter.
    late.delete()
    Outbox.objects.all().delete()
    index_state.IndexState.objects.update(version=before)
    Article.objects.filter(pk=archive.shown.pk).update(title="بعد الاستعادة")
    drain_outbox(engine)
    assert len(found(engine, "النسخه")) == 1, "a drain alone cannot know of it"
    assert indexer.is_rebuild_needed(engine)
    rebuild.rebuild_index(engine)
    assert not indexer.is_rebuild_needed(engine)
    assert found(engine, "النسخه") == []
    assert verify_index(engine).clean


def test_versions_rise_even_when_a_restored_backup_brings_an_old_counter_back() -> None:
    before = index_state.next_version()
    index_state.IndexState.objects.update(version=3)
    assert index_state.next_version() >= before
    index_state.IndexState.objects.update(version=2**60)
    assert index_state.next_version() == 2**60 + 1


def test_documents_are_read_in_five_queries_however_many_they_are(
    django_assert_num_queries: Callable[..., CaptureQueriesContext],
) -> None:
    make_archive()
    Article.objects.bulk_create(Article(title=f"خبر {n}") for n in range(100))
    ids = list(Article.objects.values_list("pk", flat=True))
    assert len(load_documents(ids)) == 102  # has read the words that documents are split by
    with django_assert_num_queries(5):
        assert len(load_documents(ids)) == 102


def test_any_change_that_an_engine_would_see_changes_the_fingerprint() -> None:
    archive = make_archive()
    pk = archive.shown.pk
    seen = {load_documents([pk])[pk].fingerprint}
    changes: list[dict[str, Any]] = [
        {"title": "قصفبحمص", "body": ""},
        {"title": "قصف", "body": "بحمص"},
        {"source": archive.south},
        {"date_precision": "month"},
        {"date_precision": "year"},
        {"date": None, "date_precision": ""},
    ]
    for change in changes:
        Article.objects.filter(pk=pk).update(**change)
        seen.add(load_documents([pk])[pk].fingerprint)
    archive.shown.places.clear()
    seen.add(load_documents([pk])[pk].fingerprint)
    assert len(seen) == len(changes) + 2


def test_repair_sends_what_is_missing_takes_out_what_is_too_much_and_mends_what_differs(
    engine: SearchEngine,
) -> None:
    archive = make_archive()
    drain_outbox(engine)
    Article.objects.filter(pk=archive.shown.pk).update(title="تغير")
    Article.objects.filter(pk=archive.imported.pk).update(state="draft")
    fresh = Article.objects.create(title="جديد")
    assert verify_index(engine).clean, "what waits is no fault"
    assert verify_index(engine).waiting == 3
    Outbox.objects.all().delete()
    faults = verify_index(engine).faults
    assert (faults.missing, faults.extra, faults.differing) == (
        [fresh.pk],
        [archive.imported.pk],
        [archive.shown.pk],
    )
    repaired = verify_index(engine, repair=True)
    assert (repaired.clean, repaired.repaired) == (True, 3)
    assert stale(engine) == set()
