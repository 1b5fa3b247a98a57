"""Background work through django-tasks. A task is only a nudge: what is to be done, how far it is and who
does it stands in the rows of ImportBatch, so a nudge that is lost, doubled or late does no harm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connections
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from articles.backfill import retag_places
from articles.ingest.runner import MORE, pending_batches, run_batch
from articles.ingest.upload_store import expire_previews, has_all_files
from articles.models import ImportBatch, Worker

logger = logging.getLogger(__name__)

#: A worker says so often that it lives, in seconds; silent for ALIVE it counts as dead.
BEAT_SECONDS = 5.0
ALIVE = timedelta(seconds=20)
#: Tagging again gives way to imports after so many seconds, and goes on at the next beat.
TURN = 20.0
#: How long finished tasks are kept for whoever looks for a fault, and rows of dead workers.
KEPT = timedelta(days=7)
#: The backend of settings.TASKS that runs a task in the process that asks.
INLINE = "inline"
#: Set when this process was asked to end: the work stops after the chunk at hand and is taken up later.
stopping = threading.Event()


@task()
def work_on(batch: int, seconds: float | None = None, patience: float = 0.0) -> str:
    """Do what a batch waits for (`intake.working`); returns one of its words."""
    return run_batch(batch, seconds=seconds, stop=stopping.is_set, patience=patience)


@task()
def tag_again(seconds: float | None = None) -> bool:
    """Tag articles again whose places changed their names (`intake.retagging`); whether all are done."""
    return retag_places.run_retags(seconds, stop=stopping.is_set)


def worker_alive() -> bool:
    """Whether a background worker was seen lately."""
    return Worker.objects.filter(seen_at__gt=timezone.now() - ALIVE).exists()


def enqueue_batch(batch: ImportBatch, *, seconds: float, patience: float) -> str:
    """Have the batch worked on: by the worker, or here for so many `seconds` where none lives. Returns a word
    of `intake.working`; "more" when the worker was asked."""
    if worker_alive():
        work_on.enqueue(batch.pk)
        return MORE
    done = work_on.using(backend=INLINE).enqueue(batch.pk, seconds, patience)
    if done.errors:
        raise RuntimeError(done.errors[0].traceback)
    return str(done.return_value)


def enqueue_retagging(*, seconds: float) -> bool:
    """Have the articles tagged again that wait for it: by the worker, or here for so many `seconds` where
    none lives. Whether all are done."""
    if worker_alive():
        tag_again.enqueue(TURN)
        return False
    return retag_places.run_retags(seconds)


def enqueue_abandoned() -> None:
    """Nudge for a batch, or articles to tag again, that wait for nobody: the process was killed, or the nudge
    was lost."""
    if DBTaskResult.objects.ready().exists():
        return
    if retag_places.pending_retags().exists():
        tag_again.enqueue(TURN)
        return
    for batch in pending_batches().filter(fault="").order_by("pk"):
        if batch.state != ImportBatch.State.STAGING or has_all_files(batch):
            work_on.enqueue(batch.pk)
            return


@contextmanager
def heartbeat(name: str) -> Iterator[None]:
    """Say that the worker `name` lives, and take over what others left, until the block ends."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=[name, ended], name="heartbeat", daemon=True)
    _seen(name)
    enqueue_abandoned()
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        Worker.objects.filter(name=name).delete()


def _beat(name: str, ended: threading.Event) -> None:
    try:
        while True:
            try:
                _seen(name)
                enqueue_abandoned()
            except DatabaseError:
                logger.warning("the database cannot be reached", exc_info=True)
                connections.close_all()
            if ended.wait(BEAT_SECONDS):
                return
    finally:
        connections.close_all()


def _seen(name: str) -> None:
    now = timezone.now()
    Worker.objects.update_or_create(name=name, defaults={"seen_at": now})
    Worker.objects.filter(seen_at__lt=now - KEPT).delete()
    expire_previews()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()
