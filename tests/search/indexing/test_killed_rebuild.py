"""Later drains clear the remains of a killed rebuild, including those that appear late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Outbox
from search import index_state
from search.engines.contract import EngineUnavailable, SearchEngine
from search.indexing import indexer, outbox_consumer
from search.indexing.outbox_consumer import drain_outbox, qualified_index_name
from search.indexing.rebuild import rebuild_index
from search.indexing.verify import verify_index
from search.vocabulary import vocabulary_store, vocabulary_updates
from tests.search.archive import make_archive
from tests.search.engines.suite.other_process import other_rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def killed(engine: SearchEngine) -> SearchEngine:
    """Return an engine whose archive has the mark of a killed rebuild."""
    make_archive()
    drain_outbox(engine)
    index_state.update_index_state(building="started")
    return engine


def freeze_and_die(engine: SearchEngine) -> None:
    """Kill the rebuild of an archive with a new word, just after it froze the vocabulary."""
    rebuild_index(engine)
    Article.objects.create(title="كلمة لم تكن معروفة")
    drain_outbox(engine)
    vocabulary_updates.freeze_vocabulary()
    index_state.update_index_state(building="started")


def test_what_it_left_in_the_database_is_cleared_by_the_next_drain(killed: SearchEngine) -> None:
    Outbox.objects.create(article_id=1, done_at=timezone.now())
    drain_outbox(killed)
    assert index_state.get_index_state().building == ""
    assert not Outbox.objects.exists()


def test_an_index_that_comes_after_the_first_drain_is_dropped_by_a_later_one(killed: SearchEngine) -> None:
    """Elasticsearch carries out a request even if the process that sent it is dead."""
    drain_outbox(killed)
    with other_rebuild(killed):
        pass
    drain_outbox(killed)
    assert killed.drop_orphans() == []


def test_however_long_nobody_drained_the_last_look_is_after_all_that_can_come(killed: SearchEngine) -> None:
    drain_outbox(killed)
    with other_rebuild(killed) as name:
        index_state.update_index_state(orphans_until=timezone.now() - timedelta(seconds=1))
    drain_outbox(killed)
    assert killed.drop_orphans() == []
    assert index_state.get_index_state().orphans_until is None
    with other_rebuild(killed) as name:
        pass
    drain_outbox(killed)
    assert killed.drop_orphans() == [name], "a drain without a reason does not look"


def test_looking_for_what_comes_late_ends(killed: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_consumer, "LATE_REQUEST_WINDOW", timedelta(0))
    drain_outbox(killed)
    assert index_state.get_index_state().orphans_until is not None
    drain_outbox(killed)
    assert index_state.get_index_state().orphans_until is None


def test_if_its_index_serves_what_was_drained_meanwhile_is_sent_again(killed: SearchEngine) -> None:
    """Its last request, to publish, was carried out after another process had drained into the old index."""
    article = Article.objects.create(title="قبل")
    rebuild_index(killed)
    Article.objects.filter(pk=article.pk).update(title="أثناء")
    Outbox.objects.update(done_at=timezone.now())
    index_state.update_index_state(
        serving="the one before", building=qualified_index_name(killed.name, killed.status().index)
    )
    drain_outbox(killed)
    assert verify_index(killed).clean
    assert not Outbox.objects.exists()
    assert not indexer.is_rebuild_needed(killed), "it serves and is whole"


def test_if_its_index_does_not_serve_documents_are_split_as_before(killed: SearchEngine) -> None:
    freeze_and_die(killed)
    assert indexer.is_rebuild_needed(killed)
    drain_outbox(killed)
    assert not indexer.is_rebuild_needed(killed)


def test_words_of_another_time_are_not_thawed(killed: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The serving index is older than both: it must be rebuilt, and no words are thrown away for it."""
    freeze_and_die(killed)
    wanted = vocabulary_store.frozen_vocabulary_version()
    monkeypatch.setattr(vocabulary_store, "document_analysis_version", lambda: "newer tables")
    drain_outbox(killed)
    assert vocabulary_store.frozen_vocabulary_version() == wanted
    assert indexer.is_rebuild_needed(killed)


def test_the_next_rebuild_clears_up_first(killed: SearchEngine) -> None:
    freeze_and_die(killed)

    def fail(documents: int) -> None:
        raise EngineUnavailable("the disk is full")

    with pytest.raises(EngineUnavailable):
        rebuild_index(killed, progress=fail)
    assert not indexer.is_rebuild_needed(killed), "documents are split by the words of the index that serves"


def test_the_index_of_a_first_drain_that_was_killed_is_dropped_too(
    make_engine: Callable[[], SearchEngine],
) -> None:
    engine = make_engine()
    make_archive()
    drain_outbox(engine)
    with other_rebuild(engine):
        pass
    drain_outbox(engine)
    assert engine.drop_orphans() == []
