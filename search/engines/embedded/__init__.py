"""The default engine: Tantivy inside the process. Start at engine.py."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
