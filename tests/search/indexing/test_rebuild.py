"""A rebuild during writes: nothing is lost or stale, and the old index serves until the new one is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from articles.models import Article, ImportBatch, Outbox
from search import index_state
from search.engines.contract import EngineError, EngineUnavailable, SearchEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.engine import EmbeddedBuild
from search.indexing import indexer, outbox_consumer
from search.indexing import rebuild as rebuilding
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import RebuildFailedError, rebuild_index
from search.indexing.verify import verify_index
from search.locks import LockHeldError, locked
from search.vocabulary import vocabulary_updates
from search.vocabulary.vocabulary_store import frozen_vocabulary
from tests.search.archive import Archive, found, make_archive

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Return a drained archive that is rebuilt in chunks of two, so that changes can come between them."""
    monkeypatch.setattr(rebuilding, "FILL_CHUNK", 2)
    made = make_archive()
    Article.objects.bulk_create(Article(title=f"خبر {n}") for n in range(6))
    drain_outbox(engine)
    return made


def orphans(engine: SearchEngine) -> list[str]:
    return engine.drop_orphans()


def test_a_rebuilt_index_equals_the_database_and_is_another(archive: Archive, engine: SearchEngine) -> None:
    before = engine.status().index
    made = rebuild_index(engine)
    assert (engine.status().index, made.documents, made.refused) == (made.index, 8, {})
    assert made.index != before
    assert verify_index(engine).clean
    assert not orphans(engine)


def test_what_changes_meanwhile_is_in_the_new_index_drained_or_not(
    archive: Archive, engine: SearchEngine
) -> None:
    """At every chunk change a sent and an unsent article, delete one, add a batch; half are drained."""
    made: list[int] = []

    def write(documents: int) -> None:
        Article.objects.filter(pk=archive.shown.pk).update(title=f"قصف {documents}")
        made.append(Article.objects.create(title="أثناء").pk)
        if documents == 4:
            Article.objects.filter(pk=archive.imported.pk).update(state="withdrawn")
            ImportBatch.objects.filter(pk=archive.open_batch.pk).update(state="published")
            Article.objects.order_by("-pk").exclude(pk__in=made)[0].delete()
        if documents % 4:
            drain_outbox(engine)

    rebuild_index(engine, progress=write)
    drain_outbox(engine)
    assert verify_index(engine).clean
    assert not Outbox.objects.exists()
    assert set(found(engine, "اثناء")) <= set(made)
    assert found(engine, "منتظر") == [archive.staged.pk]
    assert found(engine, "هدنه") == []


def test_the_old_index_serves_and_hears_of_saves_until_the_swap(
    archive: Archive, engine: SearchEngine
) -> None:
    seen: list[list[int]] = []

    def save_and_search(documents: int) -> None:
        saved = Article.objects.create(title=f"مرة {1000 + documents}")
        drain_outbox(engine)
        seen.append([*found(engine, str(1000 + documents)), -saved.pk])

    rebuild_index(engine, progress=save_and_search)
    assert seen
    assert all(sum(pair) == 0 for pair in seen), "every save was found at once"
    assert not Outbox.objects.exists(), "rows kept for the replay are gone"


def test_a_rebuild_that_fails_leaves_the_old_index_and_no_orphan(
    archive: Archive, engine: SearchEngine
) -> None:
    rebuild_index(engine)
    before, words = engine.status().index, set(frozen_vocabulary().words())
    Article.objects.create(title="كلمة لم تكن معروفة")
    drain_outbox(engine)

    def fail(documents: int) -> None:
        Article.objects.create(title="أثناء")
        drain_outbox(engine)
        raise EngineUnavailable("the disk is full")

    with pytest.raises(EngineUnavailable):
        rebuild_index(engine, progress=fail)
    assert engine.status().index == before
    assert words
    assert set(frozen_vocabulary().words()) == words, "documents are split as those that are there"
    assert not indexer.is_rebuild_needed(engine)
    assert orphans(engine) == []
    assert index_state.get_index_state().building == ""
    assert verify_index(engine).clean
    assert not Outbox.objects.exists()


def test_a_new_index_that_differs_from_the_database_never_serves(
    index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(index_folder)
    make_archive()
    drain_outbox(engine)
    before = engine.status().index
    apply = EmbeddedBuild.apply
    monkeypatch.setattr(
        EmbeddedBuild, "apply", lambda build, changes, version: apply(build, changes[1:], version)
    )
    with pytest.raises(RebuildFailedError):
        rebuild_index(engine)
    assert engine.status().index == before
    assert orphans(engine) == []


def test_what_waited_before_the_rebuild_is_read_once(archive: Archive, engine: SearchEngine) -> None:
    Article.objects.filter(pk=archive.shown.pk).update(title="قبل")
    assert rebuild_index(engine).replayed == 0
    assert found(engine, "قبل") == [archive.shown.pk]


def test_a_living_rebuild_keeps_what_was_drained(archive: Archive, engine: SearchEngine) -> None:
    index_state.update_index_state(building="started")
    with locked("rebuild"):
        Article.objects.filter(pk=archive.shown.pk).update(title="أثناء")
        drain_outbox(engine)
        assert Outbox.objects.get().done_at is not None


def test_two_rebuilds_do_not_run_at_once(archive: Archive, engine: SearchEngine) -> None:
    if connection.vendor == "postgresql":
        return  # one session may take its own lock again; tests/ops has two processes
    with locked("rebuild"), pytest.raises(LockHeldError):
        rebuild_index(engine)


def test_a_rebuild_is_needed_for_a_missing_an_older_or_a_strange_index(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(tmp_path / "index")
    assert indexer.is_rebuild_needed(engine)
    rebuild_index(engine)
    assert not indexer.is_rebuild_needed(engine)
    monkeypatch.setattr(indexer, "index_analysis_version", lambda: "newer")
    assert indexer.is_rebuild_needed(engine)
    assert indexer.get_index_status(engine).rebuild_needed
    monkeypatch.undo()
    strange = EmbeddedEngine(tmp_path / "of another archive")
    strange.ensure_index()
    assert indexer.is_rebuild_needed(strange)


def test_the_version_of_an_index_names_the_words_that_its_documents_were_split_by(
    archive: Archive, engine: SearchEngine
) -> None:
    rebuild_index(engine)
    first = engine.status().analysis_version
    assert first == indexer.get_index_status(engine).code_analysis_version
    Article.objects.create(title="كلمة لم تكن معروفة")
    drain_outbox(engine)
    assert engine.status().analysis_version == first
    assert not indexer.is_rebuild_needed(engine), "new words wait for the next rebuild"
    rebuild_index(engine)
    assert engine.status().analysis_version != first
    vocabulary_updates.freeze_vocabulary()  # the state after a rebuild was killed
    Article.objects.create(title="وأخرى بعدها")
    drain_outbox(engine)
    vocabulary_updates.freeze_vocabulary()
    assert indexer.is_rebuild_needed(engine)


def test_the_state_of_an_engine_that_is_away_is_an_answer_and_no_exception(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(tmp_path / "index")
    assert "no index" in indexer.get_index_status(engine).problem

    def away() -> None:
        raise EngineError("away")

    monkeypatch.setattr(engine, "status", away)
    assert indexer.get_index_status(engine).problem == "EngineError: away"
    assert outbox_consumer.drain_outbox(engine).sent == 0
