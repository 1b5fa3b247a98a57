"""Articles that worker processes analyse reach the index as if this process had analysed them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.spelling.misread_words import MISREAD_MARKER
from articles.ingest.process_pool import OrderedProcessPool, worker_processes
from articles.models import Article, ImportBatch, Outbox
from search.engines.analyzed_text import analyze_article_text
from search.engines.contract import Change, IndexDocument, Put
from search.engines.embedded import EmbeddedEngine
from search.indexing import changes, drain_result, outbox_consumer, prefetch
from search.indexing.changes import FanOutTexts
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.verify import verify_index
from search.locks import is_held, locked
from search.vocabulary import vocabulary_store
from search.vocabulary.word_counts import WordCounter, count_unknown_words, merge_counts
from tests.arabic.strategies import SCRAPED_TEXTS

ARTICLES = 37
WORDS = (
    *("دمشققال", "المجلسالوطني", "السوريا", "ولبنان", "لاجىء", "القصير", "كانون", "الثاني", "مؤتمر"),
    *("عبدالله", "نورالدين", "مدينة", "2013"),
)


@dataclass
class Pool:
    """An executor that runs every task at once, or behaves as a test prescribes."""

    do: Callable[..., object] = prefetch.analyze_batch
    asked: list[int] = field(default_factory=list)

    def submit(
        self, function: object, version: str, packed: bytes, texts: Sequence[object]
    ) -> Future[object]:
        future: Future[object] = Future()
        self.asked.append(len(texts))
        try:
            future.set_result(self.do(version, packed, texts))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make several tasks of a chunk, and several chunks."""
    monkeypatch.setattr(prefetch, "BATCH_ARTICLES", 4)
    monkeypatch.setattr(drain_result, "MIN_FAN_OUT_CHUNK", 10)
    monkeypatch.setattr(drain_result, "PREFETCHED_CHUNK", 10)
    for module in (drain_result, outbox_consumer):
        monkeypatch.setattr(module, "SHARED_CHUNK", 10)
    monkeypatch.setattr(drain_result, "MAX_CHUNK", 10)
    monkeypatch.setattr(drain_result.DrainResult, "chunk_size", 10)


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> Pool:
    """Give the drain an executor."""
    made = Pool()
    monkeypatch.setattr(worker_processes, "current_executor", lambda: made)
    return made


