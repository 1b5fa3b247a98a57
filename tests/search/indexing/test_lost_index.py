"""An index that is gone, replaced by hand, or made by another release of the archive."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Outbox
from search.engines import get_engine
from search.engines.contract import IndexMissing
from search.engines.embedded import EmbeddedEngine
from search.engines.engine_errors import IndexOfOtherRelease
from search.indexing import outbox_consumer, rebuild
from search.indexing.index_repair import replace_lost_index
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.verify import verify_index
from search.management.commands.drain_outbox import OutboxWorker
from tests.search.archive import found, make_archive
from tests.search.indexing.worker_rounds import one_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serving(settings: Any, index_folder: Path) -> EmbeddedEngine:
    """Return the archive's engine, whose index holds every visible article."""
    settings.SEARCH_ENGINES = {
        "embedded": {"ENGINE": "search.engines.embedded.EmbeddedEngine", "PATH": index_folder}
    }
    settings.SEARCH_ENGINE = "embedded"
    settings.INDEX_ON_COMMIT = False
    make_archive()
    engine = get_engine()
    rebuild.rebuild_index(engine)
    drain_outbox(engine)
    assert isinstance(engine, EmbeddedEngine)
    return engine


def test_an_idle_worker_notices_that_the_index_is_gone(serving: EmbeddedEngine, index_folder: Path) -> None:
    assert not Outbox.objects.exists()
    worker = OutboxWorker()
    one_round(worker)
    before = serving.status().index
    shutil.rmtree(index_folder)
    serving._opened = None
    page = Client().get("/search/?q=قصف&lang=en")
    assert (page.status_code, "missing or damaged" in page.content.decode()) == (503, True)
    one_round(worker)
    assert serving.status().index != before
    assert verify_index(serving).clean


def test_no_search_counts_a_part_of_the_archive_while_a_lost_index_is_filled(
    serving: EmbeddedEngine, index_folder: Path
) -> None:
    shutil.rmtree(index_folder)
    serving._opened = None
    Article.objects.create(title="جديد")
    with pytest.raises(IndexMissing):
        drain_outbox(serving)
    with pytest.raises(IndexMissing):
        serving.status()
    OutboxWorker().drain()
    assert verify_index(serving).clean
    assert not Outbox.objects.exists()


def test_an_index_that_the_archive_did_not_fill_is_replaced(serving: EmbeddedEngine) -> None:
    build = serving.start_rebuild()  # a copy from elsewhere, without an article
    build.publish()
    assert replace_lost_index(serving) == f"embedded:{build.name} serves, which this archive did not fill"
    assert verify_index(serving).clean
    assert replace_lost_index(serving) == ""


def test_only_the_release_that_made_the_index_writes_to_it(
    serving: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = serving.status().index
    saved = Article.objects.create(title="جديد")
    with monkeypatch.context() as other:
        other.setattr(outbox_consumer, "document_analysis_version", lambda: "other.1")
        with pytest.raises(IndexOfOtherRelease, match=r"other tables .* rebuild_index"):
            drain_outbox(serving)
        one_round(OutboxWorker())
        assert "will try again" in caplog.text
        assert found(serving, "قصف"), "both releases search"
        assert serving.status().index == index, "neither builds it anew by itself"
    assert Outbox.objects.get().article_id == saved.pk
    one_round(OutboxWorker())
    assert found(serving, "جديد") == [saved.pk]
