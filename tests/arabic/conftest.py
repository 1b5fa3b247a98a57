"""Settings and fixtures for the property tests of Arabic."""

import pytest
from hypothesis import HealthCheck, settings

from arabic.morphology.protected_words import name_term
from arabic.places.geoparser import find_places
from arabic.tables.gazetteer import gazetteer

# A deadline, or the check for slow generation, would fail these tests on a busy machine.
settings.register_profile("no deadline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no deadline")


@pytest.fixture(scope="session", autouse=True)
def _tables_are_loaded() -> None:
    """Read the tables once, before the first test."""
    gazetteer()
    name_term("حمص")
    find_places("حمص")
