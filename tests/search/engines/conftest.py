"""Fixtures of the tests of engines."""

from pathlib import Path

import pytest

from search.engines.embedded import EmbeddedEngine


@pytest.fixture
def embedded(index_folder: Path) -> EmbeddedEngine:
    """Return an embedded engine with an empty index."""
    engine = EmbeddedEngine(index_folder)
    engine.ensure_index()
    return engine
