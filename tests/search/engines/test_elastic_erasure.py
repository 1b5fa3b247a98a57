"""What is removed from Elasticsearch leaves no trace in the files of the server."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path

import pytest

from search.engines.contract import IndexDocument, Put, Remove
from search.engines.elastic import ElasticEngine
from search.engines.elastic.client import Connection
from tests.search.conftest import drop_all


@pytest.mark.elasticsearch
@pytest.mark.slow
def test_no_word_of_a_removed_article_is_left_in_the_files(elasticsearch_url: str) -> None:
    """Search the files of the index for a word in its stored text, its terms and its log of writes."""
    words = ("زغردخيشوم", "zqxjkvwpt")
    engine = ElasticEngine(Connection(elasticsearch_url), f"erased-{secrets.token_hex(4)}", timeout=30)
    engine.ensure_index()
    index, client = engine.status().index, engine._indices.client
    [node] = client.nodes.info(metric="settings")["nodes"].values()
    uuid = client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"]
    folder = Path(node["settings"]["path"]["data"]) / "indices" / uuid

    def put(*ids: int, words: str = "") -> list[Put]:
        return [Put(IndexDocument(id, f"خبر {words}", f"وصلت القافلة {words} إلى حمص")) for id in ids]

    def files() -> list[str]:
        patterns = [f"--regexp={word}" for word in words]  # grep, as the server replaces files meanwhile
        command = ["grep", "-rlaF", *patterns, str(folder)]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()

    engine.apply([*put(*range(200)), *put(777, 778, words=" ".join(words))], 1, interactive=True)
    engine.apply([*put(*range(300, 400))], 2, interactive=True)
    engine.apply([Remove(777), *put(778)], 3, interactive=True)
    client.indices.flush(index=index)
    assert files(), "or the test would prove nothing"
    assert engine.status().deleted_documents == 2
    engine.expunge_deletes()
    assert files() == []
    status = engine.status()
    assert (status.documents, status.deleted_documents) == (301, 0)
    assert "merge" not in client.indices.get_settings(index=index)[index]["settings"]["index"]
    drop_all(engine)
    engine.close()
