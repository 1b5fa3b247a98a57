"""Damaged files of the embedded index: each kind of damage is noticed, or changes no answer."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search.engines.contract import (
    FACETS,
    EngineRequest,
    IndexDamaged,
    IndexDocument,
    IndexMissing,
    Put,
    Remove,
)
from search.engines.embedded import EmbeddedEngine
from search.engines.engine_errors import IndexOfOtherRelease
from search.query_tree import Term

WORDS = ("قصف", "هدنة", "حمص", "حماة", "الرقة", "مؤتمر", "انتخابات", "مطر")
SEGMENT_FILES = ("idx", "term", "pos", "store", "fast", "fieldnorm", "del")
FILES = ("CURRENT", "meta.json", ".managed.json", "analysis.json", *SEGMENT_FILES)
#: How often each file is damaged in each way that depends on chance.
ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))


def overwrite(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(400):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


def flip_a_bit(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


DAMAGES: dict[str, Callable[[Path, random.Random], None]] = {
    "empty": lambda path, chance: path.write_bytes(b"") and None,
    "gone": lambda path, chance: path.unlink(),
    "cut": cut,
    "bytes": overwrite,
    "bit": flip_a_bit,
}


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index with several segments and lists of deletes."""
    folder = tmp_path_factory.mktemp("intact") / "index"
    engine, chance = EmbeddedEngine(folder), random.Random(7)  # noqa: S311  texts, no secret
    engine.ensure_index()

    def changes(*ids: int) -> list[Put]:
        texts = ((id, " ".join(chance.choices(WORDS, k=40))) for id in ids)
        return [
            Put(IndexDocument(id, text[:20], text, source=id % 3, first_day=20150700 + id % 28 + 1,
                              precision="day", fingerprint=f"{id} {text}"))
            for id, text in texts
        ]  # fmt: skip

    for number in range(1, 4):
        engine.apply(changes(*range(100 * number, 100 * number + 60)), number)
    engine.apply(changes(*range(100, 120)), 4)
    engine.apply([Remove(130)], 5)
    return folder


def answers(engine: EmbeddedEngine) -> Any:
    """Return what searches say."""
    found = [
        engine.search(EngineRequest(Term("body", "exact", word), limit=200, facets=FACETS)) for word in WORDS
    ]
    articles = engine.analyzed_articles(range(100, 400))
    return found, list(engine.fingerprints()), engine.newest_version(), sorted(articles)


def is_noticed(engine: EmbeddedEngine) -> bool:
    try:
        return bool(engine.file_faults()) or engine.status().analysis_version == ""
    except (IndexMissing, IndexOfOtherRelease):
        return True  # the next start or drain makes another


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_damage_is_noticed_or_harmless(intact: Path, tmp_path: Path, file: str, how: str) -> None:
    before = answers(EmbeddedEngine(intact))
    for seed in range(ROUNDS if how in ("cut", "bytes", "bit") else 1):
        chance = random.Random(f"{file} {how} {seed}")  # noqa: S311  damage, no secret
        folder = tmp_path / str(seed)
        shutil.copytree(intact, folder)
        files = [path for path in folder.rglob("*") if path.name == file or path.suffix == f".{file}"]
        DAMAGES[how](chance.choice(sorted(files)), chance)
        engine = EmbeddedEngine(folder)
        assert is_noticed(engine) or answers(engine) == before, f"seed {seed}"
        shutil.rmtree(folder)


def test_an_index_known_to_be_damaged_is_not_searched_by_any_process(intact: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(intact, folder)
    searching = EmbeddedEngine(folder)
    before = answers(searching)
    postings = next(folder.rglob("*.idx"))
    postings.write_bytes(bytes(9) + postings.read_bytes()[9:])
    assert EmbeddedEngine(folder).file_faults() == [f"{postings.name}: its checksum is wrong"]
    with pytest.raises(IndexDamaged):
        answers(searching)
    with EmbeddedEngine(folder).temporary_index() as apart:
        assert apart.file_faults() == []
    assert before == answers(EmbeddedEngine(intact))


def test_a_search_that_fails_on_damaged_files_asks_for_their_verification(
    intact: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    shutil.copytree(intact, folder)
    chance = random.Random(3)  # noqa: S311  damage, no secret
    for columns in folder.rglob("*.fast"):
        data = columns.read_bytes()
        columns.write_bytes(chance.randbytes(len(data) - 200) + data[-200:])
    engine = EmbeddedEngine(folder)
    assert not engine.is_suspected()
    with pytest.raises(IndexDamaged):
        answers(engine)
    assert engine.is_suspected()
    assert len(engine.file_faults()) >= 3


def test_an_intact_index_has_no_faults_and_is_no_longer_suspected(intact: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(intact, folder)
    engine = EmbeddedEngine(folder)
    engine._marks.suspect(engine.status().index)
    assert engine.is_suspected()
    assert engine.file_faults() == []
    assert not engine.is_suspected()
