"""`db_worker`: the background worker of django-tasks.

Unlike that of django-tasks-db it writes a heartbeat, takes over the work of killed processes, and stops
within a chunk when asked.
"""

from __future__ import annotations

import logging
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, InterfaceError, OperationalError, connections
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker

from articles import tasks

logger = logging.getLogger(__name__)

#: Before another attempt while the database is away, in seconds.
RETRY_SECONDS = 2.0


def _is_away(error: Error) -> bool:
    """Return True if the database cannot be reached now, False if it answers that something is wrong.

    SQLite has the same class of error for a lock and for a table that is not there.
    """
    return isinstance(error, OperationalError | InterfaceError) and "no such" not in str(error)


class StoppableWorker(Worker):
    """The worker of django-tasks-db, which on request stops without finishing a long import."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the current chunk, or now if no task runs."""
        tasks.stopping.set()
        super().shutdown(signum, frame)

    def run(self) -> None:
        """Work until stopped, also after the database was away; what was begun is continued by its lease.

        A database without our tables will not get them by itself: that error ends the worker.
        """
        while True:
            try:
                return super().run()
            except Error as error:
                if self.batch or not _is_away(error):
                    raise
                logger.warning("will try again in %.0f s: %s", RETRY_SECONDS, error)
                connections.close_all()
                if tasks.stopping.wait(RETRY_SECONDS):
                    return None


class Command(BaseCommand):
    """Runs until stopped. Several workers may run, on any host; one at a time works on a batch."""

    help = "Work on imports in the background."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (1)")
        parser.add_argument("--alive", action="store_true", help="only say by the exit whether one runs")
        parser.add_argument("--batch", action="store_true", help="end when nothing waits")

    def handle(self, *, interval: float, batch: bool, alive: bool, verbosity: int, **options: Any) -> None:
        """Run the worker."""
        if alive:
            if not tasks.worker_alive():
                raise CommandError("No background worker was seen lately.")
            return
        for name in ("django_tasks", "django_tasks_db"):
            logging.getLogger(name).setLevel(logging.INFO if verbosity > 1 else logging.ERROR)
        worker = StoppableWorker(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            interval=interval,
            batch=batch,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        tasks.stopping.clear()
        worker.configure_signals()
        try:
            with tasks.heartbeat(worker.worker_id):
                worker.run()
        finally:
            worker.reset_signals()
