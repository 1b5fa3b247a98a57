"""The order and the chunks in which the outbox is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from arabic.vocabulary.vocabulary import Vocabulary
from articles.models import Article, Outbox
from search.engines.contract import Change, SearchEngine, changed_article_id
from search.indexing import drain_result, outbox_consumer
from search.indexing.outbox_consumer import drain_outbox
from search.locks import is_held
from search.vocabulary import vocabulary_store
from search.vocabulary.vocabulary_updates import freeze_vocabulary

pytestmark = pytest.mark.django_db
ARTICLES = 130


@pytest.fixture
def parts(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Record the articles of each chunk that is sent from now on, on a very slow machine."""
    Article.objects.bulk_create(Article(title=f"خبر {number}") for number in range(ARTICLES))
    drain_outbox(engine)
    sent: list[list[int]] = []
    apply = engine.apply

    def heard(changes: Sequence[Change], version: int, **options: Any) -> None:
        sent.append([changed_article_id(change) for change in changes])
        apply(changes, version, **options)

    monkeypatch.setattr(engine, "apply", heard)
    monkeypatch.setattr(drain_result, "CHUNK_SECONDS", 0.0)
    return sent


def wait(ids: Sequence[int], *, interactive: bool = False) -> None:
    Outbox.objects.bulk_create(Outbox(article_id=pk, interactive=interactive) for pk in ids)


def test_an_article_of_many_rows_is_sent_once(engine: SearchEngine, parts: list[list[int]]) -> None:
    ids = list(Article.objects.values_list("pk", flat=True))
    for _row in range(12):
        wait(ids)
    assert drain_outbox(engine).sent == ARTICLES
    assert not Outbox.objects.exists()
    assert sorted(pk for part in parts for pk in part) == ids


def test_what_nobody_waits_for_goes_in_large_parts_also_on_a_slow_machine(
    engine: SearchEngine, parts: list[list[int]]
) -> None:
    wait(list(Article.objects.values_list("pk", flat=True)))
    drain_outbox(engine)
    assert [len(part) for part in parts] == [ARTICLES]


def test_what_people_wait_for_goes_first_alone_and_in_small_parts(
    engine: SearchEngine, parts: list[list[int]]
) -> None:
    *many, last = Article.objects.values_list("pk", flat=True)
    saved = many[:120]
    wait(saved, interactive=True)
    wait(saved)
    wait([last])
    drain_outbox(engine)
    assert parts[-1] == [last]
    assert [len(part) for part in parts] == [100, 10, 10, 1]
    assert set(parts[0]) == set(saved[20:]), "the newest first"


def test_a_process_that_saves_for_the_first_time_reads_the_vocabulary_before_it_takes_the_lock(
    engine: SearchEngine, parts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes seconds in a large archive, and others would wait with it."""
    freeze_vocabulary()
    for cached in (vocabulary_store.vocabulary_reader, vocabulary_store._frozen):
        cached.__init__()  # type: ignore[misc]  # forget what was read, as in a new process
    held: list[bool] = []
    read = Vocabulary.from_bytes

    def heard(packed: bytes) -> Vocabulary:
        held.append(is_held("drain"))
        return read(packed)

    monkeypatch.setattr(Vocabulary, "from_bytes", heard)
    wait([Article.objects.values_list("pk", flat=True)[0]], interactive=True)
    drain_outbox(engine)
    assert len(parts) == 1
    assert held
    assert not any(held)


def test_who_waited_for_the_lock_while_others_sent_all_asks_the_engine_nothing(
    parts: list[list[int]], engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    version = engine.analysis_version

    def heard() -> str:
        asked.append(True)
        return version()

    @contextmanager
    def locked(name: str, *, wait: float = 0.0) -> Iterator[None]:
        Outbox.objects.all().delete()  # what the holder before did
        yield

    monkeypatch.setattr(engine, "analysis_version", heard)
    wait([Article.objects.values_list("pk", flat=True)[0]], interactive=True)
    monkeypatch.setattr(outbox_consumer, "locked", locked)
    assert drain_outbox(engine).sent == 0
    assert asked == parts == []


def test_the_vocabulary_is_read_ahead_once_for_all_chunks(
    parts: list[list[int]], engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bool] = []
    monkeypatch.setattr(outbox_consumer, "read_ahead", lambda: read.append(is_held("drain")))
    drain_outbox(engine)
    assert read == [], "nothing waits"
    wait(list(Article.objects.values_list("pk", flat=True)), interactive=True)
    drain_outbox(engine)
    assert len(parts) > 2
    assert read == [False]
