"""Frequent words are analysed once for all processes; no other word comes to the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from arabic import analyzer
from arabic.analyzer import WordTypes
from arabic.morphology.analyzed_words import ListedTypes, WordType
from arabic.morphology.decompounding import SHIPPED
from arabic.vocabulary.frequencies import is_listed
from search.vocabulary import word_form_cache
from search.vocabulary.word_form_cache import MANY_ARTICLES, WordCache

LISTED, UNLISTED = ("المدينه", "حمص", "ومارس", "والسلام"), "زخطفقشمنم"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ARCHIVE_DATA_DIR = tmp_path
    fresh_process(monkeypatch)
    monkeypatch.setattr(word_form_cache, "MANY_WORDS", 1)
    return tmp_path / "cache"


def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that met no word yet."""
    known = ListedTypes()
    for module in (analyzer, word_form_cache):
        monkeypatch.setattr(module, "listed_types", known)


def met(*words: str) -> dict[str, WordType]:
    types = WordTypes(SHIPPED)
    return {word: types[word] for word in words}


def read_again(monkeypatch: pytest.MonkeyPatch, articles: int = MANY_ARTICLES) -> dict[str, WordType]:
    """What another process knows before so many articles."""
    fresh_process(monkeypatch)
    WordCache().warm(articles)
    return dict(analyzer.listed_types.items())


def test_what_is_read_is_what_was_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    before = met(*LISTED)
    WordCache().keep()
    assert read_again(monkeypatch) == before
    assert met(*LISTED) == before
    assert not analyzer.listed_types.met, "what was read is not worked out again"


def test_only_words_of_the_public_list_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_listed(UNLISTED)
    met(UNLISTED, *LISTED)
    WordCache().keep()
    assert set(read_again(monkeypatch)) == set(LISTED)


def test_words_met_later_are_kept_with_those_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = met(*LISTED[:2])
    WordCache().keep()
    fresh_process(monkeypatch)
    before |= met(*LISTED[2:])
    WordCache().keep()
    assert read_again(monkeypatch) == before


def test_in_the_middle_of_a_batch_only_very_many_words_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = met(*LISTED)
    WordCache().keep(going_on=True)
    assert not folder.exists()
    monkeypatch.setattr(word_form_cache, "TOO_MANY_WORDS", len(LISTED))
    WordCache().keep(going_on=True)
    assert read_again(monkeypatch) == before


def test_another_version_of_the_tables_reads_nothing_and_clears_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met(*LISTED)
    WordCache().keep()
    monkeypatch.setattr(word_form_cache, "analysis_version", lambda: "other")
    assert read_again(monkeypatch) == {}
    met(*LISTED)
    WordCache().keep()
    assert [file.name for file in folder.iterdir()] == ["words-other.marisa"]


@pytest.mark.parametrize("damage", [lambda whole: b"no table", lambda whole: whole[: len(whole) // 2]])
def test_a_damaged_file_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    met(*LISTED)
    WordCache().keep()
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert read_again(monkeypatch) == {}
    before = met(*LISTED)
    WordCache().keep()
    assert read_again(monkeypatch) == before


def test_a_few_articles_do_not_wait_for_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    met(*LISTED)
    WordCache().keep()
    assert read_again(monkeypatch, MANY_ARTICLES - 1) == {}
