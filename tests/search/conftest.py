"""Engines for the tests of this room.

`engine` is a fresh engine with an empty index, once for each engine there is: `embedded` always,
`elasticsearch` on a real server under the mark `elasticsearch`. `make_engine` makes more of the same kind."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.engines.contract import SearchEngine
from search.engines.elastic import ElasticEngine
from search.engines.elastic.client import Connection
from search.engines.embedded import EmbeddedEngine

KINDS = [
    pytest.param("embedded", id="embedded"),
    pytest.param("elasticsearch", id="elasticsearch", marks=pytest.mark.elasticsearch),
]
#: Also an index in two shards, for what a shard could count or rank by itself.
KINDS_AND_SHARDS = [
    *KINDS,
    pytest.param("elasticsearch-2", id="elasticsearch, two shards", marks=pytest.mark.elasticsearch),
]
MakeEngine = Callable[[str], SearchEngine]


@pytest.fixture(scope="session")
def elastic_maker(elasticsearch_url: str) -> Iterator[Callable[[int], ElasticEngine]]:
    """Makes engines of so many shards on the real server; drops their indexes in the end."""
    session = f"test-{secrets.token_hex(4)}"
    made: list[ElasticEngine] = []

    def make(shards: int = 1) -> ElasticEngine:
        prefix = f"{session}-{len(made)}"
        # The reader's limit of two seconds is tested apart; here the machine may be busy.
        engine = ElasticEngine(Connection(elasticsearch_url), prefix, shards=shards, timeout=30)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        drop_all(engine)
        engine.close()


@pytest.fixture(scope="session")
def engine_maker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeEngine:
    """Makes an engine of a kind of KINDS_AND_SHARDS, without an index."""

    def make(kind: str) -> SearchEngine:
        if kind == "embedded":
            return EmbeddedEngine(tmp_path_factory.mktemp("archive") / "index")
        maker: Callable[[int], ElasticEngine] = request.getfixturevalue("elastic_maker")
        return maker(int(kind.partition("-")[2] or 1))

    return make


def drop_all(engine: ElasticEngine) -> None:
    """Delete every index of the engine's prefix, serving or not."""
    names = engine._writer.indices.get(index=f"{engine._prefix}-*", expand_wildcards="all").body
    engine._indices.drop(*names)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which engine."""
    return str(request.param)


@pytest.fixture
def make_engine(kind: str, engine_maker: MakeEngine) -> Callable[[], SearchEngine]:
    """Makes engines of the kind under test, each an archive of its own without an index."""
    return lambda: engine_maker(kind)


@pytest.fixture
def engine(make_engine: Callable[[], SearchEngine]) -> SearchEngine:
    """An engine with an empty index."""
    made = make_engine()
    made.ensure_index()
    return made


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    """A place for an embedded engine."""
    return tmp_path / "index"
