"""Rebuilds, swaps, forks and killed processes on every engine."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Any

from search.engines.contract import Put, Remove, SearchEngine
from tests.search.engines.suite.other_process import FORK, other_rebuild
from tests.search.engines.suite.small import article, ids


def test_a_rebuild_serves_only_when_published(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    before = engine.status().index
    build = engine.start_rebuild()
    build.apply([Put(article(2)), Put(article(3))], 5)
    build.apply([Remove(3)], 7)
    build.apply([Put(article(3)), Put(article(2, "قديم"))], 4)
    assert list(build.fingerprints()) == [(2, "2 حمص")]
    build.apply([Put(article(4))], 8)
    assert ids(engine) == [1]
    build.publish()
    assert ids(engine) == [2, 4]
    assert engine.status().index == build.name != before
    engine.apply([Put(article(3))], 6, interactive=True)
    assert ids(engine) == [2, 4], "a tombstone of the rebuild holds in the index that serves"
    assert engine.drop_orphans() == []


def test_an_abandoned_rebuild_leaves_nothing(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    build = engine.start_rebuild()
    build.apply([Put(article(2))], 2)
    build.abandon()
    assert ids(engine) == [1]
    assert engine.drop_orphans() == []


def test_a_killed_rebuild_is_dropped_and_a_living_one_is_not(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    with other_rebuild(engine) as name:
        living = engine.start_rebuild()
        assert engine.drop_orphans() == []
    assert engine.drop_orphans() == [name]
    living.apply([Put(article(3))], 3)
    living.publish()
    assert ids(engine) == [3]


def _search_when_asked(engine: SearchEngine, pipe: Connection) -> None:
    while pipe.recv():
        try:
            pipe.send(ids(engine))
        except Exception as error:  # shown by the parent's assertion
            pipe.send(repr(error))


def test_a_forked_process_sees_writes_and_swaps_at_its_next_search(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    assert ids(engine) == [1], "the engine is open before the fork"
    ours, theirs = FORK.Pipe()
    child = FORK.Process(target=_search_when_asked, args=(engine, theirs))
    child.start()

    def asked() -> Any:
        ours.send(True)
        return ours.recv()

    assert asked() == [1]
    engine.apply([Put(article(2))], 2, interactive=True)
    assert asked() == [1, 2]
    for id in (7, 8, 9):
        build = engine.start_rebuild()
        build.apply([Put(article(id))], id)
        build.publish()
        assert asked() == [id]
    ours.send(False)
    child.join()
    assert child.exitcode == 0


def _search_until_told(engine: SearchEngine, pipe: Connection) -> None:
    seen: set[Any] = set()
    pipe.send("ready")
    while not pipe.poll():
        try:
            seen.add(tuple(ids(engine)))
        except Exception as error:  # shown by the parent's assertion
            seen.add(repr(error))
    pipe.send(seen)


def test_continuous_searches_are_not_disturbed_by_swaps(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    ours, theirs = FORK.Pipe()
    child = FORK.Process(target=_search_until_told, args=(engine, theirs))
    child.start()
    assert ours.recv() == "ready"
    for version in range(2, 6):
        build = engine.start_rebuild()
        build.apply([Put(article(1))], version)
        build.publish()
    ours.send("stop")
    assert ours.recv() == {(1,)}
    child.join()
