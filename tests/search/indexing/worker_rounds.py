"""A round of the index worker, which otherwise runs until it is stopped."""

from __future__ import annotations

from search.management.commands.drain_outbox import OutboxWorker


def one_round(worker: OutboxWorker) -> None:
    """Let a running index worker go round once."""
    worker.index_looked_at = 0.0
    worker.stopping.clear()
    worker.stopping.wait = lambda timeout=None: worker.stopping.set() or True  # type: ignore[method-assign]  # one round
    worker.run()
