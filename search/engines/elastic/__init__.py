"""The engine on Elasticsearch 9. Start at engine.py; mapping and analyzers are in search/documents.py."""

from search.engines.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
