"""`db_worker`: the background worker of django-tasks, which also says that it lives, takes over what a killed
process left, and stops within a chunk when it is asked to end."""

from __future__ import annotations

import logging
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker

from articles import tasks


class StoppableWorker(Worker):
    """The worker of django-tasks-db; asked to end, it does not first finish an import of an hour."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Asked to end: after the chunk at hand, or now if no task runs."""
        tasks.stopping.set()
        super().shutdown(signum, frame)


class Command(BaseCommand):
    """Runs until it is asked to end. Several may run, on any host; one batch is worked on at a time."""

    help = "Work on imports in the background."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (1)")
        parser.add_argument("--alive", action="store_true", help="only say by the exit whether one runs")
        parser.add_argument("--batch", action="store_true", help="end when nothing waits")

    def handle(self, *, interval: float, batch: bool, alive: bool, verbosity: int, **options: Any) -> None:
        """Work."""
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
