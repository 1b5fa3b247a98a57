"""Settings of the property tests of this room."""

import pytest
from hypothesis import settings

from arabic.morphology.protected_words import name_term
from arabic.places.geoparser import find_places
from arabic.tables.gazetteer import gazetteer

# A busy machine is no fault of the code: how fast an example runs is not what these tests ask.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session", autouse=True)
def _tables_are_loaded() -> None:
    """Read the tables once, before the first test."""
    gazetteer()
    name_term("حمص")
    find_places("حمص")
