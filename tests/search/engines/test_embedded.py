"""The embedded engine alone: files, locks, the pointer, limits."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from search.engines.contract import (
    EngineBusy,
    EngineError,
    EngineRequest,
    IndexDocument,
    Put,
    Remove,
)
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.index_folder import IndexFolder
from search.engines.embedded.schema import sort_keys
from search.engines.engine_errors import IndexOfOtherRelease
from search.query_tree import MatchAll, NumberRange
from tests.search.engines.suite.small import put

ALL = EngineRequest(MatchAll(), limit=1000)


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


def test_an_index_that_a_swap_drops_after_the_pointer_was_read_is_not_missing(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = embedded._folder.current()
    read = iter(["20260101-000000-abcdef", serving])
    monkeypatch.setattr(IndexFolder, "_named", lambda _folder: next(read))
    assert embedded._folder.current() == serving


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
    with pytest.raises(IndexOfOtherRelease, match="rebuild_index"):
        folder.open(name)


# -- segments and the files that nothing names


def test_an_index_is_read_again_after_every_write_and_only_then(
    embedded: EmbeddedEngine, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = EmbeddedEngine(index_folder)
    for version in range(1, 30):
        other.apply([Put(IndexDocument(version, "", "حمص"))], version)
        assert embedded.search(ALL).total == version
    monkeypatch.setattr(IndexFolder, "open", lambda *_: pytest.fail("opened anew"))
    opened = embedded._opened
    assert opened is not None
    opened.index = SimpleNamespace(searcher=opened.index.searcher)  # type: ignore[assignment]  # has no reload
    assert embedded.search(ALL).total == 29
