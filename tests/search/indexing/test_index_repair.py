"""A damaged index is built anew beside the old one, at the start and while the archive runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from articles.models import Article, Outbox
from search.engines import get_engine
from search.engines.contract import EngineUnavailable, IndexDamaged
from search.engines.embedded import EmbeddedEngine
from search.indexing import index_repair, indexer, outbox_consumer, rebuild
from search.indexing.verify import verify_index
from search.management.commands.drain_outbox import OutboxWorker
from tests.search.archive import found, make_archive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serving(settings: Any, index_folder: Path) -> EmbeddedEngine:
    """Return the archive's engine, whose index holds every visible article."""
    options = {"ENGINE": "search.engines.embedded.EmbeddedEngine", "PATH": index_folder}
    settings.SEARCH_ENGINES = {"embedded": options}
    settings.SEARCH_ENGINE = "embedded"
    settings.INDEX_ON_COMMIT = False
    make_archive()
    engine = get_engine()
    rebuild.rebuild_index(engine)
    assert isinstance(engine, EmbeddedEngine)
    return engine


def home(engine: EmbeddedEngine, folder: Path) -> Path:
    """Return the folder of the serving index, which no process has open from now on."""
    name = engine.status().index
    engine._opened = None
    return folder / name


def empty_meta(home: Path) -> None:
    (home / "meta.json").write_bytes(b"")


def cut_segment(home: Path) -> None:
    os.truncate(next(home.glob("*.term")), 10)


def lose_segment(home: Path) -> None:
    next(home.glob("*.store")).unlink()


def lose_meta(home: Path) -> None:
    (home / "meta.json").unlink()


def wrong_bytes(home: Path) -> None:
    path = next(home.glob("*.idx"))
    path.write_bytes(bytes(9) + path.read_bytes()[9:])


DAMAGES = [empty_meta, lose_meta, cut_segment, lose_segment, wrong_bytes]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_worker_heals_it_at_its_start(
    serving: EmbeddedEngine, index_folder: Path, damage: Callable[[Path], None]
) -> None:
    damaged = home(serving, index_folder)
    damage(damaged)
    worker = OutboxWorker()
    worker.stopping.wait = lambda timeout=None: worker.stopping.set() or True  # type: ignore[method-assign]  # one round
    worker.run()
    assert verify_index(serving).clean
    assert len(found(serving, "قصف")) == 1
    assert not damaged.exists()


@pytest.mark.parametrize("damage", DAMAGES[:-1])
def test_a_start_heals_what_cannot_be_opened(
    serving: EmbeddedEngine, index_folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(home(serving, index_folder))
    assert indexer.is_rebuild_needed(serving)
    call_command("setup_archive", "--no-samples", "--no-static")
    assert verify_index(serving).clean


@pytest.mark.parametrize("damage", DAMAGES[:-1])
def test_meanwhile_searches_say_so_and_saves_wait(
    serving: EmbeddedEngine, index_folder: Path, damage: Callable[[Path], None], client: Client
) -> None:
    damage(home(serving, index_folder))
    page = client.get("/search/?q=قصف&lang=ar")
    assert page.status_code == 503
    assert "مفقود أو تالف" in page.content.decode()
    assert "missing or damaged" in client.get("/search/?q=قصف&lang=en").content.decode()
    assert "damaged" in client.get("/api/v1/search?q=قصف").json()["detail"]
    saved = Article.objects.create(title="جديد")
    with pytest.raises(IndexDamaged):
        outbox_consumer.drain_outbox(serving)
    assert Outbox.objects.get(article_id=saved.pk).attempts == 0, "no article is blamed"
    assert serving.is_suspected()
    index_repair.repair_damage(serving)
    outbox_consumer.drain_outbox(serving)
    assert found(serving, "جديد") == [saved.pk]
    assert client.get("/search/?q=قصف").status_code == 200


def test_the_damaged_files_stay_until_the_new_index_is_whole(
    serving: EmbeddedEngine, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = home(serving, index_folder)
    cut_segment(damaged)

    def fail(*_: Any) -> None:
        raise EngineUnavailable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(rebuild._IndexFiller, "compare", fail)
        with pytest.raises(EngineUnavailable):
            index_repair.repair_damage(serving)
    assert damaged.is_dir()
    assert sorted(path for path in index_folder.iterdir() if path.is_dir()) == [damaged]
    assert index_repair.repair_damage(serving)
    assert verify_index(serving).clean


def test_check_index_names_the_files_and_repairs_them(
    serving: EmbeddedEngine, index_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_bytes(home(serving, index_folder))
    with pytest.raises(SystemExit):
        call_command("check_index")
    assert "NOT clean" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("check_index", "--json")
    assert "its checksum is wrong" in capsys.readouterr().out
    Article.objects.create(title="؟", state=Article.State.HELD)
    call_command("check_index", "--repair")
    said = capsys.readouterr().out
    assert "built anew" in said
    assert "1 articles are held" in said
    assert len(found(serving, "قصف")) == 1
