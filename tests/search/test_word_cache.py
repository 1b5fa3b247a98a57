"""Frequent words are analysed once for all processes; no other word comes to the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from arabic import levels
from arabic.frequencies import is_listed
from arabic.levels import WordTypes
from arabic.splitting import SHIPPED
from search.words import word_cache
from search.words.word_cache import MANY_ARTICLES, WordCache

LISTED, UNLISTED = ("المدينه", "حمص", "ومارس", "والسلام"), "زخطفقشمنم"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ARCHIVE_DATA_DIR = tmp_path
    monkeypatch.setattr(levels, "listed_types", {})
    monkeypatch.setattr(word_cache, "listed_types", levels.listed_types)
    monkeypatch.setattr(word_cache, "MANY_WORDS", 1)
    return tmp_path / "cache"


def met(*words: str) -> dict[str, levels.WordType]:
    types = WordTypes(SHIPPED)
    return {word: types[word] for word in words}


def read_again() -> dict[str, levels.WordType]:
    levels.listed_types.clear()
    WordCache().warm(MANY_ARTICLES)
    return dict(levels.listed_types)


def test_what_is_read_is_what_was_worked_out() -> None:
    before = met(*LISTED)
    WordCache().keep()
    assert read_again() == before
    assert met(*LISTED) == before


def test_only_words_of_the_public_list_are_kept(folder: Path) -> None:
    assert not is_listed(UNLISTED)
    met(UNLISTED, *LISTED)
    WordCache().keep()
    (file,) = folder.iterdir()
    assert UNLISTED not in file.read_text(encoding="utf-8")
    assert set(read_again()) == set(LISTED)


def test_another_version_of_the_tables_reads_nothing_and_clears_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met(*LISTED)
    WordCache().keep()
    monkeypatch.setattr(word_cache, "analysis_version", lambda: "other")
    assert read_again() == {}
    met(*LISTED)
    WordCache().keep()
    assert [file.name for file in folder.iterdir()] == ["words-other.tsv"]


def test_a_damaged_file_is_made_anew(folder: Path) -> None:
    met(*LISTED)
    WordCache().keep()
    (file,) = folder.iterdir()
    file.write_text("no table", encoding="utf-8")
    assert read_again() == {}
    before = met(*LISTED)
    WordCache().keep()
    assert read_again() == before


def test_a_few_articles_do_not_wait_for_the_file() -> None:
    met(*LISTED)
    WordCache().keep()
    levels.listed_types.clear()
    WordCache().warm(MANY_ARTICLES - 1)
    assert not levels.listed_types