@pytest.fixture
def sent(index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[EmbeddedEngine, list[IndexDocument]]:
    """Return an engine, and the documents that it was given."""
    engine, documents = EmbeddedEngine(index_folder), []
    apply = engine.apply

    def seen(changes: Sequence[Change], version: int, **options: Any) -> None:
        apply(changes, version, **options)
        documents.extend(change.document for change in changes if isinstance(change, Put))

    monkeypatch.setattr(engine, "apply", seen)
    return engine, documents


def text(number: int) -> str:
    return " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 50)) + f" كلمة{'ا' * number}ب"


def publish() -> ImportBatch:
    batch = ImportBatch.objects.create()
    Article.objects.bulk_create(
        Article(title=f"خبر {WORDS[number % len(WORDS)]}", body=text(number), batch=batch)
        for number in range(ARTICLES)
    )
    ImportBatch.objects.update(state="published")
    return batch


def counted_alone() -> object:
    texts = Article.objects.visible().values_list("title", "body")
    return count_unknown_words(texts, lambda words: words, lambda phrases: phrases)


def true(document: IndexDocument) -> bool:
    return document.analyzed_text == analyze_article_text(
        document.title, document.body, document.splitter, document.low_confidence_words
    )


@pytest.mark.django_db
def test_the_index_is_as_without_workers_and_nothing_is_analysed_twice(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool
) -> None:
    engine, documents = sent
    publish()
    assert drain_outbox(engine).sent == ARTICLES
    assert len(documents) == sum(helped.asked) == ARTICLES
    assert all(map(true, documents))
    assert verify_index(engine).faults.ids() == []
    assert vocabulary_store.current_vocabulary().counts() == counted_alone()


@pytest.mark.django_db
def test_texts_of_scans_are_analysed_once_and_with_their_low_confidence_words(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, documents = sent
    batch = publish()
    misread = batch.article_set.order_by("pk")[25]
    Article.objects.filter(pk=misread.pk).update(
        body="عقد الموتمز في المدينة", low_confidence_words="الموتمز"
    )
    Outbox.objects.filter(kind=Outbox.Kind.ARTICLE).delete()  # of the change: the batch sends it
    again: list[str] = []
    monkeypatch.setattr("search.engines.analyzed_text._analyze_cached", lambda *texts: again.append(texts[0]))
    assert drain_outbox(engine).sent == ARTICLES
    assert again == []
    assert all(map(true, documents))
    analyzed = next(each.analyzed_text for each in documents if each.id == misread.pk)
    assert analyzed
    assert MISREAD_MARKER in analyzed.body.forms


@pytest.mark.django_db
def test_a_chunk_that_is_read_ahead_is_bounded_by_characters(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, documents = sent
    monkeypatch.setattr(changes, "MAX_CHUNK_CHARACTERS", 5_000)
    batch = publish()
    ids = list(batch.article_set.order_by("pk").values_list("pk", flat=True))
    Article.objects.filter(pk=ids[15]).update(body="نص طويل " * 2_000)
    Article.objects.filter(pk=ids[14]).update(state="withdrawn")
    Outbox.objects.filter(kind=Outbox.Kind.ARTICLE).delete()  # of these changes: the batch sends them
    held: list[list[int]] = []
    texts = prefetch.fan_out_texts

    def noted(batch_id: int | None, cursor: int, limit: int) -> FanOutTexts:
        found = texts(batch_id, cursor, limit)
        held.append([len(title) + len(body) for _pk, title, body, _words in found.texts])
        return found

    monkeypatch.setattr(prefetch, "fan_out_texts", noted)
    drain_outbox(engine)
    assert all(sum(each) <= 5_000 or len(each) == 1 for each in held)
    assert max(map(len, held)) > 1
    assert sorted(each.id for each in documents) == [pk for pk in ids if pk != ids[14]]
    assert sum(helped.asked) == ARTICLES - 1
    assert verify_index(engine).faults.ids() == []


@pytest.mark.django_db
def test_a_text_that_changes_meanwhile_is_sent_as_it_is_now(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, documents = sent
    batch = publish()
    ids = list(batch.article_set.order_by("pk").values_list("pk", flat=True))
    texts = prefetch.fan_out_texts

    def then_changed(batch_id: int | None, cursor: int, limit: int) -> FanOutTexts:
        found = texts(batch_id, cursor, limit)
        Article.objects.filter(pk=ids[12]).update(body="نص آخر")
        Article.objects.filter(pk=ids[13]).update(state="withdrawn")
        return found

    monkeypatch.setattr(prefetch, "fan_out_texts", then_changed)
    drain_outbox(engine)
    assert all(true(document) for document in documents if document.analyzed_text)
    assert {document.body for document in documents if document.id == ids[12]} == {"نص آخر"}
    assert ids[13] not in {document.id for document in documents}
    assert verify_index(engine).faults.ids() == []
    assert "آخر" in vocabulary_store.current_vocabulary() or "اخر" in vocabulary_store.current_vocabulary()


@pytest.mark.django_db
def test_texts_are_analysed_without_the_lock_and_two_chunks_more_are_submitted_before(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _documents = sent
    publish()
    seen: list[int] = []
    send = outbox_consumer.send_changes

    def counted(apply: Callable[[Sequence[Change]], None], changes: Sequence[Change]) -> dict[int, str]:
        seen.append(sum(helped.asked))
        return send(apply, changes)

    monkeypatch.setattr(outbox_consumer, "send_changes", counted)
    drain_outbox(engine)
    assert seen == [20, ARTICLES, ARTICLES, ARTICLES]  # while the first 10, 20, 30 and all are sent


@pytest.mark.django_db
def test_while_a_worker_has_the_last_task_of_a_chunk_the_next_ones_are_begun(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _documents = sent
    publish()
    offered: dict[bool, set[int]] = {True: set(), False: set()}
    finish = OrderedProcessPool.finish

    def noted(pool: Any, task: Any, others: Sequence[Any]) -> Any:
        offered[is_held("drain")].add(len(others))
        return finish(pool, task, others)

    monkeypatch.setattr(OrderedProcessPool, "finish", noted)
    drain_outbox(engine)
    # A chunk of ten is three tasks, and two chunks follow the first. A save waits for the lock, so under it
    # only the chunk itself is done.
    assert offered == {True: {2, 3}, False: {8, 5, 2}}


@pytest.mark.django_db
def test_batches_are_left_to_the_process_that_analyses_them(
    sent: tuple[EmbeddedEngine, list[IndexDocument]],
) -> None:
    engine, documents = sent
    batch = publish()
    alone = Article.objects.create(title="خبر", body="نص وحيد")
    with locked("fan-out"):  # the process of the import
        drain_outbox(engine, leave_fan_outs=True)
        assert alone.pk in {document.id for document in documents}
        assert Outbox.objects.filter(kind=Outbox.Kind.FAN_OUT, batch_id=batch.pk).exists()
    drain_outbox(engine, leave_fan_outs=True)
    assert not Outbox.objects.exists()
    assert {document.id for document in documents} >= set(Article.objects.values_list("pk", flat=True))


def killed(*_: object) -> object:
    raise BrokenProcessPool


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["handed over", "asked for"])
def test_a_killed_process_costs_time_only(
    when: str,
    sent: tuple[EmbeddedEngine, list[IndexDocument]],
    helped: Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine, _documents = sent
    if when == "handed over":
        monkeypatch.setattr(helped, "submit", killed)
    else:
        helped.do = killed
    publish()
    assert drain_outbox(engine).sent == ARTICLES
    assert verify_index(engine).faults.ids() == []
    assert vocabulary_store.current_vocabulary().counts() == counted_alone()


@pytest.mark.django_db
def test_an_article_that_cannot_be_analysed_is_refused_alone(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _documents = sent
    pk = publish().article_set.order_by("pk")[5].pk
    Article.objects.filter(pk=pk).update(title="زر")

    def broken(title: str, *rest: Any) -> object:
        return 1 // 0 if title == "زر" else analyze_article_text(title, *rest)

    monkeypatch.setattr("search.indexing.prefetch.analyze_article_text", broken)
    monkeypatch.setattr("search.engines.analyzed_text._analyze_cached", broken)
    assert set(drain_outbox(engine).refused) == {pk}
    assert set(Outbox.objects.values_list("article_id", flat=True)) == {pk}


@pytest.mark.django_db
def test_run_together_words_are_cut_by_the_words_of_the_last_rebuild(
    sent: tuple[EmbeddedEngine, list[IndexDocument]], helped: Pool
) -> None:
    engine, documents = sent
    vocabulary_store.store_part(
        vocabulary_store.Kind.FROZEN, WordCounter().counts()._replace(words={"دمشققال": 50}, articles=60)
    )
    publish()
    drain_outbox(engine)
    assert all(map(true, documents))
    assert all(document.analyzed_text for document in documents)


@pytest.mark.django_db
def test_a_real_worker_analyses_the_articles(sent: tuple[EmbeddedEngine, list[IndexDocument]]) -> None:
    engine, documents = sent
    publish()
    with worker_processes.keep_alive():
        worker_processes.get_executor(1).submit(len, "").result()
        drain_outbox(engine)
    assert all(map(true, documents))
    assert vocabulary_store.current_vocabulary().counts() == counted_alone()


@given(st.lists(st.tuples(SCRAPED_TEXTS, SCRAPED_TEXTS), max_size=9), st.integers(1, 4), st.booleans())
def test_counts_put_together_are_those_of_all(texts: list[tuple[str, str]], parts: int, half: bool) -> None:
    def some(words: set[str]) -> set[str]:
        return {word for word in words if not half or len(word) % 2}

    counted = [WordCounter() for _ in range(parts)]
    for number, (title, body) in enumerate(texts):
        counted[number % parts].add(title, body)
    assert merge_counts([each.to_part() for each in counted], some, some) == count_unknown_words(
        texts, some, some
    )
