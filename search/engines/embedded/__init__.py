"""The default engine: Tantivy inside the process. `engine.py` is the way in."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
