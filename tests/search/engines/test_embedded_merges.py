"""Merges of the embedded index, the files that they leave, and the bytes of removed articles."""

from __future__ import annotations

import itertools
import random
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.contract import (
    EngineRequest,
    IndexDocument,
    Put,
    Remove,
)
from search.engines.embedded import EmbeddedEngine, index_writer
from search.engines.embedded.index_writer import MAX_SMALL_SEGMENTS, segments_to_merge
from search.engines.embedded.segment_files import SegmentEntry, SegmentFiles
from search.query_tree import MatchAll, Node, NumberRange, Phrase, Term
from tests.search.engines.suite.other_process import FORK
from tests.search.engines.suite.small import put

ALL = EngineRequest(MatchAll(), limit=1000)


def files_of(embedded: EmbeddedEngine) -> SegmentFiles:
    """Return the files of the serving index."""
    return embedded._files(embedded.status().index)


def segments_of(embedded: EmbeddedEngine) -> int:
    """Return the number of segments that the serving index has now."""
    return embedded._view()[1].searcher.num_segments


@pytest.mark.slow
def test_two_hundred_edits_leave_few_segments_and_no_file_that_nothing_names(
    embedded: EmbeddedEngine,
) -> None:
    chance = random.Random(2)  # noqa: S311  which articles are edited, no secret
    for first in range(1, 401, 100):
        embedded.apply(put(*range(first, first + 100)), 1)
    for version in range(2, 202):
        embedded.apply(put(chance.randrange(1, 401)), version, interactive=True)
        assert embedded.status().dead_bytes == 0
        assert segments_of(embedded) <= MAX_SMALL_SEGMENTS + 1
    ids = [id for id, _fingerprint in embedded.fingerprints()]
    assert ids == list(range(1, 401))
    assert embedded.search(EngineRequest(Term("body", "exact", "قصف"))).total == 400


def test_an_import_in_batches_leaves_no_file_that_nothing_names(embedded: EmbeddedEngine) -> None:
    for version in range(1, 20):
        embedded.apply(put(*range(30 * version, 30 * version + 30)), version)
        assert embedded.status().dead_bytes == 0
        assert segments_of(embedded) <= MAX_SMALL_SEGMENTS + 1
    assert embedded.status().documents == 19 * 30


def test_a_save_rewrites_only_what_was_saved_shortly_before(embedded: EmbeddedEngine) -> None:
    embedded.apply(put(*range(1000)), 1)
    (large,) = files_of(embedded).segments()
    for version in range(2, 60):
        embedded.apply(put(2000 + version), version, interactive=True)
    assert large in files_of(embedded).segments()


def segments_with(*sizes: int) -> list[SegmentEntry]:
    return [SegmentEntry(str(number), size) for number, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        ([40, 20, 7, 3, 1, 5], []),
        ([40, 20, 7, 3, 1, 1, 5], [1, 1, 3, 5, 7]),
        ([12000, 4000, 900, 1, 1, 1, 1], [1, 1, 1, 1]),
        ([12000, 4000, 900, 800, 700, 600, 1], [1, 600, 700, 800, 900]),
        ([3900, 3600, 3000, 1700, 1, 1, 1], [1, 1, 1]),
        ([600] * 7, [600] * 7),
        ([90_000, 80_000, 70_000, 60_000, 50_000, 1, 1], []),
    ],
)
def test_the_smallest_segments_are_merged_until_the_next_is_larger(
    sizes: list[int], merged: list[int]
) -> None:
    assert [segment.live for segment in segments_to_merge(segments_with(*sizes))] == merged


@given(st.lists(st.integers(1, 700), min_size=1, max_size=300), st.integers(0, 15_000))
def test_growth_leaves_few_segments_and_rewrites_each_article_a_few_times(
    writes: list[int], held: int
) -> None:
    sizes, rewritten = ([held] if held else []), 0
    for size in writes:
        sizes.append(size)
        merged = [segment.live for segment in segments_to_merge(segments_with(*sizes))]
        for one in merged:
            sizes.remove(one)
        rewritten += sum(merged)
        sizes += [sum(merged)] if merged else []
        assert sum(one <= 16_000 for one in sizes) <= MAX_SMALL_SEGMENTS
    assert sum(sizes) == held + sum(writes)
    assert rewritten <= held + 16 * sum(writes)


def test_merged_articles_are_found_as_before(embedded: EmbeddedEngine) -> None:
    """Check dates, sources, words and stored tokens of a merge of single articles, with a deletion."""
    words = {1: "سعيد", 2: "كريم", 3: "سالم"}
    for pair in ((1, 7), (2, 8), (3, 9)):
        changes = [
            Put(IndexDocument(id, "عنوان", f"{words.get(id, '')} بحمص", source=id, fingerprint=str(id)))
            for id in pair
        ]
        embedded.apply(changes, 1)
    embedded.apply([Remove(id) for id in (2, 7, 8, 9)], 9)

    nodes: list[Node] = [Term("body", "exact", word) for word in ("بحمص", *words.values())]
    nodes += [Phrase("body", "exact", ("سالم", "بحمص")), NumberRange("source", 2, 3)]

    def found() -> list[int]:
        return [embedded.search(EngineRequest(node)).total for node in nodes]

    before = found()
    embedded.expunge_deletes()
    assert [segment.documents for segment in files_of(embedded).segments()] == [4, 2]
    assert found() == before == [2, 1, 0, 1, 1, 1]
    assert list(embedded.fingerprints()) == [(1, "1"), (3, "3")]
    embedded.apply(put(2), 8)
    assert embedded.status().documents == 2, "the tombstone is still there"


