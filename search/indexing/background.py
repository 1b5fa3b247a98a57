"""The outbox consumer of a process that saves, in a thread of its own.

A save must not wait for an engine longer than allowed: the thread sends the changes, and the save checks
whether its rows are gone. The thread ends when no change is pending, and retries while the engine is down. If
the process ends first, the rows wait for the next save or for `drain_outbox`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from django.db import Error, connections
from django.db.models import Q

from articles.models import Outbox
from search.engines import get_engine
from search.engines.contract import EngineError
from search.indexing.outbox_consumer import drain_outbox, without_left_batches

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 30.0
_LOOK_SECONDS = 0.01
#: Above this number, the rows of one transaction are not tracked one by one.
_MOST_ROWS = 500


class DrainThread:
    """The consumer thread of a process, started by the first request, and again after its end or a fork."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        #: Number of requests so far, and the last request whose run failed.
        self._requests = 0
        self._failed = 0
        self._stopping = False

    def request_drain(self) -> int:
        """Run the consumer now, or once more after the current run; return a number for `failed`."""
        with self._news:
            self._requests += 1
            self._stopping = False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="drain", daemon=True)
                self._thread.start()
            self._news.notify_all()
            return self._requests

    def has_failed_since(self, request: int) -> bool:
        """Return True if a run that began after this request found the engine down."""
        return self._failed >= request

    def stop(self) -> None:
        """Stop after the current chunk and wait for that; the next request starts the thread again."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        try:
            while True:
                with self._news:
                    request = self._requests
                done = self._drain_once()
                with self._news:
                    if self._stopping or (done and request == self._requests):
                        self._thread = None
                        return
                    if not done:
                        self._failed = request
                        self._news.wait_for(lambda: self._stopping or self._requests > request, pause)  # noqa: B023  called at once
                        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        finally:
            connections.close_all()

    def _drain_once(self) -> bool:
        """Send the pending changes; return True if none are left, refused articles included.

        Batches that an import is sending are left to it.
        """
        try:
            drain_outbox(get_engine(), stop=lambda: self._stopping, leave_fan_outs=True)
            return not without_left_batches(Outbox.objects.filter(done_at__isnull=True)).exists()
        except (EngineError, Error) as error:
            logger.warning("changes wait in the outbox: %s", error)
        except Exception:
            logger.exception("changes wait in the outbox")
        # No request begins or ends in this thread, so that nothing else replaces a broken connection.
        connections.close_all()
        return False


drain_thread = DrainThread()


def drain_and_wait(wait: float, *, batches: bool) -> bool:
    """Let the thread send, and wait at most `wait` seconds; return True if the next search finds everything.

    "Everything" means the interactive rows that wait now and, with `batches`, all others.
    """
    wanted = Q(done_at__isnull=True) if batches else Q(done_at__isnull=True, interactive=True)
    mine = Outbox.objects.filter(wanted).order_by("-pk").values_list("pk", flat=True)[:_MOST_ROWS]
    rows = list(mine)
    if not rows:
        return True
    deadline = time.monotonic() + wait
    request = drain_thread.request_drain()
    while _any_pending(rows):
        if drain_thread.has_failed_since(request) or time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _any_pending(rows: Iterable[int]) -> bool:
    return Outbox.objects.filter(pk__in=rows, done_at__isnull=True).exists()
