"""A save drains the outbox itself, waits for its own article, and never exceeds the time limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import transaction

from articles.models import Article, ImportBatch, Outbox
from articles.outbox import commit_hooks
from search.engines.contract import Change, EngineUnavailable, SearchEngine
from search.indexing import indexer
from search.indexing.background import drain_thread
from search.indexing.verify import verify_index
from tests.search.archive import found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def saving(settings: Any, index_folder: Any) -> Iterator[SearchEngine]:
    """Let saves drain to an engine, as they do outside of tests."""
    settings.INDEX_ON_COMMIT = True
    settings.SAVE_WAITS_FOR_INDEX = 20.0  # the machine may be busy
    options = {"ENGINE": "search.engines.embedded.EmbeddedEngine", "PATH": index_folder}
    settings.SEARCH_ENGINES = {"embedded": options}
    settings.SEARCH_ENGINE = "embedded"
    yield indexer.get_engine()
    drain_thread.stop()


def test_what_was_saved_is_found_when_the_save_returns(saving: SearchEngine) -> None:
    saved = Article.objects.create(title="جديد")
    assert commit_hooks.searchable_now() is True
    assert found(saving, "جديد") == [saved.pk]
    Article.objects.filter(pk=saved.pk).update(title="آخر")
    assert (found(saving, "جديد"), found(saving, "اخر")) == ([], [saved.pk])
    saved.delete()
    assert found(saving, "اخر") == []


def test_nothing_is_found_before_the_transaction_is_committed(saving: SearchEngine) -> None:
    Article.objects.create(title="قبل")
    with transaction.atomic():
        saved = Article.objects.create(title="جديد")
        assert found(saving, "جديد") == []
    assert found(saving, "جديد") == [saved.pk]


def test_a_published_batch_is_found_when_its_publication_returns(saving: SearchEngine) -> None:
    batch = ImportBatch.objects.create()
    Article.objects.bulk_create(Article(title=f"خبر {n}", batch=batch) for n in range(30))
    assert not Outbox.objects.exists()
    ImportBatch.objects.update(state="published")
    assert commit_hooks.searchable_now() is True
    assert len(found(saving, "خبر")) == 20, "a page of the thirty"


def test_a_save_succeeds_while_the_engine_is_down_and_is_found_after(
    saving: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    Article.objects.create(title="قبل")

    def down(changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        raise EngineUnavailable("down")

    monkeypatch.setattr(saving, "apply", down)
    began = time.monotonic()
    saved = Article.objects.create(title="جديد")
    assert commit_hooks.searchable_now() is False
    assert time.monotonic() - began < 10, "it knew, and did not wait to the end"
    assert found(saving, "جديد") == []
    monkeypatch.undo()
    assert commit_hooks.finish_indexing() is True
    assert found(saving, "جديد") == [saved.pk]


def test_a_save_waits_no_longer_than_it_may_for_an_engine_that_does_not_answer(
    saving: SearchEngine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Article.objects.create(title="قبل")
    answers = threading.Event()
    apply = saving.apply

    def paused(changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        answers.wait(60)
        apply(changes, version, interactive=interactive)

    monkeypatch.setattr(saving, "apply", paused)
    settings.SAVE_WAITS_FOR_INDEX = 0.2
    saved = Article.objects.create(title="جديد")
    assert commit_hooks.searchable_now() is False
    answers.set()
    assert commit_hooks.finish_indexing() is True
    assert found(saving, "جديد") == [saved.pk]


def test_switched_off_a_save_only_leaves_its_row(saving: SearchEngine, settings: Any) -> None:
    settings.INDEX_ON_COMMIT = False
    Article.objects.create(title="جديد")
    assert Outbox.objects.count() == 1


def test_a_save_is_not_behind_a_long_queue(saving: SearchEngine, settings: Any) -> None:
    """Check the order: changes by users before imports, and the newest of them first."""
    settings.INDEX_ON_COMMIT = False
    batch = ImportBatch.objects.create()
    Article.objects.bulk_create(Article(title=f"مستورد {n}", batch=batch) for n in range(1500))
    ImportBatch.objects.update(state="published")
    Article.objects.bulk_create(Article(title=f"خبر {n}") for n in range(300))
    settings.INDEX_ON_COMMIT = True
    saved = Article.objects.create(title="جديد")
    drain_thread.stop()
    assert found(saving, "جديد") == [saved.pk]
    assert commit_hooks.finish_indexing() is True
    assert verify_index(saving).clean