def test_a_merge_that_fails_costs_no_write(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no links on this disk")

    monkeypatch.setattr(SegmentFiles, "link", fail)
    for version in range(1, 20):
        embedded.apply(put(version), version, interactive=True)
        assert embedded.status().dead_bytes == 0
    assert embedded.status().documents == 19
    assert segments_of(embedded) < 8, "Tantivy merges at the eighth"
    assert "no links on this disk" in caplog.text


def _write_until_killed(path: Path, pipe: Connection) -> None:
    engine = EmbeddedEngine(path)
    pipe.send("ready")
    for version in itertools.count(2):
        engine.apply(put(*range(version % 7 * 20, version % 7 * 20 + 20)), version, interactive=True)


@pytest.mark.slow
def test_the_next_write_removes_what_a_killed_writer_left(
    embedded: EmbeddedEngine, index_folder: Path
) -> None:
    embedded.apply(put(*range(140)), 1)
    chance = random.Random()  # noqa: S311  moments to kill at, no secret
    left = 0
    for attempt in range(40):
        ours, theirs = FORK.Pipe()
        writer = FORK.Process(target=_write_until_killed, args=(index_folder, theirs))
        writer.start()
        assert ours.recv() == "ready"
        ours.poll(chance.uniform(0.0, 0.15))
        writer.kill()
        writer.join()
        left += embedded.status().dead_bytes
        embedded.apply(put(7), 10_000 + attempt)
        assert embedded.status().dead_bytes == 0
        assert sorted(path.name for path in files_of(embedded).home.glob("merge*")) == []
        assert embedded.status().documents == 140
    assert left, "or no writer was killed while it wrote"


def _reload_until_told(path: Path, pipe: Connection) -> None:
    seen: set[Any] = set()
    pipe.send("ready")
    while not pipe.poll():
        engine = EmbeddedEngine(path)  # opens the segments anew
        try:
            seen.add(engine.search(ALL).total)
        except Exception as error:  # shown by the parent's assertion
            seen.add(repr(error))
    pipe.send(seen)


@pytest.mark.slow
def test_processes_that_open_the_index_during_merges_always_find_everything(
    embedded: EmbeddedEngine, index_folder: Path
) -> None:
    embedded.apply(put(*range(50)), 1)
    readers = []
    for _ in range(2):
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=_reload_until_told, args=(index_folder, theirs))
        process.start()
        assert ours.recv() == "ready"
        readers.append((process, ours))
    for version in range(2, 60):
        embedded.apply(put(version % 50), version, interactive=True)
        if version % 10 == 0:
            embedded.expunge_deletes()
    for process, ours in readers:
        ours.send("stop")
        assert ours.recv() == {50}
        process.join()


#: Rare words: an Arabic one is searched for among the terms, one of Latin letters also in the bytes of files,
#: where the compression of stored texts leaves what occurs once as it is.
WORDS = "زغردخيشوم", "zqxjkvwpt"
TEXT_FIELDS = [f"{name}_{level}" for name in ("title", "body") for level in ("exact", "light", "forms")]


def places_of_words(embedded: EmbeddedEngine) -> set[str]:
    """Return the fields and files of the folder in which one of WORDS occurs, deleted documents included."""
    searcher = embedded._view()[1].searcher
    fields = {field for field in TEXT_FIELDS for word in WORDS if searcher.doc_freq(field, word)}
    files = {path for path in embedded._folder.path.rglob("*") if path.is_file()}
    return fields | {path.suffix for path in files for word in WORDS if word.encode() in path.read_bytes()}


def test_no_word_of_a_removed_article_is_left_in_the_folder(embedded: EmbeddedEngine) -> None:
    text = " ".join(WORDS)
    embedded.apply([*put(*range(1, 40)), Put(IndexDocument(77, text, f"قال {text} إن القافلة وصلت"))], 1)
    embedded.apply([Put(IndexDocument(78, text, text)), *put(1, 2)], 2)
    embedded.apply([Put(IndexDocument(78, "", "غيره")), Remove(77)], 3, interactive=True)
    assert places_of_words(embedded) >= {".store", "body_exact", "title_light"}, "or the test proves nothing"
    embedded.expunge_deletes()
    assert places_of_words(embedded) == set()
    status = embedded.status()
    assert (status.documents, status.deleted_documents, status.dead_bytes) == (40, 0, 0)


def test_large_segments_are_rewritten_too(embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_writer, "_SMALL_SEGMENT", 10)
    for version in (1, 2, 3):
        embedded.apply(put(*range(100 * version, 100 * version + 30)), version)
    embedded.apply([Remove(100), Remove(200)], 9)
    untouched = [segment for segment in files_of(embedded).segments() if not segment.deleted]
    embedded.expunge_deletes()
    assert sorted(segment.documents for segment in files_of(embedded).segments()) == [2, 29, 29, 30]
    assert {segment.id for segment in untouched} < {segment.id for segment in files_of(embedded).segments()}
    assert embedded.status().documents == 88


def test_expunging_twice_changes_nothing(embedded: EmbeddedEngine) -> None:
    embedded.apply(put(1, 2), 1)
    embedded.apply([Remove(1)], 2)
    embedded.expunge_deletes()
    before = files_of(embedded).segments()
    embedded.expunge_deletes()
    assert files_of(embedded).segments() == before


def test_the_status_tells_dead_bytes_and_deleted_documents(embedded: EmbeddedEngine) -> None:
    embedded.apply(put(1, 2), 1)
    embedded.apply(put(1), 2)
    (files_of(embedded).home / f"{'0' * 32}.store").write_bytes(bytes(1000))
    status = embedded.status()
    assert (status.dead_bytes, status.deleted_documents) == (1000, 1)
    assert status.live_bytes > 1000
