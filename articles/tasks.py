"""Background work, run by django-tasks.

A task carries no state: the rows of ImportBatch and PlaceRetag record what is to be done and how much of it
is done. A task that is lost, late or enqueued twice therefore does no harm.
The dotted names of the task functions are stored with queued tasks and must not change.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from articles.backfill import retag_places
from articles.ingest.runner import DONE, MORE, pending_batches, run_batch, settle_abandoned
from articles.ingest.upload_store import expire_previews, has_all_files
from articles.models import ImportBatch, Worker
from articles.pulse import beat

logger = logging.getLogger(__name__)

#: Interval of a worker's heartbeat, in seconds; a worker without one for ALIVE counts as dead.
HEARTBEAT_SECONDS = 5.0
ALIVE = timedelta(seconds=20)
#: Seconds after which retagging gives way to imports; it continues at the next heartbeat.
RETAG_SECONDS = 20.0
#: How long the rows of finished tasks and of dead workers are kept, for finding faults.
RETENTION = timedelta(days=7)
#: How often expired sessions are deleted; every reader who selects an article has one.
SESSION_CARE = timedelta(days=1)
#: What else is done as often; search/apps.py adds to it.
daily_chores: list[Callable[[], object]] = []
#: The backend of settings.TASKS that runs a task in the calling process.
INLINE = "inline"
#: Set when this process is asked to stop: the work stops after the current chunk and is continued later.
stopping = threading.Event()


@task()
def work_on(batch: int, seconds: float | None = None, patience: float = 0.0) -> str:
    """Do the pending work of a batch; return the outcome that `run_batch` gives."""
    return run_batch(batch, seconds=seconds, stop=stopping.is_set, patience=patience)


@task()
def tag_again(seconds: float | None = None) -> bool:
    """Retag articles whose places changed their names; return True if none are left."""
    return retag_places.run_retags(seconds, stop=stopping.is_set)


def worker_alive() -> bool:
    """Return True if a background worker sent a heartbeat within ALIVE.

    One that lies ahead was sent before the clock was set back, and says nothing.
    """
    now = timezone.now()
    return Worker.objects.filter(seen_at__gt=now - ALIVE, seen_at__lt=now + ALIVE).exists()


def enqueue_batch(batch: ImportBatch, *, seconds: float, patience: float) -> str:
    """Have the batch run by the worker or, if there is none, in this process for at most `seconds`.

    Returns the outcome of `run_batch`; "more" if the task was left to the worker. `patience` is the number
    of seconds to wait for another import to end.
    """
    if worker_alive():
        work_on.enqueue(batch.pk)
        return MORE
    done = work_on.using(backend=INLINE).enqueue(batch.pk, seconds, patience)
    if done.errors:
        raise RuntimeError(done.errors[0].traceback)
    return str(done.return_value)


def cancel_batch(batch: ImportBatch, *, seconds: float, patience: float) -> str:
    """Delete in this process what a cancelled batch brought; a worker does what is left after `seconds`.

    A worker may be gone, or busy with another import, so cancelling does not wait for it.
    """
    outcome = run_batch(batch.pk, seconds=seconds, patience=patience)
    if outcome != DONE and worker_alive():
        work_on.enqueue(batch.pk)
    return outcome


def enqueue_retagging(*, seconds: float) -> bool:
    """Have waiting articles retagged by the worker or, without one, in this process for at most `seconds`.

    Returns True if none are left.
    """
    if worker_alive():
        tag_again.enqueue(RETAG_SECONDS)
        return False
    return retag_places.run_retags(seconds)


def enqueue_abandoned() -> None:
    """Enqueue one batch or retagging that no process works on, because it was killed or its task was lost."""
    if DBTaskResult.objects.ready().exists():
        return
    if retag_places.pending_retags().exists():
        tag_again.enqueue(RETAG_SECONDS)
        return
    for batch in pending_batches().filter(fault="").order_by("pk"):
        if batch.state != ImportBatch.State.STAGING or has_all_files(batch):
            work_on.enqueue(batch.pk)
            return


@contextmanager
def heartbeat(name: str) -> Iterator[None]:
    """Send heartbeats of the worker `name` and enqueue abandoned work until the block ends."""
    ended = threading.Event()
    thread = threading.Thread(target=_send_heartbeats, args=[name, ended], name="heartbeat", daemon=True)
    _record_heartbeat(name)
    enqueue_abandoned()
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        Worker.objects.filter(name=name).delete()


def _send_heartbeats(name: str, ended: threading.Event) -> None:
    sessions_cleared = None
    try:
        while True:
            try:
                _record_heartbeat(name)
                sessions_cleared = clear_sessions(sessions_cleared)
                enqueue_abandoned()
            except Error:
                beat()  # alive, and waiting for the database
                logger.warning("the database cannot be reached", exc_info=True)
                connections.close_all()
            if ended.wait(HEARTBEAT_SECONDS):
                return
    finally:
        connections.close_all()


def clear_sessions(last: datetime | None) -> datetime:
    """Delete expired sessions if that was last done SESSION_CARE ago; return when it was done last."""
    now = timezone.now()
    if last is not None and now - last < SESSION_CARE:
        return last
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    for chore in daily_chores:
        chore()
    return now


def _record_heartbeat(name: str) -> None:
    beat()
    now = timezone.now()
    Worker.objects.update_or_create(name=name, defaults={"seen_at": now})
    Worker.objects.filter(seen_at__lt=now - RETENTION).delete()
    expire_previews()
    settle_abandoned()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - RETENTION).delete()
