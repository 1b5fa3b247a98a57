"""A clock that is set back or leaps neither stops an import nor loses a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles import tasks
from articles.ingest import runner
from articles.ingest.lease import LeaseUnavailableError, hold_lease, is_leased, renew_lease
from articles.models import Article, ImportBatch, Outbox, Worker
from search import index_state
from search.indexing.changes import due_filter

pytestmark = pytest.mark.django_db

State = ImportBatch.State
SetClock = Callable[[timedelta], None]
LEAPS = [timedelta(hours=-5), timedelta(days=-400), timedelta(hours=5), timedelta(days=400)]
BACK = LEAPS[:2]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Return a function that sets the clock by a difference to the true time."""
    true = timezone.now

    def change(by: timedelta) -> None:
        def now() -> datetime:
            return true() + by

        monkeypatch.setattr(timezone, "now", now)
        monkeypatch.setattr("search.index_state.time.time_ns", lambda: int(now().timestamp() * 1e9))

    return change


@pytest.fixture
def batch() -> ImportBatch:
    return ImportBatch.objects.create(state=State.STAGING)


@pytest.mark.parametrize("leap", LEAPS)
def test_an_import_that_runs_keeps_its_lease(
    batch: ImportBatch, set_clock: SetClock, leap: timedelta
) -> None:
    with hold_lease(batch, State.STAGING):
        set_clock(leap)
        renew_lease(batch)
        assert is_leased(batch)
        with pytest.raises(LeaseUnavailableError), hold_lease(batch, State.STAGING):
            pass
    assert not is_leased(batch)


@pytest.mark.parametrize("leap", LEAPS)
def test_the_import_of_a_dead_process_goes_on_and_stops_no_other(
    batch: ImportBatch, set_clock: SetClock, leap: timedelta
) -> None:
    other = ImportBatch.objects.create(state=State.STAGING)
    with hold_lease(batch, State.STAGING):
        left = ImportBatch.objects.get(pk=batch.pk).claimed_until
    ImportBatch.objects.filter(pk=batch.pk).update(claimed_until=left)  # as a killed process leaves it
    set_clock(leap)
    assert batch in runner.pending_batches()
    with hold_lease(other, State.STAGING):
        pass
    with hold_lease(batch, State.STAGING):
        pass
    batch.refresh_from_db()
    assert batch.deaths == 1


@pytest.mark.parametrize("leap", BACK)
def test_the_import_of_a_dead_process_is_cancelled_at_once(
    batch: ImportBatch, set_clock: SetClock, leap: timedelta
) -> None:
    ImportBatch.objects.update(claimed_until=timezone.now() + timedelta(seconds=20))
    set_clock(leap)
    assert runner.request_cancel(batch)
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED


@pytest.mark.parametrize("leap", LEAPS)
def test_a_worker_that_died_before_is_not_waited_for(set_clock: SetClock, leap: timedelta) -> None:
    Worker.objects.create(name="dead", seen_at=timezone.now())
    set_clock(leap)
    assert not tasks.worker_alive()
    Worker.objects.update_or_create(name="alive", defaults={"seen_at": timezone.now()})
    assert tasks.worker_alive()


@pytest.mark.parametrize("leap", LEAPS)
def test_a_refused_article_is_tried_again(set_clock: SetClock, leap: timedelta) -> None:
    article = Article.objects.create(title="خبر")
    Outbox.objects.update(retry_at=timezone.now() + timedelta(seconds=8), attempts=3)
    assert not Outbox.objects.filter(due_filter()).exists()
    set_clock(leap)
    assert Outbox.objects.get(due_filter()).article_id == article.pk


@pytest.mark.parametrize("leap", LEAPS)
def test_of_two_writes_the_later_wins(set_clock: SetClock, leap: timedelta) -> None:
    before = index_state.next_version()
    set_clock(leap)
    after = index_state.next_version()
    set_clock(timedelta())
    assert before < after < index_state.next_version()
