"""Settings of the property tests of this room."""

import pytest
from hypothesis import settings

from arabic.gazetteer import gazetteer
from arabic.names import name_form
from arabic.places import find_places

# A busy machine is no fault of the code: how fast an example runs is not what these tests ask.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session", autouse=True)
def _tables_are_loaded() -> None:
    """Read the tables once, before the first test."""
    gazetteer()
    name_form("حمص")
    find_places("حمص")
