"""Three real Elasticsearch nodes that form a cluster on this machine, for tests of lost nodes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from tools.servers.elasticsearch import ElasticsearchServer

_HEAP = "512m"
#: Three servers start at once, on a machine that may have two processors and other work.
_START_SECONDS = 600.0


@dataclass
class ElasticsearchNodes:
    """A cluster of `names`, each with ports and a folder of its own. Use as a context manager."""

    names: tuple[str, ...] = ("one", "two", "three")
    nodes: dict[str, ElasticsearchServer] = field(default_factory=dict)

    def __enter__(self) -> ElasticsearchNodes:
        shared = {"cluster.name": f"tests-{secrets.token_hex(4)}", "cluster.initial_master_nodes": self.names}
        try:
            for name in self.names:
                node = {"node.name": name}
                self.nodes[name] = ElasticsearchServer(for_tests=True, heap=_HEAP, node=node)
            ports = [node.transport_port for node in self.nodes.values()]
            for server in self.nodes.values():
                server.node |= shared | {"discovery.seed_hosts": [f"127.0.0.1:{port}" for port in ports]}
            self.start(*self.names)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Return the addresses of all nodes, as ELASTICSEARCH_URL takes them."""
        return ",".join(node.url for node in self.nodes.values())

    def start(self, *names: str) -> None:
        """Start nodes, again after `kill`, and return when all of them respond."""
        for name in names:
            self.nodes[name].launch()
        for name in names:
            self.nodes[name].wait(_START_SECONDS)

    def kill(self, *names: str) -> None:
        """End nodes as a power cut would."""
        for name in names:
            self.nodes[name].kill()

    def stop(self) -> None:
        """End all nodes and remove their folders."""
        for server in self.nodes.values():
            server.stop()

    def request(self, path: str) -> Any:
        """Return the answer of a node that runs."""
        alive = next(node for node in self.nodes.values() if node.process)
        return alive.request("GET", path, timeout=60)

    def holders(self, index: str) -> list[list[str]]:
        """Return the nodes of the copies of each shard, the primary's first."""
        shards = self.request(f"/{index}/_search_shards")["shards"]
        names = {number: node["name"] for number, node in self.request("/_nodes/http")["nodes"].items()}
        return [
            [names[copy["node"]] for copy in sorted(copies, key=lambda copy: not copy["primary"])]
            for copies in shards
        ]
