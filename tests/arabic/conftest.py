"""Fixtures for the property tests of Arabic."""

import pytest

from arabic.morphology.protected_words import name_term
from arabic.places.geoparser import find_places
from arabic.tables.gazetteer import gazetteer


@pytest.fixture(scope="session", autouse=True)
def _tables_are_loaded() -> None:
    """Read the tables once, before the first test."""
    gazetteer()
    name_term("حمص")
    find_places("حمص")
