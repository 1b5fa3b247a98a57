"""`drain_outbox`: send waiting changes to the index, once or continuously."""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, connection

from articles.history.erasure import complete_waiting_erasures
from search import index_state
from search.engines import get_engine
from search.engines.contract import EngineError
from search.indexing import indexer, rebuild
from search.indexing.index_repair import drain_and_repair, repair_damage, replace_lost_index
from search.indexing.outbox_consumer import detect_restored_backup
from search.locks import LockHeldError
from search.management.command_options import CommandFailedError, add_json_option, write_output
from search.vocabulary.vocabulary_store import read_ahead

logger = logging.getLogger(__name__)

#: Seconds between two checks, and before another attempt when an engine or a database is down.
POLL_SECONDS = 0.5
ERASURE_PAUSE_SECONDS = 60.0
#: How often a worker without work looks whether the index is still there.
INDEX_LOOK_SECONDS = 20.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0


class Command(BaseCommand):
    help = "Sends what waits in the outbox to the search index. --forever: goes on until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forever", action="store_true", help="a worker: end it with SIGTERM")
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        worker = OutboxWorker(leave_fan_outs=options["forever"])
        if options["forever"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: worker.stopping.set())
            worker.run()
        else:
            try:
                worker.drain()
            except (EngineError, LockHeldError) as error:
                raise CommandFailedError(error) from error
        waiting = indexer.get_index_status().waiting
        text = f"{worker.sent} sent, {waiting} waiting, {worker.refused} refused"
        answer = {"sent": worker.sent, "refused": worker.refused, "waiting": waiting}
        write_output(self.stdout, answer, text, json=options["json"])


@dataclass
class OutboxWorker:
    """Sends waiting changes and counts them."""

    #: Whether batches that an import is sending are left to it.
    leave_fan_outs: bool = False
    sent: int = 0
    refused: int = 0
    #: When the erasures that wait for the index are tried again.
    erasures_at: float = 0.0
    index_looked_at: float = 0.0

    def __post_init__(self) -> None:
        self.stopping = threading.Event()

    def drain(self) -> None:
        """Send the pending changes; stop early when `stopping` is set."""
        done = drain_and_repair(stop=self.stopping.is_set, leave_fan_outs=self.leave_fan_outs)
        self.sent += done.sent
        self.refused += len(done.refused)
        if time.monotonic() >= self.erasures_at:
            # One that fails again may take a minute, for which the changes of others must not wait each time.
            self.erasures_at = time.monotonic() + ERASURE_PAUSE_SECONDS
            complete_waiting_erasures()

    def rebuild_after_restore(self) -> None:
        """Rebuild after a restored backup of the database, as the index holds what the backup lacks."""
        if detect_restored_backup(get_engine()):
            logger.warning("the database is older than the index (a restored backup?): rebuilding")
            rebuild.rebuild_index()

    def look_at_index(self) -> None:
        """Look now and then whether the index was deleted or replaced by hand, and build it anew."""
        if time.monotonic() >= self.index_looked_at:
            self.index_looked_at = time.monotonic() + INDEX_LOOK_SECONDS
            replace_lost_index()

    def run(self) -> None:
        """Run until `stopping`; wait for an engine or a database that is down."""
        pause = FIRST_PAUSE_SECONDS
        looked = False
        while not self.stopping.is_set():
            try:
                if not looked or get_engine().is_suspected():
                    repair_damage()
                if not looked:
                    read_ahead()
                if not looked or index_state.get_index_state().serving == index_state.RESTORED_MARK:
                    looked = True
                    self.rebuild_after_restore()
                self.look_at_index()
                self.drain()
            except (EngineError, Error, LockHeldError) as error:
                logger.warning("will try again in %.0f s: %s", pause, error)
                connection.close_if_unusable_or_obsolete()
                self.stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                pause = FIRST_PAUSE_SECONDS
                self.stopping.wait(POLL_SECONDS)
