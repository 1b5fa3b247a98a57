"""Frequent words are analyzed once for all processes; other words are never written to disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from arabic import analyzer
from arabic.analyzer import AnalyzedWordCache
from arabic.morphology.analyzed_words import AnalyzedWord, AnalyzedWordStore
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER
from arabic.vocabulary.frequencies import is_frequent_word
from articles.ingest.process_pool import worker_processes
from search.engines.embedded.engine import EmbeddedEngine
from search.indexing import outbox_consumer
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.prefetch import analyze_batch
from search.vocabulary import word_form_cache
from search.vocabulary.word_form_cache import MIN_ARTICLES_TO_LOAD, WordFormCache
from tests.search.indexing.test_prefetch import Pool, publish

LISTED, UNLISTED = ("المدينه", "حمص", "ومارس", "والسلام"), "زخطفقشمنم"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ARCHIVE_DATA_DIR = tmp_path
    fresh_process(monkeypatch)
    monkeypatch.setattr(word_form_cache, "MIN_NEW_WORDS_TO_SAVE", 1)
    return tmp_path / "cache"


def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget all analyzed words, as a new process."""
    known = AnalyzedWordStore()
    for module in (analyzer, word_form_cache):
        monkeypatch.setattr(module, "analyzed_words", known)


def met(*words: str) -> dict[str, AnalyzedWord]:
    types = AnalyzedWordCache(SHIPPED_DECOMPOUNDER)
    found = {word: types[word] for word in words}
    readings = {word: analyzer.analyzed_words.get(word) or AnalyzedWord("", "", False) for word in words}
    return {
        word: readings[word]._replace(
            stem=each.stem, lemma_field=each.lemma_field, needs_context=each.needs_context, prior=each.prior
        )
        for word, each in found.items()
    }


def read_again(
    monkeypatch: pytest.MonkeyPatch, articles: int = MIN_ARTICLES_TO_LOAD
) -> dict[str, AnalyzedWord]:
    """Return the words that another process loads before it analyzes this number of articles."""
    fresh_process(monkeypatch)
    WordFormCache().load_if_worthwhile(articles)
    return dict(analyzer.analyzed_words.items())


def test_cached_words_equal_analyzed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    before = met(*LISTED)
    WordFormCache().save_if_worthwhile()
    assert read_again(monkeypatch) == before
    assert met(*LISTED) == before
    assert not analyzer.analyzed_words.new_words, "what was read is not worked out again"


def test_only_words_of_the_public_list_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_frequent_word(UNLISTED)
    met(UNLISTED, *LISTED)
    WordFormCache().save_if_worthwhile()
    assert set(read_again(monkeypatch)) == set(LISTED)


def test_later_words_are_saved_with_those_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = met(*LISTED[:2])
    WordFormCache().save_if_worthwhile()
    fresh_process(monkeypatch)
    before |= met(*LISTED[2:])
    WordFormCache().save_if_worthwhile()
    assert read_again(monkeypatch) == before


def test_in_the_middle_of_a_batch_only_very_many_words_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = met(*LISTED)
    WordFormCache().save_if_worthwhile(more_follow=True)
    assert not folder.exists()
    monkeypatch.setattr(word_form_cache, "MAX_UNSAVED_WORDS", len(LISTED))
    WordFormCache().save_if_worthwhile(more_follow=True)
    assert read_again(monkeypatch) == before


def test_caches_of_other_tables_are_ignored_and_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met(*LISTED)
    WordFormCache().save_if_worthwhile()
    monkeypatch.setattr(word_form_cache, "analysis_version", lambda: "other")
    assert read_again(monkeypatch) == {}
    met(*LISTED)
    WordFormCache().save_if_worthwhile()
    assert [file.name for file in folder.iterdir()] == ["words-other.marisa"]


@pytest.mark.parametrize("damage", [lambda whole: b"no table", lambda whole: whole[: len(whole) // 2]])
def test_a_damaged_file_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    met(*LISTED)
    WordFormCache().save_if_worthwhile()
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert read_again(monkeypatch) == {}
    before = met(*LISTED)
    WordFormCache().save_if_worthwhile()
    assert read_again(monkeypatch) == before


def test_a_few_articles_do_not_load_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    met(*LISTED)
    WordFormCache().save_if_worthwhile()
    assert read_again(monkeypatch, MIN_ARTICLES_TO_LOAD - 1) == {}


@pytest.mark.django_db
def test_beside_worker_processes_the_file_is_read_before_the_first_chunk(
    index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, has_read = WordFormCache(), []
    monkeypatch.setattr(outbox_consumer, "word_form_cache", cache)

    def analyze(*task: Any) -> object:
        has_read.append(cache._read)
        return analyze_batch(*task)

    monkeypatch.setattr(worker_processes, "current_executor", lambda: Pool(analyze))
    publish()
    drain_outbox(EmbeddedEngine(index_folder))
    assert has_read
    assert all(has_read)
