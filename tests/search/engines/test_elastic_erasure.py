"""What is removed from Elasticsearch leaves no trace in the files of the server."""

from __future__ import annotations

import subprocess

import pytest

from search.engines.contract import IndexDocument, Put, Remove
from search.engines.elastic import ElasticEngine
from search.engines.elastic.client import Connection
from tools.servers.elasticsearch import ElasticsearchServer


@pytest.mark.elasticsearch
@pytest.mark.slow
def test_no_word_of_a_removed_article_is_left_in_the_files(own_elasticsearch: ElasticsearchServer) -> None:
    """Search the files of the server for a word in its stored text, its terms and its log of writes."""
    words = ("زغردخيشوم", "zqxjkvwpt")
    engine = ElasticEngine(Connection(own_elasticsearch.url), "erased", timeout=30)
    engine.ensure_index()

    def put(*ids: int, words: str = "") -> list[Put]:
        return [Put(IndexDocument(id, f"خبر {words}", f"وصلت القافلة {words} إلى حمص")) for id in ids]

    def files() -> list[str]:
        patterns = [f"--regexp={word}" for word in words]  # grep, as the server replaces files meanwhile
        command = ["grep", "-rlaF", *patterns, str(own_elasticsearch.folder / "data" / "indices")]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()

    engine.apply([*put(*range(200)), *put(777, 778, words=" ".join(words))], 1, interactive=True)
    engine.apply([*put(*range(300, 400))], 2, interactive=True)
    engine.apply([Remove(777), *put(778)], 3, interactive=True)
    engine._indices.client.indices.flush(index=engine.status().index)
    assert files(), "or the test would prove nothing"
    assert engine.status().deleted_documents == 2
    engine.expunge_deletes()
    assert files() == []
    status = engine.status()
    assert (status.documents, status.deleted_documents) == (301, 0)
    settings = engine._indices.client.indices.get_settings(index=status.index).body[status.index]["settings"]
    assert "merge" not in settings["index"]
    engine.close()
