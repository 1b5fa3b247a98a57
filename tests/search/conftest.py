"""Engines for the tests of search.

`engine` is a fresh engine with an empty index, once for each engine there is: `embedded` always,
`elasticsearch` on a real server under the mark `elasticsearch`. `make_engine` makes more of the same kind.
"""

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
#: Also an index in two shards: counts and scores must not be those of one shard.
KINDS_AND_SHARDS = [
    *KINDS,
    pytest.param("elasticsearch-2", id="elasticsearch, two shards", marks=pytest.mark.elasticsearch),
]
MakeEngine = Callable[[str], SearchEngine]


@pytest.fixture(scope="session")
def elastic_maker(elasticsearch_url: str) -> Iterator[Callable[[int], ElasticEngine]]:
    """Create engines with this number of shards on a real server; delete their indexes at the end."""
    session = f"test-{secrets.token_hex(4)}"
    made: list[ElasticEngine] = []

    def make(shards: int = 1) -> ElasticEngine:
        prefix = f"{session}-{len(made)}"
        # The two-second limit of readers has tests of its own; here the machine may be busy.
        engine = ElasticEngine(Connection(elasticsearch_url), prefix, shards=shards, timeout=30)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        drop_all(engine)
        engine.close()


@pytest.fixture(scope="session")
def engine_maker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeEngine:
    """Create an engine of a kind of KINDS_AND_SHARDS, without an index."""

    def make(kind: str) -> SearchEngine:
        if kind == "embedded":
            return EmbeddedEngine(tmp_path_factory.mktemp("archive") / "index")
        maker: Callable[[int], ElasticEngine] = request.getfixturevalue("elastic_maker")
        return maker(int(kind.partition("-")[2] or 1))

    return make


def drop_all(engine: ElasticEngine) -> None:
    """Delete every index with the prefix of the engine."""
    names = engine._writer.indices.get(index=f"{engine._prefix}-*", expand_wildcards="all").body
    engine._indices.drop(*names)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of engine."""
    return str(request.param)


@pytest.fixture
def make_engine(kind: str, engine_maker: MakeEngine) -> Iterator[Callable[[], SearchEngine]]:
    """Create engines of the kind under test, each with an archive of its own and without an index.

    Their indexes are deleted after the test: hundreds of them, with the tables of the analyzers in memory,
    would make Elasticsearch slow for the tests that follow.
    """
    made: list[SearchEngine] = []

    def make() -> SearchEngine:
        made.append(engine_maker(kind))
        return made[-1]

    yield make
    for engine in made:
        if isinstance(engine, ElasticEngine):
            drop_all(engine)


@pytest.fixture
def engine(make_engine: Callable[[], SearchEngine]) -> SearchEngine:
    """Return an engine with an empty index."""
    made = make_engine()
    made.ensure_index()
    return made


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    """Return the folder of an embedded engine."""
    return tmp_path / "index"
