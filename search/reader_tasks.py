"""Background work of readers, run by django-tasks like the imports (articles/tasks.py).

The dotted names of the task functions are stored with queued tasks and must not change.
"""

from __future__ import annotations

from django_tasks import task

from articles.tasks import INLINE, stopping, worker_alive
from search.concordance.context_exports import run_export
from search.models import ContextExport

#: Without a worker the request itself reads the articles, for at most this long.
INLINE_SECONDS = 20.0
#: The worker has imports to do as well.
WORKER_SECONDS = 300.0


@task()
def run_context_export(export: int, seconds: float | None = None) -> None:
    """Read all hits of an export."""
    run_export(export, seconds=seconds, stop=stopping.is_set)


def enqueue_context_export(export: ContextExport) -> None:
    """Have an export made by the worker or, if there is none, in this process."""
    if worker_alive():
        run_context_export.enqueue(export.pk, WORKER_SECONDS)
    else:
        run_context_export.using(backend=INLINE).enqueue(export.pk, INLINE_SECONDS)
