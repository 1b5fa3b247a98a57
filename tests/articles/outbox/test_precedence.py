"""An import gives way to saves: it pauses until they are sent, and leaves the sending to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.ingest import pipeline, runner
from articles.models import Article, ImportBatch, Outbox
from articles.near_duplicates.clusters import update_clusters
from articles.outbox import commit_hooks, precedence
from articles.outbox.precedence import LONGEST_SECONDS, SavesFirst
from tests.articles.admin.test_upload import upload
from tests.articles.conftest import jsonl_line

pytestmark = pytest.mark.django_db
RECORDS = 25


@dataclass
class Clock:
    """A clock that goes on only while the import waits; `each` is called meanwhile."""

    each: Callable[[], None] = lambda: None
    waited: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return sum(self.waited)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.each()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    settings.INDEX_ON_COMMIT = True
    made = Clock()
    monkeypatch.setattr(precedence, "time", made)
    return made


@pytest.fixture
def confirmed(desk: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> ImportBatch:
    """Create an upload whose import was confirmed, and has several chunks."""
    settings.IMPORT_PROCESSES = 0
    monkeypatch.setattr(pipeline, "CHUNK_RECORDS", (10, 10))
    lines = "\n".join(jsonl_line(id=f"{number}", title=f"خبر {number}") for number in range(RECORDS))
    upload(desk, SimpleUploadedFile("many.jsonl", lines.encode()))
    batch = ImportBatch.objects.get()
    runner.resume(batch)
    return batch


def imported(batch: ImportBatch) -> int:
    return Article.objects.filter(batch=batch).count()


def test_an_import_pauses_while_a_save_waits_to_be_indexed(clock: Clock, confirmed: ImportBatch) -> None:
    Article.objects.create(title="يُحفظ الآن")
    seen: list[int] = []

    def send_third() -> None:
        seen.append(imported(confirmed))
        if len(seen) == 3:
            Outbox.objects.all().delete()

    clock.each = send_third
    assert runner.run_batch(confirmed.pk) == runner.DONE
    assert seen == [0, 0, 0]
    assert imported(confirmed) == RECORDS


def test_changes_that_nobody_sends_hold_an_import_up_once(clock: Clock) -> None:
    saves_first = SavesFirst()
    Article.objects.create(title="أول")
    saves_first.give_way()
    first = clock.monotonic()
    assert first == pytest.approx(LONGEST_SECONDS, abs=0.1)
    saves_first.give_way()
    assert clock.monotonic() == first
    Article.objects.create(title="ثان")
    saves_first.give_way()
    assert clock.monotonic() > first


def test_changes_that_nobody_waits_for_do_not_hold_an_import_up(clock: Clock, settings: Any) -> None:
    Article.objects.create(title="خبر")
    Outbox.objects.update(interactive=False)
    SavesFirst().give_way()
    Article.objects.create(title="آخر")
    settings.INDEX_ON_COMMIT = False
    SavesFirst().give_way()
    assert clock.waited == []


def test_nobody_waits_for_the_clusters_that_an_import_changes(desk: Client, settings: Any) -> None:
    settings.IMPORT_PROCESSES = 0
    text = " ".join(f"كلمة{number}" for number in range(80))
    shown = Article.objects.create(title="خبر يراه القراء", body=text)
    update_clusters([shown.pk])
    other = Article.objects.create(title="خبر آخر")
    Outbox.objects.filter(article_id=shown.pk).delete()
    upload(desk, SimpleUploadedFile("same.jsonl", jsonl_line(id="1", title="خبر منقول", body=text).encode()))
    batch = ImportBatch.objects.get()
    runner.resume(batch)
    runner.run_batch(batch.pk)
    of_articles = Outbox.objects.filter(kind=Outbox.Kind.ARTICLE).order_by("pk")
    waiting = dict(of_articles.values_list("article_id", "interactive"))
    assert waiting[shown.pk] is False, "its cluster has another member now"
    assert waiting[other.pk] is True


@pytest.mark.django_db(transaction=True)
def test_an_import_asks_for_no_indexing_before_it_is_published(confirmed: ImportBatch, clock: Clock) -> None:
    """Its process would load the words of the archive and compete with a save for the lock of the outbox."""
    heard: list[tuple[bool, int]] = []

    def listen(*, batches: bool, **_: Any) -> bool:
        heard.append((batches, Article.objects.visible().count()))
        return True

    commit_hooks.outbox_written.connect(listen, dispatch_uid="test")
    try:
        assert runner.run_batch(confirmed.pk) == runner.DONE
    finally:
        commit_hooks.outbox_written.disconnect(dispatch_uid="test")
    assert heard
    assert all(batches for batches, _visible in heard)
    assert heard[-1] == (True, RECORDS)
