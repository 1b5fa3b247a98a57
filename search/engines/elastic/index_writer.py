"""Writes articles and tombstones to Elasticsearch: bulk requests with external versions."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.documents import ANALYZED, ArticleDocument
from search.engines.analyzed_text import get_analyzed_text
from search.engines.contract import Change, EngineError, Put
from search.engines.elastic.client import engine_error_for, translate_errors

BULK_DOCUMENTS = 500
BULK_BYTES = 8 * 1024**2
_CONFLICT = 409


def write_changes(client: Elasticsearch, alias: str, changes: Sequence[Change], version: int) -> None:
    """Write all changes; a version conflict means that the index holds something newer, and is no error.

    Raises EngineUnavailable, IndexMissing, EngineError.
    """
    failed: list[EngineError] = []
    with translate_errors():
        answers = streaming_bulk(
            client,
            _actions(alias, changes, version),
            chunk_size=BULK_DOCUMENTS,
            max_chunk_bytes=BULK_BYTES,
            raise_on_error=False,
            # A missing index must be an error: Elasticsearch would otherwise create one, without our mapping.
            require_alias=True,
        )
        for _, item in answers:
            answer = item["index"]
            if "error" in answer and answer["status"] != _CONFLICT:
                failed.append(engine_error_for(answer["status"], _reason(answer)))
    if failed:
        raise failed[0]


def _actions(alias: str, changes: Sequence[Change], version: int) -> Iterator[dict[str, Any]]:
    article = ArticleDocument()
    for change in changes:
        if isinstance(change, Put):
            id, source = change.document.id, article.prepare(change.document)
            source[ANALYZED] = b64encode(get_analyzed_text(change.document).packed).decode("ascii")
        else:
            id, source = change.id, {"id": change.id, "deleted": True}
        yield {
            "_op_type": "index",
            "_index": alias,
            "_id": str(id),
            "version": version,
            "version_type": "external_gte",  # the same write may be repeated
            "_source": source | {"written": version},
        }


def _reason(answer: dict[str, Any]) -> str:
    error = answer["error"]
    return f"article {answer.get('_id')}: {error.get('type')}: {error.get('reason')}"
