"""The embedded engine alone: files, locks, the pointer, limits."""

from __future__ import annotations

import itertools
import json
import random
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.contract import (
    EngineBusy,
    EngineError,
    EngineRequest,
    IndexDocument,
    IndexMissing,
    Put,
    Remove,
)
from search.engines.embedded import EmbeddedEngine, index_writer
from search.engines.embedded.index_folder import IndexFolder, SegmentEntry, SegmentFiles
from search.engines.embedded.index_writer import MAX_SMALL_SEGMENTS, segments_to_merge
from search.engines.embedded.schema import sort_keys
from search.query_tree import MatchAll, Node, NumberRange, Phrase, Term
from tests.search.engines.suite.other_process import FORK

ALL = EngineRequest(MatchAll(), limit=1000)


@pytest.fixture
def embedded(index_folder: Path) -> EmbeddedEngine:
    engine = EmbeddedEngine(index_folder)
    engine.ensure_index()
    return engine


def files_of(embedded: EmbeddedEngine) -> SegmentFiles:
    """Return the files of the serving index."""
    return embedded._files(embedded.status().index)


def segments_of(embedded: EmbeddedEngine) -> int:
    """Return the number of segments that the serving index has now."""
    return embedded._view()[1].searcher.num_segments


def test_a_second_writer_gets_engine_busy(embedded: EmbeddedEngine) -> None:
    with embedded._folder.writer_lock(), pytest.raises(EngineBusy):
        embedded.apply([Remove(1)], 1)
    embedded.apply([Remove(1)], 1)


def test_a_failed_write_releases_the_lock_and_writes_nothing(
    embedded: EmbeddedEngine,
) -> None:
    with pytest.raises(EngineError, match="out of the embedded engine's range"):
        embedded.apply([Put(IndexDocument(1, "", "حمص")), Put(IndexDocument(2**40, "", "حمص"))], 1)
    assert embedded.search(ALL).total == 0
    embedded.apply([Put(IndexDocument(3, "", "حمص"))], 2)
    assert embedded.search(ALL).total == 1


def test_the_pointer_is_replaced_atomically_and_leaves_no_other_file(
    embedded: EmbeddedEngine, index_folder: Path
) -> None:
    for version in range(3):
        build = embedded.start_rebuild()
        build.apply([Put(IndexDocument(1, "", "حمص"))], version)
        build.publish()
        assert (index_folder / "CURRENT").read_text() == build.name
    assert sorted(path.name for path in index_folder.iterdir()) == sorted(
        ["CURRENT", "LISTING", "WRITER", build.name]
    )


def test_a_rebuild_purges_tombstones(embedded: EmbeddedEngine) -> None:
    embedded.apply([Put(IndexDocument(1, "", "حمص"))], 1)
    embedded.apply([Remove(1)], 2)
    assert embedded._view()[1].searcher.num_docs == 1
    build = embedded.start_rebuild()
    build.publish()
    assert embedded._view()[1].searcher.num_docs == 0


def put(*ids: int) -> list[Put]:
    return [Put(IndexDocument(id, "", "قصف بحمص وحماة والرقة " * 30)) for id in ids]


def test_the_first_article_of_a_merging_write_is_not_duplicated(embedded: EmbeddedEngine) -> None:
    # A large segment without deletes in the last commit, and small ones with deletes: the last write merges
    # them all.
    embedded.apply(put(*range(800)), 1)
    small = [range(1000 + 100 * number, 1100 + 100 * number) for number in range(7)]
    for ids in small:
        embedded.apply(put(*ids), 1)
    embedded.apply(put(*(ids[50] for ids in small)), 2)
    embedded.apply(put(small[3][10], 5000), 3)
    assert embedded.status().documents == 800 + 700 + 1
    found = [id for id, _fingerprint in embedded.fingerprints()]
    assert len(found) == len(set(found))


def test_a_writer_killed_before_its_commit_does_not_block_others(
    embedded: EmbeddedEngine, index_folder: Path
) -> None:
    embedded.apply(put(1, 2), 1)
    home = index_folder / embedded.status().index
    meta = json.loads((home / "meta.json").read_text())
    segment = meta["segments"][0]["segment_id"].replace("-", "")
    for later in range(1, 9):
        (home / f"{segment}.{meta['opstamp'] + later}.del").touch()
    embedded.apply(put(1), 2)
    assert embedded.status().documents == 2


def test_a_truncated_index_is_an_engine_error(embedded: EmbeddedEngine, index_folder: Path) -> None:
    name = embedded.status().index
    (index_folder / name / "meta.json").write_text("{")
    with pytest.raises(EngineError):
        EmbeddedEngine(index_folder).search(ALL)


def test_facets_beyond_tantivys_limit_raise_an_error(
    embedded: EmbeddedEngine,
) -> None:
    places = tuple(range(1, 70_000))
    embedded.apply([Put(IndexDocument(1, "", "", places=places))], 1)
    with pytest.raises(EngineError, match="bucket limit"):
        embedded.search(EngineRequest(MatchAll(), facets=("place",)))


def test_ranges_may_be_open_and_reversed_ones_are_empty(embedded: EmbeddedEngine) -> None:
    documents = [IndexDocument(id, "", "", source=id if id else None) for id in range(4)]
    embedded.apply([Put(one) for one in documents], 1)

    def found(low: int | None, high: int | None) -> list[int]:
        request = EngineRequest(NumberRange("source", low, high))
        return [hit.id for hit in embedded.search(request).hits]

    assert found(None, None) == [1, 2, 3]
    assert found(2, None) == [2, 3]
    assert found(None, 2) == [1, 2]
    assert found(3, 1) == []


def test_sort_keys_combine_date_and_id() -> None:
    later, earlier, undated = sort_keys(7, 20130101), sort_keys(3, 20120101), sort_keys(1, None)
    assert later[0] < earlier[0] < undated[0]
    assert earlier[1] < later[1] < undated[1]
    assert sort_keys(1, 20120101) < sort_keys(2, 20120101)
    assert max(sort_keys(2**36 - 1, None)) < 2**63


def test_an_index_of_another_version_says_that_it_must_be_rebuilt(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)
    with folder.create() as name:
        folder.switch_to(name)
    made_with = tmp_path / name / "analysis.json"
    made_with.write_text(made_with.read_text().replace("lead_forms", "gone"))
    with pytest.raises(IndexMissing, match="rebuild_index"):
        folder.open(name)


# -- segments and the files that nothing names


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
