"""The Elasticsearch engine, for archives on many machines."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeVar

from elasticsearch import Elasticsearch

from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import (
    Change,
    EngineRequest,
    EngineResult,
    EngineStatus,
    FilterName,
    IndexBuild,
    IndexMissing,
    SearchEngine,
)
from search.engines.elastic.client import (
    READ_TIMEOUT,
    WRITE_TIMEOUT,
    Connection,
    ReaderTransport,
    ShardsUnavailable,
    translate_errors,
)
from search.engines.elastic.index_searcher import IndexSearcher
from search.engines.elastic.index_writer import write_changes
from search.engines.elastic.indices import Indices, build_alias
from search.query_tree import Node

Answer = TypeVar("Answer")


class ElasticEngine(SearchEngine):
    """The indexes under one prefix on an Elasticsearch 9 server."""

    name = "elasticsearch"

    def __init__(
        self,
        connection: Connection,
        prefix: str,
        *,
        shards: int = 1,
        replicas: int = 0,
        timeout: float = READ_TIMEOUT,
    ) -> None:
        self._connection = connection
        self._prefix = prefix
        self._shards = shards
        self._replicas = replicas
        self._timeout = timeout
        #: {index: its analysis version}
        self._versions: dict[str, str] = {}
        #: (process, reader, writer): sockets must not be shared across a fork.
        self._clients: tuple[int, Elasticsearch, Elasticsearch] | None = None

    @classmethod
    def from_settings(cls, options: Mapping[str, Any]) -> ElasticEngine:
        """Build an engine from an entry of SEARCH_ENGINES."""
        return cls(
            Connection.from_settings(options),
            options["PREFIX"],
            shards=options.get("SHARDS", 1),
            replicas=options.get("REPLICAS", 0),
            timeout=options.get("TIMEOUT", READ_TIMEOUT),
        )

    def ping(self) -> None:
        with translate_errors():
            self._reader.indices.exists_alias(name=self._alias)

    def ensure_index(self) -> None:
        indices = self._indices
        if not indices.serving():
            indices.create_serving()
        # Two processes may have done this at once; both keep the index whose name sorts first. One that died
        # before it had left two.
        for other in indices.serving()[1:]:
            indices.drop(other)

    def status(self) -> EngineStatus:
        indices = Indices(self._reader, self._prefix, self._shards, self._replicas)
        name = indices.current()
        live_bytes, deleted_documents = indices.sizes(name)
        return EngineStatus(
            engine=self.name,
            index=name,
            documents=IndexSearcher(self._reader, name).count(),
            live_bytes=live_bytes,
            dead_bytes=0,  # Elasticsearch deletes its files itself
            deleted_documents=deleted_documents,
            analysis_version=str(indices.meta(name).get("analysis_version", "")),
        )

    def analysis_version(self) -> str:
        name = self._indices.current()
        if name not in self._versions:  # that of an index never changes
            self._versions = {name: str(self._indices.meta(name).get("analysis_version", ""))}
        return self._versions[name]

    def newest_version(self) -> int:
        return IndexSearcher(self._reader, self._alias).newest_version()

    def apply(self, changes: Sequence[Change], version: int, *, interactive: bool = False) -> None:
        if not changes:
            return
        write_changes(self._writer, self._alias, changes, version)
        if interactive:
            # Not `refresh=wait_for`: it waits up to a second for each part of a large batch, and only for the
            # shards that the part wrote to.
            self._indices.refresh(self._alias)

    def expunge_deletes(self) -> None:
        self._indices.expunge_deletes(self._indices.current())

    def search(self, request: EngineRequest) -> EngineResult:
        return self._ask(lambda searches: searches.search(request))

    def counts(
        self, nodes: Sequence[Node], filters: Mapping[FilterName, Node] = MappingProxyType({})
    ) -> tuple[int, ...]:
        return self._ask(lambda searches: searches.counts(nodes, filters))

    def analyzed_articles(self, ids: Collection[int]) -> Mapping[int, AnalyzedArticle]:
        return self._ask(lambda searches: searches.analyzed_articles(ids))

    def scan(self, request: EngineRequest) -> Iterator[int]:
        # A reader who asks for an export of a server that does not answer is told so as soon as any other.
        return IndexSearcher(self._writer, self._alias, opener=self._reader).scan(request)

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        self._indices.refresh(self._alias)
        return IndexSearcher(self._writer, self._alias).fingerprints()

    def start_rebuild(self, analysis_version: str | None = None) -> ElasticBuild:
        return ElasticBuild(self._indices, self._writer, analysis_version)

    def drop_orphans(self) -> list[str]:
        return self._indices.drop_orphans()

    @contextmanager
    def temporary_index(self) -> Iterator[ElasticEngine]:
        """Yield an engine whose prefix extends this one's."""
        prefix = f"{self._prefix}-tmp-{secrets.token_hex(4)}"
        engine = ElasticEngine(self._connection, prefix, shards=self._shards, timeout=WRITE_TIMEOUT)
        try:
            engine.ensure_index()
            yield engine
        finally:
            engine._indices.drop(*engine._indices.serving())
            engine.close()

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        if self._clients is not None and self._clients[0] == os.getpid():
            for client in self._clients[1:]:
                client.close()
        self._clients = None

    def _ask(self, question: Callable[[IndexSearcher], Answer]) -> Answer:
        searches = IndexSearcher(self._reader, self._alias)
        try:
            return question(searches)
        except (IndexMissing, ShardsUnavailable):
            # A rebuild may have replaced the index during the request: the alias points to the new one by
            # now.
            return question(searches)

    @property
    def _alias(self) -> str:
        return f"{self._prefix}-articles"

    @property
    def _indices(self) -> Indices:
        return Indices(self._writer, self._prefix, self._shards, self._replicas)

    @property
    def _reader(self) -> Elasticsearch:
        return self._open()[1]

    @property
    def _writer(self) -> Elasticsearch:
        return self._open()[2]

    def _open(self) -> tuple[int, Elasticsearch, Elasticsearch]:
        clients = self._clients
        if clients is None or clients[0] != os.getpid():
            make = self._connection.client
            clients = self._clients = (os.getpid(), make(self._timeout, ReaderTransport), make(WRITE_TIMEOUT))
        return clients


class ElasticBuild(IndexBuild):
    """An index being filled next to the serving one, without refreshes and replicas."""

    def __init__(self, indices: Indices, client: Elasticsearch, analysis_version: str | None) -> None:
        self._indices = indices
        self._client = client
        self.name = indices.create(version=analysis_version)
        self._last: tuple[Sequence[Change], int] = (), 0

    def apply(self, changes: Sequence[Change], version: int) -> None:
        if changes:
            write_changes(self._client, build_alias(self.name), changes, version)
            self._last = changes[-1:], version

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        self._indices.refresh(self.name)
        return IndexSearcher(self._client, self.name).fingerprints()

    def compact(self) -> None:
        self._indices.compact(self.name, lambda: self.apply(*self._last))

    def publish(self) -> None:
        self._indices.publish(self.name, replaces=self._indices.serving())

    def abandon(self) -> None:
        self._indices.abandon(self.name)
