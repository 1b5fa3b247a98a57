"""The baseline of quality measurements: Elasticsearch's `arabic` analyzer, a `match` query, default BM25.

Our engines are compared with it on the same server in the same run.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Literal

from elasticsearch import Elasticsearch

from search.engines.contract import EngineError
from search.engines.elastic.client import WRITE_TIMEOUT, Connection, translate_errors
from search.engines.elastic.indices import Indices

#: Texts per bulk request.
BULK_DOCUMENTS = 500
#: The server's limit on a page of results.
MAX_RESULTS = 10_000


class BuiltinArabicIndex:
    """An index of texts under Elasticsearch's built-in analyzer."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client = client
        self._index = index

    def search(self, text: str, operator: Literal["or", "and"], size: int = MAX_RESULTS) -> list[int]:
        """Return the numbers of the texts that hold any (or every) word, best first. Raises EngineError."""
        query = {"match": {"text": {"query": text, "operator": operator}}}
        with translate_errors():
            answer = self._client.search(index=self._index, query=query, size=size, source=False)
        return [int(hit["_id"]) for hit in answer["hits"]["hits"]]


@contextmanager
def temporary_builtin_index(
    options: Mapping[str, Any], texts: Iterable[tuple[int, str]]
) -> Iterator[BuiltinArabicIndex]:
    """Create a throw-away index of (number, text) on the server of an entry of SEARCH_ENGINES.

    Raises EngineError.
    """
    client = Connection.from_settings(options).client(WRITE_TIMEOUT)
    indices = Indices(client, f"{options['PREFIX']}-tmp-{secrets.token_hex(4)}", shards=1, replicas=0)
    try:
        index = indices.create(_body)
        try:
            remaining = iter(texts)
            while chunk := list(islice(remaining, BULK_DOCUMENTS)):
                _write(client, index, chunk)
            indices.refresh(index)
            yield BuiltinArabicIndex(client, index)
        finally:
            indices.drop(index)
    finally:
        client.close()


def _body(shards: int, replicas: int, meta: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "settings": {"number_of_shards": shards, "number_of_replicas": replicas},
        "mappings": {
            "_meta": dict(meta),
            "dynamic": "strict",
            "properties": {"text": {"type": "text", "analyzer": "arabic"}},
        },
    }


def _write(client: Elasticsearch, index: str, texts: Iterable[tuple[int, str]]) -> None:
    operations: list[dict[str, Any]] = []
    for number, text in texts:
        operations += [{"index": {"_id": str(number)}}, {"text": text}]
    with translate_errors():
        answer = client.bulk(index=index, operations=operations)
    if answer["errors"]:
        first = next(item["index"]["error"] for item in answer["items"] if "error" in item["index"])
        raise EngineError(f"the reference index refused a text: {first}")
