"""Elasticsearch 9. `engine.py` is the way in; search/documents.py has the mapping and the analyzers."""

from search.engines.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
