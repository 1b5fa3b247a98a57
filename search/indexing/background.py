"""A save does not wait for an engine longer than it may: one thread of this process drains, and the save
looks whether its rows are gone. The thread ends when nothing waits, and tries again while the engine is
down; if the process ends first, the rows wait for the next save or for `drain_outbox`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from django.db import connections
from django.db.models import Q

from articles.models import Outbox
from search.engines import get_engine
from search.engines.contract import EngineBusy, EngineUnavailable
from search.indexing.outbox_consumer import drain_outbox

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 30.0
_LOOK_SECONDS = 0.01
#: More rows of one transaction are not followed one by one.
_MOST_ROWS = 500


class DrainThread:
    """The draining thread of a process; started by the first nudge, and again after it ended or a fork."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        #: Nudges so far; the last nudge whose drain failed.
        self._nudges = 0
        self._failed = 0
        self._stopping = False

    def nudge(self) -> int:
        """Drain now, or once more after the drain that runs; returns a number to ask `failed` with."""
        with self._news:
            self._nudges += 1
            self._stopping = False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="drain", daemon=True)
                self._thread.start()
            self._news.notify_all()
            return self._nudges

    def failed(self, nudge: int) -> bool:
        """Whether a drain that began after this nudge found the engine down."""
        return self._failed >= nudge

    def stop(self) -> None:
        """End after the chunk at hand, and wait for that; the next nudge starts again."""
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
                    nudge = self._nudges
                done = self._drain_once()
                with self._news:
                    if self._stopping or (done and nudge == self._nudges):
                        self._thread = None
                        return
                    if not done:
                        self._failed = nudge
                        self._news.wait_for(lambda: self._stopping or self._nudges > nudge, pause)  # noqa: B023  called at once
                        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        finally:
            connections.close_all()

    def _drain_once(self) -> bool:
        """Whether nothing waits any more; what was refused is tried again with the rest."""
        try:
            drain_outbox(get_engine(), stop=lambda: self._stopping)
        except (EngineUnavailable, EngineBusy) as error:
            logger.warning("changes wait in the outbox: %s", error)
            return False
        except Exception:
            logger.exception("changes wait in the outbox")
            return False
        return not Outbox.objects.filter(done_at__isnull=True).exists()


drain_thread = DrainThread()


def drain_and_wait(wait: float, *, batches: bool) -> bool:
    """Let the thread drain, and wait at most `wait` seconds for what waits now: interactive rows and, with
    `batches`, everything. Whether a reader's next search finds all of it."""
    wanted = Q(done_at__isnull=True) if batches else Q(done_at__isnull=True, interactive=True)
    mine = Outbox.objects.filter(wanted).order_by("-pk").values_list("pk", flat=True)[:_MOST_ROWS]
    rows = list(mine)
    if not rows:
        return True
    deadline = time.monotonic() + wait
    nudge = drain_thread.nudge()
    while _any_pending(rows):
        if drain_thread.failed(nudge) or time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _any_pending(rows: Iterable[int]) -> bool:
    return Outbox.objects.filter(pk__in=rows, done_at__isnull=True).exists()
