"""Settings and fixtures for the property tests of Arabic."""

import pytest
from hypothesis import settings

from arabic.morphology.protected_words import name_term
from arabic.places.geoparser import find_places
from arabic.tables.gazetteer import gazetteer

# A deadline would fail tests on a busy machine; these tests do not measure time.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session", autouse=True)
def _tables_are_loaded() -> None:
    """Read the tables once, before the first test."""
    gazetteer()
    name_term("حمص")
    find_places("حمص")
