"""What a killed rebuild left is cleared by the drains that follow, also what comes late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Outbox
from search import draining, versions
from search.draining import drain
from search.engines.base import SearchEngine
from tests.search.archive import make_archive
from tests.search.engine_suite.other_process import other_rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def killed(engine: SearchEngine) -> SearchEngine:
    """An engine whose archive has the mark of a killed rebuild."""
    make_archive()
    drain(engine)
    versions.change(building="started")
    return engine


def test_what_it_left_in_the_database_is_cleared_by_the_next_drain(killed: SearchEngine) -> None:
    Outbox.objects.create(article_id=1, done_at=timezone.now())
    drain(killed)
    assert versions.state().building == ""
    assert not Outbox.objects.exists()


def test_an_index_that_comes_after_the_first_drain_is_dropped_by_a_later_one(killed: SearchEngine) -> None:
    """Elasticsearch makes what a process asked for also when that process is dead."""
    drain(killed)
    with other_rebuild(killed):
        pass
    drain(killed)
    assert killed.drop_orphans() == []


def test_however_long_nobody_drained_the_last_look_is_after_all_that_can_come(killed: SearchEngine) -> None:
    drain(killed)
    with other_rebuild(killed) as name:
        versions.change(orphans_until=timezone.now() - timedelta(seconds=1))
    drain(killed)
    assert killed.drop_orphans() == []
    assert versions.state().orphans_until is None
    with other_rebuild(killed) as name:
        pass
    drain(killed)
    assert killed.drop_orphans() == [name], "a drain without a reason does not look"


def test_looking_for_what_comes_late_ends(killed: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "LATE", timedelta(0))
    drain(killed)
    assert versions.state().orphans_until is not None
    drain(killed)
    assert versions.state().orphans_until is None
