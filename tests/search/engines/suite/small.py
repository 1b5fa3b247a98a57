"""Helper functions with short names, for tests with few articles."""

from __future__ import annotations

from typing import Any

from search.engines.contract import EngineRequest, IndexDocument, Put, SearchEngine
from search.query_tree import MatchAll

ALL = EngineRequest(MatchAll(), limit=50)


def article(id: int, text: str = "حمص", **values: Any) -> IndexDocument:
    return IndexDocument(id, "", text, fingerprint=f"{id} {text}", **values)


def put(*ids: int) -> list[Put]:
    """Return changes that write long texts, so that segments have a size."""
    return [Put(IndexDocument(id, "", "قصف بحمص وحماة والرقة " * 30)) for id in ids]


def ids(engine: SearchEngine, request: EngineRequest = ALL) -> list[int]:
    return [hit.id for hit in engine.search(request).hits]
